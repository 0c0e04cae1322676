"""What a handler can do with its websocket."""

from __future__ import annotations

import asyncio

import pytest

from sanic_fast.exceptions import ServerError, WebsocketClosed
from tests.websocket.kit import (
    BINARY,
    CONTINUATION,
    PING,
    PONG,
    TEXT,
    Peer,
    close_frame,
    frame,
)
from tests.wire.kit.serve import ServerThread, make_app


def serve(handler, kind: str = "uvloop", **config):
    """An app whose websocket at `/` is this handler."""
    app = make_app("ws", **config)
    app.add_websocket_route(handler, "/")
    return ServerThread(app, kind)


async def raised(awaitable) -> str:
    """The exception that comes of an awaitable, as text."""
    try:
        return f"no error: {await awaitable!r}"
    except Exception as error:
        return repr(error)


# -- sending


def test_send(loop_kind, events) -> None:
    async def handler(request, ws):
        for message in ("téxt", b"bytes", bytearray(b"array"), memoryview(b"view"), "", b""):
            assert await ws.send(message) is None
        for wrong in ({"a": 1}, ["a"], iter("a"), 3, None):
            events.put(await raised(ws.send(wrong)))
        events.put(type(await asyncio.gather(ws.send("\ud800"), return_exceptions=True)))
        await ws.send("after")

    with serve(handler, loop_kind) as server, Peer(server.port) as peer:
        got = [peer.receive() for _ in range(7)]
        assert [each.payload.decode() for each in got] == [
            *("téxt", "bytes", "array", "view", "", "", "after")
        ]
        assert [each.opcode for each in got] == [1, 2, 2, 2, 1, 2, 1]
        assert peer.closing() == (1000, "")
    assert events.all()[:5] == [
        "TypeError('data is a dict-like object')",
        "NotImplementedError('Fragmented websocket messages are not supported.')",
        "NotImplementedError('Fragmented websocket messages are not supported.')",
        "TypeError('Websocket data must be bytes, str.')",
        "TypeError('Websocket data must be bytes, str.')",
    ]


@pytest.mark.parametrize("size", [0, 125, 126, 65535, 65536, 1_000_000])
def test_sizes_both_ways(loop_kind, size) -> None:
    async def handler(request, ws):
        async for message in ws:
            await ws.send(message)

    with serve(handler, loop_kind) as server, Peer(server.port) as peer:
        peer.send(frame(BINARY, b"\xff" * size), frame(TEXT, "é" * (size // 2)))
        assert peer.receive().payload == b"\xff" * size
        assert peer.text() == "é" * (size // 2)


# -- receiving


def test_recv_with_a_timeout(loop_kind) -> None:
    async def handler(request, ws):
        await ws.send(repr([await ws.recv(0), await ws.recv(-1), await ws.recv(0.01)]))
        await ws.send(repr(await ws.recv(timeout=30)))

    with serve(handler, loop_kind) as server, Peer(server.port) as peer:
        assert peer.text() == "[None, None, None]"
        peer.send(frame(BINARY, b"x"))
        assert peer.text() == "b'x'"


def test_recv_finds_what_is_here(loop_kind) -> None:
    async def handler(request, ws):
        await ws.recv()
        await asyncio.sleep(0.05)
        await ws.send(repr([await ws.recv(0), await ws.recv(), await ws.recv(0)]))

    with serve(handler, loop_kind) as server, Peer(server.port) as peer:
        peer.send(frame(TEXT, "a"), frame(TEXT, "b"), frame(TEXT, "c"))
        assert peer.text() == "['b', 'c', None]"


def test_only_one_may_receive(loop_kind) -> None:
    async def handler(request, ws):
        waiting = asyncio.ensure_future(ws.recv())
        await asyncio.sleep(0)
        await ws.send(await raised(ws.recv()))
        await ws.send(await raised(ws.recv_burst()))
        await ws.send(await raised(ws.recv_streaming().__anext__()))
        await ws.send(await waiting)
        await ws.send(await ws.recv())

    with serve(handler, loop_kind) as server, Peer(server.port) as peer:
        error = repr(
            ServerError(
                "cannot call recv while another task is already waiting for the next message"
            )
        )
        assert [peer.text() for _ in range(3)] == [error] * 3
        peer.send(frame(TEXT, "one"), frame(TEXT, "two"))
        assert [peer.text(), peer.text()] == ["one", "two"]


def test_cancelling_recv_loses_nothing(loop_kind) -> None:
    async def handler(request, ws):
        got = []
        while len(got) < 200:
            try:
                got.append(await asyncio.wait_for(ws.recv(), 0.001))
            except asyncio.TimeoutError:
                continue
        await ws.send(",".join(got))

    with serve(handler, loop_kind) as server, Peer(server.port) as peer:
        for n in range(200):
            peer.send(frame(TEXT, str(n)))
        assert peer.text() == ",".join(map(str, range(200)))


def test_burst(loop_kind) -> None:
    async def handler(request, ws):
        await ws.send(repr(await ws.recv_burst()))
        first = await ws.recv()
        await asyncio.sleep(0.05)
        await ws.send(repr([first, await ws.recv_burst(2), await ws.recv_burst()]))
        await ws.send(repr(await ws.recv_burst()))

    with serve(handler, loop_kind) as server, Peer(server.port) as peer:
        assert peer.text() == "[]"
        peer.send(*(frame(TEXT, letter) for letter in "abcde"), close_frame(1000))
        assert peer.text() == "['a', ['b', 'c'], ['d', 'e']]"
        assert peer.text() == "[]"


def test_streaming(loop_kind) -> None:
    async def handler(request, ws):
        while True:
            async for piece in ws.recv_streaming():
                await ws.send(repr(piece))
            await ws.send("end")

    with serve(handler, loop_kind) as server, Peer(server.port) as peer:
        peer.send(frame(TEXT, b"ab\xc3", final=False))
        assert peer.text() == "'ab'"
        peer.send(frame(CONTINUATION, b"", final=False), frame(PING, "between"))
        assert peer.receive().opcode == PONG
        peer.send(frame(CONTINUATION, b"\xa9d", final=False))
        assert peer.text() == "'éd'"
        peer.send(frame(CONTINUATION), frame(BINARY, b"whole"), frame(TEXT, "", final=False))
        assert [peer.text() for _ in range(3)] == ["end", "b'whole'", "end"]
        peer.send(frame(CONTINUATION, "x"), frame(TEXT, ""), frame(TEXT, "y"))
        assert [peer.text() for _ in range(5)] == ["'x'", "end", "end", "'y'", "end"]
        peer.send(frame(TEXT, b"\xff", final=False))
        assert peer.closing()[0] == 1007


def test_streaming_begins_within_a_message(loop_kind) -> None:
    async def handler(request, ws):
        request.app.ctx.go = asyncio.Event()
        assert await ws.recv(0.01) is None
        await request.app.ctx.go.wait()
        async for piece in ws.recv_streaming():
            await ws.send(repr(piece))
        await ws.send(repr(await ws.recv()))

    with serve(handler, loop_kind) as server, Peer(server.port) as peer:
        peer.send(frame(TEXT, b"a", final=False), frame(CONTINUATION, b"b\xc3", final=False))
        peer.send(frame(PING))
        assert peer.receive().opcode == PONG
        server.call(lambda: server.app.ctx.go.set())
        assert peer.text() == "'ab'"
        peer.send(frame(CONTINUATION, b"\xa9", final=False))
        assert peer.text() == "'é'"
        peer.send(frame(CONTINUATION), frame(TEXT, "next"))
        assert peer.text() == "'next'"


@pytest.mark.parametrize("read", [0, 1, 2])
def test_stream_left_early(loop_kind, read) -> None:
    async def handler(request, ws):
        stream = ws.recv_streaming()
        for _ in range(read):
            await stream.__anext__()
        await stream.aclose()
        await ws.send(repr(await ws.recv()))

    with serve(handler, loop_kind) as server, Peer(server.port) as peer:
        peer.send(frame(TEXT, "a", final=False), frame(CONTINUATION, "b", final=False))
        peer.send(frame(CONTINUATION, "c"), frame(TEXT, "next"))
        # A generator that was never begun took nothing of the message.
        assert peer.text() == ("'next'" if read else "'abc'")


# -- pings


def test_ping(loop_kind, events) -> None:
    async def handler(request, ws):
        pongs = [await ws.ping("a"), await ws.ping(b"b"), await ws.ping()]
        assert [len(data) for data in ws.pings] == [1, 1, 4]
        events.put(await raised(ws.ping("a")))
        await pongs[1]
        events.put([pong.done() for pong in pongs[:2]])
        pongs[2].cancel()
        events.put(await raised(ws.ping(3)))
        events.put("ProtocolError" in await raised(ws.ping("x" * 126)))
        await ws.recv()
        await ws.pong("late")

    with serve(handler, loop_kind) as server, Peer(server.port) as peer:
        sent = [peer.receive() for _ in range(3)]
        assert [each.opcode for each in sent] == [PING] * 3
        assert [each.payload for each in sent[:2]] == [b"a", b"b"]
        peer.send(frame(PONG, "unknown"), frame(PONG, "b"), frame(PONG, sent[2].payload))
        peer.send(frame(TEXT))
        got = peer.receive()
        assert (got.opcode, got.payload) == (PONG, b"late")
    assert events.all() == [
        "ValueError('already waiting for a pong with the same data')",
        [True, True],
        "TypeError('Websocket data must be bytes, str.')",
        True,
    ]


def test_ping_that_is_never_answered(loop_kind, events) -> None:
    async def handler(request, ws):
        pong = await ws.ping()
        try:
            await ws.recv()
        finally:
            await ws.wait_for_connection_lost()
            events.put(type(pong.exception()).__name__)

    with serve(handler, loop_kind) as server:
        with Peer(server.port) as peer:
            peer.receive()
        assert events.get() == "ConnectionClosedError"


# -- after the end


def test_closed(loop_kind, events) -> None:
    async def handler(request, ws):
        events.put("begun")
        try:
            await ws.recv()
        except asyncio.CancelledError:
            await ws.wait_for_connection_lost()
            for name in ("recv", "recv_burst", "ping"):
                events.put(await raised(getattr(ws, name)()))
            events.put(await raised(ws.recv(0)))
            events.put(await raised(ws.send("x")))
            events.put(await raised(ws.recv_streaming().__anext__()))
            events.put([await ws.pong(), await ws.close(), ws.fail_connection()])
            events.put(int(ws.ws_proto.state))
            raise

    with serve(handler, loop_kind) as server, Peer(server.port) as peer:
        assert events.get() == "begun"
        peer.send(close_frame(1000))
        assert peer.closing() == (1000, "")
        assert peer.ended()
        read = repr(WebsocketClosed("Cannot receive from websocket interface after it is closed."))
        assert [events.get(), events.get()] == [read, read]
        text = "Cannot send a ping when the websocket interface is closed."
        assert events.get() == repr(WebsocketClosed(text))
        assert events.get() == read
        text = "Cannot write to websocket interface after it is closed."
        assert events.get() == repr(WebsocketClosed(text))
        assert events.get() == read
        assert events.get() == [None, None, True]
        assert events.get() == 3


def test_parameters_of_the_route(loop_kind) -> None:
    app = make_app("ws")

    @app.websocket("/<number:int>/<name>")
    async def handler(request, ws, number, name):
        await ws.send(f"{number + 1} {name} {request.args.get('q')}")

    with ServerThread(app, loop_kind) as server, Peer(server.port, "/4/x?q=1") as peer:
        assert peer.text() == "5 x 1"
