"""Requests of `apps/noisy.py`."""

from tests.parity.wire import case, cases

CASES = [
    *cases("""
/quiet
/not-found
/unauthorized
/handled
/nope
/nope | accept: image/png
/unauthorized | accept: image/png
/quiet | accept: application/json
"""),
    case("GET /switch", name="off"),
    case("GET /quiet", name="quiet when off"),
    case("GET /nope", name="nope when off"),
    case("GET /switch", name="on"),
    case("GET /quiet", "accept: image/*", name="quiet when on again"),
]
