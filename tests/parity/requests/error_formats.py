"""Requests of `apps/error_formats.py`."""

from tests.parity.wire import case, cases

RAISED = (
    "not-found sanic value noisy silent none timeout killed looked-up "
    "unicode lines long nul status-string status-100 status-204 status-304 "
    "status-negative nested-context int-keys retry retry-int content-type-header "
    "content-length-header split-header cookie-header allow-empty allow-set allow-own "
    "digest-quotes scheme-only challenge-no-scheme file bytes-utf8 number dict-message args "
    "str-raises http-exception stop recursion memory"
).split()
KINDS = ("text/html", "application/json", "text/plain")
ROUTES = (
    "annotated annotated-http annotated-text returns-json returns-text returns-file returns-raw "
    "returns-redirect returns-variable returns-json-text returns-html-html returns-wrapped "
    "returns-attribute nested-json bp/json bp/explicit bp/json?default=1 bp/nope"
).split()
CASES = [
    *[case(f"GET /raise/{name}", f"accept: {kind}") for name in RAISED for kind in KINDS],
    *cases("\n".join(f"/sync-raise/{name}" for name in ("sanic", "value", "retry"))),
    *cases("\n".join(f"/own-default/{name}" for name in ("sanic", "value", "not-found", "noisy"))),
    *[case(f"GET /{route}", *headers) for route in ROUTES
      for headers in ((), ("accept: */*",), ("accept: text/html, */*;q=0.5",),
                      ("accept: application/json;q=0.5, text/plain",),
                      ("content-type: application/json",))],
    *[case(f"GET /format-{kind}", *headers) for kind in ("html", "json", "text", "auto")
      for headers in ((), ("accept: text/html",), ("accept: application/json",),
                      ("accept: text/plain;q=0.1, */*;q=0.01",), ("accept: image/png",))],
    *[case(f"GET /{place}/{kind}?name={name}") for place in ("render", "response")
      for kind in ("html", "json", "text") for name in ("sanic", "value", "unicode", "retry")],
    *cases("\n".join(f"/renderer-attributes/{name}" for name in
                     ("sanic", "value", "unicode", "status-100", "number", "retry", "args"))),
    *[case(f"GET /render/{kind}?minimal=1&name={name}") for kind in ("html", "json", "text")
      for name in ("sanic", "value")],
    *cases("""
/started
/prepared
/prepared | accept: application/json
/reset
/nope?early=1
/returns-json?early=1
/returns-json?late=1
/nope?late=1
POST /abort
POST /nope
PUT /abort
POST /abort | accept: application/json
"""),
    case("POST /abort-stream", body="x" * 1000),
    case("POST /abort", "content-type: application/json", body="{"),
    case("POST /nope", "content-type: application/json", body="{}"),
    case("POST /nope", "content-type: application/json; charset=utf-8", "accept: text/html",
         body="{}"),
    case("POST /nope", "content-type: application/problem+json", body="{}"),
    case("POST /nope", "accept: application/json;q=0.1, text/html", body="{}"),
    case("GET /nope", "accept: application/xml"),
    case("GET /nope", "accept: application/problem+json"),
    case("GET /nope", "accept: application/json, text/html"),
    case("GET /nope", "accept: text/html", "accept: application/json"),
    case("GET /nope", "accept: text/*;q=0.1, application/json;q=0.1"),
]  # fmt: skip
