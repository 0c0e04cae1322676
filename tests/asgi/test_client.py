"""The client behind `app.asgi_client`."""

from __future__ import annotations

import asyncio

from sanic_fast import Sanic, json, text
from sanic_fast.testing import TestManager


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
