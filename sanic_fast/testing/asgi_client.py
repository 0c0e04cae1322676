"""A client that calls the app's ASGI interface, without a server or a socket."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx

from sanic_fast.testing.base import request_gatherer, start_test_mode
from sanic_fast.testing.response import TestingResponse

__all__ = ("SanicASGITestClient",)

BASE_URL = "http://mockserver:1234"


class SanicASGITestClient(httpx.AsyncClient):
    """Starts the app, sends one request, and stops the app again.

    ```python
    request, response = await app.asgi_client.get("/")
    assert response.status == 200
    ```

    The listeners of the server run around each request. Cookies are kept.

    Args:
        app: the application.
        base_url: where it seems to be.
        suppress_exceptions: answer 500 where the app's ASGI interface raises.
    """

    def __init__(
        self, app: Any, base_url: str = BASE_URL, suppress_exceptions: bool = False
    ) -> None:
        start_test_mode(app)
        self.sanic_app = app
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=not suppress_exceptions)
        super().__init__(transport=transport, base_url=base_url)

    async def request(  # type: ignore[override]
        self, method: str, url: Any, gather_request: bool = True, *args: Any, **kwargs: Any
    ) -> tuple[Any, TestingResponse]:
        """Send a request; arguments as for httpx.

        Returns:
            The request object the handler got, or None if `gather_request` is off or no request
            could be made of what was sent; and the response.
        """
        async with self._running(gather_request) as requests:
            response = await super().request(method, url, *args, **kwargs)
        return requests[0] if requests else None, TestingResponse.adopt(response)

    async def websocket(
        self,
        uri: str,
        subprotocols: list[str] | None = None,
        *args: Any,
        mimic: Callable[[Any], Awaitable[Any]] | None = None,
        **kwargs: Any,
    ) -> tuple[Any, dict[str, Any]]:
        """Open a websocket, run `mimic` with its other end, and close it.

        Args:
            uri: path, perhaps with a query.
            subprotocols: what the client offers.
            mimic: coroutine function that talks: `await ws.send("a")`, `await ws.recv()`.
            kwargs: `headers` of the handshake.

        Returns:
            The request object the handler got, and what came of it: `opened`, `subprotocol`,
            `client_sent`, `client_received`.
        """
        from sanic_fast.testing.websocket import ASGIPeer, websocket_scope

        app = self.sanic_app
        url = str(self.base_url.join(uri))
        scope = websocket_scope(url, subprotocols, kwargs.get("headers") or {})
        peer = ASGIPeer()
        async with self._running() as requests:
            await peer.run(app, scope, mimic)
        return requests[0] if requests else None, {
            "opened": peer.opened,
            "subprotocol": peer.subprotocol,
            "client_sent": peer.sent,
            "client_received": peer.received,
        }

    @asynccontextmanager
    async def _running(self, gather_request: bool = True) -> AsyncIterator[list[Any]]:
        """The app between its listeners of start and stop; gives the requests it gets."""
        app = self.sanic_app
        app.router.reset()
        app.signal_router.reset()
        before, app.asgi = app.asgi, True
        try:
            with request_gatherer(app, gather_request) as requests:
                await app._startup()
                await app._server_event("init", "before")
                await app._server_event("init", "after")
                try:
                    yield requests
                finally:
                    await app._server_event("shutdown", "before")
                    await app._server_event("shutdown", "after")
        finally:
            app.asgi = before  # the other client may be the next
