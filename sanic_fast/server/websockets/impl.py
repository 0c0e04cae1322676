"""A websocket connection (RFC 6455) as handlers see it.

The rules of the protocol are those of the sans-IO half of the `websockets` package; this class
feeds it with bytes, frame by frame, writes what it answers and keeps the times.
"""

from __future__ import annotations

import asyncio
from asyncio import AbstractEventLoop, CancelledError, Future, Task, TimerHandle
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from typing import Any

from websockets.exceptions import ConnectionClosedOK
from websockets.frames import Opcode
from websockets.protocol import State
from websockets.server import ServerProtocol

from sanic_fast._core.wsframe import binary_frame, frame_size, plain_message, text_frame
from sanic_fast.exceptions import WebsocketClosed
from sanic_fast.log import websockets_logger
from sanic_fast.server.websockets import data as ws_data
from sanic_fast.server.websockets.frame import WebsocketFrameAssembler
from sanic_fast.server.websockets.ping import Pings

__all__ = ("WebsocketImplProtocol",)

OPEN, CLOSED = State.OPEN, State.CLOSED
PING, PONG, CLOSE = Opcode.PING, Opcode.PONG, Opcode.CLOSE


class WebsocketImplProtocol:
    """One open websocket: what a websocket handler gets as its second argument.

    When the peer closes, or is lost, the handler is cancelled.

    Args:
        ws_proto: the sans-IO protocol, open and without extensions.
        max_queue: kept for compatibility; one message waits at most.
        ping_interval: seconds between pings; None or 0: none are sent.
        ping_timeout: seconds to wait for the pong; None: for ever.
        close_timeout: seconds to wait for the end of a closing connection.
        loop: the event loop, if it is known already.
    """

    def __init__(
        self,
        ws_proto: ServerProtocol,
        max_queue: int | None = None,
        ping_interval: float | None = 20,
        ping_timeout: float | None = 20,
        close_timeout: float = 10,
        loop: AbstractEventLoop | None = None,
    ) -> None:
        self.ws_proto = ws_proto
        self.io_proto: Any = None
        self.loop: Any = loop
        self.max_queue = max_queue
        self.ping_interval = ping_interval
        self.ping_timeout = ping_timeout
        self.close_timeout = close_timeout
        self.assembler = WebsocketFrameAssembler(self)
        self._pings: Pings
        self.connection_lost_waiter: Future[None] | None = None
        self._transport: Any = None
        self._handler: Task[Any] | None = None
        self._input = b""  # received, not looked at up to `_at`
        self._at = 0
        self._limit = 0  # bytes of a message; -1: any number
        self._frame_left = 0  # bytes of the current frame that are to come
        self._discarded = 0
        self._holding = True  # input waits for the handler to begin
        self._begun = False  # the handler had its first step
        self._cancelling = False  # it is to be cancelled once it had
        self._pumping = False
        self._resuming = False
        self._reading = True
        self._writers: set[Future[None]] | None = None  # not None: the peer reads too slowly
        self._late_pong: list[bytes] = []
        self._close_timer: TimerHandle | None = None
        self._ended = False  # our side of the connection is closed
        self._peer_ended = False

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.ws_proto.state.name}>"

    @property
    def pings(self) -> dict[bytes, Future[None]]:
        """The pings whose pongs have not come, by their data."""
        return self._pings.waiting

    @property
    def subprotocol(self) -> str | None:
        """What was agreed on in the handshake, or None."""
        return self.ws_proto.subprotocol

    # -- receiving

    async def recv(self, timeout: float | None = None) -> str | bytes | None:
        """The next message: str for text, bytes for binary.

        Args:
            timeout: seconds to wait; 0 takes only what is here. None waits for ever.

        Returns:
            The message, or None after the timeout. Cancelling the call loses no message.

        Raises:
            WebsocketClosed: the connection was closed before.
            CancelledError: the peer closes while this waits.
            ServerError: another task is receiving.
        """
        if self.ws_proto.state is not OPEN:
            self._no_more()
        return await self.assembler.get(timeout)

    async def recv_burst(self, max_recv: int = 256) -> Sequence[str | bytes]:
        """The messages that are here, which may be none; never waits.

        Raises:
            WebsocketClosed: the connection is closed.
            ServerError: another task is receiving.
        """
        if self.ws_proto.state is not OPEN:
            raise WebsocketClosed(ws_data.NO_READ)
        return self.assembler.get_burst(max_recv)

    async def recv_streaming(self) -> AsyncGenerator[str | bytes, None]:
        """The fragments of the next message, each as soon as it comes.

        Take all of them, or close the generator (`contextlib.aclosing`): the rest of the message is
        dropped then.

        Raises:
            WebsocketClosed: the connection was closed before.
            CancelledError: the peer closes while this waits.
            ServerError: another task is receiving.
        """
        if self.ws_proto.state is not OPEN:
            self._no_more()
        async with aclosing(self.assembler.get_iter()) as stream:
            async for fragment in stream:
                yield fragment

    async def __aiter__(self) -> AsyncIterator[str | bytes]:
        """All messages, until the connection closes."""
        try:
            while True:
                message = await self.recv()
                if message is not None:
                    yield message
        except ConnectionClosedOK:
            return

    def _no_more(self) -> None:
        mine = asyncio.current_task() is self._handler
        if self.ws_proto.state is CLOSED and not (mine and self._cancelling):
            raise WebsocketClosed(ws_data.NO_READ)
        if mine:
            self._handler = None  # this is its cancellation
        raise CancelledError

    # -- sending

    async def send(self, message: str | bytes | bytearray | memoryview) -> None:
        """Send a message, str as text and bytes as binary; wait while the peer reads too slowly.

        Raises:
            WebsocketClosed: the connection is closed or closing.
            TypeError: the message is of another type.
            NotImplementedError: it is an iterable of fragments.
        """
        if self.ws_proto.state is not OPEN:
            raise WebsocketClosed(ws_data.NO_WRITE)
        if isinstance(message, str):
            self._transport.write(text_frame(message))
        elif isinstance(message, (bytes, bytearray, memoryview)):
            self._transport.write(binary_frame(bytes(message)))
        else:
            raise ws_data.unsendable(message)
        if self._writers is not None:
            await self._drained(self._writers)
        elif self._transport.is_closing():
            await asyncio.sleep(0)  # lost, but not told: a loop that only sends must yield

    async def _drained(self, writers: set[Future[None]]) -> None:
        writer = self.loop.create_future()
        writers.add(writer)
        try:
            await writer
        finally:
            writers.discard(writer)

    async def ping(self, data: str | bytes | None = None) -> Future[None]:
        """Send a ping (RFC 6455 5.5.2).

        Args:
            data: up to 125 bytes; None: random ones.

        Returns:
            A future that ends with the pong; its exception is ConnectionClosed if none came.

        Raises:
            WebsocketClosed: the connection is closed or closing.
            ValueError: a ping with the same data is still unanswered.
        """
        if self.ws_proto.state is not OPEN:
            raise WebsocketClosed(ws_data.NO_PING)
        return self._pings.send(None if data is None else ws_data.payload_bytes(data))

    def _write_ping(self, data: bytes) -> None:
        self.ws_proto.send_ping(data)
        self._flush()

    async def pong(self, data: str | bytes = b"") -> None:
        """Send a pong nobody asked for (RFC 6455 5.5.3); nothing once the connection closes."""
        data = ws_data.payload_bytes(data)
        if self.ws_proto.state is OPEN:
            self.ws_proto.send_pong(data)
            self._flush()

    # -- closing

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """Begin to close (RFC 6455 7.1.2); does nothing if that has begun. 1006 aborts."""
        self.end_connection(code, reason)

    def end_connection(self, code: int = 1000, reason: str = "") -> None:
        """`close`, from where nothing can be awaited."""
        if code == ws_data.ABNORMAL:
            self.fail_connection(code)
        elif self.ws_proto.state is OPEN:
            self.ws_proto.send_close(code, reason)
            self._flush()
            if self._handler is not None and self.assembler.receiver is self._handler:
                self._cancel_handler()
            self._closing()

    def fail_connection(self, code: int = ws_data.ABNORMAL, reason: str = "") -> bool:
        """Give the connection up (RFC 6455 7.1.7): tell the peer, unless `code` is 1006, and end.
        Returns whether the connection was over already."""
        if self._is_lost():
            return True
        proto = self.ws_proto
        if code == ws_data.ABNORMAL:
            self._transport.abort()
            self._cancel_handler()
        elif not self._ended:
            proto.fail(code, reason)
            self._flush()
        self._closing()
        return False

    async def wait_for_connection_lost(self, timeout: float | None = None) -> bool:
        """Wait until the connection is closed; False after `timeout` seconds."""
        if not self._is_lost() and (timeout is None or timeout > 0):
            assert self.connection_lost_waiter is not None, "connection_made comes first"
            await asyncio.wait([self.connection_lost_waiter], timeout=timeout)
        return self._is_lost()

    def _is_lost(self) -> bool:
        waiter = self.connection_lost_waiter
        return waiter is not None and waiter.done()

    def _closing(self) -> None:
        """The closing handshake has begun: no more messages, and a limit on its time."""
        self._holding = False
        if self._close_timer is not None or self._is_lost():
            return
        self._close_timer = self.loop.call_later(self.close_timeout, self._close_timed_out)
        self._pings.stop()
        self.assembler.close()
        self.resume_frames()

    def _close_timed_out(self) -> None:
        websockets_logger.warning("Timeout waiting for TCP connection to close. Aborting")
        self._transport.abort()

    def _cancel_handler(self) -> None:
        """Cancel the handler once, so that it can clean up, and not before its first step, as a
        task that is cancelled before never runs."""
        if not self._begun:
            self._cancelling = True
        elif self._handler is not None:
            self._handler.cancel()
            self._handler = None

    def attach(self, handler: Task[Any]) -> None:
        """Cancel this task, which has not begun, when the peer closes or the connection is lost."""
        self._handler = handler
        self._cancelling |= self.ws_proto.state is not OPEN
        self.loop.call_soon(self._release)

    def _release(self) -> None:
        """The handler has begun: what the peer sends may end it now."""
        self._holding = False
        self._begun = True
        if self._cancelling:
            self._cancel_handler()
        self.resume_frames()

    # -- called by the connection

    async def connection_made(self, io_proto: Any, loop: AbstractEventLoop | None = None) -> None:
        """The handshake is done.

        Args:
            io_proto: the protocol that owns the transport.
            loop: the event loop; None takes the protocol's.
        """
        self.io_proto = io_proto
        self.loop = loop or self.loop or io_proto.loop
        self._transport = io_proto.transport
        self._limit = -1 if io_proto.websocket_max_size is None else io_proto.websocket_max_size
        self.connection_lost_waiter = self.loop.create_future()
        self._pings = Pings(
            self.loop,
            self.ping_interval,
            self.ping_timeout,
            self._write_ping,
            lambda: self.assembler.full,
            self.fail_connection,
        )

    def data_received(self, data: bytes) -> None:
        """Bytes of the peer."""
        self._input = self._input[self._at :] + data if self._input else data
        self._at = 0
        if self._holding and self.assembler.receiver is None:
            return self.pause_frames()  # the end of the connection waits, too, behind these bytes
        self._pump()

    def eof_received(self) -> bool:
        """The peer closed its side; False: so do we."""
        self._receive_eof()
        self._cancel_handler()
        self._closing()
        return False

    def _receive_eof(self) -> None:
        if not self._peer_ended:
            self._ended = self._peer_ended = True
            self.ws_proto.receive_eof()

    def connection_lost(self, _: BaseException | None) -> None:
        """The connection is over: everybody who waits on it is released."""
        assert self.connection_lost_waiter is not None, "connection_made comes first"
        self._receive_eof()
        if not self.connection_lost_waiter.done():
            self.connection_lost_waiter.set_result(None)
        if self._close_timer is not None:
            self._close_timer.cancel()
        self._pings.stop()
        self._pings.abort(self.ws_proto.close_exc)
        self.assembler.close()
        for writer in self._writers or ():
            if not writer.done():
                writer.set_exception(WebsocketClosed(ws_data.NO_WRITE))
                writer.exception()  # looked at: its task may be the handler, which is cancelled
        self._cancel_handler()
        self._input = b""

    def pause_writing(self) -> None:
        """The peer reads more slowly than we write."""
        if self._writers is None:
            self._writers = set()

    def resume_writing(self) -> None:
        """The peer caught up."""
        writers, self._writers = self._writers or (), None
        for writer in writers:
            if not writer.done():
                writer.set_result(None)
        if self._late_pong:
            late, self._late_pong = self._late_pong, []
            if self.ws_proto.state is OPEN:
                self._transport.writelines(late)

    def pause_frames(self) -> None:
        """Read no more bytes of the peer."""
        if self._reading:
            self._reading = False
            self._transport.pause_reading()

    def resume_frames(self, only_messages: bool = False) -> None:
        """Go on with the bytes that are here, then with the peer's; with `only_messages`, stop
        before a close frame."""
        self._resuming = False
        if not self._pumping and (self._input or not self._reading):
            self._pump(only_messages)

    def resume_soon(self) -> None:
        """`resume_frames`, when the receiver of a message had the time to answer it."""
        if not self._resuming and (self._input or not self._reading):
            self._resuming = True
            self.loop.call_soon(self.resume_frames)

    # -- bytes in, bytes out

    def _pump(self, only_messages: bool = False) -> None:
        """Feed what is here, frame by frame, until a message has to be received first.

        What waits is kept as bytes, not as frames, and a close frame behind a message counts only
        when that message was received: as if the network had delivered it later.
        """
        proto, data, assembler = self.ws_proto, self._input, self.assembler
        size = len(data)
        self._pumping = True
        try:
            while self._at < size and not self._is_lost():
                at = self._at
                if proto.state is not OPEN:
                    self._at = size
                elif assembler.full:
                    break
                else:
                    if not self._frame_left:
                        left = frame_size(data, at)
                        if left == 0 or (only_messages and data[at] & ws_data.OPCODE == CLOSE):
                            break
                        if left > 0 and self._plain(data, at, at + left):
                            continue
                        self._frame_left = left if left > 0 else size - at
                    self._at = min(size, at + self._frame_left)
                    self._frame_left -= self._at - at
                self._feed(data if self._at - at == size else data[at : self._at])
        finally:
            self._pumping = False
        if self._at == size:
            self._input = b""
            self._at = 0
        if self._is_lost():
            return
        if proto.state is OPEN and (assembler.queued or (self._input and assembler.full)):
            self.pause_frames()
        elif not self._reading:
            self._reading = True
            self._transport.resume_reading()

    def _plain(self, data: bytes, at: int, end: int) -> bool:
        """Take a frame that changes nothing but that a message is here; False: it is not one."""
        if not self.assembler.between:
            return False
        try:
            message = plain_message(data, at, self._limit)
        except UnicodeDecodeError:
            return False  # `_feed` finds it, too, and can tell the peer
        if message is None:
            return False
        self.assembler.deliver(message)
        self._at = end
        return True

    def _feed(self, data: bytes) -> None:
        proto = self.ws_proto
        if self._ended:
            self._discarded += len(data)
            if self._discarded > ws_data.LINGER_BYTES:
                self._transport.abort()
            return
        proto.receive_data(data)
        frames: list[Any] = proto.events_received()
        for frame in frames:
            opcode = frame.opcode
            if opcode is PONG:
                self._pings.answered(bytes(frame.data))
            elif opcode is not PING and opcode is not CLOSE and proto.state is OPEN:
                try:
                    self.assembler.put(frame)
                except UnicodeDecodeError as error:
                    proto.fail(ws_data.INVALID_DATA, f"{error.reason} at position {error.start}")
        if self._writers is not None and proto.state is OPEN:
            # To a peer that does not read, only the last pong is owed (RFC 6455 5.5.3).
            self._late_pong = proto.data_to_send() or self._late_pong
            return
        self._flush()
        if proto.state is not OPEN:
            if proto.close_rcvd is not None:
                self._cancel_handler()
            self._closing()

    def _flush(self) -> None:
        """Write what the protocol has to say; an empty piece is the end of our side."""
        for piece in self.ws_proto.data_to_send():
            if piece:
                self._transport.write(piece)
            elif not self._ended:
                self._end()

    def _end(self) -> None:
        """Close our side. A peer that has not closed its own may still be sending; what it sends
        is thrown away, as closing at once would lose it our close frame (RFC 9112 9.6)."""
        self._ended = True
        if self.ws_proto.close_rcvd is None:
            self._cancel_handler()  # this is a failure, not the end of a closing handshake
            if self._transport.can_write_eof():
                self._transport.write_eof()
                return
        self._transport.close()  # TLS goes on reading until the peer closes, too
