"""Names shared by the manager and its workers."""

from __future__ import annotations

from enum import IntEnum, auto

from sanic_fast.compat import UpperStrEnum

__all__ = ("ProcessState", "RestartOrder")


class RestartOrder(UpperStrEnum):
    """Which of the two processes of a restart comes first."""

    SHUTDOWN_FIRST = auto()
    STARTUP_FIRST = auto()


class ProcessState(IntEnum):
    """Life of a managed process, in ascending order; rows of the shared state hold the name.

    `NONE` was never started, `ACKED` said itself that it has started, `FAILED` and `COMPLETED`
    ended by themselves with an exit status other than or equal to 0.
    """

    NONE = auto()
    IDLE = auto()
    RESTARTING = auto()
    STARTING = auto()
    STARTED = auto()
    ACKED = auto()
    JOINED = auto()
    TERMINATED = auto()
    FAILED = auto()
    COMPLETED = auto()
