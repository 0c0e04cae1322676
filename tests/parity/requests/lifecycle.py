"""Requests of `apps/lifecycle.py`."""

from tests.parity.wire import case, cases, request, sequence

CASES = [
    *cases("""
/
/stream
/fails
/crashes
/nope
POST /
/dispatch/own.thing.happened
/dispatch/own.other.abc
/dispatch/word
/dispatch/zz
/dispatch/no.such.event
/dispatch/fails.in.signal
/dispatch/http.no.such
/dispatch/bp.signal.one
/dispatch-prio
/dispatch-task/own.other.q
/dispatch-task/no.such.event
/dispatch-task/fails.in.signal
/dispatch-bp
/wait
/wait-timeout
/tasks
/failing-task
/state
/sent
/ended
/large
"""),
    case("POST /body", body="abc"),
    case("POST /body", "transfer-encoding: chunked", name="chunked", length=False,
         body="3\r\nabc\r\n0\r\n\r\n"),
    sequence("two on one connection", [request("GET", "/"), request("GET", "/fails")]),
    case("GET /sent", name="sent since"),
]  # fmt: skip
