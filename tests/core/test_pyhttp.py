"""The C parser through its Python face: the corpus and the reference model, in every split."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from sanic_fast import pyhttp
from tests.reference import corpus, parser

SCANNERS = [n for n in ("scalar", "neon", "sse42", "avx2") if pyhttp.use_scanner(n)]
INCOMPLETE = "incomplete"

Outcome = Any  # the parts of a head, INCOMPLETE, or the kind of an error
Parse = Callable[[bytes, int, int], Outcome]


@pytest.fixture(params=SCANNERS)
def scanner(request: pytest.FixtureRequest) -> Iterator[str]:
    """Each way of scanning that this machine has."""
    before = pyhttp.scanner()
    pyhttp.use_scanner(request.param)
    yield request.param
    pyhttp.use_scanner(before)


def c_request(data: bytes, last: int = 0, limit: int = 100) -> Outcome:
    """Parse a request with the C parser."""
    try:
        head = pyhttp.parse_request(data, last, limit)
    except pyhttp.ParseError as error:
        return error.kind
    if head is None:
        return INCOMPLETE
    return (head.method, head.target, head.minor_version), head.headers, head.length


def c_response(data: bytes, last: int = 0, limit: int = 100) -> Outcome:
    """Parse a response with the C parser."""
    try:
        head = pyhttp.parse_response(data, last, limit)
    except pyhttp.ParseError as error:
        return error.kind
    if head is None:
        return INCOMPLETE
    return (head.minor_version, head.status, head.reason), head.headers, head.length


def c_headers(data: bytes, last: int = 0, limit: int = 100) -> Outcome:
    """Parse a header block with the C parser."""
    try:
        block = pyhttp.parse_headers(data, last, limit)
    except pyhttp.ParseError as error:
        return error.kind
    return INCOMPLETE if block is None else ((), block.headers, block.length)


def modelled(parse: Callable[[bytes, int], parser.Head]) -> Parse:
    """Give a parser of the reference model the shape of those above."""

    def outcome(data: bytes, last: int = 0, limit: int = 100) -> Outcome:
        try:
            return tuple(parse(data, limit))
        except parser.Incomplete:
            return INCOMPLETE
        except parser.Fault as fault:
            return fault.kind

    return outcome


FACES: dict[str, tuple[Parse, Parse]] = {
    "request": (c_request, modelled(parser.parse_request)),
    "response": (c_response, modelled(parser.parse_response)),
    "headers": (c_headers, modelled(parser.parse_headers)),
}


def wanted(case: dict[str, Any]) -> Outcome:
    """Return what a case of heads.toml or responses.toml says about its data."""
    if "error" in case:
        return case["error"]
    if "status" in case:
        start = (case["version"], case["status"], case["reason"])
    elif case.get("kind") == "headers":
        start = ()
    else:
        start = (case["method"], case["target"], case["version"])
    return start, case["headers"], len(case["data"])


def check_head(case: dict[str, Any], parse: Parse) -> None:
    """Parse the data of a case whole, as every prefix, and resumed after every prefix."""
    limit = case.get("limit", 100)
    known = len(case["data"]) + (1 if "error" in case else 0)  # bytes that settle the matter
    data = case["data"] + case["fault"] + case["rest"]
    want = wanted(case)
    assert parse(data, 0, limit) == want
    before = 0
    for cut in corpus.cuts(len(data)):
        assert parse(data[:cut], 0, limit) == (want if cut >= known else INCOMPLETE), cut
        if cut < known:
            # With last_len, too many headers may be noticed later, but never missed.
            assert parse(data, cut, limit) == want or want == "too_many", cut
            assert parse(data[:cut], before, limit) == INCOMPLETE, (before, cut)
            before = cut


@pytest.mark.parametrize("case", corpus.named("heads"))
def test_request_head_of_corpus_in_every_split(case: dict[str, Any], scanner: str) -> None:
    check_head(case, FACES[case.get("kind", "request")][0])


@pytest.mark.parametrize("case", corpus.named("responses"))
def test_response_head_of_corpus_in_every_split(case: dict[str, Any]) -> None:
    check_head(case, c_response)


@pytest.mark.parametrize("case", corpus.named("heads"))
def test_request_head_of_corpus_in_the_model(case: dict[str, Any]) -> None:
    check_head(case, FACES[case.get("kind", "request")][1])


@pytest.mark.parametrize("case", corpus.named("responses"))
def test_response_head_of_corpus_in_the_model(case: dict[str, Any]) -> None:
    check_head(case, FACES["response"][1])


def c_chunked(pieces: list[bytes], limits: dict[str, int]) -> parser.Chunked:
    """Decode a body that comes in pieces; faults lose the piece they are in."""
    decoder = pyhttp.ChunkedDecoder(**limits)
    body = b""
    taken = 0
    for piece in pieces:
        try:
            body += decoder.feed(piece)
        except pyhttp.ParseError as error:
            return parser.Chunked(body, error.kind, taken)
        taken += len(piece)
        if decoder.finished:
            return parser.Chunked(body, "done", taken - len(decoder.unused))
    return parser.Chunked(body, "incomplete", taken)


@pytest.mark.parametrize("case", corpus.named("chunked"))
def test_chunked_body_of_corpus_in_every_split(case: dict[str, Any]) -> None:
    good = len(case["data"])
    data = case["data"] + case["fault"] + case["rest"]
    limits = case.get("limits", {})
    want = parser.Chunked(case["body"], case.get("error", "done"), good)
    assert parser.decode_chunked(data, parser.Limits(**limits)) == want
    bytewise = [data[i : i + 1] for i in range(len(data))]
    assert c_chunked(bytewise, limits) == want
    for cut in corpus.cuts(len(data)):
        got = c_chunked([data[:cut], data[cut:]], limits)
        assert got.end == want.end
        if "error" in case:  # what was decoded before the piece with the fault
            assert want.body.startswith(got.body)
        else:
            assert got == want


@pytest.mark.parametrize("case", corpus.named("bodies"))
def test_body_of_corpus_is_found_behind_its_head(case: dict[str, Any], scanner: str) -> None:
    head = pyhttp.parse_request(case["data"])
    assert head is not None
    tail = case["data"][head.length :]
    if case["framing"] == "chunked":
        want = parser.Chunked(case["body"], "done", len(tail) - len(case["rest"]))
        assert c_chunked([tail], {}) == parser.decode_chunked(tail) == want
    else:
        assert tail == case["body"] + case["rest"]


@pytest.mark.parametrize("case", corpus.named("smuggling"))
def test_smuggling_of_corpus_gives_the_outcome_named(case: dict[str, Any], scanner: str) -> None:
    got = c_request(case["data"])
    assert got == FACES["request"][1](case["data"], 0, 100)
    if case["head"] != "ok":
        assert got == case["head"]
    else:
        _start, _headers, length = got
        if "chunked" in case:
            assert c_chunked([case["data"][length:]], {}).end == case["chunked"]


def test_chunked_decoder_when_finished_keeps_what_follows() -> None:
    decoder = pyhttp.ChunkedDecoder()
    assert decoder.feed(b"3\r\nab") == b"ab"
    assert decoder.bytes_left == 1
    assert not decoder.finished
    assert decoder.feed(b"c\r\n0\r\n\r\nGET") == b"c"
    assert decoder.finished
    assert decoder.feed(b" /") == b""
    assert decoder.unused == b"GET /"


def test_chunked_decoder_when_failed_stays_failed() -> None:
    decoder = pyhttp.ChunkedDecoder()
    for piece in (b"x", b"0\r\n\r\n"):
        with pytest.raises(pyhttp.ParseError):
            decoder.feed(piece)


def test_parse_error_when_raised_tells_its_kind() -> None:
    with pytest.raises(pyhttp.ParseError, match="neither 1.0 nor 1.1") as caught:
        pyhttp.parse_request(b"GET / HTTP/2")
    assert caught.value.kind == "bad_version"
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_parse_when_given_any_buffer_then_returns_bytes(kind: type) -> None:
    assert pyhttp.parse_headers(kind(b"A: b\r\n\r\n")) == ([(b"A", b"b")], 8)
    assert pyhttp.ChunkedDecoder().feed(kind(b"1\r\nx\r\n")) == b"x"
    assert pyhttp.parse_request(kind(b"")) is None


def test_scanner_when_unknown_then_nothing_changes() -> None:
    before = pyhttp.scanner()
    assert not pyhttp.use_scanner("none")
    assert pyhttp.scanner() == before
