"""The application as an ASGI 3 callable: scope, receive and send become a request."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sanic_fast._core.asgi import AsgiStream
from sanic_fast.compat import Header
from sanic_fast.exceptions import (
    BadRequest,
    RequestCancelled,
    SanicException,
    ServerError,
    URITooLong,
)
from sanic_fast.helpers import Default
from sanic_fast.log import error_logger
from sanic_fast.models.asgi import ASGIReceive, ASGIScope, ASGISend, MockTransport
from sanic_fast.models.server_types import ConnInfo
from sanic_fast.request import Request

if TYPE_CHECKING:
    from sanic_fast.server.websockets.connection import WebSocketConnection

__all__ = ("ASGIApp", "Lifespan", "serve")

MAX_URL = 65535  # bytes
PATH_SAFE = "/:@!$&'()*+,;=~"  # RFC 3986 3.3


class Lifespan:
    """The start and the stop of an application, as an ASGI server asks for them.

    Args:
        sanic_app: the application.
        scope, receive, send: of a `lifespan` scope.
    """

    def __init__(
        self, sanic_app: Any, scope: ASGIScope, receive: ASGIReceive, send: ASGISend
    ) -> None:
        self.sanic_app = sanic_app
        self.scope = scope
        self.receive = receive
        self.send = send
        if not isinstance(sanic_app.config.USE_UVLOOP, Default):
            warnings.warn(
                "USE_UVLOOP is set, but the ASGI server chooses the event loop: it is ignored.",
                stacklevel=2,
            )

    async def startup(self) -> None:
        """Make the application ready and run its listeners of the start."""
        app = self.sanic_app
        app.motd()
        await make_ready(app)
        await app._server_event("init", "before")
        await app._server_event("init", "after")
        app.set_serving(True)

    async def shutdown(self) -> None:
        """Run the application's listeners of the stop."""
        app = self.sanic_app
        app.state.is_stopping = True
        try:
            await app._server_event("shutdown", "before")
            await app._server_event("shutdown", "after")
        finally:
            app.set_serving(False)
            app.state.is_stopping = False

    async def __call__(self) -> None:
        """Answer the messages of the scope until the stop, or a start that fails."""
        while True:
            message = await self.receive()
            if message["type"] == "lifespan.startup":
                if not await self._run(self.startup, "lifespan.startup"):
                    return
            elif message["type"] == "lifespan.shutdown":
                await self._run(self.shutdown, "lifespan.shutdown")
                return

    async def _run(self, step: Any, name: str) -> bool:
        try:
            await step()
        except Exception as error:
            error_logger.exception(f"{name} failed")
            await self.send({"type": f"{name}.failed", "message": str(error)})
            return False
        await self.send({"type": f"{name}.complete"})
        return True


class ASGIApp(AsgiStream):
    """One connection of an ASGI server: made by `create`, run by calling it.

    Attributes:
        sanic_app: the application.
        request: the request; this object is its `stream`.
        transport: the request's transport.
        ws: the websocket of a `websocket` scope, otherwise None.
    """

    sanic_app: Any
    transport: MockTransport
    lifespan: Lifespan | None
    ws: WebSocketConnection | None

    @classmethod
    async def create(
        cls, sanic_app: Any, scope: ASGIScope, receive: ASGIReceive, send: ASGISend
    ) -> ASGIApp:
        """Make the request of a scope.

        Raises:
            BadRequest: a header's name is not ASCII.
            BadURL: the target is none that HTTP knows.
            URITooLong: it is longer than 65535 bytes.
            ServerError: an unknown type of scope.
        """
        instance = cls()
        instance.sanic_app = sanic_app
        instance.lifespan = getattr(sanic_app, "_asgi_lifespan", None)
        instance.transport = transport = MockTransport(scope, receive, send)
        instance.ws = None
        if scope["type"] not in ("http", "websocket"):
            raise ServerError("Received unknown ASGI scope")
        transport.loop = sanic_app.loop
        if scope["type"] == "websocket":
            instance.ws = transport.create_websocket_connection(send, receive)
        await make_ready(sanic_app)
        instance._begin(target_of(scope), headers_of(scope))
        return instance

    def _begin(self, target: bytes, headers: Header) -> None:
        """Make the request and attach this stream to it."""
        transport, scope = self.transport, self.transport.scope
        request = self.sanic_app.request_class(
            target,
            headers,
            scope.get("http_version", "1.1"),
            scope.get("method", "GET"),
            transport,
            self.sanic_app,
        )
        request.conn_info = ConnInfo(transport)
        request.conn_info.ssl = scope.get("scheme") in ("https", "wss")
        self.attach(request, scope, transport._receive, transport._send)
        request.stream = self

    async def __call__(self) -> None:
        """Handle the request; what it raises is answered by the application."""
        app, request = self.sanic_app, self.request
        token = Request._current.set(request)
        try:
            await app.dispatch(
                "http.lifecycle.request",
                inline=True,
                context={"request": request},
                fail_not_found=False,
            )
            await app.handle_request(request)
        except RequestCancelled:
            return  # nobody is there to be answered
        except Exception as error:
            await self._answer(error)
        finally:
            Request._current.reset(token)

    async def _answer(self, error: Exception) -> None:
        try:
            await self.fail(error)
        except RequestCancelled:
            return


async def serve(app: Any, scope: ASGIScope, receive: ASGIReceive, send: ASGISend) -> None:
    """Serve one scope of any type; this is what calling an application does.

    Raises:
        ServerError: an unknown type of scope.
    """
    app.asgi = True
    if scope["type"] == "lifespan":
        app._asgi_lifespan = Lifespan(app, scope, receive, send)
        await app._asgi_lifespan()
        return
    try:
        connection = await ASGIApp.create(app, scope, receive, send)
    except (BadRequest, URITooLong) as error:
        await refuse(app, scope, receive, send, error)
        return
    await connection()


async def refuse(
    app: Any, scope: ASGIScope, receive: ASGIReceive, send: ASGISend, error: SanicException
) -> None:
    """Answer a scope of which no request can be made."""
    connection = ASGIApp()
    connection.sanic_app = app
    connection.transport = MockTransport(scope, receive, send)
    connection._begin(b"/", Header())
    await connection._answer(error)


async def make_ready(app: Any) -> None:
    """Start the application up, unless that was done; not all servers speak `lifespan`."""
    if not app.state.is_started:
        await app._startup()


def target_of(scope: ASGIScope) -> bytes:
    """The request target: the path as it came, and the query string.

    Raises:
        URITooLong: it is longer than 65535 bytes.
    """
    path = scope.get("raw_path") or quote(scope["path"], safe=PATH_SAFE).encode() or b"/"
    query = scope.get("query_string")
    target = bytes(path + b"?" + query if query else path)
    if len(target) > MAX_URL:
        raise URITooLong(f"URL exceeds the maximum size of {MAX_URL} bytes")
    return target


def headers_of(scope: ASGIScope) -> Header:
    """The header fields.

    Raises:
        BadRequest: a name is not ASCII.
    """
    try:
        return Header(
            (name.decode("ascii"), value.decode("utf-8", "surrogateescape"))
            for name, value in scope.get("headers", ())
        )
    except UnicodeDecodeError as error:
        raise BadRequest("Header names can only contain US-ASCII characters") from error
