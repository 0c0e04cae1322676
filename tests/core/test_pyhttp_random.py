"""The C parser beside its model and beside other parsers, on generated messages."""

from __future__ import annotations

from typing import Any

import h11
import httptools
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanic_fast import pyhttp
from tests.core.test_pyhttp import FACES, SCANNERS, c_chunked, c_request
from tests.reference import parser

calm = settings(deadline=None)  # the machine may be busy

TOKENS = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
tokens = st.text(TOKENS, min_size=1, max_size=40).map(str.encode)
spaces = st.text(" \t", max_size=3).map(str.encode)
value_bytes = st.sampled_from(sorted(parser.VALUE))
values = st.lists(value_bytes, max_size=90).map(bytes)
targets = st.lists(st.sampled_from(sorted(parser.VISIBLE)), min_size=1, max_size=90).map(bytes)
methods = st.sampled_from([b"GET", b"POST", b"PUT", b"DELETE", b"OPTIONS", b"HEAD", b"PATCH"])
fields = st.lists(st.tuples(tokens, spaces, values, spaces), max_size=8)


def join_fields(parts: list[tuple[bytes, bytes, bytes, bytes]]) -> bytes:
    """Write header lines and the empty line."""
    return b"".join(b"%b:%b%b%b\r\n" % part for part in parts) + b"\r\n"


heads = st.builds(
    lambda m, t, v, f: b"%b %b HTTP/1.%d\r\n" % (m, t, v) + join_fields(f),
    *(st.one_of(methods, tokens), targets, st.integers(0, 1), fields),
)
responses = st.builds(
    lambda v, s, r, f: b"HTTP/1.%d %d %b\r\n" % (v, s, r) + join_fields(f),
    *(st.integers(0, 1), st.integers(100, 999), values, fields),
)
chunks = st.lists(st.binary(min_size=1, max_size=40), max_size=8)
extensions = st.sampled_from([b"", b";a", b" ;a=b", b'\t; a = "b"', b"; \xff"])
trailers = st.lists(st.tuples(tokens, spaces, values, spaces), max_size=3)
bodies = st.builds(
    lambda parts, ext, t: (
        b"".join(b"%x%b\r\n%b\r\n" % (len(p), ext, p) for p in parts)
        + b"0%b\r\n" % ext
        + join_fields(t)
    ),
    *(chunks, extensions, trailers),
)
odd = st.one_of(
    st.sampled_from([b"", b"\r", b"\n", b"\r\n", b"\r\n\r\n", b" ", b"\t", b":", b";", b"\0"]),
    st.binary(max_size=2),
)


@st.composite
def damaged(draw: Any, messages: st.SearchStrategy[bytes]) -> bytes:
    """Draw a message and put something else in one or two places of it."""
    data = draw(messages)
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(data)))
        gone = draw(st.integers(0, 2))
        data = data[:at] + draw(odd) + data[at + gone :]
    return data


def check_against_model(kind: str, data: bytes, cut: int) -> None:
    """Compare every scanner with the model: whole, a prefix, and resumed."""
    face, model = FACES[kind]
    want, early = model(data, 0, 100), model(data[:cut], 0, 100)
    for name in SCANNERS:
        pyhttp.use_scanner(name)
        assert face(data, 0, 100) == want
        assert face(data[:cut], 0, 100) == early
        if early == "incomplete":
            assert face(data, cut, 100) == want


@calm
@given(damaged(heads), st.integers(0, 400))
def test_request_head_when_random_then_as_in_the_model(data: bytes, cut: int) -> None:
    check_against_model("request", data, cut)


@calm
@given(damaged(responses), st.integers(0, 400))
def test_response_head_when_random_then_as_in_the_model(data: bytes, cut: int) -> None:
    check_against_model("response", data, cut)


@calm
@given(damaged(fields.map(join_fields)), st.integers(0, 400))
def test_header_block_when_random_then_as_in_the_model(data: bytes, cut: int) -> None:
    check_against_model("headers", data, cut)


@pytest.mark.parametrize(
    ("messages", "pattern", "kind"),
    [(heads, parser.REQUEST_RE, "request"), (responses, parser.RESPONSE_RE, "response")],
    ids=["request", "response"],
)
def test_head_when_random_then_valid_exactly_if_it_matches_the_grammar(
    messages: st.SearchStrategy[bytes], pattern: Any, kind: str
) -> None:
    @calm
    @given(damaged(messages))
    def check(data: bytes) -> None:
        got = FACES[kind][0](data, 0, 100)
        match = pattern.match(data)
        assert isinstance(got, tuple) == (match is not None)
        assert match is None or got[2] == match.end()

    check()


@calm
@given(damaged(bodies), st.lists(st.integers(0, 300), max_size=4))
def test_chunked_body_when_random_then_as_in_the_model(data: bytes, places: list[int]) -> None:
    want = parser.decode_chunked(data)
    bytewise = [data[i : i + 1] for i in range(len(data))]
    assert c_chunked(bytewise, {}) == want
    edges = [0, *sorted(places), len(data)]
    pieces = [data[a:b] for a, b in zip(edges, edges[1:], strict=False)]
    got = c_chunked(pieces, {})
    assert got.end == want.end
    assert want.body.startswith(got.body)


class Collector:
    """Callbacks of httptools."""

    def __init__(self) -> None:
        self.url = b""
        self.headers: list[tuple[bytes, bytes]] = []
        self.body = b""
        self.complete = False

    def on_url(self, url: bytes) -> None:
        """Take a part of the target."""
        self.url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header."""
        self.headers.append((name, value))

    def on_body(self, body: bytes) -> None:
        """Take a part of the body."""
        self.body += body

    def on_message_complete(self) -> None:
        """Note the end."""
        self.complete = True


FRAMING = (b"host", b"content-length", b"transfer-encoding", b"connection", b"upgrade", b"expect")
paths = st.text("abcXYZ019-._~/%?&=+", max_size=40).map(lambda text: b"/" + text.encode())
plain_fields = st.lists(
    st.tuples(tokens.filter(lambda name: name.lower() not in FRAMING), values), max_size=6
)


@calm
@given(methods, paths, plain_fields)
def test_request_head_when_ordinary_then_three_parsers_agree(
    method: bytes, path: bytes, headers: list[tuple[bytes, bytes]]
) -> None:
    headers = [(b"Host", b"example.com"), *headers]
    lines = b"".join(b"%b: %b\r\n" % pair for pair in headers)
    data = b"%b %b HTTP/1.1\r\n%b\r\n" % (method, path, lines)
    start, found, length = c_request(data)
    assert (start, length) == ((method, path, 1), len(data))

    seen = Collector()
    other = httptools.HttpRequestParser(seen)
    other.feed_data(data)
    assert seen.complete
    assert (other.get_method(), seen.url, other.get_http_version()) == (method, path, "1.1")
    assert [(n, v.strip(b" \t")) for n, v in seen.headers] == found

    third = h11.Connection(h11.SERVER)
    third.receive_data(data)
    event = third.next_event()
    assert isinstance(event, h11.Request)
    assert (event.method, event.target) == (method, path)
    assert list(event.headers.raw_items()) == found


@calm
@given(chunks, st.sampled_from([b"", b";a", b";a=b"]))
def test_chunked_body_when_ordinary_then_three_parsers_agree(
    parts: list[bytes], extension: bytes
) -> None:
    coded = b"".join(b"%x%b\r\n%b\r\n" % (len(p), extension, p) for p in parts) + b"0\r\n\r\n"
    assert c_chunked([coded], {}) == (b"".join(parts), "done", len(coded))
    head = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"

    seen = Collector()
    httptools.HttpRequestParser(seen).feed_data(head + coded)
    assert seen.complete
    assert seen.body == b"".join(parts)

    third = h11.Connection(h11.SERVER)
    third.receive_data(head + coded)
    body = b""
    while not isinstance(event := third.next_event(), h11.EndOfMessage):
        body += bytes(event.data) if isinstance(event, h11.Data) else b""
    assert body == b"".join(parts)
