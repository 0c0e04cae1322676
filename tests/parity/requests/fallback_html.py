"""Requests of `apps/fallback_html.py`."""

from tests.parity.wire import case

ACCEPTS = ("*/*", "application/json", "text/html", "text/plain", "image/png", "text/*;q=0.5")
CASES = [
    case(f"GET {path}", *headers)
    for path in ("/nope", "/plain", "/json", "/bp/plain")
    for headers in ((), *[(f"accept: {accept}",) for accept in ACCEPTS])
]
