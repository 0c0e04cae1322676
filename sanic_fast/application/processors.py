"""What our control groups grant us, and how many processors this process may use."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

__all__ = ("available_processors", "control_groups")

MOUNT = Path("/sys/fs/cgroup")
OWN = Path("/proc/self/cgroup")


def available_processors(mount: Path = MOUNT, own: Path = OWN) -> int:
    """The processors of our affinity, or the quota of our control groups if that is less.

    A part of a processor counts as one.

    Args:
        mount: where control groups are mounted.
        own: the file that names ours.
    """
    try:
        count = len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        count = os.cpu_count() or 1
    quotas = [math.ceil(quota) for quota in _quotas(mount, own)]
    return max(1, min([count, *quotas]))


def control_groups(controller: str, mount: Path = MOUNT, own: Path = OWN) -> Iterator[Path]:
    """Folders of our control groups, of either version, each followed by those above it.

    Args:
        controller: what they control, as `cpu` or `memory`.
        mount: where control groups are mounted.
        own: the file that names ours.
    """
    try:
        lines = own.read_text().splitlines()
    except OSError:
        return
    for line in lines:
        number, controllers, path = line.split(":", 2)
        if number != "0" and controller not in controllers.split(","):
            continue
        base = mount if number == "0" else mount / controllers
        for folder in (PurePosixPath(path), *PurePosixPath(path).parents):
            yield base / str(folder).lstrip("/")


def _quotas(mount: Path, own: Path) -> Iterator[float]:
    """Processors granted by each control group above us that limits them."""
    for folder in control_groups("cpu", mount, own):
        quota = _quota(folder)
        if quota is not None:
            yield quota


def _quota(folder: Path) -> float | None:
    try:
        if (folder / "cpu.max").exists():
            quota, period = (folder / "cpu.max").read_text().split()
        else:
            quota = (folder / "cpu.cfs_quota_us").read_text()
            period = (folder / "cpu.cfs_period_us").read_text()
        return int(quota) / int(period) if int(quota) > 0 else None
    except (OSError, ValueError):  # no such file, or "max"
        return None
