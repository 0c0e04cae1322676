"""One process serving: start, run until told to stop, drain, stop."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any

from sanic_fast.application.constants import ServerStage
from sanic_fast.log import error_logger, server_logger
from sanic_fast.server.async_server import AsyncioServer
from sanic_fast.server.drain import IDLE_TIMEOUT, cut_off, idle_window
from sanic_fast.server.notify import Notifier

__all__ = ("RUN_SERVER", "Secondary", "ServerRunner", "warn_of_os_error")

RUN_SERVER = "RunServer"  # name of the tasks of secondary servers; `shutdown_tasks` spares them


class Secondary:
    """A further bind served in the same process: another app, or the same one again.

    Args:
        app: the app to serve.
        info: its server definition; its stage and server are kept up to date.
        make: returns the server, unbound, for the loop that runs.
    """

    __slots__ = ("app", "info", "make", "server", "task")

    def __init__(self, app: Any, info: Any, make: Callable[[], Any]) -> None:
        self.app = app
        self.info = info
        self.make = make
        self.server: AsyncioServer | None = None
        self.task: asyncio.Task[Any] | None = None


class ServerRunner:
    """Runs the server of one app, and secondary ones beside it, from start to end.

    Start: app startup, `before_server_start`, secondaries, acknowledge, listen,
    `after_server_start`. Stop: `before_server_stop`, stop accepting, drain, tasks, cut off the
    rest, `after_server_stop`. Every step of the stop runs even if an earlier one failed; the first
    failure is raised at the end.

    Args:
        server: the primary server, unbound, on a loop that does not run yet.
        secondaries: further servers of this process.
        register_sys_signals: stop on SIGINT and SIGTERM.
        stop_signal: its `stopped` is set when the stop begins.
        worker: this is one process of several. A signal during the start makes it stop right
            after the start, instead of breaking it off, so that its listeners run in pairs; and
            idle connections are kept for a moment when it stops. A process that serves alone keeps
            them on SIGTERM, not on ctrl+c; a second signal ends its drain, a third the process.
    """

    def __init__(
        self,
        server: AsyncioServer,
        *,
        secondaries: list[Secondary] | None = None,
        register_sys_signals: bool = True,
        stop_signal: Any = None,
        worker: bool = False,
    ) -> None:
        self.app = server.app
        self.loop = server.loop
        self.server = server
        self.secondaries = secondaries or []
        self.register_sys_signals = register_sys_signals
        self.stop_signal = stop_signal
        self.worker = worker
        self.failure: BaseException | None = None
        # The main process speaks for its workers.
        self.notifier = Notifier() if worker else Notifier.from_environment()
        self.signals: list[int] = []  # that came so far
        self.begun: list[Any] = []  # apps of secondaries that were started

    def run(self) -> None:
        """Serve until the loop is stopped or a signal comes; leaves the loop open.

        Raises:
            Exception: whatever a listener, the app's startup or the bind raised.
        """
        pid = os.getpid()
        self.app.state.is_stopping = False
        server_logger.info("Starting worker [%s]", pid)
        if self.worker:
            self._handle_signals()
        start = self.loop.create_task(self._start())
        start.add_done_callback(self._started)
        try:
            self._run_forever(start)
        finally:
            serving = start.done() and not start.cancelled() and start.exception() is None
            if not serving:
                self._abandon()
            else:
                server_logger.info("Stopping worker [%s]", pid)
                self.app.state.is_stopping = True
                self._stop()
                self.app.state.is_stopping = False
                server_logger.info("Worker complete [%s]", pid)
        start.result()
        if self.failure is not None:
            raise self.failure

    def _run_forever(self, start: asyncio.Task[None]) -> None:
        """Start and serve in one run of the loop, until it is stopped.

        One run, because uvloop loses sight of a signal that comes between two: it would be seen
        only at the next event, which on an idle server may never come.
        """
        self.loop.run_forever()
        while not start.done():
            # Stopped by a listener of the start, which is to run to its end.
            self.app.state.is_stopping = True
            self.loop.run_forever()

    def _started(self, start: asyncio.Task[None]) -> None:
        """End the run where the start failed, or somebody asked for the stop meanwhile."""
        if self.app.state.is_stopping or start.cancelled() or start.exception() is not None:
            self.loop.stop()

    # -- start

    async def _start(self) -> None:
        app, server = self.app, self.server
        await app._startup()
        await server.before_start()
        for secondary in self.secondaries:
            await self._start_secondary(secondary)
        app.ack()
        try:
            await server.start_serving()
        except OSError:
            error_logger.exception("Unable to start server")
            raise
        if not self.worker:
            self._handle_signals()
        await server.after_start()
        app.set_serving(True)
        server_logger.info("Worker ready [%s]", os.getpid())
        if not self.worker:
            self.notifier.ready()
            self._live()

    def _live(self) -> None:
        """Send signs of life for as long as the loop runs, if anybody wants them."""
        if self.notifier.watchdog:
            self.notifier.alive()
            self.loop.call_later(self.notifier.watchdog, self._live)

    async def _start_secondary(self, secondary: Secondary) -> None:
        """Start one secondary server; a bind that fails costs only that server."""
        app = secondary.app
        first = app is not self.app and app not in self.begun
        secondary.server = server = secondary.make()
        secondary.info.server = server
        try:
            if first:
                self.begun.append(app)
                app.state.primary = False
                await app._startup()
                await server.before_start()
            await server.start_serving()
        except OSError as error:
            secondary.server = secondary.info.server = None
            warn_of_os_error(error)
            return
        secondary.info.stage = ServerStage.SERVING
        app.state.is_running = True
        # A task already, so that its end is not reported as that of a task of the app's.
        task = self.loop.create_task(_for_ever(), name=RUN_SERVER)
        secondary.task = self.app.add_task(task, name=RUN_SERVER)
        if secondary in self._speakers():
            await server.after_start()

    def _handle_signals(self) -> None:
        """Stop on SIGINT and SIGTERM; Python delivers signals to the main thread only."""
        if not self.register_sys_signals:
            return
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self.loop.add_signal_handler(number, self._on_signal, number)

    def _on_signal(self, number: int) -> None:
        self.signals.append(number)
        if len(self.signals) > 2 and not self.worker:
            error_logger.error("Shutdown interrupted. Killing.")
            os._exit(1)
        # Of a worker too, this process alone: the rest of the server goes on.
        self.app.stop(False)

    def _hurried(self) -> bool:
        """Whether whoever stops the server asked again. Workers are told twice as a rule."""
        return len(self.signals) > 1 and not self.worker

    def _abandon(self) -> None:
        """Close what a failed start had opened."""
        for server in self._servers():
            if server.server is not None:
                server.server.close()
            self._complete(cut_off(server.connections))
        self._complete(_cancel_tasks())

    # -- stop

    def _stop(self) -> None:
        if self.stop_signal is not None:
            self.stop_signal.stopped = True
        self.notifier.stopping()
        app = self.app
        own = self._speakers()
        self._step(self.server.before_stop)
        for secondary in own:
            self._step(secondary.server.before_stop)  # type: ignore[union-attr]
        servers = self._servers()
        for server in servers:
            self._step(server.stop_accepting)
        left = self._step(lambda: self._drain(servers)) or 0.0
        try:
            app.shutdown_tasks(left)
        except Exception as error:
            self._keep(error)
        for server in servers:
            self._step(partial(cut_off, server.connections))
        app.set_serving(False)
        self._step(self.server.after_stop)
        for secondary in own:
            secondary.app.state.is_running = False
            self._step(secondary.server.after_stop)  # type: ignore[union-attr]
        for secondary in self.secondaries:
            secondary.info.stage = ServerStage.STOPPED
            secondary.info.server = None
        self._step(_cancel_tasks)
        self._step(self.loop.shutdown_asyncgens)
        if self.register_sys_signals:
            for number in (signal.SIGINT, signal.SIGTERM):
                self.loop.remove_signal_handler(number)

    async def _drain(self, servers: list[AsyncioServer]) -> float:
        """Drain all servers side by side; the seconds the slowest left over."""
        default = 0.0
        if (self.worker or self.signals == [signal.SIGTERM]) and not self.app.debug:
            # Whoever sends a request just now must not notice.
            default = IDLE_TIMEOUT
        idle = idle_window(self.app.config, default)
        drains = [server.drain(idle, self._hurried) for server in servers]
        return min(await asyncio.gather(*drains))

    def _servers(self) -> list[AsyncioServer]:
        return [self.server, *(s.server for s in self.secondaries if s.server is not None)]

    def _speakers(self) -> list[Secondary]:
        """Of each further app the first that serves; it runs the listeners, once for all binds."""
        found: dict[str, Secondary] = {}
        for secondary in self.secondaries:
            if secondary.server is not None and secondary.app is not self.app:
                found.setdefault(secondary.app.name, secondary)
        return list(found.values())

    # -- running coroutines

    def _step(self, make: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        """Run one step of the stop; a failure is kept for the end."""
        try:
            return self._complete(make())
        except BaseException as error:
            self._keep(error)
            return None

    def _keep(self, error: BaseException) -> None:
        if self.failure is None:
            self.failure = error
        else:
            error_logger.error("A further error while the server stopped", exc_info=error)

    def _complete(self, coro: Awaitable[Any]) -> Any:
        """Run to completion even if somebody stops the loop meanwhile, as `app.stop()` does.

        `run_until_complete` would raise RuntimeError and leave the coroutine half done.
        """
        task = asyncio.ensure_future(coro, loop=self.loop)
        task.add_done_callback(lambda _: self.loop.stop())
        while not task.done():
            self.loop.run_forever()
        return task.result()


def warn_of_os_error(error: OSError) -> None:
    """A bind of a secondary server failed; the others go on."""
    error_logger.warning("An OSError was detected on startup. The encountered error was: %s", error)


async def _for_ever() -> None:
    await asyncio.get_running_loop().create_future()


async def _cancel_tasks() -> None:
    """Cancel what still runs on the loop, so that nothing is destroyed while pending."""
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    if tasks:
        # A task that ignores the cancel must not hold up the exit.
        await asyncio.wait(tasks, timeout=1)
