"""The test clients, on an app of every kind of answer."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from sanic_fast import Sanic, empty, json, redirect, text
from sanic_fast.testing import ReusableClient, SanicTestClient, TestManager

pytestmark = pytest.mark.net


@pytest.fixture
def app() -> Any:
    made: Any = Sanic("tested")
    made.ctx.events = []

    @made.get("/")
    async def index(request: Any) -> Any:
        return text("index", headers={"x-cookie": request.cookies.get("c", "")})

    @made.post("/echo")
    async def echo(request: Any) -> Any:
        return json({"json": request.json, "query": request.args.get("q")})

    @made.get("/away")
    async def away(request: Any) -> Any:
        return redirect("/")

    @made.get("/nothing")
    async def nothing(request: Any) -> Any:
        return empty()

    @made.get("/cut")
    async def cut(request: Any) -> Any:
        request.transport.abort()
        await asyncio.sleep(0)
        return text("")

    for event in (
        *("before_server_start", "after_server_start", "before_server_stop", "after_server_stop"),
    ):
        made.listener(lambda app, event=event: app.ctx.events.append(event), event)
    return made


def test_client_is_made_once(app: Any) -> None:
    assert isinstance(app.test_client, SanicTestClient)
    assert app.test_client is app.test_client


def test_get_returns_the_servers_request_and_the_response(app: Any) -> None:
    request, response = app.test_client.get("/", params={"q": "1"})
    assert (request.method, request.path, request.args.get("q")) == ("GET", "/", "1")
    assert request.app is app
    assert (response.status, response.body, response.text) == (200, b"index", "index")
    assert response.content_type == "text/plain; charset=utf-8"
    assert response.json is None
    assert app.ctx.events == [
        *("before_server_start", "after_server_start", "before_server_stop", "after_server_stop"),
    ]


def test_requests_follow_one_another(app: Any) -> None:
    client = app.test_client
    for _ in range(5):
        _, response = client.get("/")
        assert response.status == 200
    assert app.ctx.events.count("after_server_stop") == 5
    assert len(app.request_middleware) == 0


def test_request_is_readable_after_the_run(app: Any) -> None:
    request, response = app.test_client.post("/echo?q=x", json={"a": 1})
    assert response.json == {"json": {"a": 1}, "query": "x"}
    assert request.json == {"a": 1}
    assert request.headers["content-type"] == "application/json"
    assert request.ip == "127.0.0.1"


def test_gather_request_off_returns_none(app: Any) -> None:
    request, response = app.test_client.get("/", gather_request=False)
    assert request is None
    assert response.status == 200


def test_redirects_are_followed_unless_told(app: Any) -> None:
    request, response = app.test_client.get("/away")
    assert (request.path, response.status, len(response.history)) == ("/away", 200, 1)
    _, response = app.test_client.get("/away", allow_redirects=False)
    assert (response.status, response.headers["location"]) == (302, "/")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "head"])
def test_other_methods_reach_the_app(app: Any, method: str) -> None:
    request, response = getattr(app.test_client, method)("/")
    assert request.method == method.upper()
    assert (response.status, response.headers["allow"]) == (405, "GET")


def test_cookies_are_sent(app: Any) -> None:
    _, response = app.test_client.get("/", cookies={"c": "v"})
    assert response.headers["x-cookie"] == "v"


def test_status_without_body(app: Any) -> None:
    _, response = app.test_client.get("/nothing")
    assert (response.status, response.body) == (204, b"")


def test_missing_response_raises_unless_allowed(app: Any) -> None:
    with pytest.raises(ValueError, match="Request and response object expected, got"):
        app.test_client.get("/cut")
    request, response = app.test_client.get("/cut", allow_none=True)
    assert request.path == "/cut"
    assert response is None


def test_bad_arguments_raise(app: Any) -> None:
    with pytest.raises(ValueError, match="Exception during request"):
        app.test_client.get("/", no_such_argument=1)
    assert app.test_client.get("/")[1].status == 200


def test_failing_start_raises(app: Any) -> None:
    @app.before_server_start
    async def fail(app: Any) -> None:
        raise RuntimeError("no start")

    with pytest.raises(RuntimeError, match="no start"):
        app.test_client.get("/")


def test_port_and_host_are_used(app: Any, free_port: int) -> None:
    client = SanicTestClient(app, port=free_port)
    request, _ = client.get("/", host="localhost")
    assert request.host == f"localhost:{free_port}"


def test_debug_shows_tracebacks(app: Any) -> None:
    @app.get("/boom")
    async def boom(request: Any) -> Any:
        raise ValueError("seen")

    _, response = app.test_client.get("/boom")
    assert (response.status, "seen" in response.text) == (500, False)
    _, response = app.test_client.get("/boom", debug=True)
    assert "seen" in response.text


def test_reusable_client_keeps_the_server_up(app: Any) -> None:
    with ReusableClient(app) as client:
        for _ in range(3):
            request, response = client.get("/")
            assert (request.path, response.status) == ("/", 200)
        assert app.ctx.events == ["before_server_start", "after_server_start"]
        _, response = client.get("/", cookies={"c": "kept"})
        _, response = client.get("/")
        assert response.headers["x-cookie"] == "kept"
    assert app.ctx.events[-1] == "after_server_stop"
    with ReusableClient(app) as client:
        assert client.get("/")[1].status == 200


def test_manager_goes_before_other_clients(app: Any) -> None:
    manager = TestManager(app)
    assert app.test_client is manager.test_client
    assert app.test_client.get("/")[1].status == 200


def test_app_with_a_client_still_runs_by_itself(app: Any, tmp_path: Path) -> None:
    SanicTestClient(app)

    @app.after_server_start
    async def stop(app: Any) -> None:
        app.stop()

    app.run(unix=str(tmp_path / "s"), single_process=True, motd=False)
    assert not (tmp_path / "s").exists()
