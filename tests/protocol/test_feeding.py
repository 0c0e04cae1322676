"""Bytes that reach a connection in every way and at every time."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from sanic_fast.response import text
from tests.protocol.fake import Wire, started
from tests.wire.kit import LOOPS, make_app, run

kinds = pytest.mark.parametrize("kind", LOOPS)
GET = b"GET /who HTTP/1.1\r\nHost: a\r\n\r\n"
CHUNKED = (
    b"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"5\r\nhello\r\n1\r\n \r\n5;x=y\r\nworld\r\n0\r\nTrailer: t\r\n\r\n"
)
SIZED = b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello world"
STREAMED = CHUNKED.replace(b"/echo", b"/stream")
SPACED = b"\r\n\r\n" + SIZED + b"\r\n"  # empty lines before a request (RFC 9112 2.2)


def feeding_app() -> Any:
    app = make_app("feeding")
    app.ctx.wires = {}

    @app.get("/who")
    async def who(request):
        return text("who")

    @app.post("/echo")
    async def echo(request):
        return text(request.body.decode())

    @app.post("/stream", stream=True)
    async def stream(request):
        return text("".join([piece.decode() async for piece in request.stream]))

    @app.get("/feed/<name>")
    async def feed(request, name):
        """Give bytes to a connection from inside a handler."""
        app.ctx.wires[name].feed(SIZED)
        return text("fed")

    @app.get("/received/<name>")
    async def received(request, name):
        app.ctx.wires[name].protocol.data_received(SIZED)
        return text("fed")

    return app


def on(kind: str, main: Any) -> None:
    async def run_it() -> None:
        await main(await started(feeding_app()))

    run(kind, run_it)


@kinds
@pytest.mark.parametrize("message", [GET, SIZED, CHUNKED, STREAMED, SPACED])
def test_every_split_gives_the_same_bytes(kind: str, message: bytes) -> None:
    async def main(app: Any) -> None:
        data = message + GET
        whole = Wire(app)
        whole.feed(data)
        answers = await whole.settle(2)
        assert [answer.body for answer in answers] == [
            b"who" if message is GET else b"hello world",
            b"who",
        ]
        expected = [(a.status, a.headers[:-1], a.body) for a in answers]
        for cut in range(1, len(data)):
            wire = Wire(app)
            wire.feed(data[:cut])
            if cut % 2:
                await asyncio.sleep(0)
            wire.feed(data[cut:])
            found = await wire.settle(2)
            assert [(a.status, a.headers[:-1], a.body) for a in found] == expected, cut
            await wire.close()
        byte_wise = Wire(app)
        for at in range(len(data)):
            byte_wise.feed(data[at : at + 1])
        found = await byte_wise.settle(2)
        assert [(a.status, a.headers[:-1], a.body) for a in found] == expected
        await byte_wise.close()
        await whole.close()

    on(kind, main)


@kinds
@pytest.mark.parametrize("message", [GET, SIZED, CHUNKED, STREAMED])
def test_bytes_of_the_caller_stay_as_they_are(kind: str, message: bytes) -> None:
    """`data_received` may be given bytes that others hold: decoding must not happen in them."""

    async def main(app: Any) -> None:
        wire = Wire(app)
        before = bytearray(message)
        for _ in range(3):
            wire.protocol.data_received(message)
            await wire.settle(1)
        assert message == before
        assert len(await wire.settle(3)) == 3
        await wire.close()

    on(kind, main)


@kinds
def test_data_received_takes_any_buffer(kind: str) -> None:
    async def main(app: Any) -> None:
        wire = Wire(app)
        for data in (GET, bytearray(GET), memoryview(GET)):
            wire.protocol.data_received(data)
        await wire.settle(3)
        await wire.close()

    on(kind, main)


@kinds
@pytest.mark.parametrize("way", ["feed", "received"])
@pytest.mark.parametrize("target", ["other", "self"])
@pytest.mark.parametrize("warm", [False, True])
def test_fed_from_inside_a_handler(kind: str, way: str, target: str, warm: bool) -> None:
    """A handler in its first step gives bytes to another connection, or to its own."""

    async def main(app: Any) -> None:
        wires = app.ctx.wires = {"self": Wire(app), "other": Wire(app)}
        if warm:
            for wire in wires.values():
                wire.feed(GET)
                await wire.settle(1)
                wire.transport.written.clear()
        request = f"GET /{way}/{target} HTTP/1.1\r\nHost: a\r\n\r\n".encode()

        def from_a_callback() -> None:
            wires["self"].feed(GET + request + GET)

        asyncio.get_running_loop().call_soon(from_a_callback)
        count = 3 if target == "other" else 4
        found = await wires["self"].settle(count)
        assert [a.body for a in found] == [b"who", b"fed", b"who", b"hello world"][:count]
        if target == "other":
            assert [a.body for a in await wires["other"].settle(1)] == [b"hello world"]
        for wire in wires.values():
            wire.feed(GET)
        await wires["self"].settle(count + 1)
        for wire in wires.values():
            await wire.close()

    on(kind, main)


@kinds
def test_fed_from_inside_other_tasks(kind: str) -> None:
    """An in-process client writes while its own task is current; nobody may be stranded."""

    async def main(app: Any) -> None:
        async def client(number: int) -> None:
            wire = Wire(app)
            for turn in range(5):
                wire.feed(GET)
                if number % 2:
                    await asyncio.sleep(0)
                wire.feed(GET + SIZED[:20])
                wire.feed(SIZED[20:])
                await wire.settle(3 * (turn + 1))
            await wire.close()

        await asyncio.gather(*map(client, range(10)))

    on(kind, main)


@kinds
def test_large_bodies_land_where_they_belong(kind: str) -> None:
    """A long body is received into its own memory; a read may get less than there is room for."""

    async def main(app: Any) -> None:
        body = bytes(range(97, 123)) * 30000
        wire = Wire(app)
        head = b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(body)
        data = head + body + GET
        for size in (100, 5000, 70000, 300000, 10**7):
            wire.transport.written.clear()
            while data:
                wire.protocol.get_buffer(-1)  # a read that found nothing
                wire.feed(data[:size])
                data = data[size:]
            answers = await wire.settle(2)
            assert answers[0].body == body and answers[1].body == b"who"
            data = head + body + GET
        await wire.close()

    on(kind, main)
