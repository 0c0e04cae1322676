"""Requests of `apps/exceptions.py`."""

from tests.parity.wire import case, cases

NAMES = (
    "plain message bytes empty status positional zero unknown context extra headers quiet http "
    "notfound filenotfound badrequest badurl headernotfound invalidheader method methodnone "
    "methodheaders server unavailable urlbuild timeout toolarge uritoolong range expectation "
    "forbidden unauthorized basic digest bare pyfile loadfile signal websocket value key os group "
    "teapot teapot2 legacy"
).split()
FORMATS = (
    "plain",
    "message",
    "context",
    "extra",
    "headers",
    "digest",
    "value",
    "unknown",
    "teapot",
)
ACCEPTS = (
    "*/*",
    "application/json",
    "text/html",
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "text/plain;q=0.5, text/html;q=0.4",
    "image/png",
    "application/*",
    "text/*",
    "text/html;q=0.1, application/json;q=0.2",
    "application/json;q=0, */*",
    "*/*;q=0.1, text/html",
    "text/*, application/json;q=0.9",
    "",
)
CASES = [
    *cases("\n".join(f"/raise/{name}" for name in NAMES)),
    *cases("\n".join(f"/attributes/{name}" for name in NAMES)),
    *[
        case(f"GET /raise/{name}", f"accept: {accept}")
        for name in FORMATS
        for accept in ("text/html", "application/json")
    ],
    *[case(f"GET /{path}", f"accept: {accept}") for accept in ACCEPTS
      for path in ("nope", "fmt/json", "fmt/html", "fmt/two", "fmt/explicit", "fmt/text")],
    *cases("""
/own
/sub
/lookup
/overflow
/returns-none
/returns-none | accept: application/json
/awaits-none
/handler-raises
/handler-raises | accept: application/json
/handler-raises-worse
/sync-bad
/bad-type
/bp/own
/bp/sub
/bp/lookup
/bp/value
/bp/teapot
/bp/nope/nope
POST /bp/own
/value/int
/value/str
/value/list
/value/dict
/sync-none
HEAD /nope
HEAD /nope | accept: text/html
POST /fmt/body
POST /fmt/body | content-type: application/json
POST /fmt/body | content-type: application/json | accept: application/json
POST /fmt/body | content-type: application/json | accept: text/html
/nope | accept: garbage
/nope | accept: text/html;q=x
"""),
    case("POST /fmt/body", body='{"a": 1}'),
    case("POST /fmt/body", "content-type: text/json", body='{"a": 1}'),
    case("POST /fmt/body", "accept: */*", body="[]"),
    case("POST /fmt/body", "accept: application/json, */*;q=0.1", body="{"),
    case("POST /fmt/body", body="a=b"),
]  # fmt: skip
