"""Slow readers, fast writers, and who waits for whom."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from sanic_fast.response import text
from tests.protocol.fake import Wire, started
from tests.wire.kit import LOOPS, Peer, make_app, run, served, until
from tests.wire.kit.client import PATIENCE

kinds = pytest.mark.parametrize("kind", LOOPS)
GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


def post(path: str, body: bytes) -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def slow_app(**config: Any) -> Any:
    app = make_app("slow", **config)
    app.ctx.count = app.ctx.missed = 0

    @app.get("/")
    async def index(request):
        app.ctx.count += 1
        return text("ok")

    @app.post("/echo")
    async def echo(request):
        return text(str(len(request.body)))

    @app.post("/ignore", ignore_body=True)
    async def ignore(request):
        return text("ignored")

    @app.post("/patient", stream=True)
    async def patient(request):
        """Reads with a timeout again and again until something comes."""
        found = []
        while True:
            try:
                piece = await asyncio.wait_for(request.stream.read(), 0.01)
            except asyncio.TimeoutError:
                app.ctx.missed += 1
                continue
            if piece is None:
                return text(f"{b''.join(found).decode()} {app.ctx.missed}")
            found.append(piece)

    return app


def on(kind: str, main: Any, **config: Any) -> None:
    async def run_it() -> None:
        await main(await started(slow_app(**config)))

    run(kind, run_it)


async def turns(count: int = 5) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


@kinds
def test_nothing_is_served_while_the_peer_does_not_read(kind: str) -> None:
    async def main(app: Any) -> None:
        wire = Wire(app)
        wire.feed(GET)
        await wire.settle(1)
        wire.transport.full = True
        wire.feed(GET * 300)
        await turns()
        served = app.ctx.count
        assert served <= 1 + 64  # what one step may serve before it writes
        wire.feed(GET * 100)
        await turns()
        assert app.ctx.count == served
        wire.transport.drain()
        assert len(await wire.settle(401)) == 401 == app.ctx.count
        await wire.close()

    on(kind, main)


@kinds
def test_reading_stops_at_the_limit_and_goes_on(kind: str) -> None:
    """With unread input at the limit the transport is paused, and resumed in the end."""

    async def main(app: Any) -> None:
        wire = Wire(app)
        wire.transport.full = True
        wire.feed(GET)
        await turns()
        assert app.ctx.count == 1 and not wire.transport.paused
        wire.feed(GET * 400)
        await turns()
        assert wire.transport.paused and app.ctx.count == 1
        wire.transport.drain()
        assert len(await wire.settle(401)) == 401
        assert not wire.transport.paused
        await wire.close()

    on(kind, main, REQUEST_BUFFER_SIZE=8192)


@kinds
@pytest.mark.parametrize("path", ["/echo", "/ignore"])
@pytest.mark.parametrize("chunked", [False, True])
def test_paused_within_a_body_goes_on_after_it(kind: str, path: str, chunked: bool) -> None:
    """The peer reads slowly while a long body comes in behind the answer it does not take."""

    async def main(app: Any) -> None:
        wire = Wire(app)
        body = b"x" * 40000
        data = post(path, body)
        if chunked:
            head = f"POST {path} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            data = head.encode() + b"9c40\r\n" + body + b"\r\n0\r\n\r\n"
        wire.transport.full = True
        wire.feed(GET)
        await turns()
        wire.feed(data[:20000])
        assert wire.transport.paused
        wire.transport.drain()
        await turns()
        rest = data[20000:]
        while rest:
            assert not wire.transport.paused, "nobody resumes reading"
            wire.feed(rest[:9000])
            rest = rest[9000:]
            await turns()
        wire.feed(GET)
        bodies = [answer.body for answer in await wire.settle(3)]
        assert bodies == [b"ok", b"40000" if path == "/echo" else b"ignored", b"ok"]
        await wire.close()

    on(kind, main, REQUEST_BUFFER_SIZE=8192)


@kinds
def test_sender_waits_for_the_reader(kind: str) -> None:
    async def run_it() -> None:
        app = slow_app()
        done = []

        @app.get("/pieces")
        async def pieces(request):
            response = await request.respond()
            for number in range(5):
                await response.send("x" * 1000)
                done.append(number)
                await asyncio.sleep(0)
            await response.eof()

        await started(app)
        wire = Wire(app)
        wire.transport.full = True
        wire.feed(GET.replace(b"/", b"/pieces", 1))
        await turns(20)
        assert len(done) <= 1
        wire.transport.drain()
        (answer,) = await wire.settle(1)
        assert len(answer.body) == 5000
        await wire.close()

    run(kind, run_it)


@kinds
def test_sender_that_gave_up_waiting_may_send_again(kind: str) -> None:
    """A send that was cancelled by a timeout does not poison the next one."""

    async def run_it() -> None:
        app = slow_app()
        seen = []

        @app.get("/impatient")
        async def impatient(request):
            response = await request.respond()
            for _ in range(3):
                # What a step gathered leaves at its end, so only a later step meets the full wire.
                await asyncio.sleep(0)
                try:
                    await asyncio.wait_for(response.send("x"), 0.01)
                except asyncio.TimeoutError:
                    seen.append("late")
            request.protocol.wire_is_free.set()
            await response.send("end")
            await response.eof()

        await started(app)
        wire = Wire(app)
        wire.protocol.wire_is_free = asyncio.Event()
        wire.transport.full = True
        wire.feed(GET.replace(b"/", b"/impatient", 1))
        await asyncio.wait_for(wire.protocol.wire_is_free.wait(), PATIENCE)
        wire.transport.drain()
        (answer,) = await wire.settle(1)
        assert answer.body == b"xxxend" and seen
        await wire.close()

    run(kind, run_it)


@kinds
def test_reader_that_gave_up_waiting_may_read_again(kind: str) -> None:
    async def main() -> None:
        app = slow_app()
        async with served(app), Peer(app.ctx.port) as peer:
            data = post("/patient", b"hello")
            peer.send(data[:-5])
            await until(lambda: app.ctx.missed > 0)
            peer.send(data[-5:-2])
            missed = app.ctx.missed
            await until(lambda: app.ctx.missed > missed + 1)
            peer.send(data[-2:] + GET)
            assert (await peer.answer()).text.startswith("hello ")
            assert (await peer.answer()).text == "ok"

    run(kind, main)
