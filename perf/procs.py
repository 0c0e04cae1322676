"""What the kernel knows of a process tree: members, CPU time, resident memory."""

from __future__ import annotations

import os
import time


def children_of(pid: int) -> list[int]:
    """The direct children of `pid`, over all its threads."""
    found: list[int] = []
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children") as file:
                found.extend(int(child) for child in file.read().split())
    except OSError:
        pass
    return found


def tree(pid: int) -> list[int]:
    """`pid` and every process below it that is alive."""
    members = [pid]
    for member in members:
        members.extend(children_of(member))
    return members


def cpu_seconds(pid: int) -> float:
    """User plus system time of all threads of `pid`, living and dead, in seconds.

    Reads the process's CPU clock (what clock_getcpuclockid(3) hands out): the same account as
    utime + stime of /proc/PID/stat, in nanoseconds instead of ticks of 10 ms.
    """
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:
        return 0.0


def tree_cpu(pid: int) -> dict[int, float]:
    """CPU seconds of each member of the tree of `pid`."""
    return {member: cpu_seconds(member) for member in tree(pid)}


def spent(before: dict[int, float], after: dict[int, float]) -> float:
    """CPU seconds between two readings of `tree_cpu`; a process born in between counts whole."""
    return sum(seconds - before.get(pid, 0.0) for pid, seconds in after.items())


def rss_bytes(pid: int) -> int:
    """Resident memory of the whole tree of `pid`, in bytes."""
    page = os.sysconf("SC_PAGE_SIZE")
    total = 0
    for member in tree(pid):
        try:
            with open(f"/proc/{member}/statm") as file:
                total += int(file.read().split()[1]) * page
        except OSError:
            continue
    return total
