"""Telling a service manager such as systemd what this process is about.

The protocol is that of sd_notify(3): datagrams with lines `NAME=value` to the unix socket that
`NOTIFY_SOCKET` names.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable

from sanic_fast.log import error_logger

__all__ = ("Notifier", "when_ready")

_waiting: list[Callable[[], None]] = []


def when_ready(callback: Callable[[], None]) -> None:
    """Have something called once, when the server of this process serves for the first time."""
    _waiting.append(callback)


class Notifier:
    """Sends what a service manager wants to know; nothing where there is none.

    Args:
        address: of its socket: a path, or with `@` in front a name in the abstract namespace.
        watchdog: seconds between two signs of life it asks for; 0 if it asks for none.
    """

    __slots__ = ("_address", "watchdog")

    def __init__(self, address: str = "", watchdog: float = 0.0) -> None:
        self._address = address
        self.watchdog = watchdog if address else 0.0

    @classmethod
    def from_environment(cls) -> Notifier:
        """The one that `NOTIFY_SOCKET`, `WATCHDOG_USEC` and `WATCHDOG_PID` describe.

        Signs of life are sent twice as often as is asked for, as sd_watchdog_enabled(3) advises.
        """
        microseconds = os.environ.get("WATCHDOG_USEC", "")
        pid = os.environ.get("WATCHDOG_PID") or str(os.getpid())
        mine = pid == str(os.getpid()) and microseconds.isdecimal()
        watchdog = int(microseconds) / 2e6 if mine else 0.0
        return cls(os.environ.get("NOTIFY_SOCKET", ""), watchdog)

    def ready(self) -> None:
        """The server serves, for the first time or after a reload."""
        while _waiting:
            _waiting.pop(0)()
        self._send("READY=1", f"MAINPID={os.getpid()}")

    def reloading(self) -> None:
        """The workers are about to be replaced; `ready` follows."""
        # In microseconds, and of the same clock as the manager's own.
        self._send("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def stopping(self) -> None:
        """The server is about to stop."""
        self._send("STOPPING=1")

    def alive(self) -> None:
        """The sign of life."""
        self._send("WATCHDOG=1")

    def _send(self, *lines: str) -> None:
        if self._address[:1] not in ("/", "@"):
            return
        address = self._address
        if address.startswith("@"):
            address = "\0" + address[1:]
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
                sock.setblocking(False)  # a manager that does not read must not hold us up
                sock.sendto("\n".join(lines).encode(), address)
        except OSError as error:
            error_logger.warning(f"The service manager could not be told {lines[0]}: {error}")
