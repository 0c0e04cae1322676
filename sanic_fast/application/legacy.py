"""The way servers ran before there was a manager, for programs that still ask for it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from typing import Any

from sanic_fast.application.serving import cleanup_apps, serve_here, serving
from sanic_fast.worker import lifeline
from sanic_fast.worker.reloader import Reloader

__all__ = ("MESSAGE", "serve_without_manager")

MESSAGE = "Running Sanic w/ LEGACY manager. Support for will be dropped in version 23.3."
RUNNING = "SANIC_SERVER_RUNNING"  # in the environment of the process that serves
STOP_MARGIN = 5.0  # s for listeners, beyond the time for requests under way


def serve_without_manager(primary: Any, apps: list[Any]) -> None:
    """Serve in this process, with the listeners of the main process.

    With auto-reload this process watches the files instead, and runs the whole program once more,
    in a process of its own, whenever one changes.

    Raises:
        Exception: whatever the start or a listener raised.
    """
    stop_limit = float(primary.config.GRACEFUL_SHUTDOWN_TIMEOUT) + STOP_MARGIN
    if primary.state.auto_reload and os.environ.get(RUNNING):
        lifeline.expect_orphan(signal.SIGTERM, stop_limit)
    elif primary.state.auto_reload:
        folders = set().union(*(app.state.reload_dirs for app in apps))
        cleanup_apps(apps)
        program = _Program(stop_limit)
        program.start()
        try:
            Reloader(program, 0, folders, None)()  # type: ignore[arg-type]
        except KeyboardInterrupt:
            pass  # how a wait for events of files tells of any signal
        finally:
            program.stop()
        return
    with serving(primary, apps, managed=False):
        serve_here(primary, apps)


class _Program:
    """This program, run once more; stands where a reloader has its line to the manager.

    Args:
        stop_limit: seconds it may take to stop, after which it is killed.
    """

    def __init__(self, stop_limit: float) -> None:
        self.stop_limit = stop_limit
        self.process: subprocess.Popen[bytes] | None = None

    def send(self, _: str) -> None:
        """The reloader asks for a restart."""
        self.stop()
        self.start()

    def start(self) -> None:
        """Run it."""
        self.process = subprocess.Popen(
            [sys.executable, *sys.orig_argv[1:]], env={**os.environ, RUNNING: "true"}
        )
        threading.Thread(target=self._watch, args=(self.process,), daemon=True).start()

    def stop(self) -> None:
        """Have it finish its requests, and wait for that."""
        process, self.process = self.process, None
        if process is None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(self.stop_limit)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _watch(self, process: subprocess.Popen[bytes]) -> None:
        """Stop with it where it ends as asked; where it failed, a change may mend it."""
        if process.wait() == 0 and process is self.process:
            os.kill(os.getpid(), signal.SIGTERM)
