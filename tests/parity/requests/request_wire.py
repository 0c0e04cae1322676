"""Requests of `apps/request_wire.py`."""

from tests.parity.wire import case, cases, request, sequence

FORM = "content-type: application/x-www-form-urlencoded"
MULTIPART = "content-type: multipart/form-data; boundary=B"
DISPOSITION = "Content-Disposition: form-data; "


def part(*headers: str, body: str = "v") -> str:
    return "\r\n".join(["--B", *headers, "", body, ""])


def multipart(name: str, *parts: str, kind: str = MULTIPART, end: str = "--B--\r\n") -> object:
    return case("POST /show", kind, name=f"multipart {name}", 
                body=("".join(parts) + end).encode("utf-8", "surrogateescape"))


CASES = [
    *cases("""
/show | cookie: a=1 | cookie: b=2
/show | authorization: Bearer a | authorization: Basic dTpw
/show | accept: text/html | accept: application/json
/show | content-type: text/html | content-type: application/json
/show | x_under: 1 | x-under: 2
/show | x-a: 1 | X-A: 2 | x-b: 3 | X-a: 4
/show | x-list: a, b | x-list: c
/show | x-latin: caf\xe9
/show | x-tab: a\tb
/show | x-long: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
/show | accept: text/html;q=0.5;level=1, */*;q=0.1, text/*
/show | accept: */*;q=0
/show | accept: ,
/show | accept: text
/show | accept: a/b;c
/show | authorization: Basic
/show | authorization: Basic Og==
/show | authorization: Basic dTpwOnA=
/show | authorization: basic dTpw
/show | authorization: Token
/show | authorization: Token a b c
/show | cookie: a=1; a=2; __Host-a=3; __Secure-b=4; b=5
/show | cookie: a="x\\"y"; b="\\101"; c=""; d="; e=a=b
/show | cookie: a=%20; ü=1; bad key=2; [x]=3; ok=4
/show | cookie: ;;; = ; =v; k
/show | x-request-id: 00000000-0000-0000-0000-000000000000
/show | x-request-id: 12345678123456781234567812345678
/show | x-request-id: {12345678-1234-5678-1234-567812345678}
/show | x-request-id: -7
/show | x-request-id: 0x1f
/show | upgrade: WebSocket
/show | x-forwarded-for: 1.1.1.1 | x-forwarded-host: evil | x-forwarded-proto: https
/show | forwarded: for=1.1.1.1;host=evil
/show/a%2Fb/c
/show/%E9
/show/a//b
/show/a/../b
/show/;x=1?y
/show?a=1&a=2&b&c=&=d&e=%20+x
/show?%61=%62&a%26b=c%3Dd
/show?a=%F0%9F%98%80&b=%ff
/show?a=1#b=2
/show?a[b]=c&a[]=d
/show?
/show??a=b
/show/?a=b
/show/
/SHOW
//show
/counted
/counted8
POST /counted
DELETE /counted
HEAD /counted
/child/x/5
/child/x/y
PATCH /child/x/5
POST /child/x/5
/strict/
/strict
/dispatching
HEAD /dispatching
POST /dispatching
/decorated/5
/decorated/x
HEAD /decorated/5
/v3/attached/y
POST /v3/attached/y
/v1/bp/child/q
PATCH /v1/bp/child/q
/names
/partial
/callable/z
/tuple
/false
/reused
"""),
    sequence("the same response object again", [request("GET", "/reused")] * 3),
    case("POST /streams", body="x" * 1000),
    case("PUT /streams", body="put"),
    *[case("POST /show", "content-type: application/json", name=f"json {body[:30]!r}", body=body)
      for body in (b'{"a":1}', b"[1,", b"", b"null", b"\xef\xbb\xbf{}", b'"\xff"', b"1 2", b" 1 ",
                   b'{"a":{"b":[{}]}}', b"[" * 100 + b"]" * 100, b"nan", b"-", b'"\\u0000"',
                   b"12345678901234567890123", b"1e999", b"'a'", b"True", b'{"a":1,}')],
    *[case("POST /show", FORM, name=f"form {body[:30]!r}", body=body)
      for body in (b"a=1&a=2", b"a=+%2B", b"a=%e9", b"a=\xe9", b"a&b=", b"=", b"&", b"a=b;c=d",
                   b"a=%00", b"%%%=1", b"a=1&" * 50)],
    multipart("two", part(DISPOSITION + 'name="a"'), part(DISPOSITION + 'name="a"', body="w")),
    multipart("file", part(DISPOSITION + 'name="f"; filename="x.txt"', "Content-Type: a/b")),
    multipart("type first", part("Content-Type: a/b; charset=utf-8", DISPOSITION + 'name="a"')),
    multipart("other header", part(DISPOSITION + 'name="a"', "X-Other: 1")),
    multipart("encoding", part(DISPOSITION + 'name="a"', "Content-Transfer-Encoding: base64")),
    multipart("latin-1", part(DISPOSITION + 'name="a"', "Content-Type: text/plain; charset=latin-1",
                              body="\udce9")),
    multipart("path as file name", part(DISPOSITION + 'name="f"; filename="../../x\\y"')),
    multipart("file name with semicolon", part(DISPOSITION + 'name="f"; filename="a;b=c.txt"')),
    multipart("file name first", part("Content-Disposition: form-data; filename=x; name=f")),
    multipart("both file names", part(DISPOSITION + "name=f; filename=x; filename*=utf-8''y")),
    multipart("extended file name", part(DISPOSITION + "name=f; filename*=utf-8'en'%c3%a9")),
    multipart("upper case", part('CONTENT-DISPOSITION: FORM-DATA; NAME="a"')),
    multipart("attachment", part('Content-Disposition: attachment; name="a"')),
    multipart("empty name", part(DISPOSITION + 'name=""')),
    multipart("empty value", part(DISPOSITION + 'name="a"', body="")),
    multipart("lines", part(DISPOSITION + 'name="a"', body="\r\n\r\n")),
    multipart("nearly a boundary", part(DISPOSITION + 'name="a"', body="--\r\n-\r\n--C")),
    multipart("binary", part(DISPOSITION + 'name="f"; filename="b"', body="\0\x01\r\n\x7f")),
    multipart("charset of the whole", part(DISPOSITION + 'name="a"'),
              kind=MULTIPART + "; charset=utf-8"),
    multipart("capital type", part(DISPOSITION + 'name="a"'),
              kind="content-type: Multipart/Form-Data; BOUNDARY=B"),
    multipart("mixed", part(DISPOSITION + 'name="a"'),
              kind="content-type: multipart/mixed; boundary=B"),
]  # fmt: skip
