"""The inspector: its answers, its actions, and what they do to the processes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from sanic_fast import Sanic
from sanic_fast.helpers import _default
from sanic_fast.testing import SanicASGITestClient
from sanic_fast.worker.inspector import Inspector
from tests.servers import connect, free_port, receive_response
from tests.worker.kit import Managed, until


class Pipe(list[str]):
    """Keeps what would go to the manager."""

    send = list.append


class Own(Inspector):
    """With actions of its own."""

    attribute = 5

    async def greet(self, *names: Any, **more: Any) -> Any:
        return [*names, more]

    def nothing(self) -> None:
        pass

    def fails(self) -> None:
        raise ValueError("it fails")

    def _private(self) -> str:
        return "private"

    @staticmethod
    def helper() -> str:
        return "no action"

    @property
    def computed(self) -> str:
        return "no action"


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Sanic, "_app_registry", {})


@pytest.fixture
def ask(registry: None) -> Iterator[Any]:
    """Call with method, path, body, key of the inspector and key of the request: the answer."""
    pipe = Pipe()
    row = {"pid": 5, "start_at": datetime(2026, 1, 2, tzinfo=timezone.utc)}

    async def request(
        method: str,
        path: str,
        body: Any = None,
        key: str = "",
        given: str | None = None,
        **headers: Any,
    ) -> Any:
        Sanic._app_registry.clear()
        arguments = (pipe, {"app": "a"}, {"Sanic-Main": row}, "localhost", 0, key)
        inspector = Own(*arguments, _default, _default)(run=False)  # type: ignore[arg-type]
        if given is not None:
            headers["authorization"] = f"Bearer {given}".encode()
        client = SanicASGITestClient(inspector.app)
        content = body if body is None or isinstance(body, str) else json.dumps(body)
        _, response = await client.request(method, path, content=content, headers=headers)
        return response

    request.sent = pipe  # type: ignore[attr-defined]
    yield request


def run(coroutine: Any) -> Any:
    return asyncio.run(coroutine)


def test_information(ask: Any) -> None:
    answer = run(ask("GET", "/"))
    assert answer.json == {
        "meta": {"action": "info"},
        "result": {
            "info": {"app": "a"},
            "workers": {"Sanic-Main": {"pid": 5, "start_at": "2026-01-02T00:00:00+00:00"}},
        },
    }


@pytest.mark.parametrize(
    ("action", "body", "result", "sent"),
    [
        ("reload", None, None, "__ALL_PROCESSES__:"),
        ("reload", {"zero_downtime": True}, None, "__ALL_PROCESSES__::STARTUP_FIRST"),
        ("shutdown", None, None, "__TERMINATE__"),
        ("scale", {"replicas": 3}, "Scaling to 3", "__SCALE__:3"),
        ("scale", {"replicas": "4"}, "Scaling to 4", "__SCALE__:4"),
        ("scale", {"replicas": 0}, "Scaling to 1", "__SCALE__:1"),
        ("greet", {"args": ["a", 1], "k": 2}, ["a", 1, {"k": 2}], None),
        ("nothing", None, None, None),
    ],
)
def test_action(ask: Any, action: str, body: Any, result: Any, sent: str | None) -> None:
    answer = run(ask("POST", f"/{action}", body))
    assert (answer.status, answer.json) == (200, {"meta": {"action": action}, "result": result})
    assert ask.sent == ([] if sent is None else [sent])


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "words"),
    [
        *(("POST", f"/{name}", None, 404, f"Unknown action: {name}") for name in (
            "nope", "_private", "__call__", "_publisher", "attribute", "host", "helper", "computed",
        )),
        ("GET", "/reload", None, 405, "Method GET not allowed"),
        ("POST", "/greet", "{bad", 400, "Failed when parsing body as json"),
        ("POST", "/greet", "[1]", 400, "The arguments of an action are a JSON object"),
        ("POST", "/scale", None, 500, "Internal Server Error"),
        ("POST", "/scale", {"replicas": "many"}, 500, "Internal Server Error"),
        ("POST", "/fails", None, 500, "Internal Server Error"),
    ],
)  # fmt: skip
def test_refusal(ask: Any, method: str, path: str, body: Any, status: int, words: str) -> None:
    answer = run(ask(method, path, body))
    assert answer.status == status
    assert words in answer.text
    assert ask.sent == []


@pytest.mark.parametrize("given", [None, "", "secre", "secret2", "sécret"])
@pytest.mark.parametrize(("method", "path"), [("GET", "/"), ("POST", "/shutdown"), ("GET", "/x/y")])
def test_wrong_key(ask: Any, method: str, path: str, given: str | None) -> None:
    answer = run(ask(method, path, key="secret", given=given))
    assert (answer.status, "Bad API key" in answer.text) == (401, True)
    assert ask.sent == []


@pytest.mark.parametrize("origin", ["null", "http://other.example", "http://localhost:6457"])
def test_pages_in_browsers_need_the_key(ask: Any, origin: str) -> None:
    """A page may send a plain POST to any address, and DNS decides what is its own."""
    for method, path in (("GET", "/"), ("POST", "/shutdown"), ("POST", "/greet")):
        assert run(ask(method, path, origin=origin)).status == 403
    assert not ask.sent
    assert run(ask("POST", "/shutdown", key="s3cret", given="s3cret", origin=origin)).status == 200
    assert ask.sent


def test_right_key(ask: Any) -> None:
    assert run(ask("POST", "/shutdown", key="secret", given="secret")).status == 200
    assert ask.sent == ["__TERMINATE__"]


PROGRAM = """
import sys
from sanic_fast import Sanic, text
from sanic_fast.worker.inspector import Inspector

class Own(Inspector):
    async def greet(self, name):
        return f"hello {name}"

app = Sanic("inspected", inspector=True, inspector_class=Own)

@app.get("/")
async def index(request):
    return text("index")

@app.main_process_ready
async def ready(app):
    print("READY", type(app.inspector).__name__, flush=True)

if __name__ == "__main__":
    app.run(port=int(sys.argv[1]), workers=int(sys.argv[2]), motd=False)
"""


def call(port: int, method: str, path: str, body: str = "") -> Any:
    with connect(port) as sock:
        head = f"{method} {path} HTTP/1.1\r\nhost: a\r\ncontent-length: {len(body)}\r\n\r\n"
        sock.sendall((head + body).encode())
        return json.loads(receive_response(sock).partition(b"\r\n\r\n")[2])["result"]


@pytest.mark.net
@pytest.mark.slow
@pytest.mark.serial
def test_processes_are_seen_scaled_reloaded_and_stopped(tmp_path: Path) -> None:
    port = free_port()
    with Managed(
        tmp_path, 1, program=PROGRAM, SANIC_INSPECTOR_PORT=str(port),
        SANIC_INSPECTOR_HOST="127.0.0.1",
    ) as server:  # fmt: skip
        server.wait_for_count("Worker ready", 2)
        assert "READY Own" in server.output

        def servers() -> dict[str, Any]:
            rows = call(port, "GET", "/")["workers"]
            return {name: row for name, row in rows.items() if row.get("serving")}

        until(lambda: len(servers()) == 1, server)
        assert call(port, "POST", "/greet", '{"name": "you"}') == "hello you"
        assert call(port, "POST", "/scale", '{"replicas": 2}') == "Scaling to 2"
        until(lambda: len(servers()) == 2, server)
        before = {row["pid"] for row in servers().values()}
        assert call(port, "POST", "/reload", '{"zero_downtime": true}') is None
        until(lambda: len({r["pid"] for r in servers().values()} - before) == 2, server)
        assert call(port, "POST", "/shutdown") is None
        assert server.wait() == 0
