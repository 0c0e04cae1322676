"""The one wait of the main process, and what is due by the clock."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Iterator
from multiprocessing import connection
from typing import Any

from sanic_fast.exceptions import ServerKilled
from sanic_fast.log import error_logger, logger
from sanic_fast.worker import trouble
from sanic_fast.worker.process import SIGKILL, Child, WorkerProcess

__all__ = ("Watcher",)

ABORT_GRACE = 2.0  # s for a hung worker to show its stack
SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")


class Watcher:
    """Waits for messages, the shared state, ends of processes, signals and the clock.

    Args:
        manager: the `WorkerManager`, which stands above.

    Attributes:
        leaving: processes that were told to stop and have not ended yet.
        interrupted: whether a signal asked for the stop already.
        lifeline: pipe whose end tells children that this process is gone; None on Windows.
        at_terminal: whether a SIGHUP means that the terminal is gone.
        closed: whether no further turn comes.
    """

    RESPAWN_PAUSE = 1.0  # s after the operating system refused to make a process

    def __init__(self, manager: Any) -> None:
        self.manager = manager
        self.leaving: list[Child] = []
        self.interrupted = False
        self.lifeline = os.pipe() if hasattr(os, "fork") else None
        self.at_terminal = _is_terminal()
        self.closed = False
        self._pid = os.getpid()
        self._signals: list[int] = []
        self._before: dict[int, Any] = {}
        self._waiting = False
        self._wake, self._woken = socket.socketpair()
        self._wake.setblocking(False)
        self._woken.setblocking(False)

    # -- signals

    def take_signals(self) -> None:
        """Handle signals from now on, where this is the main thread."""
        for name in SIGNALS:
            number = getattr(signal, name, None)
            if number is None:
                continue
            if name == "SIGHUP" and signal.getsignal(number) is signal.SIG_IGN:
                continue  # nohup
            try:
                self._before[number] = signal.signal(number, self.manager.shutdown_signal)
            except ValueError:  # in another thread signals are for whoever has the main one
                return

    def note_signal(self, number: int) -> None:
        """Remember a signal; it is acted upon in the next turn, not in the middle of anything.

        Raises:
            ServerKilled: there is no further turn, and somebody wants the end now.
            KeyboardInterrupt: it is the second one, and code of the user's takes its time.
        """
        if os.getpid() != self._pid:
            os._exit(1)  # a forked child that has not got handlers of its own yet
        if self.closed:
            if signal.Signals(number).name == "SIGHUP" and not self.at_terminal:
                return
            raise ServerKilled
        if not self._waiting and number in self._signals and number != SIGKILL:
            # Nobody looks, as code of the user's takes its time; let ctrl+c work there.
            raise KeyboardInterrupt
        self._signals.append(number)
        try:
            self._wake.send(b"\0")
        except OSError:
            pass  # full, so it wakes up anyway

    def pass_on(self, number: int) -> None:
        """Tell of a signal whoever handled it before us, such as a daemon."""
        handler = self._before.get(number)
        if callable(handler):
            handler(number, None)

    # -- processes

    def retire(self, child: Child, number: int) -> None:
        """Tell a process to stop, and see to it that it does."""
        child.wanted = False
        child.kill_at = time.monotonic() + self.manager.stop_limit + self.manager.STOP_MARGIN
        child.send(number)
        self.leaving.append(child)

    def known(self) -> list[Child]:
        """Every process whose end was not taken notice of."""
        found = {id(child): child for child in self.leaving}
        for process in self.manager.slots:
            for child in (process.previous, process.child):
                if child is not None:
                    found[id(child)] = child
        return [child for child in found.values() if not child.reaped]

    def living(self) -> list[Child]:
        """Every process that has not ended."""
        return [child for child in self.known() if child.is_alive()]

    def end_by_force(self) -> None:
        """Kill every process that lives, and wait for its end."""
        for child in self.living():
            child.send(SIGKILL)
        for child in self.living():
            child.process.join()

    # -- the wait

    def turn(self, until: float | None = None) -> None:
        """Wait for the next thing to happen, or for a point in time, and see to it."""
        due = min((when for when in self._due() if when is not None), default=None)
        if until is not None:
            due = until if due is None else min(due, until)
        timeout = None if due is None else max(0.0, due - time.monotonic())
        manager = self.manager
        self._waiting = True
        links = manager.worker_state.links
        sources: list[Any] = [self._woken, manager.monitor_subscriber, *links]
        # Not of the living: looking whether one lives may be what ends it.
        sources += [child.process.sentinel for child in self.known()]
        if not self._signals:
            for source in connection.wait(sources, timeout):
                if source is self._woken:
                    self._drain_wake()
                elif source is manager.monitor_subscriber:
                    self._receive()
                elif isinstance(source, connection.Connection) and source in links:
                    links[source].serve()
        while self._signals:
            manager.on_signal(self._signals.pop(0))
        self._reap()
        self._look_at_clock()
        manager.herald.look()
        self._waiting = False

    def _drain_wake(self) -> None:
        try:
            while self._woken.recv(4096):
                pass
        except BlockingIOError:
            pass

    def _receive(self) -> None:
        try:
            message = self.manager.monitor_subscriber.recv()
        except Exception:
            # Such as a function that this process cannot import.
            error_logger.exception("A message to the manager could not be read")
            return
        self.manager.receive(message)

    def _reap(self) -> None:
        """Take notice of processes that ended."""
        for child in [child for child in self.leaving if not child.is_alive()]:
            self.leaving.remove(child)
            self._bury(child)
        for worker in self.manager.workers:
            for process in list(worker.processes):
                old, new = process.previous, process.child
                if old is not None and not old.is_alive():
                    process.previous = None
                    self._bury(old)
                if new is not None and not new.is_alive() and not new.reaped:
                    self._bury(new)
                    self.manager.on_end(worker, process)

    def _bury(self, child: Child) -> None:
        """Read the last words of a process that ended."""
        child.reaped = True
        while child.link.open and child.link.connection.poll():
            child.link.serve()
        child.link.close()
        child.process.join()

    # -- the clock

    def _due(self) -> Iterator[float | None]:
        """Points in time at which there is something to do."""
        yield self.manager.herald.due
        for child in self.living():
            yield child.kill_at
        limits = self.manager
        for process in self.manager.slots:
            yield process.respawn_at
            server = process.child if process.is_server else None
            if server is None or not server.wanted or server.condemned or server.reaped:
                continue
            if not server.acked or process.previous is not None:
                yield server.born + limits.startup_limit
            elif server.link.beat is not None and limits.hang_limit:
                yield server.link.beat + limits.hang_limit

    def _look_at_clock(self) -> None:
        moment = time.monotonic()
        for child in self.living():
            if child.kill_at is not None and child.kill_at <= moment:
                logger.info(f"Killing {child.name} [{child.pid}]")
                child.kill_at = None
                child.send(SIGKILL)
        for process in self.manager.slots:
            if process.respawn_at is not None and process.respawn_at <= moment:
                self._respawn(process)
            elif process.previous is not None:
                self._look_at_replacement(process, moment)
            elif process.is_server and process.is_alive():
                self._look_at_server(process, moment)
        self.manager.advance_rolling()

    def _respawn(self, process: WorkerProcess) -> None:
        try:
            process.spawn()
        except Exception:
            # Such as too many processes; that may be over soon.
            error_logger.exception(f"Failed to start {process.name}")
            process.respawn_at = time.monotonic() + self.RESPAWN_PAUSE

    def _look_at_replacement(self, process: WorkerProcess, moment: float) -> None:
        child = process.child
        assert child is not None
        if child.ready:
            process.conclude_replacement()
        elif child.born + self.manager.startup_limit <= moment:
            error_logger.error(
                f"Worker {process.name} failed to come ack within "
                f"{self.manager.startup_limit} seconds"
            )
            process.abandon_replacement()
            self.manager.stop_rolling()

    def _look_at_server(self, process: WorkerProcess, moment: float) -> None:
        child, limit = process.child, self.manager.hang_limit
        assert child is not None
        if not child.wanted or child.condemned:
            return
        beat = child.link.beat
        if not child.acked and child.born + self.manager.startup_limit <= moment:
            if not self.manager.is_starting:
                error_logger.error(
                    f"Worker {process.name} failed to come ack within "
                    f"{self.manager.startup_limit} seconds"
                )
                child.condemned = True
                child.send(SIGKILL)
        elif limit and beat is not None and beat + limit <= moment:
            error_logger.error(trouble.hangs(process, moment - beat))
            child.condemned = True
            child.kill_at = moment + ABORT_GRACE
            child.send(signal.SIGABRT)

    def give_back_signals(self) -> None:
        """Let signals do again what they did before."""
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before.clear()

    def close(self) -> None:
        """Give back descriptors; signals are taken until the last listener has run."""
        self.closed = True
        for fd in self.lifeline or ():
            os.close(fd)
        self.lifeline = None
        self._wake.close()
        self._woken.close()
        for link in list(self.manager.worker_state.links.values()):
            link.close()


def _is_terminal() -> bool:
    try:
        return os.isatty(0)
    except OSError:
        return False
