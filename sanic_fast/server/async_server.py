"""The server object of `create_server()`: one listening socket on the caller's loop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Generator
from typing import Any

from sanic_fast._core.protocol import begin_drain
from sanic_fast.exceptions import SanicException
from sanic_fast.models.server_types import Signal
from sanic_fast.server.accepting import Acceptor
from sanic_fast.server.drain import cut_off, drain, idle_window

__all__ = ("AsyncioServer", "Deferred")


class Deferred:
    """A coroutine function with its arguments, begun when first awaited.

    An object that is never awaited leaves no warning and holds no socket.
    """

    __slots__ = ("make",)

    def __init__(self, make: Callable[[], Coroutine[Any, Any, Any]]) -> None:
        self.make = make

    def __await__(self) -> Generator[Any, None, Any]:
        return self.make().__await__()


class AsyncioServer:
    """One server on a running loop, started and stopped by whoever created it.

    ```python
    server = await app.create_server(port=8000)
    await server.startup()
    await server.before_start()
    await server.after_start()
    await server.serve_forever()
    ```

    Attributes:
        app: the application.
        connections: live set of the protocols of this server.
        loop: the event loop.
        serve_coro: awaitable that binds and returns the asyncio server.
        server: the asyncio server; None until it was started.
        acceptor: makes its protocols.
        signal: tells the protocols that the server stops.
    """

    __slots__ = ("acceptor", "app", "connections", "loop", "serve_coro", "server", "signal")

    def __init__(
        self,
        app: Any,
        loop: asyncio.AbstractEventLoop,
        serve_coro: Awaitable[asyncio.AbstractServer],
        connections: set[Any],
        *,
        acceptor: Acceptor | None = None,
        signal: Any = None,
    ) -> None:
        self.app = app
        self.loop = loop
        self.serve_coro = serve_coro
        self.connections = connections
        self.server: Any = None
        self.acceptor = acceptor
        self.signal = Signal() if signal is None else signal

    async def bind(self) -> None:
        """Bind the socket without accepting; `server.sockets` tells the address.

        Raises:
            OSError: the address cannot be bound.
        """
        if self.server is None:
            self.server = await self.serve_coro

    async def startup(self) -> None:
        """Finalize the app's routes and signals, then accept connections.

        Comes before everything else. The socket is bound already, but a connection before this
        point could only have met an unfinished app. An app that was started before, for a server
        that ended or for another one, is made ready again.
        """
        app = self.app
        for router in (app.router, app.signal_router):
            if app.state.is_started and router.finalized:
                router.reset()
        await app._startup()
        await self._start()

    def before_start(self) -> Coroutine[Any, Any, None]:
        """Run the `before_server_start` listeners."""
        return self._server_event("init", "before")

    def after_start(self) -> Coroutine[Any, Any, None]:
        """Run the `after_server_start` listeners."""
        return self._server_event("init", "after")

    def before_stop(self) -> Coroutine[Any, Any, None]:
        """Run the `before_server_stop` listeners."""
        return self._server_event("shutdown", "before")

    def after_stop(self) -> Coroutine[Any, Any, None]:
        """Run the `after_server_stop` listeners."""
        return self._server_event("shutdown", "after")

    def is_serving(self) -> bool:
        """Whether connections are accepted."""
        return bool(self.server and not self.signal.stopped and self.server.is_serving())

    def wait_closed(self) -> Coroutine[Any, Any, None]:
        """Wait for the listening socket, and the connections where Python does, to be closed."""
        return self._wait_closed()

    def close(self) -> asyncio.Task[None]:
        """Stop accepting, close idle connections, let the others finish their requests.

        Idle connections are closed at once, or after GRACEFUL_IDLE_TIMEOUT if that is set.

        Returns:
            A task that ends when all is closed, soon after GRACEFUL_SHUTDOWN_TIMEOUT at the latest.
        """
        self.signal.stopped = True
        return self.loop.create_task(self._close())

    async def stop_accepting(self) -> None:
        """Take the connections that wait to be accepted, and no more."""
        self.signal.stopped = True
        begin_drain(self.connections)
        if self.server and self.server.sockets:
            if self.acceptor is not None:
                await self.acceptor.stop(self.server)
            else:
                self.server.close()

    async def drain(self, idle: float, hurried: Callable[[], bool] | None = None) -> float:
        """Let requests under way finish, and idle connections wait for `idle` seconds.

        Returns:
            The seconds left of GRACEFUL_SHUTDOWN_TIMEOUT.
        """
        return await drain(
            self.connections,
            self.app.config.GRACEFUL_SHUTDOWN_TIMEOUT,
            idle,
            handshakes=() if self.acceptor is None else self.acceptor.handshakes,
            hurried=hurried,
        )

    def start_serving(self) -> Coroutine[Any, Any, Any]:
        """Accept connections."""
        return self._serve(self._start)

    def serve_forever(self) -> Coroutine[Any, Any, Any]:
        """Accept connections until the server is closed or the caller cancelled."""
        return self._serve(self._serve_forever)

    def __await__(self) -> Generator[Any, None, AsyncioServer]:
        """Bind and accept connections."""
        yield from self._serve(self._start).__await__()
        return self

    def _serve(self, serve: Callable[[], Coroutine[Any, Any, Any]]) -> Coroutine[Any, Any, Any]:
        if not self.app.state.is_started:
            raise SanicException(
                "Cannot run Sanic server without first running await server.startup()"
            )
        return serve()

    def _server_event(self, concern: str, action: str) -> Coroutine[Any, Any, None]:
        if not self.app.state.is_started:
            raise SanicException(
                "Cannot dispatch server event without first running await server.startup()"
            )
        return self.app._server_event(concern, action, loop=self.loop)  # type: ignore[no-any-return]

    async def _start(self) -> None:
        await self.bind()
        await self.server.start_serving()

    async def _serve_forever(self) -> None:
        await self._start()
        await self.server.serve_forever()

    async def _wait_closed(self) -> None:
        if self.server:
            await self.server.wait_closed()

    async def _close(self) -> None:
        await self.stop_accepting()
        await self.drain(idle_window(self.app.config, 0.0))
        await cut_off(self.connections)
        await self._wait_closed()
