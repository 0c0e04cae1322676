"""Requests of `apps/framing.py`."""

from tests.parity.wire import Case, case, cases, request, sequence

LAST = "GET / HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n"


def raw(name: str, head: str, body: str = "", line: str = "POST / HTTP/1.1") -> Case:
    """A request with these lines after `line` and Host."""
    lines = "".join(f"{part}\r\n" for part in head.split("|") if part)
    return Case(name, (f"{line}\r\nhost: test\r\n{lines}\r\n{body}".encode("latin-1"),))


def whole(name: str, text: str, count: int = 1) -> Case:
    """Exactly these bytes, and so many responses."""
    return Case(name, (text.encode("latin-1"), *[b""] * (count - 1)), pipelined=True)


EXPECT = "POST / HTTP/1.1\r\nhost: t\r\nexpect: 100-continue\r\ncontent-length: 3\r\n\r\n"
CHUNKED = "transfer-encoding: chunked"
GET = "GET /head HTTP/1.1"
CASES = [
    *cases("""
/
/nope
/nope | accept: text/html
HEAD /
POST /
/ | connection: close
/ | Connection: Close
/ | connection: keep-alive
/ | connection: keep-alive, close
/ | connection: x-other
"""),
    case("GET /", name="1.0", version="1.0"),
    case("GET /", "connection: keep-alive", name="1.0 keep-alive", version="1.0"),
    case("GET /", name="1.0 without a host", version="1.0", host=None),
    case("GET /", name="2.0", version="2.0"),
    case("GET /", name="1.2", version="1.2"),
    case("GET /", name="no host", host=None),
    case("GET /", "host: second", name="two hosts"),
    case("GET /", name="an empty host", host=""),
    case("GET /", name="an invalid host", host="a/b"),
    whole("garbage", "garbage\r\n\r\n"),
    whole("only a method", "GET\r\n\r\n"),
    whole("two spaces", "GET  / HTTP/1.1\r\nhost: test\r\n\r\n"),
    whole("version in lower case", "GET / http/1.1\r\nhost: test\r\n\r\n"),
    whole("an empty line first", "\r\n" + LAST),
    whole("bare line feeds", "GET / HTTP/1.1\nhost: test\n\n" + LAST),
    whole("an 8-bit byte in the target", "GET /\xe9 HTTP/1.1\r\nhost: test\r\n\r\n"),
    whole("a target without a slash", "GET nope HTTP/1.1\r\nhost: test\r\n\r\n"),
    whole("nothing after an answer that closes", LAST + LAST, 2),
    raw("trailing blanks of a value", "x-a: b  ", line=GET),
    raw("leading blanks of a value", "x-a:   b", line=GET),
    raw("no blank after the colon", "x-a:b", line=GET),
    raw("a tab after the colon", "x-a:\tb", line=GET),
    raw("an empty value", "x-a:", line=GET),
    raw("a colon in the value", "x-a: b:c", line=GET),
    raw("names in capitals", "X-CAPITALS: Value", line=GET),
    raw("repeated names", "x-a: 1|x-b: 2|x-a: 3", line=GET),
    raw("an 8-bit value", "x-a: \xe9", line=GET),
    raw("a space before the colon", "x-a : b", line=GET),
    raw("a name that is no token", "x(a: b", line=GET),
    raw("no colon", "nothing", line=GET),
    raw("a folded line", "x-a: b| c", line=GET),
    raw("an empty name", ": b", line=GET),
    raw("many headers", "|".join(f"x-{n}: {n}" for n in range(50)), line=GET),
    raw("a head of 7000 bytes", "x-a: " + "b" * 7000, line=GET),
    raw("a head of 9000 bytes", "x-a: " + "b" * 9000, line=GET),
    case("GET /" + "a" * 9000, name="a target of 9000 bytes"),
    case("GET /" + "a" * 7000, name="a target of 7000 bytes"),
    raw("content-length", "content-length: 3", "abc"),
    raw("content-length twice, equal", "content-length: 3|content-length: 3", "abc"),
    raw("content-length twice, other", "content-length: 3|content-length: 4", "abcd"),
    raw("content-length with a sign", "content-length: +3", "abc"),
    raw("content-length with a text", "content-length: three", "abc"),
    raw("content-length empty", "content-length:", ""),
    raw("content-length negative", "content-length: -1", ""),
    raw("content-length too large", "content-length: 100001", ""),
    raw("both lengths", f"content-length: 3|{CHUNKED}", "3\r\nabc\r\n0\r\n\r\n"),
    raw("chunked twice", f"{CHUNKED}|{CHUNKED}", "3\r\nabc\r\n0\r\n\r\n"),
    raw("chunked in capitals", "Transfer-Encoding: Chunked", "3\r\nabc\r\n0\r\n\r\n"),
    raw("an unknown coding", "transfer-encoding: gzip", "abc"),
    raw("gzip, chunked", "transfer-encoding: gzip, chunked", "3\r\nabc\r\n0\r\n\r\n"),
    raw("chunked", CHUNKED, "3\r\nabc\r\n0\r\n\r\n"),
    raw("chunked, empty", CHUNKED, "0\r\n\r\n"),
    raw("chunks with leading zeros", CHUNKED, "0003\r\nabc\r\n000\r\n\r\n"),
    raw("chunks with extensions", CHUNKED, "3;a=b;c\r\nabc\r\n0;d\r\n\r\n"),
    raw("chunks with trailers", CHUNKED, "3\r\nabc\r\n0\r\nx-t: 1\r\n\r\n"),
    raw("a bad chunk size", CHUNKED, "x\r\nabc\r\n0\r\n\r\n"),
    raw("a chunk without its end", CHUNKED, "3\r\nabcd\r\n0\r\n\r\n"),
    raw("chunks over the limit", CHUNKED, f"{200_000:x}\r\n" + "a" * 200_000 + "\r\n0\r\n\r\n"),
    raw("expect continue", "expect: 100-continue|content-length: 3", "abc"),
    raw("expect continue in capitals", "Expect: 100-Continue|content-length: 3", "abc"),
    raw("expect something else", "expect: foo|content-length: 3", "abc"),
    raw("expect continue of a get", "expect: 100-continue", line="GET / HTTP/1.1"),
    Case(
        "expect continue, and wait",
        (EXPECT.encode(), b"abc"),
        interim=True,
    ),
    raw("upgrade to h2c", "connection: upgrade|upgrade: h2c", line="GET / HTTP/1.1"),
    raw("a get with a body", "content-length: 3", "abc", line="GET / HTTP/1.1"),
    sequence("three at once", [request("GET", "/"), request("POST", "/", body="abc"),
                               request("GET", "/nope")], pipelined=True),
    sequence("errors keep the connection", [request("GET", "/nope"), request("PUT", "/"),
                                            request("GET", "/")]),
    sequence("body of a get, then another", [request("GET", "/", body="abc"), request("GET", "/")]),
    sequence("head, then get", [request("HEAD", "/"), request("GET", "/")]),
]  # fmt: skip
