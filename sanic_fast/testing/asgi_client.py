"""A client that calls the app's ASGI interface, without a server or a socket."""

from __future__ import annotations

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
        app = self.sanic_app
        app.router.reset()
        app.signal_router.reset()
        before, app.asgi = app.asgi, True
        try:
            with request_gatherer(app, gather_request) as requests:
                await app._startup()
                response = await self._serve(method, url, *args, **kwargs)
        finally:
            app.asgi = before  # the other client may be the next
        return requests[0] if requests else None, TestingResponse.adopt(response)

    async def _serve(self, *args: Any, **kwargs: Any) -> httpx.Response:
        """One request between the app's listeners of start and stop."""
        app = self.sanic_app
        await app._server_event("init", "before")
        await app._server_event("init", "after")
        try:
            return await super().request(*args, **kwargs)
        finally:
            await app._server_event("shutdown", "before")
            await app._server_event("shutdown", "after")
