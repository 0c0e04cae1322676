"""Objects and memory stay flat over many requests; each kind in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.leaks.mixed_requests import ENDING, KINDS

COUNT = int(os.environ.get("SANIC_FAST_TEST_REQUESTS", "50000"))


def measure(loop: str, kind: str, count: int) -> dict:
    done = subprocess.run(
        [sys.executable, "-m", "tests.leaks.mixed_requests", loop, kind, str(count)],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return json.loads(done.stdout)


@pytest.mark.leak
@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
@pytest.mark.parametrize(
    ("kind", "count"),
    [(kind, 2000) for kind in KINDS]
    + [pytest.param(kind, COUNT, marks=pytest.mark.slow) for kind in KINDS],
)
def test_requests_leave_nothing_behind(loop: str, kind: str, count: int) -> None:
    if kind in ENDING and loop == "asyncio" and count < COUNT:
        pytest.skip("one loop will do in the quick set")
    found = measure(loop, kind, count)
    _, half, whole = found["parts"]
    # The second half adds no objects, give or take caches.
    assert whole["objects"] - half["objects"] < 150, found["grown"]
    assert whole["rss"] - half["rss"] < 3_000_000 + count * 20
