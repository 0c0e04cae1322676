"""Keepalive pings. The waits are short, but nothing here depends on how short."""

from __future__ import annotations

import asyncio
import logging

import pytest

from tests.websocket.kit import PING, PONG, TEXT, Peer, close_frame, frame, handshake
from tests.wire.kit import ServerThread, make_app, paced


def serve(handler, kind: str, interval: float | None, timeout: float | None):
    app = make_app("ws", WEBSOCKET_PING_INTERVAL=interval, WEBSOCKET_PING_TIMEOUT=timeout)
    app.add_websocket_route(handler, "/")
    return ServerThread(app, kind)


async def echo(request, ws):
    async for message in ws:
        await ws.send(message)


def test_answered_pings_go_on(loop_kind) -> None:
    with serve(echo, loop_kind, 0.02, 20) as server, Peer(server.port) as peer:
        seen = set()
        for _ in range(4):
            got = peer.receive()
            assert got.opcode == PING
            assert len(got.payload) == 4
            seen.add(got.payload)
            peer.send(frame(PONG, got.payload))
        assert len(seen) > 1
        peer.send(close_frame(1000))
        while (got := peer.receive()).opcode == PING:
            pass
        assert got.closing == (1000, "")


@pytest.mark.parametrize("handler_sleeps", [False, True])
def test_missed_pong(loop_kind, caplog, events, handler_sleeps) -> None:
    async def handler(request, ws):
        try:
            await (asyncio.sleep(60) if handler_sleeps else ws.recv())
        except asyncio.CancelledError:
            events.put("cancelled")
            raise

    with serve(handler, loop_kind, 0.02, 0.05) as server, Peer(server.port) as peer:
        assert peer.receive().opcode == PING
        assert peer.closing() == (1011, "keepalive ping timeout")
        assert peer.ended()
        assert events.get() == "cancelled"
    text = "Websocket timed out waiting for pong"
    assert ("sanic.websockets", logging.WARNING, text) in caplog.record_tuples


def test_no_timeout(loop_kind) -> None:
    async def handler(request, ws):
        await ws.recv()
        await ws.send(str(len(ws.pings)))

    with serve(handler, loop_kind, 0.01, None) as server, Peer(server.port) as peer:
        for _ in range(5):
            assert peer.receive().opcode == PING
        peer.send(frame(TEXT))
        while (got := peer.receive()).opcode == PING:
            pass
        assert got.payload == b"0"


@pytest.mark.parametrize("interval", [None, 0])
def test_no_pings(loop_kind, interval) -> None:
    async def handler(request, ws):
        await asyncio.sleep(0.2)
        await ws.send("end")

    with serve(handler, loop_kind, interval, 0.01) as server, Peer(server.port) as peer:
        assert peer.text() == "end"


def test_pong_behind_messages_nobody_received_yet(loop_kind) -> None:
    async def handler(request, ws):
        request.app.ctx.go = asyncio.Event()
        await request.app.ctx.go.wait()
        await ws.send(await ws.recv())
        await ws.send(await ws.recv())

    with serve(handler, loop_kind, 0.05, 0.05) as server, Peer(server.port, None) as peer:
        # In one piece: the server never waits for a pong without these before it.
        peer.send(handshake(), frame(TEXT, "one"), frame(TEXT, "two"))
        assert peer.answer().status == 101
        for _ in range(3):
            got = peer.receive()
            assert got.opcode == PING
            peer.send(frame(PONG, got.payload))
        server.call(lambda: server.app.ctx.go.set())
        while (got := peer.receive()).opcode == PING:
            pass
        assert got.payload == b"one"


def test_http_timeouts_are_off(loop_kind) -> None:
    app = make_app("ws", REQUEST_TIMEOUT=0.2, RESPONSE_TIMEOUT=0.2, KEEP_ALIVE_TIMEOUT=0.2)

    @app.websocket("/")
    async def handler(request, ws):
        await ws.send(str(await ws.recv(timeout=0.6)))
        async for message in ws:
            await ws.send(message)

    with ServerThread(app, loop_kind) as server:

        def talk() -> None:
            with Peer(server.port) as peer:
                assert peer.text() == "None"
                peer.send(frame(TEXT, "still"))
                assert peer.text() == "still"

        paced(talk, 0.6, 0.15)  # the handshake itself must not be late
