"""What stands for a transport and a protocol where an ASGI server owns the real ones."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from sanic_fast.exceptions import BadRequest
from sanic_fast.models.protocol_types import TransportProtocol
from sanic_fast.server.websockets.connection import WebSocketConnection

__all__ = (
    "ASGIMessage",
    "ASGIReceive",
    "ASGIScope",
    "ASGISend",
    "MockProtocol",
    "MockTransport",
)

ASGIScope = MutableMapping[str, Any]
ASGIMessage = MutableMapping[str, Any]
ASGISend = Callable[[ASGIMessage], Awaitable[None]]
ASGIReceive = Callable[[], Awaitable[ASGIMessage]]


class MockProtocol:
    """The protocol of a `MockTransport`: flow control for who writes by `push_data`."""

    def __init__(self, transport: MockTransport, loop: Any) -> None:
        self.transport = transport
        self._not_paused = asyncio.Event()
        self._not_paused.set()
        self._complete = asyncio.Event()

    def pause_writing(self) -> None:
        """Let `drain` and `push_data` wait."""
        self._not_paused.clear()

    def resume_writing(self) -> None:
        """Let them go on."""
        self._not_paused.set()

    async def complete(self) -> None:
        """Send an empty last piece of a body."""
        self._not_paused.set()
        await self.transport.send(
            {"type": "http.response.body", "body": b"", "more_body": False}
        )
        self._complete.set()

    @property
    def is_complete(self) -> bool:
        """Whether `complete` was called."""
        return self._complete.is_set()

    async def push_data(self, data: bytes) -> None:
        """Send a piece of a body, unless it is complete."""
        if not self.is_complete:
            await self.drain()
            await self.transport.send(
                {"type": "http.response.body", "body": data, "more_body": True}
            )

    async def drain(self) -> None:
        """Wait while writing is paused."""
        await self._not_paused.wait()


class MockTransport(TransportProtocol):
    """`request.transport` under an ASGI server.

    Args:
        scope: the connection's scope.
        receive, send: the server's callables.
    """

    def __init__(self, scope: ASGIScope, receive: ASGIReceive, send: ASGISend) -> None:
        super().__init__()
        self.scope = scope
        self._receive = receive
        self._send = send
        self._protocol: MockProtocol | None = None
        self._websocket_connection: WebSocketConnection | None = None
        self.loop: asyncio.AbstractEventLoop | None = None

    def get_protocol(self) -> MockProtocol:  # type: ignore[override]
        """The protocol, one per transport."""
        if self._protocol is None:
            self._protocol = MockProtocol(self, self.loop)
        return self._protocol

    def get_extra_info(self, info: str, default: Any = None) -> Any:
        """The peer's address as a tuple for `peername`; anything else is not known here."""
        if info == "peername":
            client = self.scope.get("client")
            return default if client is None else tuple(client)
        return default

    def get_websocket_connection(self) -> WebSocketConnection:
        """The websocket that `create_websocket_connection` made.

        Raises:
            BadRequest: the request is no websocket's.
        """
        if self._websocket_connection is None:
            raise BadRequest("Improper websocket connection.")
        return self._websocket_connection

    def create_websocket_connection(
        self, send: ASGISend, receive: ASGIReceive
    ) -> WebSocketConnection:
        """Make the websocket of a `websocket` scope."""
        self._websocket_connection = WebSocketConnection(
            send, receive, self.scope.get("subprotocols") or []
        )
        return self._websocket_connection

    def add_task(self, task: Any) -> asyncio.Task[Any]:
        """Run a coroutine in a task of its own."""
        return asyncio.get_running_loop().create_task(task)

    async def send(self, data: ASGIMessage) -> None:
        """Send a message to the server."""
        await self._send(data)

    async def receive(self) -> ASGIMessage:
        """The next message of the server."""
        return await self._receive()
