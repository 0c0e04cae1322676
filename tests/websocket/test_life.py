"""How a websocket ends, and what the application learns of it."""

from __future__ import annotations

import asyncio
import logging

import pytest

from sanic_fast.exceptions import NotFound
from tests.websocket.kit import TEXT, Peer, close_frame, frame, handshake
from tests.wire.kit.serve import ServerThread, make_app

BEFORE, AFTER, EXCEPTION = "before", "after", "exception"


def watched(events, handler):
    """An app with this handler at `/` whose websocket signals and end of the handler are events."""
    app = make_app("ws")

    @app.signal("websocket.handler.before")
    async def before(request, websocket):
        events.put(BEFORE)

    @app.signal("websocket.handler.after")
    async def after(request, websocket):
        events.put(AFTER)

    @app.signal("websocket.handler.exception")
    async def failed(request, websocket, exception):
        events.put((EXCEPTION, repr(exception)))

    @app.websocket("/")
    async def outer(request, ws):
        events.put("in")
        try:
            await handler(request, ws)
        except asyncio.CancelledError:
            events.put("cancelled")
            raise
        finally:
            events.put("left")

    @app.signal("http.lifecycle.complete")
    async def complete(conn_info):
        events.put(("complete", len(app.websocket_tasks), conn_info.lost))

    return app


def entered(events) -> None:
    """Wait until the handler runs."""
    assert [events.get(), events.get()] == [BEFORE, "in"]


def history(events) -> list:
    """What happened until the connection was over."""
    seen = []
    while not (seen and seen[-1][0] == "complete"):
        seen.append(events.get())
    assert seen.pop() == ("complete", 0, True)
    return seen


async def receive(request, ws):
    async for _ in ws:
        pass


def receive_all(events):
    async def handler(request, ws):
        while True:
            events.put(await ws.recv())

    return handler


async def returns(request, ws):
    pass


async def raises(request, ws):
    raise ValueError("boo")


async def is_not_found(request, ws):
    raise NotFound("nothing")


async def cancels_itself(request, ws):
    raise asyncio.CancelledError


async def closes(request, ws):
    async for _ in ws:
        await ws.close(4000, "bye")
        await ws.close(4001, "again")


async def closes_and_returns(request, ws):
    await ws.close(4000, "bye")


async def ends(request, ws):
    ws.end_connection(4002)
    await ws.recv()


async def fails(request, ws):
    assert ws.fail_connection(1011, "f") is False
    await asyncio.sleep(30)


async def sleeps(request, ws):
    await asyncio.sleep(30)


CANCELLED = ["cancelled", "left"]
# name, handler, what the client sends, close frame it gets, what happens
ENDS = [
    ("returns", returns, b"", (1000, ""), ["left", AFTER]),
    ("raises", raises, b"", (1000, ""), ["left", (EXCEPTION, "ValueError('boo')")]),
    ("http", is_not_found, b"", (1000, ""), ["left", (EXCEPTION, "NotFound('nothing')")]),
    ("cancels itself", cancels_itself, b"", (1000, ""), CANCELLED),
    ("closes", closes, frame(TEXT), (4000, "bye"), CANCELLED),
    ("closes and returns", closes_and_returns, b"", (4000, "bye"), ["left", AFTER]),
    ("ends", ends, b"", (4002, ""), CANCELLED),
    ("fails", fails, b"", (1011, "f"), CANCELLED),
    ("client closes", receive, close_frame(1000), (1000, ""), CANCELLED),
    ("client goes", receive, close_frame(1001, "away"), (1001, "away"), CANCELLED),
    ("client closes meanwhile", sleeps, close_frame(4444), (4444, ""), CANCELLED),
    ("client breaks the rules", sleeps, b"\xff\xff\xff\xff", (1002, None), CANCELLED),
]


@pytest.mark.parametrize(
    ("handler", "data", "closing", "happens"), [r[1:] for r in ENDS], ids=[r[0] for r in ENDS]
)
@pytest.mark.parametrize("answers", [True, False])
def test_end(loop_kind, events, handler, data, closing, happens, answers) -> None:
    with ServerThread(watched(events, handler), loop_kind) as server:
        with Peer(server.port) as peer:
            entered(events)
            peer.send(data)
            code, reason = peer.closing()
            assert code == closing[0]
            assert closing[1] in (reason, None)
            if answers:
                try:
                    peer.send(close_frame(code, reason))
                except ConnectionError:
                    pass
                assert peer.ended()
        assert history(events) == happens
        assert server.connections == 0


@pytest.mark.parametrize("leave", ["frame", "close", "reset"])
@pytest.mark.parametrize("handler", [receive, sleeps])
def test_client_leaves_before_the_handler_begins(loop_kind, events, leave, handler) -> None:
    """The handler has its first step all the same, so what it cleans up is cleaned up."""
    app = watched(events, handler)

    @app.signal("websocket.handler.before")
    async def slow(request, websocket):
        if leave == "frame":
            await asyncio.sleep(0.01)
        else:
            await websocket.wait_for_connection_lost()

    with ServerThread(app, loop_kind) as server:
        with Peer(server.port) as peer:
            if leave == "frame":
                peer.send(close_frame(1000))
                assert peer.closing() == (1000, "")
            elif leave == "reset":
                peer.reset()
        assert history(events) == [BEFORE, "in", *CANCELLED]
        assert server.connections == 0


@pytest.mark.parametrize("leave", ["close", "reset"])
@pytest.mark.parametrize("handler", [receive, sleeps])
def test_client_disappears(loop_kind, events, leave, handler) -> None:
    with ServerThread(watched(events, handler), loop_kind) as server:
        peer = Peer(server.port)
        entered(events)
        peer.reset() if leave == "reset" else peer.sock.close()
        assert history(events) == CANCELLED
        assert server.connections == 0


def test_handler_error_is_logged_and_reported_once(loop_kind, events, caplog) -> None:
    app = watched(events, raises)
    reported = []
    app.catch_exception(lambda app, exception: reported.append(repr(exception)))
    with ServerThread(app, loop_kind) as server, Peer(server.port) as peer:
        assert peer.closing() == (1000, "")
        peer.send(close_frame(1000))
        assert peer.ended()
        history(events)
    assert reported == ["ValueError('boo')"]
    assert [r.message for r in caplog.records if r.name == "sanic.error"] == [
        "Exception occurred while handling uri: 'ws://test/'"
    ]


def test_quiet_error_is_not_logged(loop_kind, events, caplog) -> None:
    with ServerThread(watched(events, is_not_found), loop_kind) as server:
        with Peer(server.port) as peer:
            assert peer.closing() == (1000, "")
        history(events)
    assert [r for r in caplog.records if r.name == "sanic.error"] == []


def test_failing_signal_handler_closes(loop_kind, caplog) -> None:
    app = make_app("ws")

    @app.signal("websocket.handler.before")
    async def before(request, websocket):
        raise ValueError("before")

    @app.websocket("/")
    async def handler(request, ws):
        raise AssertionError("not reached")

    with ServerThread(app, loop_kind) as server, Peer(server.port) as peer:
        assert peer.closing() == (1000, "")
        peer.send(close_frame(1000))
        assert peer.ended()
    assert "Exception occurred while handling uri: 'ws://test/'" in caplog.text


def test_cleanup_is_not_interrupted(loop_kind, events) -> None:
    async def handler(request, ws):
        try:
            await ws.recv()
        finally:
            await ws.wait_for_connection_lost()
            await asyncio.sleep(0.05)
            events.put("cleaned")

    with ServerThread(watched(events, handler), loop_kind) as server:
        with Peer(server.port) as peer:
            entered(events)
            peer.send(close_frame(1000))
            assert peer.closing() == (1000, "")
        assert history(events)[0] == "cleaned"


def test_other_task_that_receives_is_cancelled(loop_kind, events) -> None:
    async def handler(request, ws):
        other = asyncio.ensure_future(ws.recv())
        try:
            await asyncio.sleep(30)
        finally:
            await asyncio.wait([other])
            events.put(f"other: {other.cancelled()}")

    with ServerThread(watched(events, handler), loop_kind) as server:
        with Peer(server.port) as peer:
            entered(events)
            peer.send(close_frame(1000))
            assert peer.closing() == (1000, "")
        assert history(events)[0] == "other: True"


def test_messages_before_a_close_are_received(loop_kind, events) -> None:
    async def handler(request, ws):
        async for message in ws:
            await asyncio.sleep(0.01)
            await ws.send(message)

    with ServerThread(watched(events, handler), loop_kind) as server, Peer(server.port) as peer:
        peer.send(*(frame(TEXT, letter) for letter in "abc"), close_frame(1000))
        # The last one is being worked on when the close frame behind it is found.
        assert [peer.text(), peer.text()] == ["a", "b"]
        assert peer.closing() == (1000, "")


def test_immediate_answer_to_the_last_message(loop_kind, app) -> None:
    with ServerThread(app, loop_kind) as server:
        for _ in range(5):
            with Peer(server.port, None) as peer:
                peer.send(handshake(), frame(TEXT, "a"), frame(TEXT, "b"), close_frame(1000))
                assert peer.answer().status == 101
                assert [peer.text(), peer.text()] == ["a", "b"]
                assert peer.closing() == (1000, "")
                assert peer.ended()


def test_end_behind_messages(loop_kind, events) -> None:
    """A client that sends and goes without a close frame: what came before is received."""

    async def handler(request, ws):
        await asyncio.sleep(0.1)
        while True:
            events.put(await ws.recv())

    with ServerThread(watched(events, handler), loop_kind) as server:
        with Peer(server.port) as peer:
            peer.send(frame(TEXT, "a"), frame(TEXT, "b"))
        assert history(events) == [BEFORE, "in", "a", "b", *CANCELLED]


def test_messages_of_a_client_that_leaves_before_the_handler_begins(loop_kind, events) -> None:
    app = watched(events, receive_all(events))

    @app.signal("websocket.handler.before")
    async def slow(request, websocket):
        await asyncio.sleep(0.05)

    with ServerThread(app, loop_kind) as server:
        with Peer(server.port, None) as peer:
            peer.send(handshake(), frame(TEXT, "a"), frame(TEXT, "b"))
        assert history(events) == [BEFORE, "in", "a", "b", *CANCELLED]


def test_close_that_is_never_answered(loop_kind, events, caplog) -> None:
    app = make_app("ws")

    @app.websocket("/")
    async def handler(request, ws):
        ws.close_timeout = 0.1
        await ws.close()
        events.put(await ws.wait_for_connection_lost(0.01))
        try:
            events.put(await ws.wait_for_connection_lost())
        except asyncio.CancelledError:
            events.put(await ws.wait_for_connection_lost(0))

    with ServerThread(app, loop_kind) as server, Peer(server.port) as peer:
        assert peer.closing() == (1000, "")
        peer.send(frame(TEXT, "still here"))
        assert peer.ended()
        assert [events.get(), events.get()] == [False, True]
    text = "Timeout waiting for TCP connection to close. Aborting"
    assert ("sanic.websockets", logging.WARNING, text) in caplog.record_tuples


def test_abort(loop_kind, events) -> None:
    async def handler(request, ws):
        await ws.close(1006)
        await asyncio.sleep(30)

    with ServerThread(watched(events, handler), loop_kind) as server, Peer(server.port) as peer:
        assert peer.ended()
        assert history(events) == [BEFORE, "in", *CANCELLED]


# -- the server stops


def test_stop_ends_handlers(loop_kind, events) -> None:
    with ServerThread(watched(events, receive), loop_kind) as server:
        with Peer(server.port) as peer:
            entered(events)
            server.call(lambda: server.stop.set())
            assert peer.closing() == (1001, "")
            peer.send(close_frame(1000))
            assert peer.ended()
        assert history(events) == CANCELLED


def test_stop_tells_websockets_whose_handler_goes_on(loop_kind, events) -> None:
    async def handler(request, ws):
        try:
            await asyncio.sleep(30)
        except asyncio.CancelledError:
            await ws.wait_for_connection_lost()

    with ServerThread(watched(events, handler), loop_kind) as server, Peer(server.port) as peer:
        entered(events)
        server.call(lambda: server.stop.set())
        assert peer.closing() == (1001, "")
        peer.send(close_frame(1001))
        assert peer.ended()


def test_stop_does_not_wait_for_ever(loop_kind, events) -> None:
    app = watched(events, receive)
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = 0.3
    with ServerThread(app, loop_kind) as server, Peer(server.port) as peer:
        entered(events)
        server.call(lambda: server.stop.set())
        assert peer.closing() == (1001, "")
        assert peer.ended()


def test_websockets_can_be_switched_off(loop_kind) -> None:
    app = make_app("ws")

    @app.websocket("/")
    async def handler(request, ws):
        raise AssertionError("not reached")

    app.enable_websocket(False)
    with ServerThread(app, loop_kind) as server, Peer(server.port, None) as peer:
        peer.send(handshake())
        assert peer.answer().status == 500
