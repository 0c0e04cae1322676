"""Requests of `apps/views.py`."""

from tests.parity.wire import case, cases

CASES = [
    *cases("""
/simple
POST /simple
PUT /simple
DELETE /simple
HEAD /simple
OPTIONS /simple
PUT /simple/a/5
GET /simple/a/5
/parameters/5
/parameters/5?again
POST /parameters/5
/inherits
POST /inherits
DELETE /inherits
/empty
POST /empty
/heads
HEAD /heads
OPTIONS /heads
POST /heads
/streams
/fails
HELPER /fails
helper /fails
/v2/attached/5
/v2/attached/x
PATCH /own
GET /own
/by-attach
/v1/bp
/v1/bp/
/bp/heads
/bp/heads/
/info
"""),
    case("POST /streams", body="abc"),
    case("POST /simple", body="ignored"),
]
