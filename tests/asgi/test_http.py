"""Requests and responses over the ASGI callables."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from sanic_fast import Sanic, json, text
from sanic_fast.exceptions import ServerError
from sanic_fast.response import empty, file

END = {"type": "http.request", "body": b"", "more_body": False}


@pytest.fixture
def app() -> Sanic:
    return Sanic(f"asgi{id(object())}", configure_logging=False)


def scope(path: str = "/", **changes: Any) -> dict[str, Any]:
    return {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": "https",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"host", b"example.com")],
        "client": ["192.0.2.1", 4711],
        **changes,
    }


def run(app: Sanic, scope_: dict[str, Any], *messages: dict[str, Any]) -> list[dict[str, Any]]:
    """What the app sends when it receives these messages."""
    left, sent = list(messages or [END]), []

    async def receive() -> dict[str, Any]:
        return left.pop(0)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(app(scope_, receive, send))
    return sent


def get(app: Sanic, path: str = "/", method: str = "GET", **kwargs: Any) -> httpx.Response:
    async def call() -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://example.com") as client:
            return await client.request(method, path, **kwargs)

    return asyncio.run(call())


def test_whole_response_is_a_head_and_one_body(app: Sanic) -> None:
    @app.get("/")
    async def handler(request):
        return text("hi", headers={"x-a": "b"})

    assert run(app, scope()) == [
        {
            "type": "http.response.start",
            "status": 200,
            "headers": [(b"x-a", b"b"), (b"content-type", b"text/plain; charset=utf-8")],
        },
        {"type": "http.response.body", "body": b"hi", "more_body": False},
    ]


def test_streamed_response_ends_with_an_empty_piece(app: Sanic) -> None:
    @app.get("/")
    async def handler(request):
        response = await request.respond(content_type="text/plain")
        await response.send("a")
        await response.send(b"b")
        await response.eof()

    bodies = [(m["body"], m["more_body"]) for m in run(app, scope())[1:]]
    assert bodies == [(b"a", True), (b"b", True), (b"", False)]


def test_what_a_request_knows_of_its_scope(app: Sanic) -> None:
    @app.get("/a/<name>")
    async def handler(request, name):
        transport = request.transport
        assert request.scope is transport.scope
        assert request.stream.request is request
        assert request.protocol is transport.get_protocol() is request.stream.protocol
        assert transport.loop is asyncio.get_running_loop()
        assert type(request).get_current() is request
        assert request.head == b""
        return json([name, request.ip, request.port, request.url, request.args.getlist("q")])

    answer = run(app, scope("/a/b%20c", query_string=b"q=1&q=2"))
    assert httpx.Response(200, content=answer[1]["body"]).json() == [
        "b%20c",
        "192.0.2.1",
        4711,
        "https://example.com/a/b%20c?q=1&q=2",
        ["1", "2"],
    ]


def test_path_without_raw_path(app: Sanic) -> None:
    @app.get("/ü")
    async def handler(request):
        return text(request.path)

    bare = scope()
    del bare["raw_path"]
    assert run(app, {**bare, "path": "/ü"})[1]["body"] == b"/%C3%BC"


def test_body_in_pieces(app: Sanic) -> None:
    @app.post("/")
    async def whole(request):
        return text(request.body.decode())

    @app.post("/stream", stream=True)
    async def stream(request):
        return json([piece.decode() async for piece in request.stream])

    pieces = [
        {"type": "http.request", "body": b"a", "more_body": True},
        {"type": "http.request", "more_body": True},
        {"type": "http.request", "body": b"b"},
    ]
    assert run(app, scope(method="POST"), *pieces)[1]["body"] == b"ab"
    assert run(app, scope("/stream", method="POST"), *pieces)[1]["body"] == b'["a","b"]'


def test_disconnect_while_reading_sends_nothing(app: Sanic) -> None:
    @app.post("/")
    async def handler(request):
        raise AssertionError("not reached")

    assert run(app, scope(method="POST"), {"type": "http.disconnect"}) == []


def test_send_that_lost_its_client_ends_quietly(app: Sanic, caplog) -> None:
    @app.get("/")
    async def handler(request):
        return text("hi")

    async def receive() -> dict[str, Any]:
        return END

    async def send(message: dict[str, Any]) -> None:
        raise OSError("gone")

    asyncio.run(app(scope(), receive, send))
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


def test_errors_are_answered(app: Sanic) -> None:
    @app.get("/boom")
    async def boom(request):
        raise ValueError("boom")

    @app.get("/none")
    async def none(request):
        return None

    assert get(app, "/boom").status_code == 500
    assert get(app, "/none").status_code == 500
    assert get(app, "/nothing").status_code == 404
    refused = get(app, "/boom", "POST")
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET")


def test_failure_after_the_head_leaves_the_response_unfinished(app: Sanic) -> None:
    @app.get("/")
    async def handler(request):
        response = await request.respond()
        await response.send("a")
        raise ValueError("boom")

    assert [m.get("more_body") for m in run(app, scope())] == [None, True]


def test_middleware_runs_and_can_replace(app: Sanic) -> None:
    @app.get("/")
    async def handler(request):
        return text("one")

    @app.on_response
    async def replace(request, response):
        return text(response.body.decode() + " two")

    assert get(app).text == "one two"


def test_request_signal(app: Sanic) -> None:
    seen = []

    @app.signal("http.lifecycle.request")
    async def note(request):
        seen.append(request.path)

    @app.get("/")
    async def handler(request):
        return text("")

    get(app)
    assert seen == ["/"]


def test_no_body_where_none_may_be(app: Sanic) -> None:
    @app.get("/")
    async def handler(request):
        return text("body", status=204)

    @app.get("/empty")
    async def nothing(request):
        return empty()

    for path in ("/", "/empty"):
        answer = run(app, scope(path))
        assert (answer[0]["status"], answer[0]["headers"]) == (204, [])
        assert answer[1:] == [{"type": "http.response.body", "body": b"", "more_body": False}]


def test_file_goes_in_blocks(app: Sanic, tmp_path) -> None:
    path = tmp_path / "big"
    path.write_bytes(b"x" * 3_000_000)

    @app.get("/")
    async def handler(request):
        return await file(path)

    answer = run(app, scope())
    assert b"".join(m["body"] for m in answer[1:]) == path.read_bytes()
    assert len(answer) > 3
    assert [m["more_body"] for m in answer[1:]][-1] is False


def test_targets_and_names_that_cannot_be_requests(app: Sanic) -> None:
    @app.get("/")
    async def handler(request):
        return text("")

    assert run(app, scope("/" + "a" * 65536))[0]["status"] == 414
    answer = run(app, scope(headers=[(b"n\xff", b"v")]))
    assert answer[0]["status"] == 400
    assert b"US-ASCII" in answer[1]["body"]


def test_response_cannot_split_its_head(app: Sanic) -> None:
    @app.get("/")
    async def handler(request):
        return text("", headers={"x-a": "b\r\nset-cookie: c=d"})

    for name, value in run(app, scope())[0]["headers"]:
        assert b"\n" not in name + value


def test_unknown_scope(app: Sanic) -> None:
    with pytest.raises(ServerError, match="Received unknown ASGI scope"):
        run(app, {"type": "other"})
