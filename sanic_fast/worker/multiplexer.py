"""A worker's line to the manager: `app.m`."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from sanic_fast.log import logger
from sanic_fast.worker import lifeline
from sanic_fast.worker.board import BoardView
from sanic_fast.worker.constants import ProcessState, RestartOrder
from sanic_fast.worker.limits import LimitWatch, WorkerLimits
from sanic_fast.worker.messages import ALL_PROCESSES, SCALE, TERMINATE, TERMINATE_EARLY
from sanic_fast.worker.state import WorkerState

__all__ = ("WorkerMultiplexer",)


class WorkerMultiplexer:
    """What a server worker can ask of the main process.

    Every request returns at once; the main process acts on it when it gets to it.

    Args:
        monitor_publisher: where requests go.
        worker_state: the shared state, as this process sees it.
        limits: of this worker.
        counters: counts its requests.
    """

    def __init__(
        self,
        monitor_publisher: Connection,
        worker_state: BoardView,
        limits: WorkerLimits | None = None,
        counters: dict[str, Any] | None = None,
    ) -> None:
        self._monitor_publisher = monitor_publisher
        self._view = worker_state
        self._state = WorkerState(worker_state, self.name)
        self._limits = limits or WorkerLimits()
        self._counters = {} if counters is None else counters
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None

    def ack(self) -> None:
        """Say that this worker has started."""
        logger.debug(f"Process ack: {self.name} [{self.pid}]", extra={"verbosity": 1})
        self._view.update_row({"state": ProcessState.ACKED.name})
        self._loop = asyncio.get_running_loop()
        lifeline.expect_orphan(signal.SIGTERM, self._limits.grace)

    def set_serving(self, serving: bool) -> None:
        """Say whether connections are served."""
        self._view.update_row({"serving": serving})
        if serving and self._loop is not None:
            if self._limits.beat:
                self._loop.call_soon(self._beat)
            LimitWatch(self._limits, self._counters, self._replace).start(self._loop)
        elif not serving and self._timer is not None:
            self._timer.cancel()

    def _beat(self) -> None:
        """Show that the loop runs; comes from the loop, so that it stops when the loop hangs."""
        assert self._loop is not None
        self._view.beat()
        self._timer = self._loop.call_later(self._limits.beat, self._beat)

    def _replace(self) -> None:
        self.restart(zero_downtime=True)

    def manage(
        self,
        ident: str,
        func: Callable[..., Any],
        kwargs: dict[str, Any],
        transient: bool = False,
        restartable: bool | None = None,
        tracked: bool = False,
        auto_start: bool = True,
        workers: int = 1,
    ) -> None:
        """Have the manager run a function in processes of its own; see `WorkerManager.manage`."""
        self._monitor_publisher.send(
            (ident, func, kwargs, transient, restartable, tracked, auto_start, workers)
        )

    def restart(
        self, name: str = "", all_workers: bool = False, zero_downtime: bool = False
    ) -> None:
        """Restart processes.

        Args:
            name: one or more names of processes, joined by commas; this worker unless given.
            all_workers: every transient process.
            zero_downtime: each new process is ready before the old one is told to stop.

        Raises:
            ValueError: both `name` and `all_workers` were given.
        """
        if name and all_workers:
            raise ValueError(
                "Ambiguous restart with both a named process and all_workers=True"
            )
        message = f"{ALL_PROCESSES}:" if all_workers else name or self.name
        if not message.endswith(":"):
            message += ":"
        if zero_downtime:
            message += f":{RestartOrder.STARTUP_FIRST}"
        self._monitor_publisher.send(message)

    reload = restart

    def scale(self, num_workers: int) -> None:
        """Change the number of server workers."""
        self._monitor_publisher.send(f"{SCALE}:{num_workers}")

    def terminate(self, early: bool = False) -> None:
        """Stop the whole server.

        Args:
            early: because this worker cannot start.
        """
        self._monitor_publisher.send(TERMINATE_EARLY if early else TERMINATE)

    def exit(self) -> None:
        """Delete this worker's row of the shared state."""
        self._view.leave()

    @property
    def pid(self) -> int:
        """Process id of this worker."""
        return os.getpid()

    @property
    def name(self) -> str:
        """Process name of this worker, such as `Sanic-Server-0-0`."""
        return os.environ.get("SANIC_WORKER_NAME", "")

    @property
    def state(self) -> WorkerState:
        """This worker's row of the shared state."""
        return self._state

    @property
    def workers(self) -> dict[str, dict[str, Any]]:
        """A copy of the rows of all processes."""
        return self._view.rows()
