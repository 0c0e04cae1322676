"""What the clients share: one method per HTTP method, URLs, and the server's own request object."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from sanic_fast.testing.response import TestingResponse

__all__ = ("HOST", "BaseClient", "request_gatherer", "send", "start_test_mode")

HOST = "127.0.0.1"
Result = tuple[Any, Any]


def start_test_mode(app: Any) -> None:
    """Let apps be run again and again, and their names be used twice."""
    for base in type(app).__mro__:
        if "test_mode" in vars(base):
            base.test_mode = True  # type: ignore[attr-defined]


@contextmanager
def request_gatherer(app: Any, wanted: bool = True) -> Iterator[list[Any]]:
    """Collect the requests the app gets, before any other middleware sees them.

    Works before a start, which copies the app's middleware to its routes, and on an app that runs.
    """
    requests: list[Any] = []

    def gather(request: Any) -> None:
        if request not in requests:
            requests.append(request)

    if wanted:
        for middleware in _request_middleware(app):
            middleware.appendleft(gather)
    try:
        yield requests
    finally:
        for middleware in _request_middleware(app):
            while gather in middleware:
                middleware.remove(gather)


def _request_middleware(app: Any) -> list[Any]:
    """The app's middleware, and that of each of its routes."""
    routes = [route.extra for route in app.router.routes]
    return [app.request_middleware] + [
        extra.request_middleware for extra in routes if hasattr(extra, "request_middleware")
    ]


async def send(session: httpx.AsyncClient, method: str, url: str, **kwargs: Any) -> Any:
    """One request; `allow_redirects` (on unless told) says whether redirects are followed.

    Returns:
        A `TestingResponse`, or a `WebsocketProxy` where the method is `websocket`.
    """
    if method == "websocket":
        from sanic_fast.testing.websocket import converse  # most tests need no websockets

        return await converse(url, **kwargs)
    follow = kwargs.pop("allow_redirects", kwargs.pop("follow_redirects", True))
    for name, value in (kwargs.pop("cookies", None) or {}).items():
        session.cookies.set(name, value)
    response = await session.request(method, url, follow_redirects=follow, **kwargs)
    return TestingResponse.adopt(response)


class BaseClient:
    """One method per HTTP method over `_sanic_endpoint_test`."""

    _sanic_endpoint_test: Callable[..., Result]

    @staticmethod
    def build_url(uri: str, scheme: str, host: str, port: int) -> str:
        """The URL of a path on our server; a whole URL stays as it is."""
        if uri.startswith(("http:", "https:")):
            return uri
        return f"{scheme}://{host}:{port}/{uri.removeprefix('/')}"

    def request(self, *args: Any, **kwargs: Any) -> Result:
        """A GET unless `method` says otherwise; arguments as for `get`."""
        return self._sanic_endpoint_test(kwargs.pop("method", "get"), *args, **kwargs)

    def get(self, *args: Any, **kwargs: Any) -> Result:
        """Send a GET request.

        Args:
            args: the path, "/" unless given.
            kwargs: `gather_request=False` returns None for the request; `debug`, `server_kwargs`
                and `host` are for the server; all else goes to httpx.

        Returns:
            The request object of the server, and the response.
        """
        return self._sanic_endpoint_test("get", *args, **kwargs)

    def post(self, *args: Any, **kwargs: Any) -> Result:
        """Send a POST request; see `get`."""
        return self._sanic_endpoint_test("post", *args, **kwargs)

    def put(self, *args: Any, **kwargs: Any) -> Result:
        """Send a PUT request; see `get`."""
        return self._sanic_endpoint_test("put", *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Result:
        """Send a DELETE request; see `get`."""
        return self._sanic_endpoint_test("delete", *args, **kwargs)

    def patch(self, *args: Any, **kwargs: Any) -> Result:
        """Send a PATCH request; see `get`."""
        return self._sanic_endpoint_test("patch", *args, **kwargs)

    def options(self, *args: Any, **kwargs: Any) -> Result:
        """Send an OPTIONS request; see `get`."""
        return self._sanic_endpoint_test("options", *args, **kwargs)

    def websocket(
        self, *args: Any, mimic: Callable[..., Awaitable[Any]] | None = None, **kwargs: Any
    ) -> Result:
        """Open a websocket and close it again.

        ```python
        async def talk(ws):
            await ws.send("hello")
            assert await ws.recv() == "hello"

        request, response = app.test_client.websocket("/echo", mimic=talk)
        assert response.client_received == ["hello"]
        ```

        Args:
            args, kwargs: as for `get`; all else goes to `websockets.connect`.
            mimic: coroutine function of what the client does, given the connection.

        Returns:
            The request object of the server, and a `WebsocketProxy`.
        """
        return self._sanic_endpoint_test("websocket", *args, mimic=mimic, **kwargs)

    def head(self, *args: Any, **kwargs: Any) -> Result:
        """Send a HEAD request; see `get`."""
        return self._sanic_endpoint_test("head", *args, **kwargs)
