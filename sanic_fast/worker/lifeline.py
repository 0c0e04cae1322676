"""No process outlives the main process.

Two ways at once, armed before the app is imported: a pipe whose writing end only the main process
holds, watched by a thread; and, on Linux, the signal the kernel sends at the death of a parent,
which works even while a C extension holds the interpreter's lock.

This module imports nothing but the standard library: a spawned process loads it first of all.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

__all__ = ("LEFT_ALONE", "arm", "expect_orphan", "watch")

LEFT_ALONE = 1  # exit status of a process whose main process died
PR_SET_PDEATHSIG = 1  # prctl(2)


class _Plan:
    """What this process does once it is alone: nothing but exit, until told otherwise."""

    armed = False
    number: int | None = None
    grace = 0.0  # s


def arm(name: str, fd: int, parent: int, server: bool = True) -> str:
    """Make this process die with its parent; returns the name.

    Also takes the signals out of the hands of whatever is imported next. SIGTERM ends us at once.
    Ctrl+c goes to the whole terminal, and it is for the main process to pass it on to servers, as
    SIGTERM; any other process is told to stop by SIGINT, which ends it while it starts.

    Args:
        fd: reading end of the lifeline.
        parent: process id of the main process.
        server: whether this is to be a server.
    """
    if _Plan.armed:
        return name
    _Plan.armed = True
    signal.signal(signal.SIGINT, signal.SIG_IGN if server else signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_SETMASK, ())  # blocked while we were made
    _signal_at_death_of_parent(signal.SIGKILL if hasattr(signal, "SIGKILL") else 0, parent)
    watch(lambda: _read(fd))
    return name


def watch(wait: object) -> None:
    """Call `wait` in a thread; when it returns, the main process is gone."""

    def run() -> None:
        wait()  # type: ignore[operator]
        _left_alone()

    threading.Thread(target=run, name="lifeline", daemon=True).start()


def expect_orphan(number: int, grace: float) -> None:
    """From now on there is work to finish: what to do when the main process dies.

    Args:
        number: signal that tells this process to stop.
        grace: seconds until it is ended by force.
    """
    _Plan.number, _Plan.grace = number, grace
    _signal_at_death_of_parent(number)


def _left_alone() -> None:
    if _Plan.number is not None:
        os.kill(os.getpid(), _Plan.number)
        time.sleep(_Plan.grace)
    os._exit(LEFT_ALONE)


def _read(fd: int) -> None:
    try:
        os.read(fd, 1)
    except OSError:
        # Not ours to read: closed by somebody. The kernel's signal remains.
        threading.Event().wait()


def _signal_at_death_of_parent(number: int, parent: int | None = None) -> None:
    if sys.platform != "linux":
        return
    import ctypes

    try:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
    except (OSError, AttributeError):  # a C library without it
        return
    # It may have died before we asked.
    if parent is not None and os.getppid() != parent:
        os._exit(LEFT_ALONE)
