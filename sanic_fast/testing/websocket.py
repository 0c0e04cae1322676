"""Conversations over websockets, for the test clients."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import unquote, urlsplit

from websockets.exceptions import ConnectionClosed

from sanic_fast.exceptions import WebsocketClosed

__all__ = ("ASGIPeer", "WebsocketProxy", "converse")

Mimic = Callable[[Any], Awaitable[Any]]


class WebsocketProxy:
    """What was said over a websocket that is closed now.

    Attributes:
        ws: the connection of the `websockets` package.
        opened: True; a refused handshake raises instead.
        client_sent, server_received: messages of the client, in order.
        client_received, server_sent: messages that the client read.
        subprotocol: the one agreed on, or None.
    """

    def __init__(self, ws: Any) -> None:
        self.ws = ws
        self.opened = True
        self.client_sent: list[str | bytes] = []
        self.client_received: list[str | bytes] = []
        self._send, self._recv = ws.send, ws.recv
        # The connection itself is handed to `mimic`: only these two are seen to.
        ws.send, ws.recv = self._sending, self._receiving

    @property
    def server_sent(self) -> list[str | bytes]:
        return self.client_received

    @property
    def server_received(self) -> list[str | bytes]:
        return self.client_sent

    @property
    def subprotocol(self) -> str | None:
        found: str | None = self.ws.subprotocol
        return found

    async def _sending(self, message: Any, *args: Any, **kwargs: Any) -> None:
        await self._send(message, *args, **kwargs)
        self.client_sent.append(message)

    async def _receiving(self, *args: Any, **kwargs: Any) -> Any:
        message = await self._recv(*args, **kwargs)
        self.client_received.append(message)
        return message


async def converse(url: str, mimic: Mimic | None = None, **options: Any) -> WebsocketProxy:
    """Open a websocket, run `mimic(connection)`, send an empty message as the end, and close.

    Args:
        url: of the route, http and https stand for ws and wss.
        mimic: what the client does; without it nothing is said.
        options: for `websockets.connect`, such as `subprotocols` and `extra_headers`.

    Raises:
        websockets.exceptions.InvalidHandshake: the server refused.
    """
    try:
        from websockets.asyncio.client import connect
    except ImportError:  # before 13.0
        from websockets import connect
    else:
        if "extra_headers" in options:
            options["additional_headers"] = options.pop("extra_headers")
    if url.startswith("https:"):
        options.setdefault("ssl", ssl._create_unverified_context())
    async with connect("ws" + url.removeprefix("http"), **options) as ws:
        proxy = WebsocketProxy(ws)
        if mimic is not None:
            await mimic(ws)
            try:
                await ws.send("")
            except ConnectionClosed:
                pass  # the handler was quicker
    return proxy


class ASGIPeer:
    """The client of a websocket over ASGI: what `mimic` gets.

    Attributes:
        opened: whether the app accepted.
        subprotocol: the one that it chose, or None.
        sent, received: messages that went to the app and came from it.
    """

    def __init__(self) -> None:
        self.opened = False
        self.subprotocol: str | None = None
        self.sent: list[str | bytes] = []
        self.received: list[str | bytes] = []
        self._answered = asyncio.Event()
        self._to_app: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._from_app: asyncio.Queue[str | bytes | None] = asyncio.Queue()

    async def send(self, message: str | bytes) -> None:
        """Send a message to the app."""
        kind = "text" if isinstance(message, str) else "bytes"
        self.sent.append(message)
        await self._to_app.put({"type": "websocket.receive", kind: message})

    async def recv(self) -> str | bytes:
        """The next message of the app.

        Raises:
            WebsocketClosed: the app has closed the websocket.
        """
        message = await self._from_app.get()
        if message is None:
            self._from_app.put_nowait(None)
            raise WebsocketClosed
        return message

    async def __aiter__(self) -> Any:
        try:
            while True:
                yield await self.recv()
        except WebsocketClosed:
            pass

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """Close the websocket."""
        message = {"type": "websocket.disconnect", "code": code, "reason": reason}
        await self._to_app.put(message)

    async def run(self, app: Any, scope: dict[str, Any], mimic: Mimic | None) -> None:
        """The whole life of one websocket."""
        await self._to_app.put({"type": "websocket.connect"})
        serving = asyncio.ensure_future(self._serve(app, scope))
        try:
            await self._answered.wait()
            if self.opened and mimic is not None:
                await mimic(self)
            await self.close()
            await serving
        finally:
            serving.cancel()

    async def _serve(self, app: Any, scope: dict[str, Any]) -> None:
        try:
            await app(scope, self._to_app.get, self._take)
        finally:
            self._answered.set()
            self._from_app.put_nowait(None)

    async def _take(self, message: Any) -> None:
        kind = message["type"]
        if kind == "websocket.accept":
            self.opened = True
            self.subprotocol = message.get("subprotocol")
        elif kind == "websocket.send":
            data = message.get("text")
            data = message["bytes"] if data is None else data
            self.received.append(data)
            self._from_app.put_nowait(data)
        elif kind == "websocket.close":
            self._from_app.put_nowait(None)
        self._answered.set()


def websocket_scope(
    url: str, subprotocols: list[str] | None, headers: dict[str, str]
) -> dict[str, Any]:
    """The ASGI scope of a handshake."""
    parts = urlsplit(url)
    given = {"host": parts.netloc, "connection": "Upgrade", "upgrade": "websocket", **headers}
    if subprotocols:
        given["sec-websocket-protocol"] = ", ".join(subprotocols)
    return {
        "type": "websocket",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "scheme": "wss" if parts.scheme in ("https", "wss") else "ws",
        "path": unquote(parts.path),
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": [(k.lower().encode(), v.encode("latin-1")) for k, v in given.items()],
        "client": ("127.0.0.1", 123),
        "server": (parts.hostname, parts.port or 80),
        "subprotocols": list(subprotocols or ()),
    }
