"""One row for each request shape: status, headers, body and what becomes of the connection."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from sanic_fast import HTTPResponse, Request, Sanic
from sanic_fast.response import empty, text
from tests.wire.kit import Raw, ServerThread, make_app

KEEP, CLOSE = "keep-alive", "close"
TEXT = "text/plain; charset=utf-8"
DATE = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT")


def table_app(kind: Any = Sanic, **options: Any) -> Any:
    app = make_app("table", kind, options, REQUEST_MAX_SIZE=1000, REQUEST_MAX_HEADER_SIZE=600)

    @app.get("/")
    async def index(request):
        return text("ok")

    @app.post("/echo")
    async def echo(request):
        return text(request.body.decode("latin-1"))

    @app.post("/stream", stream=True)
    async def stream(request):
        size = 0
        async for piece in request.stream:
            size += len(piece)
        return text(str(size))

    @app.post("/streamnoread", stream=True)
    async def streamnoread(request):
        return text("nr")

    @app.post("/ignore", ignore_body=True)
    async def ignore(request):
        return text("ign")

    @app.get("/chunk")
    async def chunk(request):
        response = await request.respond(content_type="text/plain")
        for piece in ("a", "", "bb"):
            await response.send(piece)
        await response.eof()

    @app.route("/hd", methods=["HEAD"])
    async def hd(request):
        return text("hello")

    @app.head("/hd-chunk")
    async def hd_chunk(request):
        response = await request.respond(content_type="text/plain")
        await response.send("never seen")
        await response.eof()

    @app.get("/empty")
    async def nothing(request):
        return empty()

    @app.get("/status/<code:int>")
    async def with_status(request, code):
        return text("body", status=code)

    @app.get("/not-modified")
    async def not_modified(request):
        return empty(304)

    @app.get("/none")
    async def none(request):
        return None

    @app.get("/str")
    async def string(request):
        return "abc"

    @app.get("/error")
    async def error(request):
        raise ValueError("secret reason")

    @app.get("/own")
    async def own(request):
        return text("x", headers={"connection": "foo", "X-A": "1", "Content-Length": "99"})

    @app.get("/path/<rest:path>")
    async def path(request, rest):
        return text(request.url)

    def piecewise(*pieces: str, length: int | None = None, fail: bool = False) -> Any:
        async def handler(request):
            headers = {} if length is None else {"content-length": length}
            response = await request.respond(headers=headers, content_type="text/plain")
            for piece in pieces:
                await response.send(piece)
            if fail:
                raise ValueError("half-way")
            await response.eof()

        return handler

    app.add_route(piecewise("a", "bb", length=3), "/exact", name="exact")
    app.add_route(piecewise("a", "bbbbb", length=3), "/over", name="over")
    app.add_route(piecewise("a", length=3), "/under", name="under")
    app.add_route(piecewise("a", fail=True), "/fails", name="fails")
    return app


class OwnRequest(Request):
    """A request class of the application's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own = len(self.raw_url)


class OwnApp(Sanic):
    """An application that overrides the way of a request."""

    async def handle_request(self, request):
        await asyncio.sleep(0)
        return await super().handle_request(request)

    async def handle_exception(self, request, exception, run_middleware=True):
        await asyncio.sleep(0)
        return await super().handle_exception(request, exception, run_middleware)


def with_signals() -> Any:
    app = table_app()

    async def look(**context: Any) -> None:
        await asyncio.sleep(0)

    for event in ("request", "handle", "read_head", "read_body", "response", "send", "exception"):
        app.add_signal(look, f"http.lifecycle.{event}")
    return app


def with_middleware() -> Any:
    app = table_app()

    @app.on_request
    async def before(request):
        await asyncio.sleep(0)

    @app.on_request
    def before_too(request):
        assert request.method

    @app.on_response
    async def after(request, response):
        await asyncio.sleep(0)

    return app


VARIANTS = {
    "asyncio": ("asyncio", table_app),
    "uvloop": ("uvloop", table_app),
    "signals": ("uvloop", with_signals),
    "middleware": ("uvloop", with_middleware),
    "classes": ("uvloop", lambda: table_app(OwnApp, request_class=OwnRequest)),
}


@pytest.fixture(scope="module", params=VARIANTS)
def server(request) -> Iterator[ServerThread]:
    kind, make = VARIANTS[request.param]
    with ServerThread(make(), kind) as thread:
        yield thread


@dataclass
class Row:
    """A request and what comes back; `None` means that it is not looked at."""

    name: str
    data: bytes
    status: int
    body: str | None = None  # the whole body
    says: str | None = None  # a line of an error page
    connection: str = KEEP
    headers: dict[str, str] = field(default_factory=dict)
    head_only: bool = False


def line(request_line: str, *headers: str, host: str | None = "a", body: bytes = b"") -> bytes:
    lines = [request_line, *([f"Host: {host}"] if host is not None else []), *headers]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def post(path: str, body: bytes, *headers: str) -> bytes:
    return line(f"POST {path} HTTP/1.1", f"Content-Length: {len(body)}", *headers, body=body)


def chunked(path: str, body: bytes, *headers: str) -> bytes:
    return line(f"POST {path} HTTP/1.1", "Transfer-Encoding: chunked", *headers, body=body)


GET = line("GET / HTTP/1.1")
BAD = {"says": "Bad Request", "connection": CLOSE}
GENERIC = "The application encountered an unexpected error and could not continue."
ROWS = [
    Row("plain", GET, 200, "ok"),
    Row("1.0", line("GET / HTTP/1.0"), 200, "ok", connection=CLOSE),
    Row("1.0 without host", line("GET / HTTP/1.0", host=None), 200, "ok", connection=CLOSE),
    Row("1.0 keep-alive", line("GET / HTTP/1.0", "Connection: keep-alive"), 200, "ok"),
    Row("1.0 Keep-Alive", line("GET / HTTP/1.0", "Connection: Keep-Alive, x"), 200, "ok"),
    Row("close", line("GET / HTTP/1.1", "Connection: close"), 200, connection=CLOSE),
    Row("Close", line("GET / HTTP/1.1", "Connection: Close"), 200, connection=CLOSE),
    Row("keep-alive, foo", line("GET / HTTP/1.1", "Connection: keep-alive, foo"), 200),
    Row("foo , close", line("GET / HTTP/1.1", "Connection: foo , close"), 200, connection=CLOSE),
    Row(
        "close in the second line",
        line("GET / HTTP/1.1", "Connection: keep-alive", "Connection: close"),
        200,
        connection=CLOSE,
    ),
    Row("closed is not close", line("GET / HTTP/1.1", "Connection: closed"), 200),
    Row("HTTP/2.0", line("GET / HTTP/2.0"), 400, **BAD),
    Row("HTTP/3.0", line("GET / HTTP/3.0"), 400, **BAD),
    Row("HTTP/2", line("GET / HTTP/2"), 400, **BAD),
    Row("HTTP/0.9", line("GET / HTTP/0.9"), 400, **BAD),
    Row("HTTP/10.1", line("GET / HTTP/10.1"), 400, **BAD),
    Row("HTTP/2 preface", line("PRI * HTTP/2.0"), 400, **BAD),
    Row("HTTP/1.2", line("GET / HTTP/1.2"), 400, **BAD),
    Row("http/1.1", line("GET / http/1.1"), 400, **BAD),
    Row("no version", line("GET /"), 400, **BAD),
    Row("no host", line("GET / HTTP/1.1", host=None), 400, **BAD),
    Row("empty host", line("GET / HTTP/1.1", host=""), 200, "ok"),
    Row("two hosts", line("GET / HTTP/1.1", "Host: a"), 400, **BAD),
    Row("host with a path", line("GET / HTTP/1.1", host="a/b"), 400, **BAD),
    Row("host with a user", line("GET / HTTP/1.1", host="u@a"), 400, **BAD),
    Row("host with a bad port", line("GET / HTTP/1.1", host="a:b"), 400, **BAD),
    Row("host with IPv6", line("GET / HTTP/1.1", host="[::1]:80"), 200),
    Row("one word", b"hello\r\n\r\n", 400, **BAD),
    Row("no colon", line("GET / HTTP/1.1", "foo"), 400, **BAD),
    Row("space before the colon", line("GET / HTTP/1.1", "foo : bar"), 400, **BAD),
    Row("empty name", line("GET / HTTP/1.1", ": bar"), 400, **BAD),
    Row("folded line", line("GET / HTTP/1.1", "X: a", " b"), 400, **BAD),
    Row("two spaces", line("GET  / HTTP/1.1"), 400, **BAD),
    Row(
        "lower case method",
        line("get / HTTP/1.1"),
        405,
        says="Method get not allowed for URL /",
        headers={"allow": "GET"},
    ),
    Row("own method", line("FOO / HTTP/1.1"), 405, headers={"allow": "GET"}),
    Row("empty line before", b"\r\n" + GET, 200, "ok"),
    Row("700 bytes of header", line("GET / HTTP/1.1", "X: " + "x" * 700), 431, connection=CLOSE),
    Row("the same, unfinished", b"GET / HTTP/1.1\r\nX: " + b"x" * 700, 431, connection=CLOSE),
    Row("700 bytes of target", line(f"GET /{'x' * 700} HTTP/1.1"), 414, connection=CLOSE),
    Row("the same, unfinished", b"GET /" + b"x" * 700, 414, connection=CLOSE),
    Row(
        "UTF-8 in the target",
        "GET /ü HTTP/1.1\r\nHost: a\r\n\r\n".encode(),
        400,
        says="URL may only contain US-ASCII characters.",
        connection=CLOSE,
    ),
    Row("latin-1 in a value", line("GET / HTTP/1.1", "X: \xfc"), 200, "ok"),
    Row("NUL in a value", line("GET / HTTP/1.1", "X: a\0b"), 400, **BAD),
    Row("CR in a value", line("GET / HTTP/1.1", "X: a\rb"), 400, **BAD),
    Row("LF line ends", b"GET / HTTP/1.1\nHost: a\n\n", 400, **BAD),
    Row("two lengths", post("/echo", b"a", "Content-Length: 1"), 400, **BAD),
    Row("length and chunked", chunked("/echo", b"0\r\n\r\n", "Content-Length: 5"), 400, **BAD),
    *(
        Row(
            f"length {value!r}",
            line("POST /echo HTTP/1.1", f"Content-Length: {value}"),
            400,
            says="Bad content-length",
            connection=CLOSE,
        )
        for value in ("abc", "-1", "+1", "1_0", "0x1", "1 0", "", "1,1", "\xb2")
    ),
    Row("coding gzip", chunked("/", b"").replace(b"chunked", b"gzip"), 501, connection=CLOSE),
    Row(
        "codings gzip, chunked",
        chunked("/", b"").replace(b"chunked", b"gzip, chunked"),
        501,
        connection=CLOSE,
    ),
    Row("coding Chunked", chunked("/echo", b"0\r\n\r\n").replace(b"chunked", b"Chunked"), 200, ""),
    Row("chunked twice", chunked("/echo", b"", "Transfer-Encoding: chunked"), 400, **BAD),
    Row("chunked and 1.0", chunked("/", b"").replace(b"/1.1", b"/1.0"), 400, **BAD),
    Row("length 0", post("/echo", b""), 200, "", headers={"content-length": "0"}),
    Row("no length", line("POST /echo HTTP/1.1"), 200, ""),
    Row("small body", post("/echo", b"abc"), 200, "abc"),
    Row("body at the limit", post("/echo", b"x" * 1000), 200, "x" * 1000),
    Row(
        "body too large",
        post("/echo", b"x" * 2000),
        413,
        says="Request body exceeds the size limit",
        connection=CLOSE,
    ),
    Row(
        "body declared too large",
        line("POST /echo HTTP/1.1", "Content-Length: 2000"),
        413,
        connection=CLOSE,
    ),
    Row(
        "chunk too large",
        chunked("/echo", b"7d0\r\n" + b"x" * 2000 + b"\r\n0\r\n\r\n"),
        413,
        connection=CLOSE,
    ),
    Row("stream of 2000", post("/stream", b"x" * 2000), 200, "2000"),
    Row(
        "chunked stream of 2000",
        chunked("/stream", b"7d0\r\n" + b"x" * 2000 + b"\r\n0\r\n\r\n"),
        200,
        "2000",
    ),
    Row(
        "chunked with extensions",
        chunked("/echo", b"3;ext=1\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"),
        200,
        "abcde",
    ),
    Row("trailer", chunked("/echo", b"1\r\na\r\n0\r\nX-T: 1\r\n\r\n"), 200, "a"),
    Row("trailer ignored", chunked("/ignore", b"1\r\na\r\n0\r\nX-T: 1\r\n\r\n"), 200, "ign"),
    *(
        Row(
            f"chunk size {size!r}",
            chunked("/echo", size + b"\r\na\r\n0\r\n\r\n"),
            400,
            says="Bad chunked encoding",
            connection=CLOSE,
        )
        for size in (b"zz", b"-1", b"+1", b"0x1", b"1_0", b"", b" 1", b"fffffffffffffffff")
    ),
    Row(
        "chunk without its end",
        chunked("/echo", b"1\r\nab\r\n0\r\n\r\n"),
        400,
        says="Bad chunked encoding",
        connection=CLOSE,
    ),
    Row(
        "expect foo",
        post("/echo", b"a", "Expect: foo"),
        417,
        says="Unknown Expect: foo",
        connection=CLOSE,
    ),
    Row("expect foo without a body", line("GET / HTTP/1.1", "Expect: foo"), 200, "ok"),
    Row("204 with a body", line("GET /status/204 HTTP/1.1"), 204, ""),
    Row("304", line("GET /not-modified HTTP/1.1"), 304, ""),
    Row("304 with a body", line("GET /status/304 HTTP/1.1"), 304, ""),
    Row("status 100", line("GET /status/100 HTTP/1.1"), 500, says=GENERIC),
    Row("status 999", line("GET /status/999 HTTP/1.1"), 999, "body"),
    Row("status 1000", line("GET /status/1000 HTTP/1.1"), 500, says=GENERIC),
    Row(
        "nothing returned",
        line("GET /none HTTP/1.1"),
        500,
        says="Invalid response type None (need HTTPResponse)",
    ),
    Row(
        "a str returned",
        line("GET /str HTTP/1.1"),
        500,
        says="Invalid response type 'abc' (need HTTPResponse)",
    ),
    Row("an error", line("GET /error HTTP/1.1"), 500, says=GENERIC),
    Row("chunked answer", line("GET /chunk HTTP/1.1"), 200, "abb"),
    Row("chunked answer for 1.0", line("GET /chunk HTTP/1.0"), 200, "abb", connection=CLOSE),
    Row("stream with a length", line("GET /exact HTTP/1.1"), 200, "abb"),
    Row("HEAD", line("HEAD /hd HTTP/1.1"), 200, headers={"content-length": "5"}, head_only=True),
    Row("HEAD of a stream", line("HEAD /hd-chunk HTTP/1.1"), 200, "", head_only=True),
    Row(
        "HEAD of a GET route",
        line("HEAD / HTTP/1.1"),
        405,
        headers={"allow": "GET"},
        head_only=True,
    ),
    Row("404 with a body", post("/nope", b"abc"), 404, says="Requested URL /nope not found"),
    Row(
        "upgrade on a plain route",
        line("GET / HTTP/1.1", "Upgrade: websocket", "Connection: Upgrade"),
        200,
        "ok",
    ),
    Row("upgrade to h2c", line("GET / HTTP/1.1", "Upgrade: h2c", "Connection: Upgrade"), 200),
    Row("absolute form", line("GET http://b:81/path/x?y HTTP/1.1"), 200, "http://b:81/path/x?y"),
    Row("absolute without path", line("GET http://b HTTP/1.1"), 200, "ok"),
    Row("absolute with a user", line("GET http://u@b/ HTTP/1.1"), 400, **BAD),
    Row("absolute without host", line("GET http:///x HTTP/1.1"), 400, connection=CLOSE),
    Row(
        "OPTIONS *",
        line("OPTIONS * HTTP/1.1"),
        405,
        says="Method OPTIONS not allowed for URL *",
    ),
    *(
        Row(f"Host {host}", f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n".encode(), 400, **BAD)
        for host in ("a b", "a/b", "u@a", "a, b", "a%zz", "a%4", "[zz]", "[::1", "[]", "a:1x")
    ),
    *(
        Row(f"Host {host}", f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n".encode(), 200, "ok")
        for host in ("", "a:", "a%41", "[::ffff:1.2.3.4]:80", "[v1.x:y]", "a_b~c!$&'()*+;=")
    ),
    Row("bad target", line("GET foo HTTP/1.1"), 400, says="Bad URL: foo", connection=CLOSE),
    Row("fragment", line("GET /#x HTTP/1.1"), 200, "ok"),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_row(server: ServerThread, row: Row) -> None:
    with Raw(server.port, row.data) as client:
        answer = client.answer(row.head_only)
        assert answer.status == row.status, answer.raw
        assert answer.complete
        if row.body is not None:
            assert answer.text == row.body
        if row.says is not None:
            assert row.says in answer.text.split("\n"), answer.text
        assert answer["connection"] == row.connection
        assert DATE.fullmatch(answer["date"])
        for name, value in row.headers.items():
            assert answer[name] == value, name
        if row.connection == KEEP:
            assert client.alive()
        else:
            assert client.closed()


def test_exact_headers_and_their_order(server: ServerThread) -> None:
    with Raw(server.port, GET) as client:
        answer = client.answer()
        assert answer.headers[:3] == [
            ("content-length", "2"),
            ("connection", "keep-alive"),
            ("content-type", TEXT),
        ]
        assert answer.names[3:] == ["date"]
        client.send(line("GET /own HTTP/1.1"))
        own = client.answer()
        assert own.headers[:4] == [
            ("connection", "keep-alive"),
            ("X-A", "1"),
            ("content-length", "1"),
            ("content-type", TEXT),
        ]
        client.send(line("GET /chunk HTTP/1.1"))
        stream = client.answer()
        assert stream.headers[:3] == [
            ("transfer-encoding", "chunked"),
            ("connection", "keep-alive"),
            ("content-type", "text/plain"),
        ]
        assert stream.raw.endswith(b"\r\n\r\n1\r\na\r\n2\r\nbb\r\n0\r\n\r\n")
        client.send(line("GET /empty HTTP/1.1"))
        assert client.answer().names == ["connection", "date"]


@pytest.mark.parametrize("path", ["/over", "/under", "/fails"])
def test_broken_stream_is_cut(server: ServerThread, path: str) -> None:
    """No final chunk, no byte over the length, and the connection closes."""
    with Raw(server.port, line(f"GET {path} HTTP/1.1") + GET) as client:
        answer = client.answer()
        assert (answer.status, answer.body, answer.complete) == (200, b"a", False)
        assert client.closed()


def test_pipeline_of_all_kinds(server: ServerThread) -> None:
    data = GET + line("GET /empty HTTP/1.1") + line("HEAD /hd HTTP/1.1")
    rest = line("GET /nope HTTP/1.1") + post("/nope", b"GET / HTTP/1.1") + GET
    with Raw(server.port, data + rest) as client:
        assert client.answer().body == b"ok"
        assert client.answer().status == 204
        head = client.answer(head_only=True)
        assert (head["content-length"], head.body) == ("5", b"")
        assert [client.answer().status for _ in range(3)] == [404, 404, 200]


def test_nothing_is_served_after_close(server: ServerThread) -> None:
    with Raw(server.port, line("GET / HTTP/1.1", "Connection: close") + GET * 3) as client:
        assert client.answer()["connection"] == "close"
        assert client.closed()


def test_nothing_is_served_after_a_framing_error(server: ServerThread) -> None:
    with Raw(server.port, line("GET / HTTP/1.1", "X : y") + GET * 3) as client:
        assert client.answer().status == 400
        assert client.closed()


@pytest.mark.parametrize(
    ("path", "status"), [("/echo", 200), ("/streamnoread", 200), ("/nope", 404), ("/stream", 200)]
)
@pytest.mark.parametrize("value", ["100-continue", "100-Continue"])
def test_continue(server: ServerThread, path: str, status: int, value: str) -> None:
    with Raw(server.port) as client:
        data = post(path, b"abc", f"Expect: {value}")
        client.send(data[:-3])
        if path in ("/echo", "/stream"):
            assert client.socket.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
            client.send(b"abc")
            answer = client.answer()
        else:
            answer = client.answer()
            assert [one.status for one in answer.informational] == [100]
            client.send(b"abc")
        assert answer.status == status
        assert client.alive()


def test_no_continue_where_none_is_due(server: ServerThread) -> None:
    """None for a refused length, for a body that came already, for HTTP/1.0."""
    with Raw(server.port) as client:
        client.send(line("POST /echo HTTP/1.1", "Content-Length: 2000", "Expect: 100-continue"))
        answer = client.answer()
        assert (answer.status, answer.informational) == (413, [])
    with Raw(server.port, post("/echo", b"abc", "Expect: 100-continue")) as client:
        answer = client.answer()
        assert (answer.text, answer.informational) == ("abc", [])
    with Raw(server.port) as client:
        data = post("/echo", b"abc", "Expect: 100-continue").replace(b"/1.1", b"/1.0")
        client.send(data[:-3])
        time.sleep(0.05)
        client.send(b"abc")
        answer = client.answer()
        assert (answer.text, answer.informational) == ("abc", [])


@pytest.mark.parametrize("path", ["/echo", "/ignore", "/stream", "/streamnoread", "/nope"])
def test_bytes_after_a_body_are_the_next_request(server: ServerThread, path: str) -> None:
    for body in (post(path, b"a" * 900), chunked(path, b"5\r\nGET /\r\n0\r\nA: b\r\n\r\n")):
        with Raw(server.port, body + GET + body + GET) as client:
            answers = client.answers(4)
            assert answers[1].body == answers[3].body == b"ok"
            assert answers[0].status == answers[2].status


def test_response_object_sent_twice(server: ServerThread) -> None:
    """One response object may answer many requests."""
    response = HTTPResponse("same", headers={"x-y": "z"})
    app = make_app("twice")

    @app.get("/")
    async def same(request):
        return response

    with ServerThread(app, server.kind) as other, Raw(other.port, GET * 3) as client:
        assert [answer.body for answer in client.answers(3)] == [b"same"] * 3
