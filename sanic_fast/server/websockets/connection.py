"""A websocket whose wire belongs to an ASGI server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from sanic_fast.exceptions import WebsocketClosed

__all__ = ("WebSocketConnection",)

Message = MutableMapping[str, Any]
NO_WRITE = "Cannot write to websocket interface after it is closed."
NO_READ = "Cannot receive from websocket interface after it is closed."


class WebSocketConnection:
    """What a websocket handler gets under an ASGI server.

    Args:
        send, receive: the server's callables.
        subprotocols: what the client offered.

    Attributes:
        subprotocol: what was agreed on, or None.
    """

    def __init__(
        self,
        send: Callable[[Message], Awaitable[None]],
        receive: Callable[[], Awaitable[Message]],
        subprotocols: list[str] | None = None,
    ) -> None:
        self._send = send
        self._receive = receive
        self._subprotocols = subprotocols or []
        self.subprotocol: str | None = None
        self._open = False
        self._ended = False
        self._waiting: asyncio.Future[Message] | None = None

    async def send(self, data: str | bytes, *args: Any, **kwargs: Any) -> None:
        """Send a message, text for str and binary for bytes.

        Raises:
            WebsocketClosed: the connection was closed before.
            TypeError: neither text nor bytes.
        """
        if self._ended:
            raise WebsocketClosed(NO_WRITE)
        if isinstance(data, str):
            await self._send({"type": "websocket.send", "text": data})
        elif isinstance(data, (bytes, bytearray, memoryview)):
            await self._send({"type": "websocket.send", "bytes": bytes(data)})
        else:
            raise TypeError(f"Websocket data must be bytes or str, not {type(data).__name__}")

    async def recv(self, *args: Any, **kwargs: Any) -> str | bytes | None:
        """The next message; None when the connection closes.

        Args:
            timeout: seconds, first or by name; None comes when they are over.

        Raises:
            WebsocketClosed: that was told before.
        """
        if self._ended:
            raise WebsocketClosed(NO_READ)
        timeout = args[0] if args else kwargs.get("timeout")
        while True:
            if self._waiting is None:
                self._waiting = asyncio.ensure_future(self._receive())
            # Not cancelled with us: not every server would keep what comes meanwhile.
            done, _ = await asyncio.wait((self._waiting,), timeout=timeout)
            if not done:
                return None
            message = self._waiting.result()
            self._waiting = None
            if message["type"] == "websocket.disconnect":
                self._ended = True
                return None
            if message["type"] == "websocket.receive":
                text: str | None = message.get("text")
                return message["bytes"] if text is None else text

    receive = recv

    async def __aiter__(self) -> AsyncIterator[str | bytes]:
        """All messages until the connection closes."""
        while (message := await self.recv()) is not None:
            yield message

    async def accept(self, subprotocols: Iterable[str] | None = None) -> None:
        """Open the websocket, with the first of `subprotocols` that the client offered."""
        chosen = next((name for name in subprotocols or () if name in self._subprotocols), None)
        await self._send({"type": "websocket.accept", "subprotocol": chosen})
        self.subprotocol = chosen
        self._open = True

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """Close an open websocket; does nothing on one that is closed or not open yet."""
        if self._waiting is not None:
            self._waiting.cancel()
        if self._open and not self._ended:
            self._ended = True
            await self._send({"type": "websocket.close", "code": code, "reason": reason})

    @property
    def subprotocols(self) -> list[str]:
        """What the client offered."""
        return self._subprotocols

    @subprotocols.setter
    def subprotocols(self, subprotocols: list[str] | None = None) -> None:
        self._subprotocols = subprotocols or []
