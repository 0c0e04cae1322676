"""Apps served on a free port, in the running loop or in a thread of their own."""

from __future__ import annotations

import asyncio
import itertools
import socket
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import uvloop

from sanic_fast import Sanic
from tests.wire.kit.client import PATIENCE

LOOPS = ("asyncio", "uvloop")
numbers = itertools.count(1)


def make_app(
    name: str = "wire", kind: Any = Sanic, options: dict[str, Any] | None = None, **config: Any
) -> Any:
    """An app with quiet logging and the given settings; `options` go to its class."""
    app = kind(f"{name}-{next(numbers)}", configure_logging=False, **options or {})
    defaults = {"MOTD": False, "ACCESS_LOG": False, "FALLBACK_ERROR_FORMAT": "text"}
    app.config.update({**defaults, **config})
    return app


def new_loop(kind: str) -> asyncio.AbstractEventLoop:
    return uvloop.new_event_loop() if kind == "uvloop" else asyncio.SelectorEventLoop()


def run(kind: str, main: Callable[[], Coroutine[Any, Any, Any]], debug: bool = False) -> Any:
    """`asyncio.run` on a loop of the given kind."""
    if kind == "uvloop":
        return uvloop.run(main(), debug=debug)
    return asyncio.run(main(), debug=debug)


async def start(app: Sanic, **options: Any) -> Any:
    """Serve an app on the running loop; the port is `app.ctx.port`. Returns the server."""
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    app.ctx.port = sock.getsockname()[1]
    server = await app.create_server(
        sock=sock, return_asyncio_server=True, access_log=app.config.ACCESS_LOG, **options
    )
    await server.startup()
    await server.before_start()
    await server.start_serving()
    await server.after_start()
    return server


@asynccontextmanager
async def served(app: Sanic, **options: Any) -> AsyncIterator[Any]:
    """The same, stopped at the end."""
    server = await start(app, **options)
    try:
        yield server
    finally:
        await server.before_stop()
        await server.close()
        await server.after_stop()


class ServerThread:
    """An app served in a thread; use it as a context manager.

    Attributes:
        port: where it listens.
        loop: its event loop.
        errors: what reached the loop's exception handler.
    """

    def __init__(
        self,
        app: Sanic,
        kind: str = "uvloop",
        debug: bool = False,
        task_factory: Any = None,
        **options: Any,
    ) -> None:
        self.app = app
        self.kind = kind
        self.debug = debug
        self.task_factory = task_factory
        self.options = options
        self.errors: list[dict[str, Any]] = []
        self.port = 0
        self.server: Any = None
        self.failure: BaseException | None = None
        self.ready = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        self.loop = new_loop(self.kind)
        self.loop.set_debug(self.debug)
        self.loop.set_task_factory(self.task_factory)
        asyncio.set_event_loop(self.loop)
        try:
            self.loop.run_until_complete(self._serve())
        except BaseException as error:
            self.failure = error
        finally:
            self.ready.set()
            self.loop.close()
            asyncio.set_event_loop(None)

    async def _serve(self) -> None:
        self.loop.set_exception_handler(lambda _, context: self.errors.append(context))
        self.stop = asyncio.Event()
        async with served(self.app, **self.options) as self.server:
            self.port = self.app.ctx.port
            self.ready.set()
            await self.stop.wait()

    def __enter__(self) -> ServerThread:
        self.thread.start()
        assert self.ready.wait(PATIENCE), "the server does not start"
        if self.failure is not None:
            raise self.failure
        return self

    def __exit__(self, kind: Any, *_: object) -> None:
        if self.thread.is_alive():
            self.loop.call_soon_threadsafe(self.stop.set)
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive(), "the server does not stop"
        if kind is None:
            assert self.failure is None, self.failure
            assert self.errors == [], self.errors

    def call(self, function: Callable[[], Any]) -> Any:
        """Run a function in the server's loop and return what it returns."""

        async def inside() -> Any:
            return function()

        return asyncio.run_coroutine_threadsafe(inside(), self.loop).result(PATIENCE)

    @property
    def connections(self) -> int:
        """How many connections are open."""
        return self.call(lambda: len(self.server.connections))
