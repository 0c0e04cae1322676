"""Limits after which a worker has itself replaced."""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sanic_fast.application.processors import MOUNT, OWN, control_groups
from sanic_fast.log import server_logger

__all__ = ("LimitWatch", "WorkerLimits", "memory_limit")

INTERVAL = 1.0  # s between two looks
AGAIN = 60.0  # s until a replacement is asked for again, if none came
SPREAD = 0.1  # by how much a limit is put off at random, so that workers do not go together
NO_LIMIT = 2**62  # bytes; what the kernel says for none is of this size
GROUP_FILES = ("memory.max", "memory.limit_in_bytes")


@dataclass(frozen=True)
class WorkerLimits:
    """Times and limits of a worker; 0 stands for none.

    Attributes:
        beat: seconds between two signs of life of the event loop.
        grace: seconds it may take to stop after the main process died.
        requests: requests until it is replaced.
        lifetime: seconds until it is replaced.
        memory: bytes of resident memory above which it is replaced.
    """

    beat: float = 0.0
    grace: float = 20.0
    requests: int = 0
    lifetime: float = 0.0
    memory: int = 0


class LimitWatch:
    """Looks once a second whether this worker has reached a limit.

    The limits of requests and lifetime are put off by up to a tenth, at random.

    Args:
        limits: of the worker.
        counters: counts the requests, as `requests_count`.
        replace: asks for a replacement, which is to be ready before this worker stops.
    """

    def __init__(
        self, limits: WorkerLimits, counters: dict[str, Any], replace: Callable[[], None]
    ) -> None:
        later = 1 + random.random() * SPREAD
        self.requests = limits.requests * later
        self.end = time.monotonic() + limits.lifetime * later if limits.lifetime else 0.0
        self.memory = limits.memory
        self.counters = counters
        self.replace = replace

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to look, if there is anything to look at."""
        if self.requests or self.end or self.memory:
            loop.call_later(INTERVAL, self._look, loop)

    def reason(self) -> str | None:
        """The limit that was reached, in words."""
        count = self.counters.get("requests_count", 0)
        if self.requests and count >= self.requests:
            return f"it has answered {count} requests"
        if self.end and time.monotonic() >= self.end:
            return "its time is over"
        if self.memory and (used := resident_memory()) > self.memory:
            return f"it uses {used} bytes of memory"
        return None

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        reason = self.reason()
        if reason is not None:
            server_logger.info(f"Replacing worker [{os.getpid()}]: {reason}")
            self.replace()
        loop.call_later(INTERVAL if reason is None else AGAIN, self._look, loop)


def resident_memory(path: Path = Path("/proc/self/statm")) -> int:
    """Bytes of resident memory of this process; 0 where the system does not tell."""
    try:
        return int(path.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def memory_limit(value: float, workers: int, mount: Path = MOUNT, own: Path = OWN) -> int:
    """A limit in bytes; a value up to 1 is a share of what our control groups grant a worker.

    Args:
        value: the setting; 0 for no limit.
        workers: among which the memory is divided.
        mount: where control groups are mounted; a container sees its own there.
        own: the file that names ours, as that of a service.
    """
    if value <= 0 or value > 1:
        return int(max(0, value))
    grants = [
        granted
        for folder in control_groups("memory", mount, own)
        for name in GROUP_FILES
        if (granted := _granted(folder / name)) is not None
    ]
    return int(min(grants) * value / max(1, workers)) if grants else 0


def _granted(path: Path) -> int | None:
    try:
        granted = int(path.read_text())
    except (OSError, ValueError):  # no such file, or "max"
        return None
    return granted if granted < NO_LIMIT else None
