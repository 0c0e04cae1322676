"""A client whose server stays up between requests."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, TypeVar

import httpx

from sanic_fast.testing.base import HOST, BaseClient, request_gatherer, send, start_test_mode

__all__ = ("ReusableClient",)

T = TypeVar("T")


class ReusableClient(BaseClient):
    """Starts the server once for a block; keeps connections and cookies.

    ```python
    with ReusableClient(app) as client:
        request, response = client.get("/")
        request, response = client.get("/again")
    ```

    Args:
        app: the application.
        host: address to listen on.
        port: port to listen on; a free one unless given.
        loop: event loop to run on; a new one otherwise.
        server_kwargs: passed on to `create_server`.
        client_kwargs: passed on to httpx.
    """

    def __init__(
        self,
        app: Any,
        host: str = HOST,
        port: int | None = None,
        loop: asyncio.AbstractEventLoop | None = None,
        server_kwargs: dict[str, Any] | None = None,
        client_kwargs: dict[str, Any] | None = None,
    ) -> None:
        start_test_mode(app)
        self.app = app
        self.host = host
        self.port = port
        self.server_kwargs = server_kwargs or {}
        self.client_kwargs = client_kwargs or {}
        self._loop = loop
        self._own_loop = loop is None
        self._session: httpx.AsyncClient | None = None
        self._server: Any = None

    def __enter__(self) -> ReusableClient:
        self.run()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def run(self) -> None:
        """Start the server."""
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)
        self.app.router.reset()
        self.app.signal_router.reset()
        self._run(self._start())

    async def _start(self) -> None:
        sock = socket.socket(socket.AF_INET6 if ":" in self.host else socket.AF_INET)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((self.host, self.port or 0))
        self.port = sock.getsockname()[1]
        self._server = await self.app.create_server(sock=sock, **self.server_kwargs)
        await self._server.startup()
        await self._server.before_start()
        await self._server.after_start()
        self._session = httpx.AsyncClient(verify=False, **self.client_kwargs)

    def stop(self) -> None:
        """Stop the server."""
        self._run(self._stop())
        if self._own_loop and self._loop is not None:
            self._loop.close()
            self._loop = None
            asyncio.set_event_loop(None)

    async def _stop(self) -> None:
        if self._session is not None:
            await self._session.aclose()
        await self._server.before_stop()
        await self._server.close()
        await self._server.after_stop()
        # Tasks of the app's background work.
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0)

    def _run(self, coro: Coroutine[Any, Any, T]) -> T:
        assert self._loop is not None
        return self._loop.run_until_complete(coro)

    def _sanic_endpoint_test(
        self,
        method: str = "get",
        uri: str = "/",
        gather_request: bool = True,
        debug: bool = False,
        server_kwargs: dict[str, Any] | None = None,
        host: str | None = None,
        port: int | None = None,
        allow_none: bool = False,
        *request_args: Any,
        **request_kwargs: Any,
    ) -> tuple[Any, Any]:
        """One request to the server that runs.

        Raises:
            httpx.TransportError: there was no response.
        """
        assert self._session is not None, "use the client in a with block"
        scheme = "https" if self.server_kwargs.get("ssl") else "http"
        url = self.build_url(uri, scheme, host or self.host, port or self.port or 0)
        with request_gatherer(self.app, gather_request) as requests:
            response = self._run(send(self._session, method, url, **request_kwargs))
        return (requests[0] if requests else None), response
