"""A connection without a socket: a protocol and a transport that keeps what is written."""

from __future__ import annotations

import asyncio
from typing import Any

from sanic_fast.server.protocols.http_protocol import HttpProtocol
from tests.wire.kit.client import PATIENCE, Answer, read_answer


class FakeTransport(asyncio.Transport):
    """Records writes; with `full` set it reports back-pressure as real transports do."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self.loop = loop
        self.protocol: Any = None
        self.written = bytearray()
        self.closing = False
        self.paused = False
        self.full = False
        self.told = False
        self.ended = False
        self.calls: list[str] = []

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return {"peername": ("127.0.0.1", 1), "sockname": ("127.0.0.1", 2)}.get(name, default)

    def set_protocol(self, protocol: Any) -> None:
        self.protocol = protocol

    def get_protocol(self) -> Any:
        return self.protocol

    def is_closing(self) -> bool:
        return self.closing

    def write(self, data: Any) -> None:
        assert not self.ended, "write after write_eof"
        self.written += bytes(data)
        if self.full and not self.told:
            self.told = True
            self.protocol.pause_writing()  # synchronously, as asyncio's do

    def get_write_buffer_size(self) -> int:
        return 100000 if self.full else 0

    def drain(self) -> None:
        """The peer has read everything."""
        self.full = self.told = False
        self.protocol.resume_writing()

    def can_write_eof(self) -> bool:
        return True

    def write_eof(self) -> None:
        self.ended = True

    def pause_reading(self) -> None:
        self.calls.append("pause")
        self.paused = True

    def resume_reading(self) -> None:
        self.calls.append("resume")
        self.paused = False

    def is_reading(self) -> bool:
        return not self.paused

    def close(self) -> None:
        if not self.closing:
            self.closing = True
            self.loop.call_soon(self.protocol.connection_lost, None)

    abort = close


class Wire:
    """One connection to an app that was started in this loop."""

    def __init__(self, app: Any, connections: set[Any] | None = None) -> None:
        loop = asyncio.get_running_loop()
        self.transport = FakeTransport(loop)
        self.protocol = HttpProtocol(loop=loop, app=app, connections=connections)
        self.transport.protocol = self.protocol
        self.protocol.connection_made(self.transport)

    def feed(self, data: bytes) -> None:
        """Bytes as a transport gives them to a buffered protocol."""
        while data:
            buffer = memoryview(self.protocol.get_buffer(-1))
            size = min(len(buffer), len(data))
            buffer[:size] = data[:size]
            buffer.release()
            self.protocol.buffer_updated(size)
            data = data[size:]

    def answers(self) -> list[Answer]:
        """Everything answered up to now."""
        buffer = bytearray(self.transport.written)
        found = []
        while answer := read_answer(lambda: b"", buffer):
            assert answer.complete
            found.append(answer)
        return found

    async def settle(self, count: int, patience: float = PATIENCE) -> list[Answer]:
        """Wait for that many answers."""
        end = asyncio.get_running_loop().time() + patience
        while True:
            try:
                answers = self.answers()
            except AssertionError:
                answers = []
            if len(answers) >= count:
                return answers
            assert asyncio.get_running_loop().time() < end, bytes(self.transport.written)
            await asyncio.sleep(0)

    async def close(self) -> None:
        self.transport.close()
        await asyncio.sleep(0)
        await asyncio.sleep(0)


async def started(app: Any) -> Any:
    """Get an app ready to serve without a server."""
    await app._startup()
    return app
