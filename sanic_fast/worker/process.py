"""Managed processes: one slot each, in which one process follows another."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from inspect import Parameter, signature
from multiprocessing.reduction import DupFd
from typing import Any

from sanic_fast.log import logger
from sanic_fast.worker import lifeline
from sanic_fast.worker.board import Board, Link
from sanic_fast.worker.child import ChildSetup, run_child
from sanic_fast.worker.constants import ProcessState, RestartOrder

__all__ = ("Child", "Worker", "WorkerProcess")

SIGKILL = getattr(signal, "SIGKILL", signal.SIGTERM)
HELD_BACK = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]


def now() -> datetime:
    """The time, with its zone."""
    return datetime.now(tz=timezone.utc)


class ArmedName(str):
    """The name of a process to be spawned, which arms the lifeline when it is read there.

    `multiprocessing` sends a new process first its name and some settings, makes it import the
    main module of the program, and then sends the rest. So the name is the only thing of ours
    that arrives before the app is imported. Only the first of the two times it is sent matters.

    Args:
        name: of the process.
        fd: reading end of the lifeline; -1 where descriptors cannot be handed over.
        server: whether the process is to be a server.
    """

    fd: int
    server: bool
    sent: bool

    def __new__(cls, name: str, fd: int = -1, server: bool = True) -> ArmedName:
        self = super().__new__(cls, name)
        self.fd = fd
        self.server = server
        self.sent = False
        return self

    def __reduce__(self) -> tuple[object, ...]:
        if self.sent or self.fd < 0:
            return (str, (str(self),))
        self.sent = True
        DupFd(self.fd)  # registers it to be inherited; the number stays the same
        # The path of this package may only be known after the settings were read.
        root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(lifeline.__file__))))
        load = f"__import__({lifeline.__name__!r}, fromlist=['arm'])"
        call = f"arm({str(self)!r}, {self.fd}, {os.getpid()}, {self.server})"
        return (eval, (f"(__import__('sys').path.append({root!r}), {load}.{call})[1]",))


class Child:
    """One operating system process.

    Attributes:
        name: of the slot it was made for.
        link: its line to the shared state.
        born: monotonic time of its start.
        wanted: whether it has not been told to stop.
        condemned: whether it is being ended by force, and then to be replaced.
        kill_at: monotonic time after which it is ended by force; None if it is not to be.
        reaped: whether its end was taken notice of.
    """

    def __init__(self, name: str, process: Any, link: Link) -> None:
        self.name = name
        self.process = process
        self.link = link
        self.born = time.monotonic()
        self.wanted = True
        self.condemned = False
        self.kill_at: float | None = None
        self.reaped = False

    @property
    def pid(self) -> int:
        """Process id."""
        return self.process.pid  # type: ignore[no-any-return]

    @property
    def exitcode(self) -> int | None:
        """Exit status, minus the signal that killed it, or None while it lives."""
        return self.process.exitcode  # type: ignore[no-any-return]

    def is_alive(self) -> bool:
        """Whether it lives."""
        return self.exitcode is None

    def send(self, number: int) -> None:
        """Send a signal, if it lives."""
        if self.is_alive():
            # Not reaped yet, so the number cannot belong to another process.
            os.kill(self.pid, number)

    @property
    def acked(self) -> bool:
        """Whether it said that it has started."""
        return self.link.acked

    @property
    def ready(self) -> bool:
        """Whether it does what it is for: a server serves, anything else was started."""
        return not self.link.row.get("server") or (
            self.acked and bool(self.link.row.get("serving"))
        )


@dataclass
class Starter:
    """How processes are made.

    Attributes:
        context: of multiprocessing.
        lifeline: both ends of the pipe whose end tells children of ours; None on Windows.
    """

    context: Any
    lifeline: tuple[int, int] | None

    def start(self, name: str, ident: str, link: Link, func: Any, kwargs: dict[str, Any]) -> Child:
        """Start a process; a signal that comes meanwhile waits until we know its number."""
        method = self.context.get_start_method()
        view = link.view()
        given = {key: view if type(value) is Board else value for key, value in kwargs.items()}
        setup = ChildSetup(
            name, ident, method, bool(link.row["server"]), os.getpid(), self.lifeline
        )
        fd = self.lifeline[0] if self.lifeline and method == "spawn" else -1
        process = self.context.Process(
            name=ArmedName(name, fd, setup.server),
            target=run_child,
            args=(setup, func, given),
            daemon=True,
        )
        environment = {"SANIC_WORKER_NAME": name, "SANIC_WORKER_IDENTIFIER": ident}
        try:
            with _signals_held_back(), _environment(environment):
                process.start()
        except BaseException:
            link.close()
            raise
        finally:
            link.sent()
        return Child(name, process, link)


class WorkerProcess:
    """A slot for a process: the one in it may be replaced, the name stays.

    Attributes:
        child: the process in it; None before the first start.
        previous: the process a new one is to replace once it is ready; it still serves.
        on_retire: told of each process that was sent away, with the signal for it.
    """

    THRESHOLD = 300  # tenths of a second until a start counts as failed
    SERVER_LABEL = "Server"
    SERVER_IDENTIFIER = "Srv"

    def __init__(
        self,
        starter: Starter,
        name: str,
        ident: str,
        target: Callable[..., Any],
        kwargs: dict[str, Any],
        worker_state: Board,
        restartable: bool,
        on_retire: Callable[[Child, int], None],
    ) -> None:
        self.starter = starter
        self.name = name
        self.ident = ident
        self.target = target
        self.kwargs = kwargs
        self.worker_state = worker_state
        self.restartable = restartable
        self.on_retire = on_retire
        self.state = ProcessState.IDLE
        self.child: Child | None = None
        self.previous: Child | None = None
        self.failures = 0
        self.respawn_at: float | None = None
        self.is_server = self.SERVER_LABEL in name

    def set_state(self, state: ProcessState, force: bool = False) -> None:
        """Move on to a state, here and in the shared row.

        Raises:
            Exception: it comes before the present one, and `force` is not set.
        """
        if not force and state < self.state:
            raise Exception(f"Cannot change the state of {self.name} back to {state.name}")
        self.state = state
        if self.child is not None:
            self.child.link.row["state"] = state.name

    @property
    def pid(self) -> int | None:
        """Process id, or None before the first start."""
        return self.child.pid if self.child else None

    @property
    def exitcode(self) -> int | None:
        """Exit status, or None while it lives."""
        return self.child.exitcode if self.child else None

    def is_alive(self) -> bool:
        """Whether a process is in the slot and lives."""
        return self.child is not None and self.child.is_alive()

    def start(self) -> None:
        """Start the process for the first time."""
        self._start({"server": self.is_server, "state": "", "start_at": now(), "starts": 1})

    def mark_unstarted(self) -> None:
        """Show in the shared state a process that is to be started by name later."""
        self.state = ProcessState.NONE
        self.worker_state[self.name] = {"server": self.is_server, "state": ProcessState.NONE.name}

    def spawn(self, **kwargs: Any) -> None:
        """Start the next process of this slot."""
        row = dict(self.worker_state.get(self.name, {}))
        row.pop("serving", None)
        row.pop("pid", None)
        moment = now()
        row.setdefault("start_at", moment)
        row.update(server=self.is_server, restart_at=moment, starts=row.get("starts", 1) + 1)
        self._start(row, kwargs)

    def _start(self, row: dict[str, Any], extra: dict[str, Any] | None = None) -> None:
        logger.debug(f"Starting a process: {self.name}", extra={"verbosity": 1})
        self.state = ProcessState.STARTING
        self.respawn_at = None
        row["state"] = self.state.name
        link = self.worker_state.link(row)
        kwargs = {**self.kwargs, **_accepted(self.target, extra or {})}
        self.child = self.starter.start(self.name, self.ident, link, self.target, kwargs)
        row["pid"] = self.child.pid
        self.worker_state[self.name] = row
        self.set_state(ProcessState.STARTED)

    def restart(
        self, restart_order: RestartOrder | str = RestartOrder.SHUTDOWN_FIRST, **kwargs: Any
    ) -> None:
        """Replace the process.

        Args:
            restart_order: whether the old process is told to stop before the new one is started,
                or once the new one is ready. The port is open all the time with both.
            kwargs: become `config`, with upper-case keys, for a target that takes it.
        """
        old = self.child
        self.failures = 0
        logger.debug(f"Restarting a process: {self.name} [{self.pid}]", extra={"verbosity": 1})
        if old is not None and old.is_alive():
            if restart_order == RestartOrder.STARTUP_FIRST:
                if self.previous is not None:
                    self.on_retire(old, signal.SIGTERM)  # never got ready
                else:
                    self.previous = old
            else:
                self.set_state(ProcessState.RESTARTING, force=True)
                self._dismiss(old)
                self._drop_previous()
        self.spawn(**kwargs)
        if self.previous is not None:
            logger.debug(
                f"Waiting for process to be acked: {self.name} [{self.pid}]",
                extra={"verbosity": 1},
            )

    def conclude_replacement(self) -> None:
        """The new process is ready: send the old one away."""
        logger.debug(
            f"Process acked. Terminating: {self.name} [{self.previous and self.previous.pid}]",
            extra={"verbosity": 1},
        )
        self._drop_previous()

    def abandon_replacement(self) -> None:
        """The new process did not get ready: the old one keeps its place."""
        new, old = self.child, self.previous
        assert new is not None and old is not None
        self.child, self.previous = old, None
        self.worker_state[self.name] = old.link.row
        self.state = ProcessState.ACKED if old.acked else ProcessState.STARTED
        self.on_retire(new, SIGKILL)

    def terminate(self) -> None:
        """Tell all processes of this slot to stop.

        A server that has not started yet is told by SIGTERM, which ends it at once; a running one
        by SIGINT, as any other process.
        """
        for child in (self.previous, self.child):
            if child is None or not child.is_alive() or not child.wanted:
                continue
            logger.debug(f"Terminating a process: {self.name} [{child.pid}]")
            early = self.is_server and not child.acked
            if child is self.child:
                self.set_state(ProcessState.TERMINATED, force=True)
            self.on_retire(child, signal.SIGTERM if early else signal.SIGINT)
        self.previous = None
        self.respawn_at = None

    def exit(self) -> None:
        """Forget the shared row."""
        self.worker_state.pop(self.name, None)

    def join(self) -> None:
        """Wait until the process ended."""
        if self.child is not None:
            self.child.process.join()

    def _dismiss(self, old: Child) -> None:
        logger.debug(
            f"Begin restart termination: {self.name} [{old.pid}]", extra={"verbosity": 1}
        )
        self.on_retire(old, signal.SIGTERM)

    def _drop_previous(self) -> None:
        if self.previous is not None:
            old, self.previous = self.previous, None
            self._dismiss(old)


class Worker:
    """Processes that run the same function.

    Attributes:
        processes: its slots.
        restartable: whether they may be restarted.
        tracked: whether its rows stay in the shared state after its end.
        auto_start: whether it is started along with the server.
    """

    WORKER_PREFIX = "Sanic"

    def __init__(
        self,
        ident: str,
        name: str,
        serve: Callable[..., Any],
        server_settings: dict[str, Any],
        starter: Starter,
        worker_state: Board,
        on_retire: Callable[[Child, int], None],
        num: int = 1,
        restartable: bool = False,
        tracked: bool = True,
        auto_start: bool = True,
    ) -> None:
        self.ident = ident
        self.name = name
        self.num = num
        self.serve = serve
        self.server_settings = server_settings
        self.starter = starter
        self.worker_state = worker_state
        self.on_retire = on_retire
        self.restartable = restartable
        self.tracked = tracked
        self.auto_start = auto_start
        self.processes: set[WorkerProcess] = set()
        for _ in range(num):
            self.create_process()

    def create_process(self) -> WorkerProcess:
        """Add a slot; does not start it."""
        process = WorkerProcess(
            self.starter,
            name=f"{self.WORKER_PREFIX}-{self.name}-{len(self.processes)}",
            ident=self.ident,
            target=self.serve,
            kwargs=self.server_settings,
            worker_state=self.worker_state,
            restartable=self.restartable,
            on_retire=self.on_retire,
        )
        self.processes.add(process)
        return process

    def start(self) -> None:
        """Start its processes, if they are to start by themselves."""
        for process in self.processes:
            if self.auto_start:
                process.start()
            else:
                process.mark_unstarted()

    def has_alive_processes(self) -> bool:
        """Whether one of its processes lives."""
        return any(process.is_alive() for process in self.processes)


def _accepted(target: Callable[..., Any], extra: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a restart, in the form the target takes; nothing if it takes none."""
    if not extra:
        return {}
    try:
        parameters = signature(target).parameters
    except (TypeError, ValueError):
        return {}
    open_ended = any(each.kind is Parameter.VAR_KEYWORD for each in parameters.values())
    if "config" not in parameters and not open_ended:
        return {}
    return {"config": {key.upper(): value for key, value in extra.items()}}


@contextmanager
def _signals_held_back() -> Iterator[None]:
    """Let signals wait; the process made meanwhile is given them unblocked."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, HELD_BACK)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _environment(variables: dict[str, str]) -> Iterator[None]:
    """Set variables for a child, and take them away again."""
    os.environ.update(variables)
    try:
        yield
    finally:
        for name in variables:
            os.environ.pop(name, None)
