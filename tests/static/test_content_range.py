"""Byte ranges (RFC 9110, section 14)."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from sanic_fast.compat import Header
from sanic_fast.exceptions import HeaderNotFound, InvalidRangeType, RangeNotSatisfiable
from sanic_fast.handlers.content_range import ContentRangeHandler


def parse(value, total=11):
    request = SimpleNamespace(headers=Header({"Range": value} if value is not None else {}))
    return ContentRangeHandler(request, SimpleNamespace(st_size=total))


@pytest.mark.parametrize(
    ("value", "start", "end"),
    [
        ("bytes=0-4", 0, 4),
        ("bytes=0-0", 0, 0),
        ("bytes=5-", 5, 10),
        ("bytes=10-10", 10, 10),
        ("bytes=-3", 8, 10),
        ("bytes=5-100", 5, 10),
        ("bytes=-100", 0, 10),
        ("bytes=0-10", 0, 10),
        ("Bytes=0-1", 0, 1),
        ("bytes= 0 - 1 ", 0, 1),
        (" bytes = 0-1", 0, 1),
    ],
)
def test_satisfiable(value, start, end):
    part = parse(value)
    assert (part.start, part.end, part.size, part.total) == (start, end, end - start + 1, 11)
    assert part.headers == {"Content-Range": f"bytes {start}-{end}/11"}
    assert part


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("bytes", "Invalid for Content Range parameters"),
        ("bytes=", "Invalid for Content Range parameters"),
        ("bytes=-", "Invalid for Content Range parameters"),
        ("bytes=-0", "Invalid for Content Range parameters"),
        ("bytes=1", "Invalid for Content Range parameters"),
        ("bytes=10-5", "Invalid for Content Range parameters"),
        ("bytes=11-", "Invalid for Content Range parameters"),
        ("bytes=20-30", "Invalid for Content Range parameters"),
        ("bytes=a-b", "'a' is invalid for Content Range"),
        ("bytes=1-a", "'a' is invalid for Content Range"),
        ("bytes=0-1,3-4", "'1,3-4' is invalid for Content Range"),
        ("bytes=0--1", "'-1' is invalid for Content Range"),
        ("bytes=+1-3", "'+1' is invalid for Content Range"),
        ("bytes=1_0-11", "'1_0' is invalid for Content Range"),
        ("bytes=\u0661-", "'\u0661' is invalid for Content Range"),
        ("bytes=0-" + "9" * 5000, f"'{'9' * 5000}' is invalid for Content Range"),
    ],
)
def test_unsatisfiable(value, message):
    with pytest.raises(RangeNotSatisfiable) as caught:
        parse(value)
    assert str(caught.value) == message
    assert caught.value.status_code == 416
    assert caught.value.headers == {"Content-Range": "bytes */11"}


@pytest.mark.parametrize("value", ["bytes=0-", "bytes=-5", "bytes=0-0"])
def test_an_empty_file_has_no_ranges(value):
    with pytest.raises(RangeNotSatisfiable):
        parse(value, total=0)


@pytest.mark.parametrize(("value", "unit"), [("items=0-1", "items"), ("", ""), ("=1-2", "")])
def test_other_units(value, unit):
    with pytest.raises(InvalidRangeType) as caught:
        parse(value)
    assert str(caught.value) == f"{unit} is not a valid Range Type"
    assert caught.value.headers == {"Content-Range": "bytes */11"}


def test_no_range():
    with pytest.raises(HeaderNotFound, match="Range Header Not Found"):
        parse(None)
