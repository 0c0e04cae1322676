"""The client behind `app.asgi_client`."""

from __future__ import annotations

import asyncio

import pytest

from sanic_fast import Sanic, json, text
from sanic_fast.exceptions import WebsocketClosed
from sanic_fast.testing import ReusableClient, TestManager


def test_requests_one_after_the_other() -> None:
    app = Sanic("asgi_client", configure_logging=False)
    seen = []

    @app.before_server_start
    async def start(app):
        seen.append("start")

    @app.after_server_stop
    async def stop(app):
        seen.append("stop")

    @app.post("/")
    async def echo(request):
        return json(request.json)

    async def use() -> None:
        client = app.asgi_client
        request, response = await client.post("/", json={"a": 1})
        assert (response.status, response.json) == (200, {"a": 1})
        assert (request.method, request.json, request.app) == ("POST", {"a": 1}, app)
        request, response = await client.get("/nothing")
        assert (response.status, request.path) == (404, "/nothing")
        app.add_route(lambda request: text("new"), "/new", name="new")
        request, response = await client.request("GET", "/new", gather_request=False)
        assert (request, response.text) == (None, "new")

    asyncio.run(use())
    assert seen == ["start", "stop"] * 3
    assert app.asgi_client is app._asgi_client


def test_both_clients_of_a_manager() -> None:
    app = Sanic("asgi_manager", configure_logging=False)
    manager = TestManager(app)

    @app.get("/")
    async def mode(request):
        return text(str(app.asgi))

    assert app.asgi_client is manager.asgi_client
    assert asyncio.run(app.asgi_client.get("/"))[1].text == "True"
    assert app.test_client.get("/")[1].text == "False"
    assert asyncio.run(app.asgi_client.get("/"))[1].text == "True"


def test_websocket_with_a_client_that_talks() -> None:
    app = Sanic("asgi_websocket", configure_logging=False)
    seen = []

    @app.before_server_start
    async def start(app):
        seen.append("start")

    @app.websocket("/echo/<name>", subprotocols=["b", "a"])
    async def echo(request, ws, name):
        await ws.send(f"{name} {ws.subprotocol} {request.args} {request.headers['x-a']}")
        async for message in ws:
            await ws.send(message)
        seen.append("end")

    async def talk(ws):
        assert await ws.recv() == "me a {'q': ['1']} b"
        await ws.send("text")
        await ws.send(b"bytes")
        assert [await ws.recv(), await ws.recv()] == ["text", b"bytes"]

    async def use() -> None:
        request, response = await app.asgi_client.websocket(
            "/echo/me?q=1", ["a"], mimic=talk, headers={"x-a": "b"}
        )
        assert request.path == "/echo/me"
        assert response == {
            "opened": True,
            "subprotocol": "a",
            "client_sent": ["text", b"bytes"],
            "client_received": ["me a {'q': ['1']} b", "text", b"bytes"],
        }

    asyncio.run(use())
    assert seen == ["start", "end"]


def test_websocket_that_is_refused_or_ends() -> None:
    app = Sanic("asgi_websocket_end", configure_logging=False)

    @app.websocket("/once")
    async def once(request, ws):
        await ws.send("once")

    async def read(ws):
        assert [message async for message in ws] == ["once"]
        with pytest.raises(WebsocketClosed):
            await ws.recv()

    async def use() -> None:
        request, response = await app.asgi_client.websocket("/nothing", mimic=read)
        assert (request.path, response["opened"]) == ("/nothing", False)
        assert (await app.asgi_client.websocket("/once"))[1]["client_received"] == ["once"]
        assert (await app.asgi_client.websocket("/once", mimic=read))[1]["opened"]

    asyncio.run(use())


def test_websocket_of_the_other_clients() -> None:
    app = Sanic("client_websocket", configure_logging=False)

    @app.websocket("/echo", subprotocols=["b", "a"])
    async def echo(request, ws):
        async for message in ws:
            if message == "":
                break
            await ws.send(message)

    async def talk(ws):
        await ws.send("text")
        assert await ws.recv() == "text"

    def check(client) -> None:
        request, response = client.websocket(
            "/echo", mimic=talk, subprotocols=["a"], extra_headers={"x-a": "b"}
        )
        assert request.headers["x-a"] == "b"
        assert (response.opened, response.subprotocol) == (True, "a")
        assert response.client_sent == response.server_received == ["text", ""]
        assert response.client_received == response.server_sent == ["text"]

    check(app.test_client)
    with pytest.raises(ValueError, match="404"):
        app.test_client.websocket("/nothing")
    with ReusableClient(app) as client:
        check(client)
