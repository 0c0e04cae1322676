"""The compiled table against the reference model, and what only the table has."""

from __future__ import annotations

import gc
import math
import sys
import weakref
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanic_fast._core.router import CompiledRoute, RouteTable, VersionCell
from sanic_fast.router import Router
from sanic_fast.routing.exceptions import RouteExists
from tests.reference.router import Outcome, ReferenceRouter, Rule

LITERALS = ["a", "b", "ab", "1", "a-b"]
TYPES = ["", "str", "strorempty", "int", "float", "alpha", "slug", "uuid", "ymd", "ext"]
FREE = ["[a-z]+", "[0-9]+", "[a-z0-9]+", "a|ab"]
WHOLE = ["path", "path", "[a-z/]+", "[^/]+"]
VALUES = [
    *("", "a", "b", "ab", "1", "a-b", "A", "-", "12", "-7", "+1", "1_0", "1.5", ".5", "1e5"),
    *("nan", "a.txt", ".x", "x.tar.gz", "a.B", "2021-01-31", "2021-2-3", "2021-02-31", "%41%20"),
    *("123e4567-e89b-12d3-a456-426655440000", "123e4567e89b12d3a456426655440000", "9" * 20),
]


def handler(request: Any) -> None:
    """Stand in for a handler."""


def build(rules: list[Rule]) -> tuple[Router | None, list[Rule]]:
    """Register the rules; return the router and those that were taken."""
    router = Router()
    taken = []
    for rule in rules:
        try:
            router.add(
                rule.path,
                rule.methods,
                handler,
                host=rule.host,
                strict_slashes=rule.strict,
                unquote=rule.unquote,
                name=rule.name,
            )
        except RouteExists:
            continue
        taken.append(rule)
    router.finalize()
    return router, taken


def ask(table: RouteTable, method: str, path: str, host: str | None) -> Outcome:
    """Put the answer of the table into the words of the model."""
    found = table.find(method, path, host)
    if found is not None:
        return Outcome(200, found[0].route.name, tuple(found[1].items()))
    return Outcome(table.miss, path=table.missed_path, allowed=frozenset(table.allowed))


def same(left: Outcome, right: Outcome) -> bool:
    """Equal, NaN being equal to itself."""
    return repr(left).replace("frozenset()", "") == repr(right).replace("frozenset()", "") or (
        left == right
    )


@st.composite
def routers(draw: st.DrawFn, types: list[str]) -> list[Rule]:
    rules = []
    for number in range(draw(st.integers(1, 8))):
        parts = []
        for depth in range(draw(st.integers(1, 4))):
            kind = draw(st.sampled_from(types))
            if draw(st.booleans()):
                parts.append(draw(st.sampled_from(LITERALS)))
            else:
                parts.append(f"<p{depth}:{kind}>" if kind else f"<p{depth}>")
        rules.append(
            Rule(
                name=f"r{number}",
                path="/" + "/".join(parts) + draw(st.sampled_from(["", "", "/"])),
                methods=draw(st.sampled_from([("GET",), ("GET",), ("POST",), ("GET", "PUT")])),
                host=draw(st.sampled_from([None, None, None, None, "h", "g"])),
                strict=draw(st.sampled_from([False, False, True])),
                unquote=draw(st.booleans()),
            )
        )
    return rules


@st.composite
def requests(draw: st.DrawFn, rules: list[Rule]) -> tuple[str, str, str | None]:
    """Half of the paths are made from a route, so that they get somewhere."""
    if draw(st.booleans()):
        rule = draw(st.sampled_from(rules))
        parts = [
            draw(st.sampled_from(VALUES)) if param else part
            for param, part in zip(rule.params, rule.parts)
        ]
    else:
        parts = draw(st.lists(st.sampled_from(VALUES), min_size=1, max_size=5))
    path = "/" + "/".join(parts) + draw(st.sampled_from(["", "", "/", "//"]))
    method = draw(st.sampled_from(["GET", "GET", "POST", "PUT", "get", "BREW"]))
    return method, path, draw(st.sampled_from([None, "h", "g"]))


@pytest.mark.parametrize("types", [TYPES, TYPES + FREE, TYPES + FREE + WHOLE * 3])
@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_match_any_routes_any_path_as_the_model_says(types: list[str], data: st.DataObject) -> None:
    rules = data.draw(routers(types))
    whole_dates = [rule for rule in rules if rule.whole and "ymd" in str(rule.params)]
    rules = [rule for rule in rules if rule not in whole_dates] or [Rule("r", "/r")]
    router, taken = build(rules)
    model = ReferenceRouter(taken)
    for _ in range(6):
        method, path, host = data.draw(requests(taken))
        expected = model.find(method, path, host)
        got = ask(router.table, method, path, host)
        assert same(got, expected), (taken, method, path, host)


# ---- cost


def table_of(*paths: str) -> RouteTable:
    router = Router()
    for number, path in enumerate(paths):
        router.add(path, ["GET"], handler, name=f"r{number}")
    router.finalize()
    return router.table


@cache
def table_with(count: int) -> RouteTable:
    """Three routes for each number up to `count`."""
    paths = []
    for n in range(count):
        paths += [f"/s{n}/<a:int>/x{n}/<b>", f"/lit{n}", f"/files{n}/<p:path>"]
    return table_of(*paths)


def visits(table: RouteTable, path: str) -> int:
    table.find("GET", path)
    return table.visited


@pytest.mark.parametrize(
    "path", ["/s{n}/12/x{n}/q", "/lit{n}", "/files{n}/a/b/c", "/s{n}/12/nope/q", "/nope", "/s{n}"]
)
def test_match_ten_or_thousands_of_routes_looks_at_as_many_nodes(path: str) -> None:
    seen = set()
    for count in (10, 3000):
        table = table_with(count)
        seen |= {visits(table, path.format(n=n)) for n in (0, count // 2, count - 1)}
    assert len(seen) == 1 and seen.pop() <= 6


def test_match_many_hosts_on_one_path_finds_each_by_hash() -> None:
    router = Router()
    router.add("/", ["GET"], handler, host=[f"h{n}" for n in range(2000)], name="r")
    router.finalize()
    for n in (0, 1999):
        assert router.table.find("GET", "/", f"h{n}")[0].route.requirements == {"host": f"h{n}"}
        assert router.table.visited <= 3


HOSTILE = [
    "/" * 16_000,
    "/a" * 8_000,
    "/1" * 8_000,
    "/a" * 8_000 + "/" * 100,
    "/" + "a" * 16_000,
    "/" + "%2F" * 5_000,
    "/x/" + "m/" * 8_000,
    "/x" + "/m" * 8_000,
    "/" + "." * 16_000,
    "/" + "9" * 16_000,
    "/" + "-" * 16_000,
    "/f/" + "1e" * 8_000,
]


@pytest.mark.parametrize("path", HOSTILE)
def test_match_hostile_path_looks_at_few_nodes(path: str) -> None:
    table = table_of(
        *("/<a:int>/<b>/c", "/<a>/<b:int>/d", "/<a:alpha>/<b:slug>/<c>/e", "/<a>/<b>/<c>/<d>/f"),
        *("/x/<p:path>/m/<q:path>/n", "/<p:path>/m/m/m/n", "/<p:path>/<s>/<t>/<u>/zz", "/<e:ext>"),
        *("/<a:float>/x", "/<a:uuid>/y", "/<a:ymd>/z", "/<s:strorempty>/<t:strorempty>/q"),
    )
    assert table.find("GET", path) is None and table.miss == 404
    # At most 18 spellings with fewer and fewer slashes, each seeing a node once.
    assert table.visited <= 18 * 40


def test_match_more_than_16_trailing_slashes_drops_the_surplus_at_once() -> None:
    table = table_of("/a", "/b/<x>", "/c/<x>/<y:strorempty>/<z:strorempty>")
    assert table.find("GET", "/a" + "/" * 9000)[0].route.name == "r0"
    assert table.find("GET", "/b/1" + "/" * 9000)[1] == {"x": "1"}
    assert table.visited <= 18 * 4


# ---- values


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("int", "0", 0),
        ("int", "-0", 0),
        ("int", "+12", 12),
        ("int", "-999999999999999999", -999999999999999999),
        ("int", "1234567890123456789012345", 1234567890123456789012345),
        ("int", "0012", 12),
        ("int", "1_000", 1000),
        ("int", " 5 ", 5),
        ("float", "-.5", -0.5),
        ("float", "Infinity", math.inf),
        ("float", "1_0.5", 10.5),
        ("alpha", "é", "é"),
        ("ymd", "2024-2-29", date(2024, 2, 29)),
        ("uuid", "{123e4567-e89b-12d3-a456-426655440000}", None),
        ("uuid", "urn:uuid:123e4567-e89b-12d3-a456-426655440000", None),
        ("uuid", "123E4567-E89B-12D3-A456-426655440000", None),
        ("str", "a%20é", "a%20é"),
    ],
)
def test_match_value_is_what_the_python_cast_makes(kind: str, text: str, value: Any) -> None:
    found = table_of(f"/<x:{kind}>").find("GET", f"/{text}")
    expected = UUID("123e4567-e89b-12d3-a456-426655440000") if value is None else value
    assert found[1] == {"x": expected} and type(found[1]["x"]) is type(expected)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        *(("int", bad) for bad in ("", "-", "+", "1__0", "1.0", "0x1", "a", "--1", "9" * 5000)),
        *(("float", bad) for bad in ("", ".", "e5", "1e", "infi", "%31", "tiny")),
        *(("ymd", bad) for bad in ("0000-01-01", "21-1-1", "2021-13-1", "2021-1-1x", "2021-001-1")),
        *(("uuid", bad) for bad in ("1" * 31, "g" * 32, "123e4567-e89b-12d3-a456_426655440000")),
        *(("slug", bad) for bad in ("-a", "a-", "a--b", "A", "a_b", "é")),
        *(("alpha", bad) for bad in ("a1", "", "é1")),
        *(("ext", bad) for bad in (".a", "a.", "a..b", "a", ".", "")),
    ],
)
def test_match_value_that_the_cast_refuses_is_not_found(kind: str, text: str) -> None:
    table = table_of(f"/x/<x:{kind}>")
    assert table.find("GET", f"/x/{text}") is None and table.miss == 404


def test_uuid_made_by_the_table_behaves_like_any_other() -> None:
    made = table_of("/<x:uuid>").find("GET", "/123e4567-e89b-12d3-a456-426655440000")[1]["x"]
    plain = UUID("123e4567-e89b-12d3-a456-426655440000")
    assert (made, hash(made), str(made), made.is_safe) == (
        plain,
        hash(plain),
        str(plain),
        plain.is_safe,
    )


def test_match_non_utf8_path_bytes_survive_the_round_trip() -> None:
    assert table_of("/<x>").find("GET", "/\udcff")[1] == {"x": "\udcff"}


def test_match_params_is_none_without_parameters_and_fresh_with_them() -> None:
    table = table_of("/a", "/b/<x>")
    assert table.find("GET", "/a")[1] == {} and table.params is None
    first = table.find("GET", "/b/1")[1]
    assert table.find("GET", "/b/1")[1] is not first


def test_match_path_that_is_no_path_is_not_found() -> None:
    table = table_of("/", "/<x:path>")
    assert table.find("GET", "")[0].route.name == "r0"
    for path in ("*", "a", "http://x/"):
        assert table.find("GET", path) is None
        assert (table.miss, table.missed_path) == (404, path)


def test_match_more_parameters_than_fit_the_stack() -> None:
    path = "".join(f"/<p{n}:int>" for n in range(40))
    found = table_of(path).find("GET", "/7" * 40)
    assert found[1] == {f"p{n}": 7 for n in range(40)}


def test_match_custom_cast_may_search_the_same_table() -> None:
    router = Router()

    def cast(text: str) -> Any:
        if text != "deep":
            raise ValueError
        return router.table.find("GET", "/plain/5")[1]

    router.register_pattern("again", cast, r"^\w+$")
    router.add("/<a:int>/<b:again>", ["GET"], handler)
    router.add("/plain/<x:int>", ["GET"], handler)
    router.finalize()
    assert router.table.find("GET", "/3/deep")[1] == {"a": 3, "b": {"x": 5}}


def test_match_error_in_a_custom_cast_reaches_the_caller_and_leaks_nothing() -> None:
    class Value:
        pass

    made: list[Any] = []

    def good(text: str) -> Value:
        value = Value()
        made.append(weakref.ref(value))
        return value

    def bad(text: str) -> None:
        raise TypeError("no")

    router = Router()
    router.register_pattern("good", good, ".")
    router.register_pattern("bad", bad, ".")
    router.add("/<a:good>/<b:bad>", ["GET"], handler)
    router.add("/x/<a:good>/y", ["GET"], handler)
    router.finalize()
    with pytest.raises(TypeError, match="no"):
        router.table.find("GET", "/1/2")
    assert router.table.find("GET", "/x/1/z") is None
    gc.collect()
    assert made and all(ref() is None for ref in made)


# ---- CompiledRoute and the table itself


def compiled(route: Any) -> CompiledRoute:
    found = route.compiled
    if found.cell.value != found.seen:
        found.refresh_now()
    return found


def test_compiled_route_follows_every_change_of_its_route() -> None:
    router = Router()
    route = router.add("/a", ["GET"], handler)
    router.finalize()
    one, two = (lambda request: 1), (lambda request: 2)
    assert compiled(route).handler is handler
    route.handler = one
    assert compiled(route).handler is one
    route.extra.stream = True
    assert compiled(route).stream is True
    del route.extra.stream
    assert compiled(route).stream is False
    route.extra.request_middleware = [one]
    assert compiled(route).request_middleware == (one,)
    route.extra.request_middleware.appendleft(two)
    assert compiled(route).request_middleware == (two, one)
    route.extra.response_middleware = route.extra.request_middleware
    route.extra.response_middleware.clear()
    assert compiled(route).response_middleware == ()
    assert route.compiled is compiled(route)


def test_compiled_route_takes_the_function_out_of_a_middleware_object() -> None:
    class Middleware:
        func = staticmethod(handler)
        location = 1

    router = Router()
    route = router.add("/a", ["GET"], handler)
    route.extra.request_middleware = (Middleware(), len)
    assert compiled(route).request_middleware == (handler, len)


def test_match_method_names_of_any_length() -> None:
    class Wide(Router):
        ALLOWED_METHODS = ("GET", "PROPFIND", "MKCALENDAR", "VERSION-CONTROL")

    router = Wide()
    for method in Wide.ALLOWED_METHODS:
        router.add("/a", [method], handler, name=method)
    router.finalize()
    for method in Wide.ALLOWED_METHODS:
        assert router.table.find(method, "/a")[0].route.name == method
    for method in ("VERSION-CONTROX", "VERSION-", "", "G", "get", "GET\0", "G" * 9000):
        assert router.table.find(method, "/a") is None
        assert router.table.allowed == Wide.ALLOWED_METHODS


def test_version_cell_counts() -> None:
    cell = VersionCell()
    cell.bump()
    cell.bump()
    assert cell.value == 2


def test_router_and_routes_are_collected_when_dropped() -> None:
    router = Router()
    route = weakref.ref(router.add("/<a:int>", ["GET"], handler))
    router.finalize()
    router.table.find("GET", "/1")
    del router
    gc.collect()
    assert route() is None


def test_table_refuses_what_it_cannot_hold() -> None:
    with pytest.raises(ValueError, match="64 methods"):
        RouteTable(tuple(f"M{n}" for n in range(65)), [], {}, [], [], [])
    with pytest.raises(TypeError, match="CompiledRoute"):
        RouteTable(("GET",), [({0: "x"}, None, False, None)], {}, [], [], [])


def test_match_any_outcome_leaves_no_object_behind() -> None:
    router = Router()
    router.register_pattern("own", lambda text: [text] if text != "bad" else int(text), ".*")
    for path in (
        *("/lit", "/i/<a:int>/<b>", "/u/<u:uuid>", "/f/<f:float>", "/y/<y:ymd>", "/e/<e:ext=txt>"),
        *(
            "/r/<r:[a-z]+>",
            "/p/<p:path>/end",
            "/q/<p:path>",
            "/w/<w:[a-z/]+>",
            "/o/<o:own>/<n:int>",
        ),
    ):
        router.add(path, ["GET"], handler)
        router.add(path, ["PUT"], handler, unquote=True)
    router.finalize()
    paths = [
        *(
            "/lit",
            "/lit//",
            "/i/1/b",
            "/i/9999999999999999999999/b%20",
            "/i/x/b",
            "/f/1.5/",
            "/f/x",
        ),
        *("/u/123e4567-e89b-12d3-a456-426655440000", "/u/123e4567e89b12d3a456426655440000"),
        *("/y/2021-01-01", "/y/2021-31-01", "/e/a.txt", "/e/a.gif", "/r/abc", "/r/1", "/p/a/b/end"),
        *("/q/a%20b", "/w/a/b/c", "/o/x/1", "/o/x/y", "/o/bad/1", "/nope", "/" * 300),
    ]

    def run() -> None:
        for path in paths:
            for method in ("GET", "PUT", "POST"):
                router.table.find(method, path)

    for _ in range(20):
        run()
    gc.collect()
    before = sys.getallocatedblocks()
    for _ in range(200):
        run()
    gc.collect()
    # A leak of one object per match would be 13,800.
    assert sys.getallocatedblocks() - before < 300


def test_empty_table_finds_nothing() -> None:
    table = RouteTable(("GET",), [], {}, [], [], [])
    assert table.find("GET", "/") is None and table.miss == 404 and table.allowed == ()
