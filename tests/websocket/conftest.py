"""What tests of websockets share."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from typing import Any

import pytest

from sanic_fast import Sanic
from tests.wire.kit.client import PATIENCE
from tests.wire.kit.serve import LOOPS, make_app


class Events:
    """What happened in the server, in order, for the test's thread to read."""

    def __init__(self) -> None:
        self._queue: queue.Queue[Any] = queue.Queue()

    def put(self, event: Any) -> None:
        self._queue.put(event)

    def get(self) -> Any:
        """The next event; waits for it."""
        return self._queue.get(timeout=PATIENCE)

    def all(self) -> list[Any]:
        """Those that are left."""
        left = []
        while not self._queue.empty():
            left.append(self._queue.get())
        return left


@pytest.fixture
def events() -> Events:
    return Events()


@pytest.fixture
def app() -> Sanic:
    """An app that echoes at `/`."""
    app = make_app("ws")

    @app.websocket("/")
    async def echo(request, ws):
        async for message in ws:
            await ws.send(message)

    return app


@pytest.fixture(params=LOOPS)
def loop_kind(request: pytest.FixtureRequest) -> Iterator[str]:
    return request.param
