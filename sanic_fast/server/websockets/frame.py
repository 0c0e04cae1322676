"""Data frames become messages (RFC 6455 5.4), kept until somebody receives them."""

from __future__ import annotations

from asyncio import AbstractEventLoop, CancelledError, Future
from codecs import getincrementaldecoder
from collections import deque
from collections.abc import AsyncIterator
from typing import Any, Protocol

from sanic_fast.exceptions import ServerError

__all__ = ("WebsocketFrameAssembler",)

CONTINUATION, TEXT = 0, 1  # opcodes, RFC 6455 5.2
BUSY = "cannot call recv while another task is already waiting for the next message"
utf8_decoder = getincrementaldecoder("utf-8")


class Source(Protocol):
    """Where the frames come from."""

    loop: AbstractEventLoop

    def resume_frames(self) -> None:
        """The assembler is not `full` any more."""


class WebsocketFrameAssembler:
    """Puts fragments together and hands complete messages to one receiver at a time.

    The bytes of a fragmented message are kept in one buffer, so that many small or empty
    fragments cost no more memory than one large one. Text is checked as it arrives.

    Args:
        protocol: asked for more frames when there is room again.
    """

    __slots__ = (
        "_buffer",
        "_decoder",
        "_pieces",
        "_ready",
        "_skipping",
        "_streaming",
        "_text",
        "_waiter",
        "busy",
        "protocol",
    )

    def __init__(self, protocol: Source) -> None:
        self.protocol = protocol
        self.busy = False  # somebody receives
        self._ready: deque[str | bytes] = deque()  # complete messages
        self._pieces: deque[tuple[str | bytes, bool]] = deque()  # of the streamed message; last?
        self._buffer: bytearray | None = None  # an unfinished message
        self._decoder: Any = None  # of unfinished text
        self._text = False
        self._streaming = False
        self._skipping = False  # the rest of a message whose stream was left early
        self._waiter: Future[Any] | None = None

    @property
    def full(self) -> bool:
        """Whether something has to be received before more frames are welcome."""
        return bool(self._ready or self._pieces)

    @property
    def between(self) -> bool:
        """Whether no message has begun, nor does anybody want fragments."""
        return self._buffer is None and not self._streaming and not self._skipping

    # -- frames come

    def put(self, frame: Any) -> None:
        """Take a text, binary or continuation frame; their order was checked already.

        Raises:
            UnicodeDecodeError: text is not UTF-8 (RFC 6455 8.1).
        """
        opcode, data, final = frame.opcode, frame.data, frame.fin
        if opcode != CONTINUATION:
            self._text = opcode == TEXT
            if final and not self._streaming:
                self.deliver(str(data, "utf-8") if self._text else bytes(data))
                return
            self._decoder = utf8_decoder() if self._text else None
            self._buffer = bytearray()
        if self._skipping:
            self._skipping = not final
            return
        piece: str | bytes = self._decoder.decode(data, final) if self._text else bytes(data)
        if self._streaming:
            self._pieces.append((piece, final))
            self._wake(None)
            return
        buffer = self._buffer
        assert buffer is not None, "a continuation frame continues something"
        buffer += data
        if final:
            self._buffer = self._decoder = None
            self.deliver(buffer.decode() if self._text else bytes(buffer))

    def deliver(self, message: str | bytes) -> None:
        """Take a whole message; only while `between`."""
        if not self._wake(message):
            self._ready.append(message)

    def _wake(self, result: Any) -> bool:
        waiter = self._waiter
        if waiter is None or waiter.done():
            return False
        waiter.set_result(result)
        return True

    def close(self) -> None:
        """Nothing comes any more: whoever waits is cancelled, what nobody received is dropped."""
        if self._waiter is not None:
            self._waiter.cancel()
        self._ready.clear()
        self._pieces.clear()
        self._buffer = self._decoder = None

    # -- messages go

    async def get(self, timeout: float | None = None) -> str | bytes | None:
        """The next message, or None if none comes within `timeout` seconds.

        A message is never lost when the caller is cancelled.

        Raises:
            ServerError: somebody else is receiving.
            CancelledError: the connection closes.
        """
        if self.busy:
            raise ServerError(BUSY)
        if self._ready:
            return self._take()
        if timeout is not None and timeout <= 0:
            return None
        self.busy = True
        try:
            message: str | bytes | None = await self._wait(timeout)
            return message
        finally:
            self.busy = False

    def get_burst(self, most: int) -> list[str | bytes]:
        """Up to `most` messages that are here.

        Raises:
            ServerError: somebody else is receiving.
        """
        if self.busy:
            raise ServerError(BUSY)
        burst: list[str | bytes] = []
        while self._ready and len(burst) < most:
            burst.append(self._take())
        return burst

    async def get_iter(self) -> AsyncIterator[str | bytes]:
        """The fragments of the next message, as they come.

        Raises:
            ServerError: somebody else is receiving.
            CancelledError: the connection closes.
        """
        if self.busy:
            raise ServerError(BUSY)
        if self._ready:
            yield self._take()
            return
        self.busy = self._streaming = True
        final = False
        try:
            if self._buffer is not None:
                piece = self._begun()
                if piece:
                    yield piece
            while not final:
                if not self._pieces:
                    await self._wait(None)
                    continue
                piece, final = self._pieces.popleft()
                if final:
                    self._streaming = False
                    self._buffer = self._decoder = None
                elif not self._pieces:
                    self.protocol.resume_frames()
                if piece:
                    yield piece
        finally:
            self._leave_stream(final)

    def _begun(self) -> str | bytes:
        """What is here of a message that began before it was streamed."""
        begun = bytes(self._buffer or b"")
        self._buffer = bytearray()
        if not self._text:
            return begun
        self._decoder = utf8_decoder()
        text: str = self._decoder.decode(begun)
        return text

    def _leave_stream(self, final: bool) -> None:
        self.busy = self._streaming = False
        if not final:
            # Left early: what is here or comes of this message belongs to nobody.
            self._skipping = self._buffer is not None and not any(last for _, last in self._pieces)
            self._buffer = self._decoder = None
            self._pieces.clear()
        self.protocol.resume_frames()

    def _take(self) -> str | bytes:
        message = self._ready.popleft()
        if not self._ready:
            self.protocol.resume_frames()
        return message

    async def _wait(self, timeout: float | None) -> Any:
        loop = self.protocol.loop
        waiter = self._waiter = loop.create_future()
        timer = None if timeout is None else loop.call_later(timeout, _expire, waiter)
        try:
            return await waiter
        except CancelledError:
            if waiter.done() and not waiter.cancelled() and waiter.result() is not None:
                self._ready.appendleft(waiter.result())
            raise
        finally:
            self._waiter = None
            if timer is not None:
                timer.cancel()


def _expire(waiter: Future[Any]) -> None:
    if not waiter.done():
        waiter.set_result(None)
