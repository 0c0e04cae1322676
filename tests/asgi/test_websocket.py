"""Websockets over the ASGI callables."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from sanic_fast import Sanic
from sanic_fast.exceptions import WebsocketClosed
from sanic_fast.server.websockets.connection import WebSocketConnection

CONNECT, GONE = {"type": "websocket.connect"}, {"type": "websocket.disconnect", "code": 1001}
CLOSE = {"type": "websocket.close", "code": 1000, "reason": ""}


@pytest.fixture
def app() -> Sanic:
    return Sanic(f"ws{id(object())}", configure_logging=False)


def run(
    app: Sanic, *messages: dict[str, Any], path: str = "/", **changes: Any
) -> list[dict[str, Any]]:
    left, sent = [CONNECT, *messages], []

    async def receive() -> dict[str, Any]:
        return left.pop(0)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "websocket",
        "http_version": "1.1",
        "scheme": "ws",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"host", b"example.com"), (b"upgrade", b"websocket")],
        "client": ("192.0.2.1", 4711),
        "subprotocols": ["a", "b"],
        **changes,
    }
    asyncio.run(app(scope, receive, send))
    return sent


def test_messages_of_both_kinds(app: Sanic) -> None:
    @app.websocket("/")
    async def echo(request, ws):
        assert request.scheme == "ws"
        for _ in range(2):
            await ws.send(await ws.recv())

    text = {"type": "websocket.receive", "text": "t", "bytes": None}
    data = {"type": "websocket.receive", "bytes": b"d"}
    assert run(app, text, data) == [
        {"type": "websocket.accept", "subprotocol": None},
        {"type": "websocket.send", "text": "t"},
        {"type": "websocket.send", "bytes": b"d"},
        CLOSE,
    ]


def test_first_subprotocol_of_the_route_that_was_offered(app: Sanic) -> None:
    @app.websocket("/", subprotocols=["x", "b"])
    async def handler(request, ws):
        assert ws.subprotocols == ["a", "b"]

    assert run(app)[0] == {"type": "websocket.accept", "subprotocol": "b"}


def test_disconnect_is_none_and_then_an_error(app: Sanic) -> None:
    seen = []

    @app.websocket("/")
    async def handler(request, ws):
        seen.append(await ws.receive())
        for call in (ws.recv(), ws.send("late")):
            with pytest.raises(WebsocketClosed):
                await call
        seen.append("end")

    assert len(run(app, GONE)) == 1
    assert seen == [None, "end"]


def test_failing_handler_closes(app: Sanic) -> None:
    @app.websocket("/")
    async def handler(request, ws):
        raise ValueError("boom")

    assert run(app)[1:] == [CLOSE]


def test_refusal(app: Sanic) -> None:
    @app.websocket("/")
    async def handler(request, ws):
        raise AssertionError("not reached")

    assert run(app, path="/nothing") == [CLOSE]
    answer = run(app, path="/nothing", extensions={"websocket.http.response": {}})
    assert [m["type"] for m in answer] == [
        "websocket.http.response.start",
        "websocket.http.response.body",
    ]
    assert answer[0]["status"] == 404


def test_http_request_for_a_websocket_route(app: Sanic) -> None:
    @app.websocket("/")
    async def handler(request, ws):
        raise AssertionError("not reached")

    assert run(app, type="http", method="GET")[0]["status"] == 400


def test_only_text_and_bytes_are_sent() -> None:
    async def nothing(*message: Any) -> Any:
        raise AssertionError("not reached")

    with pytest.raises(TypeError, match="str"):
        asyncio.run(WebSocketConnection(nothing, nothing).send({"a": 1}))


def test_recv_gives_none_after_its_timeout_and_loses_nothing() -> None:
    async def use() -> None:
        messages: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        ws = WebSocketConnection(messages.put, messages.get)
        assert await ws.recv(0.001) is None
        assert await ws.recv(timeout=0.001) is None
        await messages.put({"type": "websocket.receive", "text": "late"})
        assert await ws.recv(timeout=20) == "late"
        await messages.put({"type": "websocket.receive", "text": "next"})
        await messages.put({"type": "websocket.disconnect", "code": 1000})
        assert [message async for message in ws] == ["next"]

    asyncio.run(use())
