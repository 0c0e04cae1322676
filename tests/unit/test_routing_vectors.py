"""Measured answers of routing: one route with one path, and several routes that compete."""

from __future__ import annotations

from datetime import date
from math import inf
from typing import Any
from uuid import UUID

import pytest

from sanic_fast.exceptions import MethodNotAllowed, NotFound
from sanic_fast.router import Router

Definition = tuple[str, dict[str, Any]]


def route(path: str, **options: Any) -> Definition:
    return path, options


def handler(request: Any) -> None:
    """Stand in for a handler."""


def build(*definitions: Definition) -> Router:
    """Return a router with the routes h0, h1, ... in this order."""
    router = Router()
    for number, (path, options) in enumerate(definitions):
        options = {"methods": ["GET"], **options}
        router.add(path, handler=handler, name=f"h{number}", **options)
    router.finalize()
    return router


def ask(router: Router, request: str) -> Any:
    """Return (name, params), 404, or (405, Allow) for "[METHOD ]path[ host]"."""
    method, path, host = (
        [*request.split(" "), ""][:3] if request[0] != "/" else ("GET", request, "")
    )
    try:
        found, _, params = router.get(path, method, host or None)
    except NotFound:
        return 404
    except MethodNotAllowed as error:
        return 405, error.headers["Allow"]
    return found.name, params


ONE = [
    (route("/<x:int>"), "/12", {"x": 12}),
    (route("/<x:int>"), "/-12", {"x": -12}),
    (route("/<x:int>"), "/+1", {"x": 1}),
    (route("/<x:int>"), "/1_0", {"x": 10}),
    (route("/<x:int>"), "/%201", None),
    (route("/<x:int>"), "/a", None),
    (route("/<x:float>"), "/1", {"x": 1.0}),
    (route("/<x:float>"), "/1e5", {"x": 100000.0}),
    (route("/<x:float>"), "/inf", {"x": inf}),
    (route("/<x:alpha>"), "/abC", {"x": "abC"}),
    (route("/<x:alpha>"), "/ab1", None),
    (route("/<x:slug>"), "/a-b-1", {"x": "a-b-1"}),
    (route("/<x:slug>"), "/A-b", None),
    (route("/<x:slug>"), "/a--b", None),
    (route("/<x:path>"), "/a/b/c", {"x": "a/b/c"}),
    (route("/<x:path>"), "/", {"x": ""}),
    (route("/p/<x:path>"), "/p", None),
    (route("/p/<x:path>"), "/p/", {"x": ""}),
    (route("/p/<x:path>"), "/p/a/", {"x": "a/"}),
    (route("/<x:ymd>"), "/2021-01-31", {"x": date(2021, 1, 31)}),
    (route("/<x:ymd>"), "/2021-02-31", None),
    (route("/<x:ymd>"), "/2021-1-1", {"x": date(2021, 1, 1)}),
    (
        route("/<x:uuid>"),
        "/123e4567e89b12d3a456426655440000",
        {"x": UUID("123e4567-e89b-12d3-a456-426655440000")},
    ),
    (route("/<x>"), "/", None),
    (route("/<x:strorempty>"), "/", {"x": ""}),
    (route("/f/<x:strorempty>"), "/f/", {"x": ""}),
    (route("/f/<x:strorempty>"), "/f", None),
    (route("/f/<x>"), "/f/", None),
    (route("/<x:ext>"), "/a.txt", {"x": "a", "ext": "txt"}),
    (route("/<x:ext>"), "/a.tar.gz", {"x": "a.tar", "ext": "gz"}),
    (route("/<x:ext>"), "/a", None),
    (route("/<x:ext>"), "/.bashrc", None),
    (route("/<x:ext=jpg|png>"), "/a.jpg", {"x": "a", "ext": "jpg"}),
    (route("/<x:ext=jpg|png>"), "/a.gif", None),
    (route("/<x=int:ext>"), "/12.txt", {"x": 12, "ext": "txt"}),
    (route("/<x=int:ext=txt>"), "/a.txt", None),
    (route("/<x:ext=tar.gz>"), "/b.tar.gz", {"x": "b", "ext": "tar.gz"}),
    (route("/<x:[a-z]{3}>"), "/abc", {"x": "abc"}),
    (route("/<x:[a-z]{3}>"), "/abcd", None),
    (route("/<x:(?P<x>[a-z]{2})z>"), "/abz", {"x": "ab"}),
    (route("/<x:([a-z]{2})z>"), "/abz", {"x": "ab"}),
    (route("/<x:[a-z/]+>"), "/a/b", {"x": "a/b"}),
    (route("/a/<x:[0-9]+>/b"), "/a/12/b", {"x": "12"}),
    (route("/a/<x:path>/b"), "/a/1/2/b", {"x": "1/2"}),
    (route("/x/<i:int>/<p:path>"), "/x/12/a/b", {"i": "12", "p": "a/b"}),
    (route("/x/<i:int>/<p:[a-z]+>"), "/x/12/ab", {"i": 12, "p": "ab"}),
    (route("/<x>"), "/a%20b", {"x": "a%20b"}),
    (route("/<x>", unquote=True), "/a%20b", {"x": "a b"}),
    (route("/u/<x:path>", unquote=True), "/u/a%20b", {"x": "a%20b"}),
    (route("/é"), "/%C3%A9", {}),
    (route("/é"), "/%c3%a9", None),
    (route("/a b"), "/a%20b", {}),
    (route("/a"), "/a/", {}),
    (route("/a"), "/a//", {}),
    (route("/a"), "//a", None),
    (route("/a", strict_slashes=True), "/a/", None),
    (route("/a/", strict_slashes=True), "/a", None),
    (route("/a/"), "/a", {}),
    (route("/a/<b>/c"), "/a//c", None),
    (route("/a", version=1), "/v1/a", {}),
    (route("/a", version="v2"), "/v2/a", {}),
    (route("/a", version=1.1, version_prefix="/api/v"), "/api/v1.1/a", {}),
    (route("/a", version=0), "/v0/a", {}),
]


@pytest.mark.parametrize(("definition", "path", "params"), ONE)
def test_get_one_route_gives_these_parameters(
    definition: Definition, path: str, params: dict[str, Any] | None
) -> None:
    answer = ask(build(definition), path)
    assert answer == (404 if params is None else ("h0", params))
    if params:
        assert [type(value) for value in answer[1].values()] == [
            type(value) for value in params.values()
        ]


SEVERAL = [
    (
        [
            route("/<a:str>"),
            route("/<a:int>"),
            route("/<a:float>"),
            route("/<a:uuid>"),
            route("/<a:ymd>"),
            route("/<a:alpha>"),
            route("/<a:slug>"),
            route("/<a:path>"),
            route("/<a:ext>"),
            route("/lit"),
        ],
        {
            "/1": ("h1", {"a": 1}),
            "/1.5": ("h2", {"a": 1.5}),
            "/2021-01-01": ("h4", {"a": date(2021, 1, 1)}),
            "/abc": ("h5", {"a": "abc"}),
            "/a-b": ("h6", {"a": "a-b"}),
            "/a/b": ("h7", {"a": "a/b"}),
            "/f.txt": ("h8", {"a": "f", "ext": "txt"}),
            "/lit": ("h9", {}),
            "/A_B": ("h0", {"a": "A_B"}),
        },
    ),
    (
        [route("/a/<x>"), route("/<x>/b"), route("/a/b")],
        {
            "/a/b": ("h2", {}),
            "/a/c": ("h0", {"x": "c"}),
            "/c/b": ("h1", {"x": "c"}),
        },
    ),
    (
        [route("/a/<x:int>/z"), route("/<y>/<x>/w")],
        {
            "/a/1/z": ("h0", {"x": 1}),
            "/a/1/w": ("h1", {"y": "a", "x": "1"}),
        },
    ),
    (
        [route("/<x>"), route("/<x:[0-9]{2}>")],
        {
            "/12": ("h0", {"x": "12"}),
        },
    ),
    (
        [route("/<a:int>"), route("/<a:int>/x"), route("/<b>/x")],
        {
            "/1/x": ("h2", {"b": "1"}),
        },
    ),
    (
        [route("/a/<b:int>/c/d"), route("/a/<b>/c")],
        {
            "/a/1/c/d": ("h0", {"b": 1}),
            "/a/1/c": ("h1", {"b": "1"}),
        },
    ),
    (
        [route("/<x:[0-9]+>"), route("/<x:[0-9a-z]+>"), route("/<y:[a-z]+>")],
        {
            "/1": ("h0", {"x": "1"}),
            "/1a": ("h1", {"x": "1a"}),
            "/a": ("h1", {"x": "a"}),
        },
    ),
    (
        [route("/p/<x:path>"), route("/p/<y:int>"), route("/p/lit"), route("/p/<z>")],
        {
            "/p/1": ("h1", {"y": 1}),
            "/p/lit": ("h2", {}),
            "/p/q": ("h3", {"z": "q"}),
            "/p/q/r": ("h0", {"x": "q/r"}),
        },
    ),
    (
        [route("/p/<x:path>"), route("/p/q/<x:path>"), route("/<x:path>")],
        {
            "/p/q/r": ("h1", {"x": "r"}),
            "/p/z": ("h0", {"x": "z"}),
            "/zz/y": ("h2", {"x": "zz/y"}),
        },
    ),
    (
        [route("/<a:ext=txt>"), route("/<b>")],
        {
            "/x.txt": ("h0", {"a": "x", "ext": "txt"}),
            "/x.gif": 404,
            "/x": ("h1", {"b": "x"}),
        },
    ),
    (
        [route("/a", methods=["GET"]), route("/a", methods=["POST"])],
        {
            "POST /a": ("h1", {}),
            "PUT /a": (405, "GET, POST"),
        },
    ),
    (
        [route("/<a>", methods=["GET"]), route("/<b>", methods=["POST"])],
        {
            "POST /q": ("h1", {"b": "q"}),
            "PUT /q": (405, "GET, POST"),
        },
    ),
    (
        [route("/lit", methods=["GET"]), route("/<c>", methods=["POST"])],
        {
            "POST /lit": (405, "GET"),
        },
    ),
    (
        [route("/<a:int>", methods=["GET"]), route("/<c>", methods=["POST"])],
        {
            "POST /1": (405, "GET"),
        },
    ),
    (
        [route("/a", host="x.com"), route("/a", host="y.com")],
        {
            "GET /a x.com": ("h0", {}),
            "GET /a x.com:80": 404,
            "POST /a x.com": 404,
        },
    ),
    (
        [route("/a", host="x.com"), route("/<z>")],
        {
            "GET /a q": 404,
        },
    ),
    (
        [route("/c", strict_slashes=True), route("/c/", strict_slashes=True)],
        {
            "/c": ("h0", {}),
            "/c/": ("h1", {}),
        },
    ),
    (
        [route("/v/<x>"), route("/u/<x>", unquote=True), route("/w/<x>")],
        {
            "/u/a%20b": ("h1", {"x": "a b"}),
            "/v/a%20b": ("h0", {"x": "a%20b"}),
            "/w/a%20b": ("h2", {"x": "a%20b"}),
        },
    ),
]


@pytest.mark.parametrize(("definitions", "answers"), SEVERAL)
def test_get_several_routes_gives_the_one_that_comes_first(
    definitions: list[Definition], answers: dict[str, Any]
) -> None:
    router = build(*definitions)
    assert {request: ask(router, request) for request in answers} == answers


S = {"strict_slashes": True}
MORE = [
    # Whole-path routes come after all others, before a trailing slash is dropped.
    ([route("/<x:path>"), route("/a")], {"/a": ("h1", {}), "/a/": ("h0", {"x": "a/"})}),
    ([route("/<x:path>")], {"//": ("h0", {"x": "/"}), "//a/b": ("h0", {"x": "/a/b"})}),
    (
        [route("/a/<x:path>/b")],
        {
            "/a//b": ("h0", {"x": ""}),
            "/a/b": 404,
            "/a/b/b/b": ("h0", {"x": "b/b"}),
            "/a/1/b/": ("h0", {"x": "1"}),
        },
    ),
    (
        [route("/<x:path>/m/<y:path>")],
        {
            "/a/m/m/b": ("h0", {"x": "a", "y": "m/b"}),
            "//m/": ("h0", {"x": "", "y": ""}),
            "/m/m/": ("h0", {"x": "m", "y": ""}),
            "/a/m": 404,
        },
    ),
    (
        [route("/<x:path>/<s:strorempty>")],
        {"/a/b/": ("h0", {"x": "a/b", "s": ""}), "/a//b": ("h0", {"x": "a/", "s": "b"}), "/a": 404},
    ),
    (
        [route("/<x:path>/<i:int>")],
        {"/a/b/1": ("h0", {"x": "a/b", "i": "1"}), "/1": 404, "/a/+1": 404},
    ),
    (
        [route("/<a:[a-z/]+>/<b:int>")],
        {"/a/b/1": ("h0", {"a": "a/b", "b": "1"}), "/a/b/1/": ("h0", {"a": "a/b", "b": "1"})},
    ),
    # Parameters have the names of the route that is found.
    (
        [route("/p/<x:path>"), route("/p/<y:path>", methods=["POST"])],
        {
            "/p/1": ("h0", {"x": "1"}),
            "POST /p/1": ("h1", {"y": "1"}),
            "PUT /p/1": (405, "GET, POST"),
        },
    ),
    (
        [route("/<a:[a-z]+>"), route("/<b:[a-z]+>", methods=["POST"])],
        {"/x": ("h0", {"a": "x"}), "POST /x": ("h1", {"b": "x"})},
    ),
    # The first route that fits the path decides; its method and host are not a reason to go on.
    (
        [route("/p/<x:path>"), route("/<y:path>", methods=["POST"])],
        {"POST /p/1": (405, "GET"), "/q": (405, "POST")},
    ),
    (
        [route("/<x:int>/a"), route("/<y>/a", methods=["POST"])],
        {"POST /1/a": (405, "GET"), "POST /b/a": ("h1", {"y": "b"})},
    ),
    (
        [route("/p/<x:path>", host="h"), route("/<y:path>")],
        {"GET /p/1 h": ("h0", {"x": "1"}), "GET /p/1 q": 404, "POST /p/1 h": 404},
    ),
    (
        [route("/a", host="h"), route("/a", host="g", methods=["POST"])],
        {"POST /a g": ("h1", {}), "POST /a h": 404, "PUT /a h": 404, "GET /a h": ("h0", {})},
    ),
    (
        [route("/a/", host="h", **S), route("/a")],
        {"GET /a/ h": ("h0", {}), "/a/": ("h1", {}), "PUT /a/": (405, "GET")},
    ),
    # Strictness.
    (
        [route("/a/", methods=["POST"], **S), route("/a")],
        {"/a/": (405, "POST"), "POST /a": (405, "GET"), "POST /a/": ("h0", {})},
    ),
    ([route("/a", **S)], {"/a/": 404, "PUT /a/": (405, "GET"), "/a//": 404}),
    ([route("/<x>", **S)], {"/a/": 404, "PUT /a/": 404, "PUT /a": (405, "GET")}),
    ([route("/a/", **S)], {"/a//": ("h0", {}), "/a": 404}),
    ([route("/p/<x:path>", **S)], {"/p/a/": ("h0", {"x": "a/"}), "/p": 404}),
    ([route("/x/<a:strorempty>", **S)], {"/x/": ("h0", {"a": ""}), "/x//": 404, "/x/a/": 404}),
    ([route("/", **S)], {"/": ("h0", {}), "//": ("h0", {}), "///": ("h0", {})}),
    (
        [
            route("/<x>/", methods=["POST"], **S),
            route("/<y>/", methods=["PUT"], **S),
            route("/<x>"),
        ],
        {"/a/": ("h2", {"x": "a"}), "PUT /a/": ("h1", {"y": "a"}), "POST /a": (405, "GET")},
    ),
    (
        [route("/<x>/", methods=["POST"], **S), route("/<y>/", methods=["PUT"], **S)],
        {"/a/": (405, "POST, PUT"), "/a": 404},
    ),
    # Order among expressions: text; deeper trees first; before `strorempty`.
    (
        [route("/<x:[a-z0-9]+>"), route("/<y:[0-9]+>"), route("/<z:[a-c]+>")],
        {"/1": ("h1", {"y": "1"}), "/a": ("h2", {"z": "a"}), "/z": ("h0", {"x": "z"})},
    ),
    (
        [route("/<x:[0-9]+>/b"), route("/<y:[a-z0-9]+>/b"), route("/<y:[a-z0-9]+>/c/d")],
        {"/1/b": ("h1", {"y": "1"})},
    ),
    ([route("/<y:strorempty>"), route("/<x:[0-9]+>")], {"/1": ("h1", {"x": "1"})}),
    # An expression is matched as a whole; beside it the other types are held to theirs.
    ([route("/<a:x|y>")], {"/x": ("h0", {"a": "x"}), "/xb": 404, "/xy": 404}),
    ([route("/<a:^x$>/b")], {"/x/b": ("h0", {"a": "x"})}),
    (
        [route("/<a:[a-z]+>/<b:float>")],
        {"/x/.5": ("h0", {"a": "x", "b": 0.5}), "/x/1e5": 404},
    ),
    ([route("/<a:[a-z]+>/<d:ymd>")], {"/x/2021-01-01": ("h0", {"a": "x", "d": date(2021, 1, 1)})}),
    ([route("/<a:(x)y>/<p:path>")], {"/xy/1": ("h0", {"a": "x", "p": "1"})}),
    ([route("/<z:(?P<z>[a-z])/x>/q")], {"/a/x/q": ("h0", {"z": "a"})}),
    # File names.
    (
        [route("/<x:ext=tar.gz|tar.bz>")],
        {
            "/a.b.tar.gz": ("h0", {"x": "a.b", "ext": "tar.gz"}),
            "/1.gz": 404,
            "/x.TAR.gz": 404,
            "/.tar.gz": 404,
        },
    ),
    (
        [route("/<x=int:ext=txt>"), route("/<y>")],
        {
            "/1.txt": ("h0", {"x": 1, "ext": "txt"}),
            "/a.txt": 404,
            "/1.gif": 404,
            "/q": ("h1", {"y": "q"}),
        },
    ),
    ([route("/<x:ext=txt>/z"), route("/<y>/w")], {"/1.gif/w": ("h1", {"y": "1.gif"})}),
    ([route("/<x:ext>", unquote=True)], {"/a%20b.txt": ("h0", {"x": "a b", "ext": "txt"})}),
    ([route("/<x:ext>/<p:path>")], {"/1.txt/a": ("h0", {"x": "1.txt", "p": "a"})}),
    # Spellings of literals: clients need not encode what a segment may hold (RFC 3986 3.3).
    (
        [route("/@me"), route("/a:b/<x>"), route("/x+y/<p:path>"), route("/<p:path>/c@d")],
        {
            "/@me": ("h0", {}),
            "/%40me": ("h0", {}),
            "/a:b/1": ("h1", {"x": "1"}),
            "/a%3Ab/1": ("h1", {"x": "1"}),
            "/x+y/1": ("h2", {"p": "1"}),
            "/x%2By/1": ("h2", {"p": "1"}),
            "/q/c@d": ("h3", {"p": "q"}),
            "/q/c%40d": ("h3", {"p": "q"}),
        },
    ),
    ([route("/a/%2F/b")], {"/a/%2F/b": ("h0", {}), "/a///b": 404}),
    ([route("/%zz")], {"/%25zz": ("h0", {}), "/%zz": 404}),
    # Methods are compared exactly.
    ([route("/a")], {"get /a": (405, "GET"), "BREW /a": (405, "GET"), "HEAD /a": (405, "GET")}),
]


@pytest.mark.parametrize(("definitions", "answers"), MORE)
def test_get_corner_cases(definitions: list[Definition], answers: dict[str, Any]) -> None:
    router = build(*definitions)
    assert {request: ask(router, request) for request in answers} == answers


@pytest.mark.parametrize(
    ("path", "named"),
    [("/nope", "/nope"), ("/nope///", "/nope"), ("/", ""), ("//", "/"), ("/s/", "/s")],
)
def test_get_not_found_names_the_path_as_finally_tried(path: str, named: str) -> None:
    router = build(
        route("/s", **S), route("/x/<y:strorempty>"), route("/<z:strorempty>", **S, host="h")
    )
    if path == "//":
        router = build(route("/<z:strorempty>", **S))
    with pytest.raises(NotFound, match=f"^Requested URL {named} not found$"):
        router.get(path, "GET", None)


def test_get_wrong_method_names_method_path_and_allow() -> None:
    router = build(route("/a", methods=["GET", "POST"]))
    with pytest.raises(MethodNotAllowed, match="^Method PUT not allowed for URL /a//$") as caught:
        router.get("/a//", "PUT", None)
    assert caught.value.headers == {"Allow": "GET, POST"}
    assert caught.value.allowed_methods == ("GET", "POST")
    assert caught.value.method == "PUT"
