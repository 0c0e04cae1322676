"""Requests of `apps/request.py`."""

from tests.parity.wire import case, cases, request, sequence

CHUNKED = "transfer-encoding: chunked"
CASES = [
    *cases("""
/all
/all?a=1&b=%20&c
/all/
/all/5/z%20z
POST /all/5/y
HEAD /all
OPTIONS /all
PUT /all
DELETE /all
PATCH /all
/all | x-request-id: 123e4567-e89b-12d3-a456-426655440000
/all | x-request-id: 42
/all | x-request-id: abc
/all | x-request-id: 0
/all | x-forwarded-for: 1.2.3.4 | x-forwarded-proto: https | forwarded: for=9.9.9.9
/all | content-type: text/css; charset=utf-8
/all | upgrade: websocket | connection: upgrade
/all | authorization: Bearer abc
/all | X-Mixed-Case: Value | x-mixed-case: second
/all | x-empty:
/all | x-utf8: é€
/all?
/all?#frag
/args
/args?a=1
/args?a=1&a=2&b=&c
/args?a=%C3%A9+x%20y&%C3%A9=1
/args?a=%E9
/args?a=%zz
/args?a=1;b=2
/args?a=b=c
/args?&&a=1&
/args?=x
/args?a[]=1&a[]=2
/strict-args?a
/strict-args?a=1
/credentials
/credentials | authorization: Bearer tok
/credentials | authorization: Bearer
/credentials | authorization: Token t2
/credentials | authorization: bearer low
/credentials | authorization: Basic dXNlcjpwYXNz
/credentials | authorization: Basic dXNlcjpwYTpzcw==
/credentials | authorization: Basic dXNlcg==
/credentials | authorization: Basic !!!
/credentials | authorization: Basic dXPpcjpw6XNz
/credentials | authorization: Digest username="x"
/credentials | authorization: xyz
/credentials | authorization:
/credentials | authorization: Custom Bearer x
/accept
/accept | accept: */*
/accept | accept: text/html
/accept | accept: text/html, application/json;q=0.9, text/*;q=0.8, */*;q=0.1
/accept | accept: text/plain;q=0.2, text/*;q=0.9
/accept | accept: foo, text/html
/accept | accept: text/html;level=1, text/html;q=0.3
/accept | accept: image/png
/accept | accept:
/accept | accept: text/html, text/html;q=0
/accept | accept: text/html | accept: application/json
/headers
/headers | X-One: a | x-one: b | Accept-Language: de
/headers | X-Two: lead
/get-body
/route-body
/current
/slots
/url-for/a
/url-for/a%20b
/conn
POST /json
POST /load-json
"""),
    *[
        case("POST /json", "content-type: application/json", body=body)
        for body in ('{"a": [1, null, "é"]}', "null", "5", '"s"', " ", "{", "[1,]", "NaN", "1e400",
                     '{"a":1,"a":2}', "\ufeff{}")
    ],
    case("POST /json", "content-type: application/json", name="json invalid utf-8", body=b"\xff"),
    case("POST /json", name="json without a type", body="[1]"),
    case("POST /load-json", body="abc"),
    case("POST /load-json", name="load_json empty"),
    case("POST /body", body="x" * 100),
    case("POST /body", name="a large body", body="y" * 100_000),
    case("POST /body", CHUNKED, name="chunked", body="3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n",
         length=False),
    case("POST /body", CHUNKED, name="chunked, upper case", body="A\r\n0123456789\r\n0\r\n\r\n",
         length=False),
    case("POST /stream", CHUNKED, name="chunked stream", body="3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n",
         length=False),
    case("POST /body", "content-length: 0", name="empty body"),
    case("GET /get-body", body="in a get"),
    case("GET /route-body", body="in a route"),
    case("GET /args", body="ignored"),
    case("DELETE /delete-body", body="deleted"),
    case("POST /stream", body="streamed"),
    case("POST /stream-read", body="streamed"),
    case("POST /stream-receive", body="streamed"),
    case("POST /stream", name="stream without a body"),
    sequence("body not read, next request on the connection",
             [request("POST", "/stream-ignored", body="left over"), request("GET", "/args?a=2")]),
    sequence("several on one connection", [request("GET", f"/args?a={n}") for n in range(3)]),
    sequence("several at once", [request("GET", f"/args?a={n}") for n in range(3)], pipelined=True),
    sequence("context of a connection", [request("GET", "/conn")] * 3),
    case("GET /all", name="no host, 1.0", host=None, version="1.0"),
    case("GET /all", name="host with a port", host="Example.COM:8080"),
    case("GET /all", name="host with port 80", host="example.com:80"),
    case("GET /all", name="host with underscore", host="a_b.example"),
    case("GET /all", name="host IPv6", host="[::1]:9"),
    case("GET http://other.example:99/all?x=1", name="absolute form"),
    case("GET http://test", name="absolute form without a path"),
    case("GET /url-for/a", name="url_for with a port", host="h.example:81"),
    case("OPTIONS *", name="asterisk"),
]  # fmt: skip
