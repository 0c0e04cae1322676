"""The first code of ours in every child process."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sanic_fast.logging.formatter import AutoFormatter
from sanic_fast.worker import lifeline

__all__ = ("ChildSetup", "run_child")

CUSTOM_GRACE = 10.0  # s for a custom process to end after the main process died


@dataclass(frozen=True)
class ChildSetup:
    """What a child needs to know before it runs what it is for.

    Attributes:
        name, ident: of the process, in the shared state and in the log.
        method: start method it was made with.
        server: it serves requests, and handles its signals itself.
        parent: process id of the main process.
        lifeline: both ends of the lifeline, valid where the method is `fork`; or None.
    """

    name: str
    ident: str
    method: str
    server: bool
    parent: int
    lifeline: tuple[int, int] | None


def run_child(setup: ChildSetup, func: Callable[..., Any], kwargs: dict[str, Any]) -> None:
    """Run `func`, unless the main process dies."""
    os.environ["SANIC_WORKER_NAME"] = setup.name
    os.environ["SANIC_WORKER_IDENTIFIER"] = setup.ident
    AutoFormatter.IDENT = setup.ident
    if setup.method == "fork":
        _forget_main_process()
        if setup.lifeline is not None:
            os.close(setup.lifeline[1])
            lifeline.arm(setup.name, setup.lifeline[0], setup.parent, setup.server)
    elif setup.method != "spawn" or setup.lifeline is None:
        parent = multiprocessing.parent_process()
        if parent is not None:
            lifeline.watch(parent.join)
    if setup.server:
        _take_signals()
        func(**kwargs)
        return
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        _take_signals()
        lifeline.expect_orphan(signal.SIGINT, CUSTOM_GRACE)
        func(**kwargs)
    except KeyboardInterrupt:
        pass  # the way custom processes are told to stop


def _take_signals() -> None:
    """Let those come that were blocked while we were made."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_SETMASK, ())


def _forget_main_process() -> None:
    """Undo what was inherited: signal handlers."""
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
