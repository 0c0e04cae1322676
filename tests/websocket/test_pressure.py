"""Neither side can make the server hold more than a little, or wait for ever."""

from __future__ import annotations

import asyncio
import gc
import resource
import socket
from weakref import ref

import pytest

from tests.websocket.kit import (
    BINARY,
    CONTINUATION,
    PING,
    TEXT,
    Peer,
    close_frame,
    frame,
)
from tests.wire.kit import ServerThread, make_app, wait_until
from tests.wire.kit.client import PATIENCE

MIB = 2**20


def serve(handler, kind: str = "uvloop", **config):
    """An app whose websocket at `/` is this handler."""
    app = make_app("ws", **config)
    app.add_websocket_route(handler, "/")
    return ServerThread(app, kind)


def send_until_blocked(peer: Peer, data: bytes, most: int) -> int:
    """Send the same bytes again and again until the server takes no more; how many it took."""
    peer.sock.settimeout(0.3)
    view = memoryview(data)
    sent = 0
    try:
        while sent < most:
            sent += peer.sock.send(view[sent % len(data) :])
    except TimeoutError:
        pass
    finally:
        peer.sock.settimeout(PATIENCE)
    return sent


def test_messages_nobody_receives_stay_in_the_network(loop_kind, events) -> None:
    async def handler(request, ws):
        first = await ws.recv()
        events.put(len(first))
        go = asyncio.get_running_loop().create_future()
        request.app.ctx.go = go
        await go
        count = 1
        while await ws.recv() != "end":
            count += 1
        events.put(count)

    with serve(handler, loop_kind) as server, Peer(server.port) as peer:
        message = frame(BINARY, bytes(100_000))
        sent = send_until_blocked(peer, message, 60 * MIB)
        assert events.get() == 100_000
        assert sent < 50 * MIB, "the server took what nobody receives"

        def held() -> int:
            (connection,) = server.server.connections
            ws = connection.websocket
            return len(ws._input) + sum(map(len, ws.assembler._ready))

        assert server.call(held) < 2 * MIB
        server.call(lambda: server.app.ctx.go.set_result(None))
        peer.send(message[sent % len(message) :], frame(TEXT, "end"))
        assert events.get() == sent // len(message) + 1


def test_small_messages_are_kept_as_bytes(loop_kind, events) -> None:
    """A read may hold ten thousand frames; objects are made of them one by one."""

    async def handler(request, ws):
        request.app.ctx.go = asyncio.Event()
        events.put(ws)
        await request.app.ctx.go.wait()
        count = 0
        while (await ws.recv()) != "end":
            count += 1
        events.put(count)

    with serve(handler, loop_kind) as server, Peer(server.port) as peer:
        ready = events.get().assembler._ready
        peer.send(frame(TEXT, "x") * 20_000, frame(TEXT, "end"))
        wait_until(lambda: server.call(lambda: len(ready)))
        assert server.call(lambda: len(ready)) == 1
        server.call(lambda: server.app.ctx.go.set())
        assert events.get() == 20_000


@pytest.mark.parametrize("payload", [b"", b"x"])
def test_fragments_are_kept_as_one_buffer(loop_kind, payload) -> None:
    async def handler(request, ws):
        message = await ws.recv()
        await ws.send(str(len(message)))

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with serve(handler, loop_kind) as server, Peer(server.port) as peer:
        peer.send(frame(TEXT, payload, final=False))
        block = frame(CONTINUATION, payload, final=False) * 1000
        for _ in range(50):
            peer.send(block)
        peer.send(frame(CONTINUATION))
        assert peer.text() == str(50_001 * len(payload))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30_000  # KiB


def test_send_waits_for_a_slow_reader(loop_kind, events) -> None:
    async def handler(request, ws):
        for number in range(200):
            request.app.ctx.sent = number
            await ws.send(bytes(100_000))
        events.put("all sent")

    with serve(handler, loop_kind) as server, Peer(server.port, receive_buffer=65536) as peer:
        for _ in range(20):
            before = server.call(lambda: getattr(server.app.ctx, "sent", 0))
        assert peer.receive().payload == bytes(100_000)
        assert before < 150, "the server queued what is not read"
        for _ in range(199):
            assert len(peer.receive().payload) == 100_000
        assert events.get() == "all sent"
        assert peer.closing() == (1000, "")


def test_every_sender_goes_on(loop_kind) -> None:
    async def handler(request, ws):
        async def sender(letter):
            for _ in range(20):
                await ws.send(letter * 50_000)

        async def impatient():
            try:
                await asyncio.wait_for(ws.send("z" * 50_000), 0.01)
            except asyncio.TimeoutError:
                pass

        await asyncio.gather(*(sender(letter) for letter in "abcd"), impatient(), impatient())

    with serve(handler, loop_kind) as server, Peer(server.port, receive_buffer=65536) as peer:
        count = dict.fromkeys("abcdz", 0)
        while (got := peer.receive()).opcode == TEXT:
            count[chr(got.payload[0])] += 1
        assert count == {"a": 20, "b": 20, "c": 20, "d": 20, "z": 2}


def test_sender_learns_that_the_reader_is_gone(loop_kind, events) -> None:
    async def handler(request, ws):
        async def sender():
            while True:
                await ws.send(bytes(100_000))

        other = asyncio.ensure_future(sender())
        try:
            await sender()
        finally:
            await asyncio.wait([other])
            events.put(type(other.exception()).__name__)

    with serve(handler, loop_kind) as server:
        peer = Peer(server.port, receive_buffer=65536)
        peer.receive()
        peer.reset()
        assert events.get() == "WebsocketClosed"


@pytest.mark.slow
def test_pings_of_a_peer_that_does_not_read(loop_kind) -> None:
    """Pongs do not pile up: while the peer does not read only the last one is kept."""

    async def handler(request, ws):
        await ws.recv()
        await ws.send("end")

    with serve(handler, loop_kind) as server, Peer(server.port, receive_buffer=4096) as peer:
        block = b"".join(frame(PING, f"{n:0125}") for n in range(1000))
        sent = 0
        while sent < 12 * MIB:
            peer.send(block)  # the server goes on reading
            sent += len(block)

        def unsent() -> int:
            (connection,) = server.server.connections
            return connection.transport.get_write_buffer_size()

        assert server.call(unsent) < MIB
        peer.send(frame(PING, "the last"), frame(TEXT))
        payloads = [b""]
        while not {b"end", b"the last"} <= set(payloads[-2:]):
            payloads.append(peer.receive().payload)
        assert len(payloads) < sent // 131


def test_close_of_a_peer_that_does_not_read(loop_kind, events) -> None:
    async def handler(request, ws):
        ws.close_timeout = 0.2
        for _ in range(20):
            events.put(ws.io_proto)
            asyncio.ensure_future(ws.send(bytes(MIB))).add_done_callback(lambda f: f.exception())
            await asyncio.sleep(0)
        await ws.close()

    with serve(handler, loop_kind) as server, Peer(server.port, receive_buffer=4096):
        protocol = events.get()

        async def lost() -> bool:
            return await protocol.websocket.wait_for_connection_lost(PATIENCE)

        assert asyncio.run_coroutine_threadsafe(lost(), server.loop).result(PATIENCE)


def test_one_flooding_client_leaves_turns_to_others(loop_kind, app) -> None:
    with ServerThread(app, loop_kind) as server:
        with Peer(server.port) as flood, Peer(server.port) as polite:
            flood.sock.setblocking(False)
            block = frame(TEXT, "x") * 1000
            for _ in range(50):
                try:
                    flood.sock.send(block)
                except BlockingIOError:
                    pass
                polite.send(frame(TEXT, "hello"))
                assert polite.text() == "hello"


def test_many_connections(loop_kind, app) -> None:
    with ServerThread(app, loop_kind) as server:
        peers = [Peer(server.port) for _ in range(150)]
        wait_until(lambda: server.connections == 150)
        for number, peer in enumerate(peers):
            peer.send(frame(TEXT, str(number)))
        assert [peer.text() for peer in peers] == [str(n) for n in range(150)]
        for number, peer in enumerate(peers):
            if number % 3 == 0:
                peer.reset()
            elif number % 3 == 1:
                peer.sock.close()
            else:
                peer.send(close_frame(1000))
                assert peer.closing() == (1000, "")
                assert peer.ended()
                peer.sock.close()
        wait_until(lambda: not server.connections)
        wait_until(lambda: not server.call(lambda: len(server.app.websocket_tasks)))


def test_nothing_is_left_of_a_connection(loop_kind, events) -> None:
    async def handler(request, ws):
        events.put(ws)
        async for message in ws:
            await ws.send(message)

    with serve(handler, loop_kind) as server:
        gone = []
        for n in range(3):
            with Peer(server.port) as peer:
                peer.send(frame(TEXT, "x"))
                assert peer.text() == "x"
                gone.append(ref(events.get()))
                if n:
                    peer.send(close_frame(1000))
                    assert peer.closing() == (1000, "")
        wait_until(lambda: not server.connections)

        def left() -> list:
            gc.collect()
            return [each() for each in gone if each() is not None]

        wait_until(lambda: not server.call(left))


def test_half_closed_client(loop_kind, app) -> None:
    with ServerThread(app, loop_kind) as server, Peer(server.port) as peer:
        peer.send(frame(TEXT, "last words"))
        assert peer.text() == "last words"
        peer.sock.shutdown(socket.SHUT_WR)
        assert peer.ended()
