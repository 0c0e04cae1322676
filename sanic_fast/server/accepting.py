"""How a server begins and ends to take connections."""

from __future__ import annotations

import asyncio
import os
import socket
import time
from asyncio.selector_events import BaseSelectorEventLoop
from collections.abc import Callable, Collection, Iterable
from ssl import SSLContext
from typing import Any
from weakref import WeakSet

__all__ = ("Acceptor",)

PAUSE = 0.1  # s without a new connection, after which a burst is over
TURNS = 3  # of the loop, until asyncio has made connections of what it accepted


class Acceptor:
    """Makes the protocols of one listening server.

    When many connections come at once, the process that wakes up first would take most of them,
    and keep them. So while its number grows, each lets the others have a look at the queue first.

    Args:
        factory: makes a protocol.
        ssl: context for TLS.
        connections: live set of the protocols.

    Attributes:
        handshakes: protocols of TLS connections; those in a handshake have no transport yet.
    """

    __slots__ = ("_last", "_most", "_tasks", "connections", "factory", "handshakes", "ssl")

    def __init__(
        self,
        factory: Callable[[], Any],
        ssl: SSLContext | None = None,
        connections: Collection[Any] = (),
    ) -> None:
        self.factory = factory
        self.ssl = ssl
        self.handshakes: WeakSet[Any] = WeakSet()
        self.connections = connections
        self._tasks: set[asyncio.Task[None]] = set()
        self._most = 0  # connections at once, in this burst
        self._last = 0.0

    def __call__(self) -> Any:
        """A protocol for a connection that was accepted."""
        self._step_back()
        protocol = self.factory()
        if self.ssl is not None:
            self.handshakes.add(protocol)
        return protocol

    def _step_back(self) -> None:
        """Let other processes run, if this one has more connections than before."""
        now, count = time.monotonic(), len(self.connections)
        if count > self._most or now - self._last > PAUSE:
            self._most = count
            if hasattr(os, "sched_yield"):
                os.sched_yield()
        self._last = now

    async def stop(self, server: Any) -> None:
        """Take what waits in the backlog, and close the listening sockets.

        Where another process holds the same socket, connections that come later go there.

        Args:
            server: the asyncio server.
        """
        loop = asyncio.get_running_loop()
        held = _second_hold(server.sockets)
        try:
            if isinstance(loop, BaseSelectorEventLoop):
                # What it has accepted is lost in `close()` unless it has become a connection.
                for each in server.sockets:
                    loop.remove_reader(each.fileno())
                for _ in range(TURNS):
                    await asyncio.sleep(0)
            server.close()
            for each in held:
                self._take_backlog(loop, each)
        finally:
            for each in held:
                each.close()

    def _take_backlog(self, loop: asyncio.AbstractEventLoop, listening: socket.socket) -> None:
        """Accept until nothing waits."""
        while True:
            try:
                accepted, _ = listening.accept()
            except ConnectionAbortedError:
                continue  # by that client
            except OSError:
                return  # nothing waits, or no descriptor is left
            accepted.setblocking(False)
            self.handshakes.add(protocol := self.factory())
            task = loop.create_task(self._connect(loop, accepted, protocol))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _connect(
        self, loop: asyncio.AbstractEventLoop, accepted: socket.socket, protocol: Any
    ) -> None:
        try:
            await loop.connect_accepted_socket(lambda: protocol, accepted, ssl=self.ssl)
        except OSError:
            accepted.close()  # the client is gone, or does not speak TLS


def _second_hold(sockets: Iterable[Any]) -> list[socket.socket]:
    """Sockets of our own for the same listening ends, which the loop knows nothing of."""
    held: list[socket.socket] = []
    if os.name == "nt":
        return held
    for each in sockets:
        held.append(socket.socket(fileno=os.dup(each.fileno())))
        held[-1].setblocking(False)
    return held
