"""HTTP versions and the stages of a request."""

from __future__ import annotations

from enum import Enum, IntEnum

__all__ = ("HTTP", "Stage")


class Stage(Enum):
    """Where a connection is in its current request."""

    IDLE = 0  # waiting for a request
    REQUEST = 1  # receiving the head
    HANDLER = 3  # the handler may run
    RESPONSE = 4  # the response has begun
    FAILED = 100  # no further request on this connection


class HTTP(IntEnum):
    """Major versions that can be served."""

    VERSION_1 = 1
    VERSION_3 = 3

    def display(self) -> str:
        """The version as it is written: `HTTP/1.1`, `HTTP/3`."""
        return "HTTP/1.1" if self == 1 else f"HTTP/{self.value}"
