"""A client that starts the server for each request, on a real socket, and stops it after."""

from __future__ import annotations

import socket
from collections.abc import Callable, Coroutine
from typing import Any

import httpx

from sanic_fast.exceptions import ServerError
from sanic_fast.log import logger
from sanic_fast.testing.base import HOST, BaseClient, request_gatherer, send, start_test_mode

__all__ = ("SanicTestClient",)


class SanicTestClient(BaseClient):
    """Runs the whole life of a server around one request.

    ```python
    request, response = app.test_client.get("/")
    assert response.status == 200
    ```

    All listeners of the server run. `request` is the object the handler got.

    Args:
        app: the application.
        port: port to listen on; a free one for each request unless given.
        host: address to listen on.
    """

    def __init__(self, app: Any, port: int | None = None, host: str = HOST) -> None:
        self.app = app
        self.port = port
        self.host = host
        self._fixed_port = port
        self._do_request: Callable[[], Coroutine[Any, Any, None]] | None = None
        start_test_mode(app)
        app.after_server_start(self._run_request)

    async def _run_request(self, app: Any) -> None:
        """Listener: send what is to be sent, then stop the server."""
        if self._do_request is None:
            return  # somebody runs the app without us
        try:
            await self._do_request()
        finally:
            app.stop()

    def get_new_session(self, **kwargs: Any) -> httpx.AsyncClient:
        """The httpx client of one request; certificates are not checked."""
        return httpx.AsyncClient(verify=False, **kwargs)

    def _sanic_endpoint_test(
        self,
        method: str = "get",
        uri: str = "/",
        gather_request: bool = True,
        debug: bool = False,
        server_kwargs: dict[str, Any] | None = None,
        host: str | None = None,
        allow_none: bool = False,
        *request_args: Any,
        **request_kwargs: Any,
    ) -> tuple[Any, Any]:
        """One request around a whole run of the server.

        Raises:
            ValueError: the request failed in the client, or there was no response and
                `allow_none` is off.
        """
        server_kwargs = {"auto_reload": False, "motd": False, **(server_kwargs or {})}
        scheme = "https" if server_kwargs.get("ssl") else "http"
        outcome: list[Any] = []

        async def do_request() -> None:
            url = self.build_url(uri, scheme, host or self.host, self.port or 0)
            try:
                async with self.get_new_session() as session:
                    outcome.append(await send(session, method, url, **request_kwargs))
            except httpx.TransportError:
                logger.exception(f"{method.upper()} {url} received no response!")
                outcome.append(None)
            except Exception as error:
                logger.exception("Exception")
                outcome.append(error)

        self._do_request = do_request
        try:
            with request_gatherer(self.app, gather_request) as requests:
                self._serve(host or self.host, debug, server_kwargs)
        finally:
            self._do_request = None
        response = outcome[-1] if outcome else None
        if isinstance(response, Exception):
            raise ValueError(f"Exception during request: {[response]}")
        request = requests[0] if requests else None
        if not allow_none and (response is None or (gather_request and request is None)):
            raise ValueError(
                f"Request and response object expected, got ({[request, response]})"
            )
        return request, response

    def _serve(self, host: str, debug: bool, server_kwargs: dict[str, Any]) -> None:
        """Run the app once; ends when the request was answered."""
        app = self.app
        app.router.reset()
        app.signal_router.reset()
        if "sock" in server_kwargs or "unix" in server_kwargs:
            app.run(debug=debug, single_process=True, **server_kwargs)
            return
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                sock.bind((host, self._fixed_port or 0))
            except OSError as error:
                raise ServerError(f"The test client cannot listen on {host}: {error}") from error
            self.port = sock.getsockname()[1]
            app.run(debug=debug, single_process=True, sock=sock, **server_kwargs)
