"""Waiting for what must come, and keeping to a time, on machines that may be busy."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from tests.wire.kit.client import PATIENCE

ATTEMPTS = 10


def wait_until(condition: Callable[[], Any]) -> None:
    """Wait, in a thread of the test, for a condition that must come true."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "what had to happen did not"
        time.sleep(0.01)


def paced(attempt: Callable[[], None], seconds: float, slack: float) -> None:
    """Run the part of a test that must be done in time, again if the machine was too busy for it.

    A client that has to send before a short timeout can be kept from it by other processes. A
    failure counts at once if the attempt was in time, otherwise if it comes every time.

    Args:
        attempt: the part; it may be run several times.
        seconds: what it takes.
        slack: s it may take longer without coming too late anywhere.
    """
    for left in reversed(range(ATTEMPTS)):
        begun = time.monotonic()
        try:
            return attempt()
        except (AssertionError, OSError):
            if not left or time.monotonic() - begun < seconds + slack:
                raise
