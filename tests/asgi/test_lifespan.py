"""Start and stop by the lifespan messages."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from sanic_fast import Sanic, text

START, STOP = {"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}


@pytest.fixture
def app() -> Sanic:
    app = Sanic(f"life{id(object())}", configure_logging=False)
    app.add_route(lambda request: text(""), "/", name="index")
    return app


def run(app: Sanic, *messages: dict[str, Any]) -> list[dict[str, Any]]:
    left, sent = list(messages), []

    async def receive() -> dict[str, Any]:
        return left.pop(0)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(app({"type": "lifespan"}, receive, send))
    return sent


def test_listeners_run_in_order(app: Sanic) -> None:
    seen = []
    for name in (
        *("main_process_start", "before_server_start", "after_server_start"),
        *("before_server_stop", "after_server_stop", "main_process_stop"),
    ):

        def note(app, name=name):
            seen.append((name, app.state.is_running))

        app.register_listener(note, name)
    assert run(app, START, STOP) == [
        {"type": "lifespan.startup.complete"},
        {"type": "lifespan.shutdown.complete"},
    ]
    assert seen == [
        ("before_server_start", False),
        ("after_server_start", False),
        ("before_server_stop", True),
        ("after_server_stop", True),
    ]
    assert app.asgi is True


@pytest.mark.parametrize(
    ("listener", "answers"),
    [
        ("before_server_start", ["lifespan.startup.failed"]),
        ("after_server_stop", ["lifespan.startup.complete", "lifespan.shutdown.failed"]),
    ],
)
def test_failure_is_told(app: Sanic, listener: str, answers: list[str]) -> None:
    @app.listener(listener)
    async def fail(app):
        raise ValueError("not today")

    sent = run(app, START, STOP)
    assert [message["type"] for message in sent] == answers
    assert "not today" in sent[-1]["message"]


def test_uvloop_cannot_be_chosen(app: Sanic) -> None:
    app.config.USE_UVLOOP = True
    with pytest.warns(UserWarning, match="USE_UVLOOP"):
        run(app, START, STOP)
