"""The main process: starts workers, watches them, replaces, scales and stops them."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import deque
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from sanic_fast.exceptions import ServerError, ServerKilled
from sanic_fast.log import error_logger, logger
from sanic_fast.worker import ports, trouble
from sanic_fast.worker.board import Board
from sanic_fast.worker.constants import ProcessState, RestartOrder
from sanic_fast.worker.herald import Herald
from sanic_fast.worker.messages import SCALE, TERMINATE, TERMINATE_EARLY, RestartRequest
from sanic_fast.worker.process import Child, Starter, Worker, WorkerProcess
from sanic_fast.worker.restarter import Restarter
from sanic_fast.worker.watcher import Watcher

__all__ = ("WorkerManager",)


class WorkerManager:
    """Runs the processes of a server; lives in the main process, which serves nothing itself.

    All that happens comes through one wait: messages, writes to the shared state, ends of
    processes, signals, and the next point in time at which something is due. There are no threads
    and there is nothing to poll, so that an idle server costs nothing.

    Args:
        number: of server workers.
        serve: what they run.
        server_settings: its arguments.
        context: of multiprocessing.
        monitor_pubsub: sending and receiving end of the pipe for messages.
        worker_state: the shared state.

    Attributes:
        startup_limit: seconds a worker may take to start.
        stop_limit: seconds a worker may take to stop, after which it is killed.
        hang_limit: seconds without a sign of life of a worker's loop; 0 for no limit.
        wait_for_change: a worker that cannot start is not tried again, as the reloader will.
        exit_status: what the main process should exit with.
    """

    THRESHOLD = WorkerProcess.THRESHOLD
    MAIN_NAME = "Sanic-Main"
    MAIN_IDENT = MAIN_NAME
    STOP_MARGIN = 5.0  # s for listeners, beyond the time for requests under way

    def __init__(
        self,
        number: int,
        serve: Callable[..., Any],
        server_settings: dict[str, Any],
        context: Any,
        monitor_pubsub: tuple[Connection, Connection],
        worker_state: Board,
    ) -> None:
        if number == 0:
            raise RuntimeError("Cannot serve with no workers")
        self.num_server = number
        self.context = context
        self.transient: dict[str, Worker] = {}
        self.durable: dict[str, Worker] = {}
        self.restarter = Restarter()
        self.monitor_publisher, self.monitor_subscriber = monitor_pubsub
        self.worker_state = worker_state
        self.worker_state[self.MAIN_NAME] = {"pid": self.pid}
        self.startup_limit = self.THRESHOLD / 10
        self.stop_limit = 15.0
        self.hang_limit = 0.0
        self.wait_for_change = False
        self.exit_status = 0
        self.herald = Herald(self)
        self.watcher = Watcher(self)
        self.starter = Starter(context, self.watcher.lifeline)
        self.sockets: list[Any] = []  # that the main process holds for its workers
        self.ports: ports.PortPool | None = None
        self._serve = serve
        self._server_settings = server_settings
        self._server_count = 0
        self._stopping = False
        self._starting = True
        self._failed_to_start: Child | None = None
        self._postponed: list[Any] = []
        self._rolling: deque[tuple[WorkerProcess, dict[str, Any]]] = deque()
        for _ in range(number):
            self.create_server()
        self.watcher.take_signals()

    # -- workers

    @property
    def pid(self) -> int:
        """Process id of the main process."""
        return os.getpid()

    @property
    def workers(self) -> list[Worker]:
        """All workers, transient ones first."""
        return [*self.transient.values(), *self.durable.values()]

    @property
    def all_workers(self) -> list[tuple[str, Worker]]:
        """Names and workers, transient ones first."""
        return [*self.transient.items(), *self.durable.items()]

    @property
    def slots(self) -> list[WorkerProcess]:
        """Every managed process, started or not."""
        return [process for worker in self.workers for process in worker.processes]

    @property
    def processes(self) -> list[WorkerProcess]:
        """Every managed process that was started."""
        return [process for process in self.slots if process.pid]

    @property
    def transient_processes(self) -> list[WorkerProcess]:
        """The processes that every reload restarts."""
        return [each for worker in self.transient.values() for each in worker.processes]

    @property
    def durable_processes(self) -> list[WorkerProcess]:
        """The processes that no reload restarts."""
        return [each for worker in self.durable.values() for each in worker.processes]

    @property
    def servers(self) -> list[Worker]:
        """The server workers."""
        label = f"{WorkerProcess.SERVER_LABEL}-"
        return [worker for name, worker in self.transient.items() if name.startswith(label)]

    def manage(
        self,
        name: str,
        func: Callable[..., Any],
        kwargs: dict[str, Any],
        transient: bool = False,
        restartable: bool | None = None,
        tracked: bool = True,
        auto_start: bool = True,
        workers: int = 1,
        ident: str = "",
    ) -> Worker:
        """Run a function in processes of its own, along with the server.

        Args:
            name: unique; the processes are called `Sanic-<name>-<n>`.
            func: what they run, as `func(**kwargs)`; must be picklable.
            transient: restarted by every reload.
            restartable: may be restarted; as `transient` unless given.
            tracked: its rows stay in the shared state when it has ended.
            auto_start: started along with the server; otherwise by a restart by name.
            workers: number of processes.
            ident: shown in the log; the name unless given.

        Raises:
            ValueError: the name is used, or it is to be transient and not restartable.
        """
        if name in self.transient or name in self.durable:
            raise ValueError(f"Worker {name} already exists")
        if restartable is None:
            restartable = transient
        if transient and not restartable:
            raise ValueError("Cannot create a transient worker that is not restartable")
        container = self.transient if transient else self.durable
        container[name] = Worker(
            ident or name,
            name,
            func,
            kwargs,
            self.starter,
            self.worker_state,
            self.watcher.retire,
            workers,
            restartable,
            tracked,
            auto_start,
        )
        return container[name]

    def create_server(self) -> Worker:
        """Add one server worker; does not start it."""
        number = self._server_count
        self._server_count += 1
        name = f"{WorkerProcess.SERVER_LABEL}-{number}"
        return self.manage(
            name,
            self._serve,
            ports.with_own(self.ports, name, self._server_settings),
            transient=True,
            restartable=True,
            ident=f"{WorkerProcess.SERVER_IDENTIFIER}{number:2}",
        )

    def shutdown_server(self, name: str | None = None) -> None:
        """Stop one server worker and forget it; a random one unless named."""
        servers = self.servers
        if name:
            servers = [worker for worker in servers if worker.name == name]
        if not servers:
            error_logger.error("Server shutdown failed because a server was not found.")
            return
        # Rather one that does not serve anyway.
        idle = [worker for worker in servers if not worker.has_alive_processes()]
        worker = random.choice(idle or servers)
        for process in worker.processes:
            process.terminate()
        del self.transient[worker.name]
        ports.give_away(self, worker)

    def remove_worker(self, worker: Worker) -> None:
        """Forget a worker that is not tracked and has ended."""
        if worker.tracked:
            error_logger.error(f"Worker {worker.name} is tracked and cannot be removed.")
            return
        if worker.has_alive_processes():
            error_logger.error(f"Worker {worker.name} has alive processes and cannot be removed.")
            return
        self.transient.pop(worker.name, None)
        self.durable.pop(worker.name, None)
        for process in worker.processes:
            process.exit()
        logger.info(f"Removed worker {worker.name}")

    def scale(self, num_worker: int) -> None:
        """Start or stop server workers until there are so many.

        Raises:
            ValueError: for none or less.
        """
        if num_worker <= 0:
            raise ValueError("Cannot scale to 0 workers.")
        before = self.num_server
        if num_worker == before:
            logger.info(f"No change needed. There are already {before} workers.")
            return
        logger.info(f"Scaling from {before} to {num_worker} workers")
        self.num_server = num_worker
        for _ in range(num_worker - before):
            for process in self.create_server().processes:
                process.start()
        for _ in range(before - num_worker):
            self.shutdown_server()

    def restart(
        self,
        process_names: list[str] | None = None,
        restart_order: RestartOrder | str = RestartOrder.SHUTDOWN_FIRST,
        **kwargs: Any,
    ) -> None:
        """Restart processes; with `STARTUP_FIRST` one after the other. See `Restarter.select`."""
        if process_names is None:
            self.herald.reloading()
        chosen = self.restarter.select(
            self.transient_processes, self.durable_processes, process_names
        )
        for process in chosen:
            if restart_order == RestartOrder.STARTUP_FIRST:
                self._rolling.append((process, kwargs))
                continue
            try:
                process.restart(restart_order=restart_order, **kwargs)
            except Exception:
                # Such as too many processes; that may be over soon.
                error_logger.exception(f"Failed to restart processes: {process.name}")
                process.respawn_at = time.monotonic() + self.watcher.RESPAWN_PAUSE
        self.advance_rolling()

    def advance_rolling(self) -> None:
        """Begin the next replacement, if none is under way."""
        while self._rolling and not any(process.previous for process in self.slots):
            process, kwargs = self._rolling.popleft()
            if process not in self.slots:
                continue  # scaled down meanwhile
            try:
                process.restart(restart_order=RestartOrder.STARTUP_FIRST, **kwargs)
            except Exception:
                error_logger.exception(f"Failed to restart processes: {process.name}")
                process.previous = None  # it never left its place
                self.stop_rolling()

    def stop_rolling(self) -> None:
        """Begin no further replacement."""
        if self._rolling:
            self._rolling.clear()
            error_logger.error("The remaining workers are not replaced.")

    # -- life

    @property
    def is_starting(self) -> bool:
        """Whether the first start of the workers is under way."""
        return self._starting

    @property
    def is_rolling(self) -> bool:
        """Whether there are processes yet to be replaced."""
        return bool(self._rolling)

    def run(self) -> None:
        """Start everything, watch it until told to stop, stop it.

        Raises:
            ServerKilled: the workers did not start, or the stop was forced.
            ServerError: a worker died before it came to its app.
        """
        try:
            self.start()
            self.monitor()
            self.join()
        finally:
            self.cleanup()

    def start(self) -> None:
        """Start all processes that are to start with the server."""
        for worker in self.workers:
            worker.start()

    def monitor(self) -> None:
        """Wait until the workers have started; then do what comes, until told to stop."""
        self.wait_for_ack()
        while not self._stopping:
            self.watcher.turn()

    def wait_for_ack(self) -> None:
        """Wait until every server worker said that it has started.

        Raises:
            ServerKilled: one failed or took too long; all are dead.
            ServerError: one died before it came to its app.
        """
        end = time.monotonic() + self.startup_limit
        while not self._stopping and not self._all_acked():
            self.watcher.turn(end)
            if self._failed_to_start is not None:
                self._start_failed(self._failed_to_start)
            if time.monotonic() >= end and not self._all_acked():
                error_logger.error(trouble.too_slow(self.startup_limit))
                self.kill()
                raise ServerKilled
        self._starting = False
        postponed, self._postponed = self._postponed, []
        for message in postponed:
            self.receive(message)

    def _all_acked(self) -> bool:
        processes = [each for worker in self.servers for each in worker.processes]
        return all(each.child is not None and each.child.acked for each in processes)

    def _start_failed(self, child: Child) -> None:
        text = trouble.failed_early()
        if child.exitcode == 1 and not child.link.begun:
            self.kill()
            raise ServerError(trouble.global_scope(self.context.get_start_method()), quiet=True)
        error_logger.error(text)
        self.kill()
        raise ServerKilled

    def join(self) -> None:
        """Wait for all processes to end; those that take too long are killed."""
        logger.debug("Joining processes", extra={"verbosity": 1})
        self._stopping = True
        self.terminate()
        while self.watcher.known():
            self.watcher.turn()

    def terminate(self) -> None:
        """Tell all processes to stop."""
        self._rolling.clear()
        for sock in self.sockets:
            # A connection that no worker will take is to be refused at once.
            sock.close()
        for process in self.slots:
            process.terminate()

    def cleanup(self) -> None:
        """Leave nothing behind: no process and no descriptor."""
        self.watcher.end_by_force()
        self.watcher.close()

    def kill(self) -> None:
        """End all processes by force, at once."""
        for child in self.watcher.living():
            logger.info(f"Killing {child.name} [{child.pid}]")
        self.watcher.end_by_force()

    def shutdown(self) -> None:
        """Tell all processes to stop, and stop watching."""
        self._stopping = True
        self.herald.stopping()
        self.terminate()

    def shutdown_signal(self, number: int, frame: Any = None) -> None:
        """A signal came: the first one stops the server, the second one kills it."""
        self.watcher.note_signal(number)

    # -- events; called by the watcher

    def on_signal(self, number: int) -> None:
        """Act on a signal to the main process.

        Raises:
            ServerKilled: it was the second request to stop.
        """
        name = signal.Signals(number).name
        if name == "SIGHUP" and not self.watcher.at_terminal:
            self.watcher.pass_on(number)
            if not self._stopping and not self._starting:
                logger.info("Received signal SIGHUP. Reloading.")
                self.restart(restart_order=RestartOrder.STARTUP_FIRST)
            return
        if self.watcher.interrupted:
            logger.info("Shutdown interrupted. Killing.")
            self.kill()
            raise ServerKilled
        self.watcher.interrupted = True
        logger.info(f"Received signal {name}. Shutting down.")
        self.shutdown()

    def receive(self, message: Any) -> None:
        """Act on a message; never raises for a bad one."""
        logger.debug(f"Monitor message: {message}", extra={"verbosity": 2})
        if not message or message == TERMINATE:
            self.shutdown()
        elif message == TERMINATE_EARLY or self._stopping:
            pass  # the end of that process tells the same
        elif self._starting:
            self._postponed.append(message)
        elif isinstance(message, tuple) and len(message) in (7, 8):
            self._manage_by_message(message)
        elif not isinstance(message, str):
            error_logger.error(f"Monitor received an invalid message: {message}")
        elif message.startswith(SCALE):
            self._scale_by_message(message)
        else:
            logger.debug(f"Incoming monitor message: {message}", extra={"verbosity": 1})
            request = RestartRequest.parse(message)
            self.restart(request.names, request.order, reloaded_files=request.files)

    def _scale_by_message(self, message: str) -> None:
        try:
            self.scale(int(message.partition(":")[2]))
        except ValueError as error:
            error_logger.error(f"Cannot scale: {error}")

    def _manage_by_message(self, message: tuple[Any, ...]) -> None:
        try:
            self.manage(*message).start()
        except Exception:
            error_logger.exception(f"Failed to manage worker {message[0]}")

    def on_end(self, worker: Worker, process: WorkerProcess) -> None:
        """The process in a slot has ended."""
        child = process.child
        assert child is not None
        if not child.wanted:
            return
        process.set_state(
            ProcessState.FAILED if child.exitcode else ProcessState.COMPLETED, force=True
        )
        if process.is_server:
            child.link.row["serving"] = False
            if self._starting:
                self._failed_to_start = child
            elif process.previous is not None:
                error_logger.error(trouble.replacement_failed(process))
                process.abandon_replacement()
                self.stop_rolling()
            elif child.exitcode and not self._stopping:
                self._plan_respawn(process, child)
            elif not self._stopping:
                ports.give_away(self, worker)
        elif not worker.tracked and not worker.has_alive_processes():
            self.remove_worker(worker)

    def _plan_respawn(self, process: WorkerProcess, child: Child) -> None:
        if self.wait_for_change and not child.acked:
            error_logger.error(trouble.waits_for_change(process))
            return
        delay = trouble.count_failure(process, child)
        if delay is None:
            error_logger.error(trouble.gives_up(process))
            self.exit_status = trouble.CRASH_LOOP
            self.shutdown()
            return
        error_logger.error(trouble.died(process, child, delay))
        process.respawn_at = time.monotonic() + delay
