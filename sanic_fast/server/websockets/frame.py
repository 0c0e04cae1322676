"""Data frames become messages (RFC 6455 5.4), kept until somebody receives them."""

from __future__ import annotations

from asyncio import AbstractEventLoop, CancelledError, Future, Task, current_task, sleep
from codecs import getincrementaldecoder
from collections import deque
from collections.abc import AsyncGenerator
from typing import Any, Protocol

from sanic_fast.exceptions import ServerError

__all__ = ("WebsocketFrameAssembler",)

CONTINUATION, TEXT = 0, 1  # opcodes, RFC 6455 5.2
BUSY = "cannot call recv while another task is already waiting for the next message"
TURN = 64  # messages one connection may have in one turn of the loop
utf8_decoder = getincrementaldecoder("utf-8")


class Source(Protocol):
    """Where the frames come from."""

    loop: AbstractEventLoop

    def resume_frames(self, only_messages: bool = False) -> None:
        """Somebody wants frames now; if `only_messages`, up to the next close frame."""

    def resume_soon(self) -> None:
        """Go on after the receiver had the time to answer what it took."""


class WebsocketFrameAssembler:
    """Puts fragments together and hands complete messages to one receiver at a time.

    The bytes of a fragmented message are kept in one buffer, so that many small or empty
    fragments cost no more memory than one large one. Text is checked as it arrives.

    Args:
        protocol: asked for more frames when there is room again.
    """

    __slots__ = (
        "_buffer",
        "_closed",
        "_decoder",
        "_pieces",
        "_ready",
        "_skipping",
        "_streaming",
        "_text",
        "_turn",
        "_waiter",
        "busy",
        "protocol",
        "receiver",
    )

    def __init__(self, protocol: Source) -> None:
        self.protocol = protocol
        self.busy = False  # somebody receives
        self.receiver: Task[Any] | None = None  # who waits
        self._closed = False
        self._ready: deque[str | bytes] = deque()  # complete messages
        self._pieces: deque[tuple[str | bytes, bool]] = deque()  # of the streamed message; last?
        self._buffer: bytearray | None = None  # an unfinished message
        self._decoder: Any = None  # of unfinished text
        self._text = False
        self._streaming = False
        self._skipping = False  # the rest of a message whose stream was left early
        self._waiter: Future[Any] | None = None
        self._turn = 0  # messages taken without waiting

    @property
    def queued(self) -> bool:
        """Whether something waits for a receiver."""
        return bool(self._ready or self._pieces)

    @property
    def full(self) -> bool:
        """Whether something has to be received before more frames are welcome.

        What was given to a waiting task counts until that task runs: it may want to answer before
        a close frame behind the message counts.
        """
        waiter = self._waiter
        return bool(self._ready or self._pieces or (waiter is not None and waiter.done()))

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
        self._closed = True
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
        self.busy = True
        try:
            if not self._ready:
                self.protocol.resume_frames()
            if self._ready:
                return await self._take()
            if timeout is not None and timeout <= 0:
                return None
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
        while len(burst) < most:
            if not self._ready:
                self.protocol.resume_frames(only_messages=True)
                if not self._ready:
                    break
            burst.append(self._ready.popleft())
        self.protocol.resume_soon()
        return burst

    async def get_iter(self) -> AsyncGenerator[str | bytes, None]:
        """The fragments of the next message, as they come.

        Raises:
            ServerError: somebody else is receiving.
            CancelledError: the connection closes.
        """
        if self.busy:
            raise ServerError(BUSY)
        self.busy = True
        final = False
        try:
            if self._ready:
                final = True
                yield await self._take()
                return
            self._streaming = True
            if self._buffer is not None:
                piece = self._begun()
                if piece:
                    yield piece
            while not final:
                if not self._pieces:
                    self.protocol.resume_frames()
                if not self._pieces:
                    await self._wait(None)
                    continue
                piece, final = self._pieces.popleft()
                if final:
                    self._streaming = False
                    self._buffer = self._decoder = None
                self.protocol.resume_soon()
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
        self.protocol.resume_soon()

    async def _take(self) -> str | bytes:
        self._turn += 1
        if self._turn >= TURN:
            self._turn = 0
            await sleep(0)  # let other connections have a turn of the loop
            if not self._ready:
                raise CancelledError  # the connection began to close meanwhile
        message = self._ready.popleft()
        self.protocol.resume_soon()
        return message

    async def _wait(self, timeout: float | None) -> Any:
        if self._closed:
            raise CancelledError
        loop = self.protocol.loop
        waiter = self._waiter = loop.create_future()
        timer = None if timeout is None else loop.call_later(timeout, _expire, waiter)
        self._turn = 0
        self.receiver = current_task()
        try:
            result = await waiter
            self.protocol.resume_soon()
            return result
        except CancelledError:
            if waiter.done() and not waiter.cancelled() and waiter.result() is not None:
                self._ready.appendleft(waiter.result())
            raise
        finally:
            self._waiter = self.receiver = None
            if timer is not None:
                timer.cancel()


def _expire(waiter: Future[Any]) -> None:
    if not waiter.done():
        waiter.set_result(None)
