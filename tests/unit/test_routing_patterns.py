"""Casts, parameter descriptions, path helpers and live deques."""

from __future__ import annotations

import copy
import pickle
import re
from datetime import date
from typing import Any

import pytest

from sanic_fast import exceptions
from sanic_fast._core.live import LiveDeque
from sanic_fast._core.router import VersionCell
from sanic_fast.router import Router
from sanic_fast.routing.exceptions import InvalidUsage, NotFound
from sanic_fast.routing.patterns import (
    REGEX_TYPES,
    ParamInfo,
    alpha,
    ext,
    nonemptystr,
    parse_date,
    slug,
)
from sanic_fast.routing.utils import Immutable, parts_to_path, path_to_parts, spellings


def test_casts_take_and_refuse() -> None:
    assert alpha("aé") == "aé"
    assert ext("a.b.c") == ("a", "b", "c")
    assert nonemptystr("a") == "a"
    assert parse_date("2021-1-31") == date(2021, 1, 31)
    assert slug("a-1") == "a-1"
    for cast, bad in ((alpha, "a1"), (alpha, ""), (ext, "a"), (ext, ".b"), (nonemptystr, "")):
        with pytest.raises(ValueError, match=f"^Value {bad} "):
            cast(bad)
    for cast, bad in ((parse_date, "2021-02-30"), (slug, "A")):
        with pytest.raises(ValueError):
            cast(bad)


def test_types_are_in_rising_order_of_priority() -> None:
    assert list(REGEX_TYPES) == [
        *("strorempty", "str", "ext", "slug", "alpha"),
        *("path", "float", "int", "ymd", "uuid"),
    ]


def handler(request: Any) -> None:
    """Stand in for a handler."""


def test_param_info_process_stores_values() -> None:
    router = Router()
    route = router.add("/<b:int>/<f=int:ext=x|y>", ["GET"], lambda request: None)
    plain, file = route.defined_params.values()
    params: dict[str, Any] = {}
    plain.process(params, 5)
    file.process(params, ("1", "x"))
    assert params == {"b": 5, "f": 1, "ext": "x"}
    file.process(params, "2.y")
    assert (params["f"], params["ext"]) == (2, "y")
    for bad in ("1.z", "a.x"):
        with pytest.raises(NotFound, match=f"^Invalid extension: {bad}$"):
            file.process(params, bad)


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("/a/b", ("a", "b")),
        ("a/b", ("a", "b")),
        ("/", ("",)),
        ("", ("",)),
        ("/a/", ("a", "")),
        ("//a", ("a",)),
        ("/a/<b:int>/c", ("a", "<b:int>", "c")),
        ("/<b:[a/b]+>/c", ("<b:[a/b]+>", "c")),
        ("/<z:(?P<z>/x)>/q", ("<z:(?P<z>/x)>", "q")),
        ("/<a:a>b>", ("<a:a>b>",)),
        ("/a b/é", ("a%20b", "%C3%A9")),
    ],
)
def test_path_to_parts(path: str, parts: tuple[str, ...]) -> None:
    assert path_to_parts(path) == parts
    assert path_to_parts(parts_to_path(parts)) == parts


def test_path_to_parts_other_delimiter() -> None:
    assert path_to_parts("foo.<b>.c", ".") == ("foo", "<b>", "c")
    assert parts_to_path(("a", "b"), ".") == "a.b"


def test_spellings_of_a_literal() -> None:
    assert spellings("plain") == (b"plain",)
    assert spellings("a%20b") == (b"a%20b",)
    assert spellings("%40me%3A") == (b"%40me%3A", b"@me:")
    assert spellings("%2F%40") == (b"%2F%40", b"%2F@")


def test_immutable_refuses_assignment() -> None:
    frozen = Immutable(a=1)
    with pytest.raises(TypeError, match="^Cannot change immutable dict$"):
        frozen["b"] = 2
    with pytest.raises(TypeError, match="^Cannot change immutable dict$"):
        del frozen["a"]


MUTATIONS = [
    lambda d: d.append(9),
    lambda d: d.appendleft(9),
    lambda d: d.extend([9]),
    lambda d: d.extendleft([9]),
    lambda d: d.insert(1, 9),
    lambda d: d.pop(),
    lambda d: d.popleft(),
    lambda d: d.remove(2),
    lambda d: d.clear(),
    lambda d: d.rotate(1),
    lambda d: d.reverse(),
    lambda d: d.__setitem__(0, 9),
    lambda d: d.__delitem__(0),
    lambda d: d.__iadd__([9]),
    lambda d: d.__imul__(2),
]


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_live_deque_every_change_bumps(mutation: Any) -> None:
    cell = VersionCell()
    live = LiveDeque([1, 2, 3], cell)
    plain = copy.copy(live)
    mutation(live)
    mutation(plain)
    assert cell.value == 1
    assert list(live) == list(plain) != [1, 2, 3]
    assert plain.cell is not cell


def test_live_deque_change_that_fails_half_way_bumps() -> None:
    live = LiveDeque()

    def broken() -> Any:
        yield 1
        raise RuntimeError

    with pytest.raises(RuntimeError):
        live.extend(broken())
    assert list(live) == [1] and live.cell.value == 1


def test_live_deque_copies_and_pickles() -> None:
    live = LiveDeque([1, 2])
    for twin in (
        live.copy(),
        copy.deepcopy(live),
        pickle.loads(pickle.dumps(live)),
        live + LiveDeque([3]),
    ):
        assert isinstance(twin, LiveDeque) and list(twin)[:2] == [1, 2]
        twin.append(4)
        assert list(live) == [1, 2]


# ---- registered types


def test_register_pattern_checks_its_arguments() -> None:
    router = Router()
    for arguments, message in (
        ((1, int, "x"), "label must be a string"),
        (("a", 1, "x"), "cast must be a callable"),
        (("a", int, 1), "pattern must be a string or a Pattern"),
    ):
        with pytest.raises(InvalidUsage, match=f"^When registering a pattern, {message}"):
            router.register_pattern(*arguments)


def test_register_pattern_is_tried_first_and_decides_by_its_cast() -> None:
    router = Router()

    def only_z(text: str) -> list[str]:
        if text != "z":
            raise ValueError
        return [text]

    router.register_pattern("any", str, r"^\d+$")
    router.register_pattern("zz", only_z, re.compile("Z", re.IGNORECASE))
    assert list(router.regex_types)[-2:] == ["any", "zz"] and "zz" not in Router().regex_types
    for path in ("/<a:any>", "/<a:zz>", "/<a:uuid>", "/p/<a:zz>/<p:path>", "/q/<a:zz>/<p:z+>"):
        router.add(path, ["GET"], handler)
    router.finalize()
    for path, params in {
        "/z": {"a": ["z"]},
        "/y": {"a": "y"},
        "/p/z/b": {"a": "z", "p": "b"},
        "/p/Z/b": {"a": "Z", "p": "b"},
        "/q/z/zz": {"a": ["z"], "p": "zz"},
    }.items():
        assert router.get(path, "GET", None)[2] == params
    for path in ("/p/y/b", "/q/y/z"):
        with pytest.raises(exceptions.NotFound):
            router.get(path, "GET", None)


def test_register_pattern_with_its_own_param_info() -> None:
    router = Router()

    class Pair(ParamInfo):
        def process(self, params: dict[str, Any], value: Any) -> None:
            if value == ("no", "no"):
                raise NotFound("refused")
            params["left"], params["right"] = value

    router.register_pattern("pair", lambda text: tuple(text.split(",", 1)), ".+,.+", Pair)
    router.add("/<x:pair>", ["GET"], handler)
    router.finalize()
    assert router.get("/1,2", "GET", None)[2] == {"left": "1", "right": "2"}
    with pytest.raises(exceptions.NotFound):
        router.get("/no,no", "GET", None)
