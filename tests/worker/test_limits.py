"""Limits after which a worker is replaced."""

from __future__ import annotations

from pathlib import Path

import pytest

from sanic_fast.worker.limits import LimitWatch, WorkerLimits, memory_limit, resident_memory
from tests.worker.kit import Managed


@pytest.mark.net
@pytest.mark.slow
@pytest.mark.serial
@pytest.mark.parametrize(
    ("limit", "reason"),
    [
        ({"WORKER_MAX_REQUESTS": "3"}, "it has answered"),
        ({"WORKER_MAX_LIFETIME": "0.5"}, "its time is over"),
        ({"SANIC_WORKER_MAX_MEMORY": "1000000"}, "bytes of memory"),
    ],
)
def test_worker_at_its_limit_is_replaced(
    tmp_path: Path, limit: dict[str, str], reason: str
) -> None:
    with Managed(tmp_path, 1, **limit) as server:
        first = server.ask()
        for _ in range(4):
            server.ask()
        server.wait_for("Replacing worker [")
        server.wait_for(f"]: {reason}" if reason.startswith("it") else reason)
        server.wait_for_count("Worker ready", 2)
        server.wait_for(f"Worker complete [{first}]")
        assert server.ask() != first
        output = server.output
        second = output.index("after_server_start", output.index("Replacing worker"))
        assert second < output.index("Stopping worker")
        assert server.stop() == 0


def test_no_limits_give_no_reason() -> None:
    watch = LimitWatch(WorkerLimits(), {"requests_count": 10**9}, lambda: None)
    assert watch.reason() is None


def test_requests_are_put_off_by_up_to_a_tenth() -> None:
    for _ in range(100):
        watch = LimitWatch(WorkerLimits(requests=1000), {"requests_count": 999}, lambda: None)
        assert watch.reason() is None
        watch.counters["requests_count"] = 1101
        assert watch.reason() == "it has answered 1101 requests"


def test_memory_is_that_of_this_process(tmp_path: Path) -> None:
    assert resident_memory() > 1_000_000
    assert resident_memory(tmp_path / "none") == 0


@pytest.mark.parametrize(
    ("own", "name"),
    [
        ("0::/", "memory.max"),
        ("0::/system.slice/app.service", "system.slice/app.service/memory.max"),
        ("0::/system.slice/app.service", "system.slice/memory.max"),
        ("0::/of/the/host", "memory.max"),
        ("4:memory:/", "memory/memory.limit_in_bytes"),
        ("4:memory:/app", "memory/app/memory.limit_in_bytes"),
        ("4:memory:/of/the/host", "memory/memory.limit_in_bytes"),
    ],
)
def test_share_of_memory_is_one_of_the_control_group(
    tmp_path: Path, own: str, name: str
) -> None:
    names = tmp_path / "own"
    names.write_text(f"1:name=systemd:/\n{own}\n")
    path = tmp_path / "mount" / name
    path.parent.mkdir(parents=True)

    def limit(value: float) -> int:
        return memory_limit(value, 2, tmp_path / "mount", names)

    assert limit(0) == 0
    assert limit(5e6) == 5_000_000
    assert limit(0.5) == 0
    path.write_text("1000000\n")
    assert limit(0.5) == 250_000
    path.write_text("max\n")
    assert limit(0.5) == 0
    path.write_text("9223372036854771712\n")
    assert limit(0.5) == 0


def test_least_memory_of_all_control_groups_counts(tmp_path: Path) -> None:
    names = tmp_path / "own"
    names.write_text("0::/app.slice/app.service\n")
    folder = tmp_path / "app.slice" / "app.service"
    folder.mkdir(parents=True)
    (folder / "memory.max").write_text("2000000\n")
    (folder.parent / "memory.max").write_text("1000000\n")
    assert memory_limit(1, 1, tmp_path, names) == 1_000_000
    assert memory_limit(1, 1, tmp_path, tmp_path / "none") == 0
