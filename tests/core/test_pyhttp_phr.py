"""The C parser beside phr_parse_request as exported by libh2o; nothing is collected without it."""

from __future__ import annotations

import ctypes
import ctypes.util
from typing import Any

from hypothesis import given

from sanic_fast import pyhttp
from tests.core.test_pyhttp import INCOMPLETE, SCANNERS, c_request
from tests.core.test_pyhttp_random import calm, damaged, heads
from tests.reference import corpus

ROOM = 100


class Header(ctypes.Structure):
    """struct phr_header."""

    _fields_ = (
        ("name", ctypes.c_void_p),
        ("name_len", ctypes.c_size_t),
        ("value", ctypes.c_void_p),
        ("value_len", ctypes.c_size_t),
    )


def find() -> Any:
    """Return the function, or None."""
    for name in ("libh2o.so.0.13", "libpicohttpparser.so"):
        try:
            return ctypes.CDLL(name).phr_parse_request
        except (OSError, AttributeError):
            continue
    return None


RIVAL = find()


def phr_request(data: bytes) -> Any:
    """Parse with the other parser; the result looks like that of c_request."""
    buf = ctypes.create_string_buffer(data, len(data))
    method, target = ctypes.c_void_p(), ctypes.c_void_p()
    method_len, target_len = ctypes.c_size_t(), ctypes.c_size_t()
    minor, count = ctypes.c_int(), ctypes.c_size_t(ROOM)
    headers = (Header * ROOM)()
    code = RIVAL(
        *(buf, ctypes.c_size_t(len(data)), ctypes.byref(method), ctypes.byref(method_len)),
        *(ctypes.byref(target), ctypes.byref(target_len), ctypes.byref(minor)),
        *(headers, ctypes.byref(count), ctypes.c_size_t(0)),
    )
    if code < 0:
        return INCOMPLETE if code == -2 else "bad"
    start = (
        ctypes.string_at(method.value or 0, method_len.value),
        ctypes.string_at(target.value or 0, target_len.value),
        minor.value,
    )
    found = [
        (ctypes.string_at(h.name, h.name_len), ctypes.string_at(h.value, h.value_len).strip(b" \t"))
        for h in headers[: count.value]
    ]
    return start, found, code


def check(data: bytes) -> None:
    """What ours accepts the other accepts with the same result; what it refuses ours refuses."""
    theirs = phr_request(data)
    for name in SCANNERS:
        pyhttp.use_scanner(name)
        ours = c_request(data)
        if isinstance(ours, tuple):
            assert theirs == ours
        elif ours == INCOMPLETE:
            assert theirs == INCOMPLETE


if RIVAL is not None:

    @calm
    @given(damaged(heads))
    def test_request_head_when_random_then_never_laxer_than_phr(data: bytes) -> None:
        check(data)

    def test_request_head_of_corpus_is_never_laxer_than_phr() -> None:
        for case in corpus.load("heads"):
            if case.get("kind", "request") == "request":
                check(case["data"] + case["fault"] + case["rest"])
