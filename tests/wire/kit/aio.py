"""A raw client for tests that run in the server's own loop."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.wire.kit.client import PATIENCE, Answer, read_answer


class Incomplete(Exception):
    """The bytes that are here end within a response."""


class Peer:
    """A connection to a local server; use it as an async context manager."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.buffer = bytearray()
        self.ended = False

    async def __aenter__(self) -> Peer:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        self.writer.close()
        try:
            await self.writer.wait_closed()
        except ConnectionError:
            pass

    def send(self, data: bytes) -> None:
        self.writer.write(data)

    def _more(self) -> bytes:
        if self.ended:
            return b""
        raise Incomplete

    async def answer(self) -> Answer | None:
        """The next response; None if the connection ends before it."""
        while True:
            copy = bytearray(self.buffer)
            try:
                answer = read_answer(self._more, copy)
            except Incomplete:
                await self._read()
                continue
            self.buffer = copy
            return answer

    async def _read(self) -> None:
        try:
            data = await asyncio.wait_for(self.reader.read(65536), PATIENCE)
        except ConnectionError:
            data = b""
        self.ended = not data
        self.buffer += data

    async def closed(self) -> bool:
        """Wait for the server to close; whether nothing came before."""
        while not self.ended:
            await self._read()
        return not self.buffer


async def until(condition: Any, patience: float = PATIENCE) -> None:
    """Wait for a condition that must come true.

    Raises:
        TimeoutError: it did not.
    """
    end = asyncio.get_running_loop().time() + patience
    while not condition():
        if asyncio.get_running_loop().time() > end:
            raise TimeoutError("what had to happen did not")
        await asyncio.sleep(0.002)
