"""A websocket whose wire belongs to an ASGI server."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
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
        self._open = False
        self._ended = False

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

        Raises:
            WebsocketClosed: that was told before.
        """
        if self._ended:
            raise WebsocketClosed(NO_READ)
        while True:
            message = await self._receive()
            if message["type"] == "websocket.disconnect":
                self._ended = True
                return None
            if message["type"] == "websocket.receive":
                text: str | None = message.get("text")
                return message["bytes"] if text is None else text

    receive = recv

    async def accept(self, subprotocols: Iterable[str] | None = None) -> None:
        """Open the websocket, with the first of `subprotocols` that the client offered."""
        chosen = next((name for name in subprotocols or () if name in self._subprotocols), None)
        await self._send({"type": "websocket.accept", "subprotocol": chosen})
        self._open = True

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """Close an open websocket; does nothing on one that is closed or not open yet."""
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
