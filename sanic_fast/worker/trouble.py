"""What is said and done about workers that fail."""

from __future__ import annotations

import signal
import time

from sanic_fast.compat import OS_IS_WINDOWS
from sanic_fast.worker.process import Child, WorkerProcess

__all__ = (
    "CRASH_LOOP",
    "count_failure",
    "died",
    "failed_early",
    "gives_up",
    "global_scope",
    "hangs",
    "replacement_failed",
    "too_slow",
    "waits_for_change",
)

CRASH_LOOP = 3  # exit status of a server whose workers keep dying
FAILURE_LIMIT = 10  # deaths of one worker in a row, without HEALTHY seconds of life between
HEALTHY = 10.0  # s
FIRST_DELAY = 0.1  # s before the third process of a slot; the second comes at once
LONGEST_DELAY = 5.0  # s

_NOT_ACKED = "Not all workers acknowledged a successful startup. Shutting down.\n\n"
_GUIDE = "https://sanic.dev/en/guide/deployment/manager.html"


def count_failure(process: WorkerProcess, child: Child) -> float | None:
    """Seconds until the worker is to be started again, or None if that is hopeless.

    The first time in a row it is started at once, then after pauses that double.
    """
    if child.acked and time.monotonic() - child.born >= HEALTHY:
        process.failures = 0
    process.failures += 1
    if process.failures > FAILURE_LIMIT:
        return None
    if process.failures == 1:
        return 0.0
    return min(FIRST_DELAY * 2.0 ** (process.failures - 2), LONGEST_DELAY)


def _cause(child: Child) -> str:
    code = child.exitcode or 0
    if code >= 0:
        return f"ended with status {code}"
    try:
        return f"was killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"was killed by signal {-code}"


def died(process: WorkerProcess, child: Child, delay: float) -> str:
    """A worker died and will be started again."""
    when = f"in {delay:.1f} seconds" if delay else "now"
    return f"Worker {process.name} [{child.pid}] {_cause(child)}. It is started again {when}."


def gives_up(process: WorkerProcess) -> str:
    """A worker died too often."""
    return (
        f"Worker {process.name} died {process.failures} times in a row. Shutting down with "
        f"status {CRASH_LOOP}."
    )


def waits_for_change(process: WorkerProcess) -> str:
    """A worker cannot start, and the reloader runs."""
    return f"Worker {process.name} could not start. It is tried again when a file changes."


def replacement_failed(process: WorkerProcess) -> str:
    """The process that was to replace a running one is dead or late; call before it is dropped."""
    child, old = process.child, process.previous
    assert child is not None and old is not None
    return (
        f"The new process of {process.name} [{child.pid}] {_cause(child)} before it was ready. "
        f"The old one [{old.pid}] goes on."
    )


def hangs(process: WorkerProcess, seconds: float) -> str:
    """The event loop of a worker stands still."""
    return (
        f"Worker {process.name} [{process.pid}] has not run its event loop for {seconds:.1f} "
        "seconds. It shows its stack on standard error, and is replaced."
    )


def too_slow(limit: float) -> str:
    """The workers did not start in time."""
    return (
        f"{_NOT_ACKED}It seems that one or more of your workers failed to come online in the "
        "allowed time. Sanic is shutting down to avoid a deadlock. The current threshold is "
        f"{limit}s. If this problem persists, please check out the documentation "
        f"{_GUIDE}#worker-ack."
    )


def failed_early() -> str:
    """A worker failed while it started."""
    return (
        f"{_NOT_ACKED}One of your worker processes terminated before startup was completed. Please "
        "solve any errors experienced during startup. If you do not see an exception traceback in "
        "your error logs, try running Sanic in a single process using --single-process or "
        "single_process=True. Once you are confident that the server is able to start without "
        "errors you can switch back to multiprocess mode."
    )


def global_scope(method: str) -> str:
    """A worker died while it imported the program, before it came to anything of ours."""
    text = (
        "Sanic server could not start: worker process failed.\n\n"
        "This may have happened if you are running Sanic in the global scope and not inside of a "
        '`if __name__ == "__main__"` block.\n\n'
        f"See more information: {_GUIDE}#how-sanic-server-starts-processes"
    )
    if not OS_IS_WINDOWS and method != "fork":
        text += (
            '\n\nAlternatively, you can set `Sanic.start_method = "fork"` at the start of your '
            "application to avoid this issue (Unix only)."
        )
    return text
