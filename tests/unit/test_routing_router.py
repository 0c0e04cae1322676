"""Registration, listings and life of the router."""

from __future__ import annotations

import functools
import re
import uuid
from types import SimpleNamespace
from typing import Any

import pytest

from sanic_fast import exceptions
from sanic_fast.router import ALLOWED_LABELS, ROUTER_CACHE_SIZE, Router
from sanic_fast.routing import BaseRouter, Route, RouteGroup
from sanic_fast.routing.exceptions import (
    BadMethod,
    FinalizationError,
    InvalidUsage,
    NoMethod,
    NotFound,
    ParameterNameConflicts,
    RouteExists,
)


def handler(request: Any) -> None:
    """Stand in for a handler."""


def other(request: Any) -> None:
    """Stand in for another."""


@pytest.fixture
def router() -> Router:
    router = Router()
    router.ctx.app = SimpleNamespace(name="app")
    return router


# ---- paths


@pytest.mark.parametrize(
    ("written", "strict", "path", "uri", "parts"),
    [
        ("/", False, "", "/", ("",)),
        ("", True, "", "/", ("",)),
        ("a", False, "a", "/a", ("a",)),
        ("//a", True, "a", "/a", ("a",)),
        ("/a//", False, "a", "/a", ("a",)),
        ("/a//", True, "a//", "/a//", ("a", "", "")),
        ("/a//b", False, "a//b", "/a//b", ("a", "", "b")),
        ("/é b/~-._", False, "%C3%A9%20b/~-._", "/%C3%A9%20b/~-._", ("%C3%A9%20b", "~-._")),
        ("/%c3%bc/+", False, "%C3%BC/%2B", "/%C3%BC/%2B", ("%C3%BC", "%2B")),
        ("/x<a>", False, "x%3Ca%3E", "/x%3Ca%3E", ("x%3Ca%3E",)),
        ("/<a>/", False, "<a:str>", "/<a:str>", ("<a:str>",)),
        ("/<a>/", True, "<a:str>/", "/<a:str>/", ("<a:str>", "")),
        ("/<f=int:ext=a|b>", False, "<f=int:ext=a|b>", "/<f=int:ext=a|b>", ("<f=int:ext=a|b>",)),
    ],
)
def test_add_path_is_normalized(
    router: Router, written: str, strict: bool, path: str, uri: str, parts: tuple[str, ...]
) -> None:
    route = router.add(written, ["GET"], handler, strict_slashes=strict)
    assert (route.path, route.uri, route.parts, route.strict) == (path, uri, parts, strict)
    # What a route calls itself can be registered again and means the same.
    again = Router().add(uri, ["GET"], handler, strict_slashes=strict)
    assert (again.path, again.segments) == (route.path, route.segments)


@pytest.mark.parametrize(
    ("version", "prefix", "path"),
    [
        (1, "/v", "v1/a"),
        ("v2", "/v", "v2/a"),
        ("/v3/", "/v", "v3/a"),
        (1.5, "/v", "v1.5/a"),
        (0, "/v", "v0/a"),
        (1, "/<foo:str>/v", "<foo:str>/v1/a"),
        (1, "api", "api1/a"),
        (None, "/v", "a"),
    ],
)
def test_add_version_goes_before_the_path(
    router: Router, version: Any, prefix: str, path: str
) -> None:
    assert router.add("//a", ["GET"], handler, version=version, version_prefix=prefix).path == path


def test_add_types_come_from_annotations(router: Router) -> None:
    def typed(request: Any, a, b, c, d, e, f) -> None: ...

    typed.__annotations__ = dict(a=int, b=float, c=uuid.UUID, d=str, e="int", f=bool)
    route = router.add("/<a>/<b>/<c>/<d>/<e>/<f>/<g>", ["GET"], typed)
    assert route.path == "<a:int>/<b:float>/<c:uuid>/<d:str>/<e:str>/<f:str>/<g:str>"
    assert router.add("/x/<a:str>", ["GET"], typed).path == "x/<a:str>"

    class Callable:
        def __call__(self, request: Any, a) -> None: ...

        __call__.__annotations__ = {"a": int}

    assert router.add("/1/<a>", ["GET"], functools.partial(typed)).path == "1/<a:int>"
    assert router.add("/2/<a>", ["GET"], Callable()).path == "2/<a:int>"
    assert router.add("/3/<a>", ["GET"], dict).path == "3/<a:str>"


@pytest.mark.parametrize(
    ("path", "message"),
    [
        *((f"/{bad}", f"Invalid declaration: {bad}") for bad in ("<x y>", "<1x>", "<>", "<x")),
        ("/<a>x", "Invalid declaration: <a>x"),
        ("/<a>-<b>", "Invalid declaration: <a>-<b>"),
        ("/<a:(a)(b)>", "Invalid matching pattern (a)(b)"),
        ("/<a:(?P<b>x)>", "Named group (b) must match your named parameter (a)"),
        ("/<a:(?P<a>x)(y)>", "Invalid matching pattern (?P<a>x)(y)"),
        ("/<x:ext=a-b>", "Invalid extension parameter definition: <x:ext=a-b>"),
        ("/<x:ext=>", "Invalid extension parameter definition: <x:ext=>"),
        ("/<x:ext=.a>", "Invalid extension: .a"),
        ("/<x:ext=a|>", "Invalid extension: "),
        ("/<x:ext=a.b|c>", "All allowed extensions within a single route definition"),
        ("/<x=path:ext>", "Extension parameter matching does not support the `path` type."),
        ("/<x=foo:ext>", "Extension parameter matching only supports filename matching"),
        ("/<x=[a]:ext>", "Invalid declaration: <x=[a]:ext>"),
    ],
)
def test_add_nonsense_is_invalid_usage(router: Router, path: str, message: str) -> None:
    with pytest.raises(InvalidUsage, match=f"^{re.escape(message)}"):
        router.add(path, ["GET"], handler)


def test_add_bad_expression_is_re_error(router: Router) -> None:
    with pytest.raises(re.error):
        router.add("/<a:[>", ["GET"], handler)


@pytest.mark.parametrize("label", ["string", "number"])
def test_add_obsolete_type_warns_and_is_an_expression(router: Router, label: str) -> None:
    with pytest.warns(DeprecationWarning, match=label):
        router.add(f"/<a:{label}>", ["GET"], handler)
    router.finalize()
    assert router.get(f"/{label}", "GET", None)[2] == {"a": label}


# ---- methods, hosts, duplicates


def test_add_methods(router: Router) -> None:
    assert router.add("/a", None, handler).methods == {"GET"}
    assert router.add("/b", [], handler).methods == {"GET"}
    assert router.add("/c", ["get", "Put"], handler).methods == {"GET", "PUT"}
    with pytest.raises(BadMethod, match=r"^Bad method: \['FOO'\]"):
        router.add("/d", ["FOO"], handler)


def test_add_hosts_make_one_route_each(router: Router) -> None:
    routes = router.add("/a", ["GET"], handler, host=["h.com", "g.com"], name="app.n")
    assert [route.name for route in routes] == ["app.n", "app.n"]
    assert [route.extra.ident for route in routes] == ["app.n_h_com", "app.n_g_com"]
    assert [route.requirements for route in routes] == [{"host": "h.com"}, {"host": "g.com"}]
    assert routes[0].extra.hosts == ["h.com", "g.com"]
    for nowhere in (None, [None], "", []):
        route = router.add(f"/{nowhere!r}", ["GET"], handler, host=nowhere, name="app.m")
        assert (route.requirements, route.extra.hosts, route.extra.ident) == ({}, [None], "app.m")
    single = router.add("/s", ["GET"], handler, host=("h",), name="app.s")
    assert (single.requirements, single.extra.ident) == ({"host": "h"}, "app.s")


@pytest.mark.parametrize(
    ("first", "second", "shown"),
    [
        (("/a", {}), ("/a/", {}), "a [GET]"),
        (("/a", {"strict_slashes": True}), ("/a", {}), "a [GET]"),
        (("/<a>", {}), ("/<b>", {}), "<b> [GET]"),
        (("/<a:int>", {}), ("/<b:int>", {}), "<b:int> [GET]"),
        (("/<a:[a-z]>", {}), ("/<b:[a-z]>", {}), "<b:[a-z]> [GET]"),
        (("/<a:ext=x>", {}), ("/<a:ext=y>", {}), "<a:ext=y> [GET]"),
        (("/a", {"methods": ["GET", "PUT"]}), ("/a", {"methods": ["PUT", "POST"]}), "a [POST,PUT]"),
        (("/a", {}), ("/a", {"host": "h"}), "a [GET]"),
        (("/a", {"host": "h"}), ("/a", {"methods": ["POST"]}), "a [POST]"),
        (("/a", {"host": ["h", "g"]}), ("/a", {"host": "g"}), "a [GET]"),
    ],
)
def test_add_in_the_way_is_route_exists(
    router: Router, first: tuple[str, Any], second: tuple[str, Any], shown: str
) -> None:
    def add(path: str, options: dict[str, Any]) -> None:
        router.add(path, handler=handler, **{"methods": ["GET"], **options})

    add(*first)
    before = router.routes
    with pytest.raises(RouteExists, match=f"^{re.escape(f'Route already registered: {shown}')}$"):
        add(*second)
    assert router.routes == before


def test_add_that_does_not_compete_is_taken(router: Router) -> None:
    router.add("/a", ["GET"], handler)
    router.add("/a", ["POST"], other)
    router.add("/a/", ["GET"], handler, strict_slashes=True)
    router.add("/<a:int>", ["GET"], handler)
    router.add("/<a:str>", ["GET"], handler)
    router.add("/h", ["GET"], handler, host="h")
    router.add("/h", ["GET"], handler, host="g")
    assert len(router.routes) == 7 and len(router.groups) == 5


def test_add_overwrite_replaces_what_is_in_the_way(router: Router) -> None:
    def add(name: str, methods: list[str], **options: Any) -> None:
        router.add("/a", methods, handler, name=name, overwrite=True, **options)

    def names() -> list[str]:
        return [route.name for route in router.routes]

    add("one", ["GET", "POST"])
    add("two", ["PUT"])
    assert names() == ["one", "two"]
    add("three", ["GET"])
    assert names() == ["two", "three"] and "one" not in router.name_index
    add("four", ["GET"], host="h")
    assert names() == ["four"] and list(router.dynamic_routes) == [("a",)]
    assert not router.static_routes
    add("five", ["GET"])
    assert names() == ["five"] and list(router.static_routes) == [("a",)]
    router.finalize()
    assert router.get("/a", "GET", None)[0].name == "five"


def test_add_arguments_end_up_in_extra(router: Router) -> None:
    route = router.add(
        "/a", ["GET"], handler, stream=True, ignore_body=True, static=True, error_format="json"
    )
    extra = route.extra
    assert (extra.stream, extra.ignore_body, extra.static, extra.error_format) == (
        *(True, True, True),
        "json",
    )
    assert route.ctx == SimpleNamespace() and route.static is True


# ---- life


def test_finalize_needs_routes_and_happens_once(router: Router) -> None:
    with pytest.raises(FinalizationError, match="^Cannot finalize with no routes defined.$"):
        router.finalize()
    with pytest.raises(FinalizationError, match="before the router is finalized"):
        router.get("/a", "GET", None)
    router.add("/a", ["GET"], handler)
    router.finalize()
    assert router.finalized
    with pytest.raises(FinalizationError, match="^Cannot finalize router more than once.$"):
        router.finalize()
    with pytest.raises(FinalizationError, match="^Cannot finalize router more than once.$"):
        router.add("/b", ["GET"], handler)


def test_reset_and_finalize_again_and_again(router: Router) -> None:
    router.add("/<a:int>", ["GET"], handler, name="app.one")
    for number in range(3):
        router.finalize()
        old = router.table
        assert router.get("/1", "GET", None)[2] == {"a": 1}
        router.reset()
        assert not router.finalized and router.table is old
        assert router.get("/1", "GET", None)[2] == {"a": 1}
        router.add(f"/more{number}", ["GET"], handler)
    router.finalize()
    assert router.get("/more2", "GET", None)[2] == {}


def test_groups_snapshot_allows_adding_while_iterating(router: Router) -> None:
    for path in ("/a", "/<a:int>", "/p/<x:path>"):
        router.add(path, ["GET"], handler, name=f"app.{path}")
    router.finalize()
    router.reset()
    for group in router.groups.values():
        router.add(
            group.uri,
            ["HEAD"],
            functools.partial(group[0].handler),
            host=group.requirements[0]["host"] if group.requirements else [None],
            strict_slashes=group.strict,
            unquote=group.unquote,
            name=f"{group[0].name}_head",
        )
    router.finalize()
    for path in ("/a", "/7", "/p/x/y"):
        assert router.get(path, "HEAD", None)[0].name.endswith("_head")
        assert not router.get(path, "GET", None)[0].name.endswith("_head")


def test_finalize_refuses_parameter_names(router: Router) -> None:
    router.add("/s/<__file_uri__:path>", ["GET"], handler)
    router.finalize()
    router.reset()
    router.add("/a/<__x:int>", ["GET"], handler)
    with pytest.raises(
        exceptions.SanicException,
        match=r"^Invalid route: <RouteGroup: path=a/<__x:int> len=1>. Parameter names cannot use",
    ):
        router.finalize()
    twice = Router()
    twice.add("/<x:int>/<x>", ["GET"], handler)
    with pytest.raises(ParameterNameConflicts, match="^Duplicate named parameters in: <x:int>/"):
        twice.finalize()


def test_finalize_refuses_a_date_in_a_whole_path_route(router: Router) -> None:
    router.add("/<d:ymd>/<p:path>", ["GET"], handler)
    with pytest.raises(InvalidUsage, match="^Invalid matching pattern"):
        router.finalize()


# ---- listings


def test_listings(router: Router) -> None:
    for path, options in (
        ("/lit", {}),
        ("/h", {"host": "h"}),
        ("/d/<a:int>/<b>", {}),
        ("/r/<x:[a-z]+>", {}),
        ("/p/<x:path>", {}),
    ):
        router.add(path, ["GET"], handler, name=f"app.{path}", **options)
    assert isinstance(router.routes, tuple)
    assert list(router.routes_static) == list(router.static_routes) == [("lit",)]
    assert list(router.routes_dynamic) == [("h",), ("d", "<__dynamic__:int>", "<__dynamic__:str>")]
    assert list(router.routes_regex) == [("r", "<__dynamic__:[a-z]+>"), ("p", "<__dynamic__:path>")]
    assert list(router.groups) == [
        *router.routes_static,
        *router.routes_dynamic,
        *router.routes_regex,
    ]
    assert router.routes_all[("d", "<a:int>", "<b:str>")].name == "app./d/<a:int>/<b>"
    assert set(router.name_index) == {route.name for route in router.routes}
    assert [type(g) for g in router.groups.values()] == [RouteGroup] * 5


def test_route_attributes_after_finalize(router: Router) -> None:
    route = router.add("/a/<b:int>/<c>/<f=int:ext=x|y>", ["GET"], handler, name="app.h")
    assert (route.params, route.labels) == ({}, [])
    assert [info.name for info in route.defined_params.values()] == ["b", "c", "f"]
    router.finalize()
    assert route.labels == ["b", "c", "f"] and list(route.params) == [1, 2, 3]
    assert route.raw_path == "a/<b:int>/<c>/<f=int:ext=x|y>"
    assert route.segments == ("a", "<__dynamic__:int>", "<__dynamic__:str>", "<__dynamic__:ext>")
    assert repr(route) == str(route) == "<Route: name=app.h path=a/<b:int>/<c:str>/<f=int:ext=x|y>>"
    assert route.router is router and not route.static and not route.regex and not route.overloaded
    info = route.params[1]
    assert (info.name, info.label, info.cast, info.regex) == ("b", "int", int, False)
    assert info.priority == list(router.regex_types).index("int") == 7
    assert info.ctx == SimpleNamespace() and info.ctx is info.ctx
    assert vars(route.params[3].ctx) == {
        "cast": int,
        "allowed": ["x", "y"],
        "allowed_sub_count": 0,
    }
    with pytest.raises(TypeError):
        route.requirements["host"] = "x"
    with pytest.raises(AttributeError):
        route.foo = 1
    route.name, route.ctx = "app.renamed", SimpleNamespace(a=1)
    router.reset()
    router.finalize()
    assert router.find_route_by_view_name("renamed") is route and route.ctx.a == 1


def test_route_pattern_shows_the_whole_expression(router: Router) -> None:
    paths = {
        "/r/<x:[a-z]+>": "/r/(?P<x>[a-z]+)",
        "/p/<a:int>/<x:path>": r"/p/(?P<a>-?\d+)/(?P<x>[^/]?.*?)",
        "/q/<a:(x)y>": "/q/(?P<a>x)y",
        "/s/<a:(?P<a>x)y>": "/s/(?P<a>x)y",
    }
    routes = {path: router.add(path, ["GET"], handler) for path in paths}
    router.finalize()
    assert {path: route.pattern for path, route in routes.items()} == paths


def test_route_group_stands_for_its_routes(router: Router) -> None:
    first = router.add("/<a>", ["GET", "HEAD"], handler)
    second = router.add("/<b>", ["POST"], other, unquote=True)
    (group,) = router.groups.values()
    assert list(group) == [first, second] == list(group.routes) and group[1] is second
    assert (len(group), group.methods) == (2, {"GET", "HEAD", "POST"})
    assert (group.uri, group.strict, group.unquote, group.depth) == ("/<a:str>", False, False, 1)
    assert group.methods_index == {"GET": first, "HEAD": first, "POST": second}
    assert repr(group) == "<RouteGroup: path=<a:str> len=2>"
    with pytest.raises(AttributeError):
        group.nope
    with pytest.raises(InvalidUsage, match="^Cannot group routes with differing paths$"):
        RouteGroup(first, router.add("/<a:int>", ["GET"], handler))


def test_find_route_by_view_name(router: Router) -> None:
    one = router.add("/a", ["GET"], handler, name="app.one")
    bare = router.add("/b", ["GET"], handler, name="bare")
    find = router.find_route_by_view_name
    assert find("one") is find("app.one") is find("one", name="x") is one
    assert find("bare") is bare
    assert find("nope") is find("") is find(None) is None


# ---- subclasses


def test_default_get_is_marked_and_an_override_is_not() -> None:
    class Own(Router):
        def get(self, path: str, method: str, host: str | None) -> Any:
            return super().get(path.lower(), method, host)

        def add(self, *args: Any, **kwargs: Any) -> Any:
            route = super().add(*args, **kwargs)
            route.ctx.mine = True
            return route

    assert Router.get._sf_default is True and not hasattr(Own.get, "_sf_default")
    router = Own()
    router.add("/a", ["GET"], handler)
    router.finalize()
    assert router.get("/A", "GET", None)[0].ctx.mine


def test_base_router_can_be_used_alone() -> None:
    class Plain(BaseRouter):
        def get(self, path: str, method: str, host: str | None = None) -> Any:
            return self.resolve(path, method=method, extra={"host": host} if host else None)

    class MyRoute(Route):
        __slots__ = ()

    router = Plain(route_class=MyRoute)
    with pytest.raises(FinalizationError):
        router.get("/a", "BASE")
    route = router.add("/a/<b:int>", handler)
    assert route.methods == {"BASE"} and type(route) is MyRoute
    router.add("/c", handler, "KEY", requirements={"host": "h"})
    with pytest.raises(InvalidUsage, match="Only host is known"):
        router.add("/d", handler, requirements={"scheme": "x"})
    router.finalize()
    assert router.get("/a/1", "BASE") == (route, handler, {"b": 1})
    assert router.resolve("/c", method="KEY", extra={"host": "h"})[2] == {}
    with pytest.raises(NotFound) as missing:
        router.get("/nope/", "BASE")
    assert missing.value.path == "/nope"
    with pytest.raises(NoMethod) as wrong:
        router.get("/a/1", "KEY")
    assert (wrong.value.method, wrong.value.allowed_methods) == ("KEY", ("BASE",))


def test_public_constants() -> None:
    assert ROUTER_CACHE_SIZE == 1024 and ALLOWED_LABELS == ("__file_uri__",)
    assert Router.DEFAULT_METHOD == "GET" and "PATCH" in Router.ALLOWED_METHODS
