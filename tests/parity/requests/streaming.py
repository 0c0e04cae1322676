"""Requests of `apps/streaming.py`."""

from tests.parity.wire import case, cases, request, sequence

CHUNKED = "transfer-encoding: chunked"
CASES = [
    *cases("""
/two
/no-eof
/nothing
/eof-only
/end-first
/empty-sends
/body-given
/body-given-eof
/body-given-send
/length
/too-long
/too-short
/status
/no-content
/context-manager
/twice
/seen
/after-end
/seen | x-again: 1
/unattached
/also-returns
/returns-it
/reset
/raises-before
/raises-between
/object
/object-empty
/object-eof
HEAD /two
/bytes-kinds
/empty-returned
/large
POST /echo
POST /after-body
"""),
    case("POST /echo", body="some text"),
    case("POST /echo", CHUNKED, name="chunks out and in", body="3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
         length=False),
    case("POST /after-body", body="x" * 100_000),
    case("GET /two", name="two, 1.0", version="1.0"),
    case("GET /length", name="length, 1.0", version="1.0"),
    case("GET /end-first", name="end first, 1.0", version="1.0"),
    sequence("streams on one connection", [request("GET", "/two"), request("GET", "/length"),
                                           request("GET", "/object")]),
    sequence("streams at once", [request("GET", "/two"), request("GET", "/length"),
                                 request("GET", "/object")], pipelined=True),
]  # fmt: skip
