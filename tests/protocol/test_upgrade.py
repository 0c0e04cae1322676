"""Upgrade: requests that ask for another protocol, and the hand-over for those that get it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from sanic_fast.exceptions import ServerError
from sanic_fast.response import text
from tests.protocol.fake import Wire, started
from tests.wire.kit import LOOPS, make_app, run

kinds = pytest.mark.parametrize("kind", LOOPS)
SWITCH = b"HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n"
SETTINGS = "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA"


def get(path: str, *lines: str, version: str = "1.1") -> bytes:
    head = [f"GET {path} HTTP/{version}", "Host: a", *lines, "", ""]
    return "\r\n".join(head).encode()


def post(path: str, body: str, *lines: str) -> bytes:
    head = [f"POST {path} HTTP/1.1", "Host: a", f"Content-Length: {len(body)}", *lines, "", body]
    return "\r\n".join(head).encode()


PLAIN = get("/plain")
ECHO = get("/echo", "Connection: Upgrade", "Upgrade: echo")


def upgrading_app(websocket: bool) -> Any:
    """`/echo` becomes a connection that sends back what it gets, in capital letters."""
    app = make_app("upgrade")
    app.ctx.received = []
    app.ctx.refused = []

    @app.get("/plain")
    async def plain(request):
        return text("plain")

    @app.post("/body")
    async def body(request):
        return text(request.body.decode())

    @app.route("/echo", methods=["GET", "POST"], stream=True)
    async def echo(request):
        wire = request.transport

        def receive(data):
            app.ctx.received.append(data)
            wire.write(data.upper())

        if "suspend" in request.args:
            await asyncio.sleep(0)
        try:
            rest = request.protocol.upgrade(receive)
        except ServerError as error:
            app.ctx.refused.append(str(error))
            raise
        wire.write(SWITCH)
        if rest:
            receive(rest)
        if "stay" in request.args:
            await asyncio.sleep(60)

    @app.get("/late")
    async def late(request):
        response = await request.respond()
        await response.send("begun")
        try:
            request.protocol.upgrade(app.ctx.received.append)
        except ServerError as error:
            app.ctx.refused.append(str(error))
        await response.eof()

    if websocket:

        @app.websocket("/ws")
        async def ws(request, ws):
            await ws.send("never")

    return app


def on(kind: str, main: Any, websocket: bool = False) -> None:
    async def run_it() -> None:
        await main(await started(upgrading_app(websocket)))

    run(kind, run_it)


async def written(wire: Wire, data: bytes) -> None:
    """Wait until exactly `data` was written."""
    end = asyncio.get_running_loop().time() + 20
    while bytes(wire.transport.written) != data:
        assert data.startswith(bytes(wire.transport.written)), bytes(wire.transport.written)
        assert asyncio.get_running_loop().time() < end, bytes(wire.transport.written)
        await asyncio.sleep(0)


# -- what nobody speaks is ignored (RFC 9110 7.8) --------------------------------------------------

IGNORED = [
    ("websocket, no such route", ["Connection: Upgrade", "Upgrade: websocket"]),
    ("unknown protocol", ["Connection: Upgrade", "Upgrade: foo/2, bar"]),
    ("h2c", ["Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", SETTINGS]),
    ("TLS", ["Connection: Upgrade", "Upgrade: TLS/1.0"]),
    ("HTTP/2.0", ["Connection: Upgrade", "Upgrade: HTTP/2.0"]),
    ("Connection without Upgrade", ["Connection: Upgrade"]),
    ("Upgrade without Connection", ["Upgrade: websocket"]),
    ("empty", ["Connection: Upgrade", "Upgrade:"]),
    ("twice", ["Connection: Upgrade", "Upgrade: h2c", "Upgrade: websocket"]),
    ("keep-alive too", ["Connection: keep-alive, Upgrade", "Upgrade: foo"]),
]


@kinds
@pytest.mark.parametrize("websocket", [False, True], ids=["http", "with websockets"])
@pytest.mark.parametrize("lines", [row[1] for row in IGNORED], ids=[row[0] for row in IGNORED])
def test_an_unknown_protocol_is_ignored(kind: str, websocket: bool, lines: list[str]) -> None:
    async def main(app: Any) -> None:
        wire = Wire(app)
        # Before and behind it on the same connection, in one piece and in two.
        wire.feed(PLAIN + get("/plain", *lines) + PLAIN)
        wire.feed(post("/body", "hello", *lines) + PLAIN)
        answers = await wire.settle(5)
        assert [answer.status for answer in answers] == [200] * 5
        assert [answer.body for answer in answers] == [b"plain"] * 3 + [b"hello", b"plain"]
        assert all(answer.keep_alive and answer["upgrade"] is None for answer in answers)
        assert not wire.transport.closing
        await wire.close()

    on(kind, main, websocket)


@pytest.mark.parametrize("lines", [row[1] for row in IGNORED], ids=[row[0] for row in IGNORED])
def test_http_1_0_is_answered_and_closed(lines: list[str]) -> None:
    """An upgrade in HTTP/1.0 must be ignored."""

    async def main(app: Any) -> None:
        wire = Wire(app)
        wire.feed(get("/plain", *lines, version="1.0"))
        (answer,) = await wire.settle(1)
        assert answer.status == 200
        assert answer.keep_alive == ("keep-alive" in lines[0])
        assert wire.transport.closing != answer.keep_alive
        await wire.close()

    on("uvloop", main)


def test_close_beside_an_upgrade_still_closes() -> None:
    async def main(app: Any) -> None:
        wire = Wire(app)
        wire.feed(get("/plain", "Connection: Upgrade, close", "Upgrade: h2c", SETTINGS) + PLAIN)
        (answer,) = await wire.settle(1)
        assert (answer.status, answer["connection"]) == (200, "close")
        await asyncio.sleep(0)
        assert wire.transport.closing
        assert len(wire.answers()) == 1
        await wire.close()

    on("uvloop", main)


def test_frames_behind_an_ignored_upgrade_are_no_requests() -> None:
    """A client that did not wait for 101: its bytes cannot be taken for a request."""

    async def main(app: Any) -> None:
        wire = Wire(app)
        wire.feed(get("/plain", "Connection: Upgrade", "Upgrade: websocket"))
        wire.feed(b"\x81\x85\x01\x02\x03\x04abcde" + PLAIN)
        answers = await wire.settle(2)
        assert [answer.status for answer in answers] == [200, 400]
        await asyncio.sleep(0)
        assert wire.transport.closing or wire.transport.ended
        await wire.close()

    on("uvloop", main)


def test_the_http_2_preface_is_refused() -> None:
    """Prior knowledge of HTTP/2 meets a plain 400, once, and the end of the connection."""

    async def main(app: Any) -> None:
        wire = Wire(app)
        wire.feed(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\0\4\0\0\0\0\0")
        (answer,) = await wire.settle(1)
        assert (answer.status, answer["connection"]) == (400, "close")
        await wire.close()

    on("uvloop", main)


@pytest.mark.parametrize("lines", [row[1] for row in IGNORED[:3]], ids=["websocket", "foo", "h2c"])
def test_every_split_of_an_ignored_upgrade(lines: list[str]) -> None:
    async def main(app: Any) -> None:
        data = post("/body", "hello", *lines) + PLAIN
        for cut in range(1, len(data)):
            wire = Wire(app)
            wire.feed(data[:cut])
            if cut % 2:
                await asyncio.sleep(0)
            wire.feed(data[cut:])
            answers = await wire.settle(2)
            assert [answer.body for answer in answers] == [b"hello", b"plain"], cut
            await wire.close()

    on("uvloop", main)


# -- the hand-over ---------------------------------------------------------------------------------


@kinds
@pytest.mark.parametrize("query", ["", "?suspend=1", "?stay=1", "?suspend=1&stay=1"])
def test_every_split_of_a_hand_over(kind: str, query: str) -> None:
    """Bytes behind the head belong to the new protocol, whenever they come."""
    head = ECHO.replace(b"/echo", b"/echo" + query.encode())

    async def main(app: Any) -> None:
        data = head + b"one two\r\n\r\nGET / HTTP/1.1\r\n\r\n"
        expected = SWITCH + data[len(head) :].upper()
        for cut in range(1, len(data)):
            app.ctx.received.clear()
            wire = Wire(app)
            wire.feed(data[:cut])
            if cut % 2:
                await asyncio.sleep(0)
            wire.feed(data[cut:])
            await written(wire, expected)
            assert b"".join(app.ctx.received) == data[len(head) :]
            assert not wire.transport.closing
            await wire.close()

    on(kind, main)


@kinds
def test_byte_by_byte(kind: str) -> None:
    async def main(app: Any) -> None:
        wire = Wire(app)
        data = ECHO + b"tail"
        for at in range(len(data)):
            wire.feed(data[at : at + 1])
            await asyncio.sleep(0)
        await written(wire, SWITCH + b"TAIL")
        await wire.close()

    on(kind, main)


@kinds
def test_a_hand_over_behind_other_requests(kind: str) -> None:
    """Answers to earlier requests of the same read leave before the 101."""

    async def main(app: Any) -> None:
        wire = Wire(app)
        wire.feed(PLAIN + post("/body", "x") + ECHO + PLAIN)
        wire.feed(b"more")
        end = asyncio.get_running_loop().time() + 20
        while not wire.transport.written.endswith(b"MORE"):
            assert asyncio.get_running_loop().time() < end, bytes(wire.transport.written)
            await asyncio.sleep(0)
        before, switch, after = bytes(wire.transport.written).partition(SWITCH)
        assert switch
        assert before.count(b"HTTP/1.1 200 OK") == 2
        assert after == PLAIN.upper() + b"MORE"
        await wire.close()

    on(kind, main)


def test_no_hand_over_with_an_unread_body() -> None:
    async def main(app: Any) -> None:
        wire = Wire(app)
        wire.feed(post("/echo", "body", "Connection: Upgrade", "Upgrade: echo"))
        (answer,) = await wire.settle(1)
        assert answer.status == 500
        assert app.ctx.refused == ["The connection cannot be upgraded now."]
        assert app.ctx.received == []
        await wire.close()

    on("uvloop", main)


def test_no_hand_over_inside_a_response() -> None:
    async def main(app: Any) -> None:
        wire = Wire(app)
        wire.feed(get("/late", "Connection: Upgrade", "Upgrade: echo"))
        (answer,) = await wire.settle(1)
        assert (answer.status, answer.body) == (200, b"begun")
        assert app.ctx.refused == ["The connection cannot be upgraded now."]
        await wire.close()

    on("uvloop", main)


@kinds
@pytest.mark.parametrize("query", [b"", b"?stay=1"])
def test_the_end_of_an_upgraded_connection_ends_its_task(kind: str, query: bytes) -> None:
    async def main(app: Any) -> None:
        wire = Wire(app)
        wire.feed(ECHO.replace(b"/echo", b"/echo" + query) + b"x")
        await written(wire, SWITCH + b"X")
        task = wire.protocol.task
        wire.transport.close()
        await asyncio.sleep(0)
        if query:  # the handler goes on until it ends, as the hand-over promises
            assert not task.done()
            task.cancel()
        await asyncio.wait([task], timeout=20)
        assert task.done()

    on(kind, main)
