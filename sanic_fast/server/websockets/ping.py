"""Pings, their pongs and the keepalive of a websocket (RFC 6455 5.5.2, 5.5.3)."""

from __future__ import annotations

import os
from asyncio import AbstractEventLoop, Future, TimerHandle
from collections.abc import Callable

from sanic_fast.log import websockets_logger

__all__ = ("Pings",)

INTERNAL_ERROR = 1011
PAYLOAD = 4  # random bytes of a ping nobody chose the data of


class Pings:
    """The pings sent on one connection.

    Args:
        loop: the event loop.
        interval: seconds between keepalive pings; None or 0: none are sent.
        timeout: seconds to wait for their pongs; None: for ever.
        write: sends a ping with this payload.
        behind: whether a pong that came may not have been seen yet.
        fail: gives the connection up, with a close code and a reason.
    """

    __slots__ = (
        "_behind",
        "_fail",
        "_interval",
        "_loop",
        "_timeout",
        "_timer",
        "_write",
        "waiting",
    )

    def __init__(
        self,
        loop: AbstractEventLoop,
        interval: float | None,
        timeout: float | None,
        write: Callable[[bytes], None],
        behind: Callable[[], bool],
        fail: Callable[[int, str], object],
    ) -> None:
        self.waiting: dict[bytes, Future[None]] = {}  # by payload, oldest first
        self._loop = loop
        self._interval = interval
        self._timeout = timeout
        self._write = write
        self._behind = behind
        self._fail = fail
        self._timer: TimerHandle | None = None
        self._schedule()

    def send(self, data: bytes | None = None) -> Future[None]:
        """Send a ping; the future ends with its pong.

        Raises:
            ValueError: one with the same data is unanswered.
        """
        if data is None:
            data = self._unused()
        elif data in self.waiting:
            raise ValueError("already waiting for a pong with the same data")
        self._write(data)
        pong = self.waiting[data] = self._loop.create_future()
        return pong

    def _unused(self) -> bytes:
        data = os.urandom(PAYLOAD)
        while data in self.waiting:
            data = os.urandom(PAYLOAD)
        return data

    def answered(self, data: bytes) -> None:
        """A pong came. It is the answer to its ping and to all before it."""
        if data not in self.waiting:
            return
        for each in list(self.waiting):
            pong = self.waiting.pop(each)
            if not pong.done():
                pong.set_result(None)
            if each == data:
                return

    def stop(self) -> None:
        """Send no more keepalive pings."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def abort(self, error: BaseException) -> None:
        """No pong comes any more: who waits for one gets this error."""
        for pong in self.waiting.values():
            if not pong.done():
                pong.set_exception(error)
                pong.exception()  # looked at: nobody has to
        self.waiting.clear()

    # -- keepalive

    def _schedule(self) -> None:
        if self._interval:
            self._timer = self._loop.call_later(self._interval, self._keepalive)

    def _keepalive(self) -> None:
        if self._timeout is None:
            self._write(self._unused())  # nobody waits for its pong
            self._schedule()
            return
        pong = self.send()
        self._timer = self._loop.call_later(self._timeout, self._missed)
        pong.add_done_callback(self._came)

    def _came(self, _: Future[None]) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._schedule()

    def _missed(self) -> None:
        if self._behind():
            self._schedule()
            return
        self._timer = None
        websockets_logger.warning("Websocket timed out waiting for pong")
        self._fail(INTERNAL_ERROR, "keepalive ping timeout")
