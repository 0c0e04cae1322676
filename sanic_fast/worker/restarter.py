"""Which processes a restart concerns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sanic_fast.log import error_logger
from sanic_fast.worker.constants import ProcessState, RestartOrder
from sanic_fast.worker.process import WorkerProcess

__all__ = ("Restarter",)

FINAL = (ProcessState.COMPLETED, ProcessState.FAILED, ProcessState.NONE)


class Restarter:
    """Restarts processes, chosen by name or by kind."""

    def restart(
        self,
        transient_processes: Iterable[WorkerProcess],
        durable_processes: Iterable[WorkerProcess],
        process_names: list[str] | None = None,
        restart_order: RestartOrder | str = RestartOrder.SHUTDOWN_FIRST,
        **kwargs: Any,
    ) -> None:
        """Restart the processes `select` gives, all at once."""
        for process in self.select(transient_processes, durable_processes, process_names):
            process.restart(restart_order=restart_order, **kwargs)

    def select(
        self,
        transient_processes: Iterable[WorkerProcess],
        durable_processes: Iterable[WorkerProcess],
        process_names: list[str] | None = None,
    ) -> list[WorkerProcess]:
        """The processes to restart.

        Without names: every transient one that is restartable. With names: those of them, and
        durable ones that are restartable and have ended or were never started. Says which names
        lead to nothing.
        """
        chosen = [
            process
            for process in transient_processes
            if process.restartable and (not process_names or process.name in process_names)
        ]
        if not process_names:
            return chosen
        for process in durable_processes:
            if not process.restartable or process.name not in process_names:
                continue
            if process.state in FINAL:
                chosen.append(process)
            else:
                error_logger.error(
                    f"Cannot restart process {process.name} because it is not in a final state. "
                    f"Current state is: {process.state.name}."
                )
        found = {process.name for process in chosen}
        missing = [name for name in process_names if name not in found]
        if missing:
            error_logger.error(f"Failed to restart processes: {', '.join(missing)}")
        return chosen
