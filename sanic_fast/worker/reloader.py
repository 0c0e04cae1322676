"""Watching files, and asking for a restart of the workers when one changes."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from importlib.util import find_spec
from inspect import Parameter, signature
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from sanic_fast.application.registry import RegistryLayer
from sanic_fast.log import error_logger
from sanic_fast.server.events import trigger_events
from sanic_fast.worker.messages import ALL_PROCESSES

__all__ = ("Reloader",)

EVENT_STEP = 200  # ms between two looks for further events, and for signals
EVENT_DEBOUNCE = 400  # ms within which events count as one change
EVENT_LIMIT = 10_000  # ms after which the files are looked at even without an event
EVENT_FIRST = 400  # ms, for the first time: something may have changed before the watch began


class Reloader:
    """Runs in a process of its own, which is never restarted.

    Changes are found by comparing times of modification: once per `interval`, or, where the
    package `watchfiles` is installed, whenever the operating system tells that something changed
    in one of the folders.

    Args:
        publisher: where requests to the manager go.
        interval: seconds between two looks; 0 for `INTERVAL`.
        reload_dirs: folders to watch with all that is in them.
        app_loader: finds the app; None if importing the program has made it.
    """

    INTERVAL = 1.0  # s

    def __init__(
        self,
        publisher: Connection,
        interval: float,
        reload_dirs: Iterable[Path],
        app_loader: Any,
    ) -> None:
        self._publisher = publisher
        self.interval = interval or self.INTERVAL
        self.reload_dirs = set(reload_dirs)
        self.app_loader = app_loader
        self.run = True
        self._seen: set[str] = set()  # files of the last look
        self._paths: dict[str, str] = {}  # file of a module -> what is looked at for it

    def __call__(self) -> None:
        """Watch until told to stop; runs the listeners of the reload process."""
        signal.signal(signal.SIGINT, self.stop)
        signal.signal(signal.SIGTERM, self.stop)
        app = self.app_loader.load() if self.app_loader is not None else _first_app()
        loop = asyncio.new_event_loop()
        mtimes: dict[str, float] = {}
        self._changed(mtimes)
        trigger_events(app.listeners["reload_process_start"], loop, app)
        try:
            for _ in self._ticks():
                changed = self._changed(mtimes)
                if changed:
                    _tell(app.listeners["before_reload_trigger"], loop, app)
                    self.reload(",".join(sorted(changed)))
                    for listener in app.listeners["after_reload_trigger"]:
                        more = {"changed": changed} if _takes_changed(listener) else {}
                        _tell([listener], loop, app, **more)
        except _Stopped:
            pass
        finally:
            trigger_events(app.listeners["reload_process_stop"], loop, app)
            loop.close()

    def stop(self, *_: Any) -> None:
        """End the watch, wherever it is; a signal handler."""
        if self.run:
            self.run = False
            raise _Stopped

    def reload(self, reloaded_files: str) -> None:
        """Ask for a restart of all transient processes because of these files."""
        self._publisher.send(f"{ALL_PROCESSES}:{reloaded_files}")

    def files(self) -> Iterator[str]:
        """All files and folders whose change counts."""
        yield from self.python_files()
        for folder in self.reload_dirs:
            top = folder.resolve()
            yield str(top)  # changes when a file directly below is made or removed
            for path in top.glob("**/*"):
                yield str(path)

    def python_files(self) -> Iterator[str]:
        """The file of every module this process has loaded."""
        for module in list(sys.modules.values()):
            name = getattr(module, "__file__", None)
            if not isinstance(name, str):
                continue
            path = self._paths.get(name)
            if path is None:
                path = _watched_path(name)
                if not path:
                    continue
                self._paths[name] = path
            yield path

    @staticmethod
    def check_file(filename: str, mtimes: dict[str, float]) -> bool:
        """Whether the file has changed since the last call; at first sight it has not."""
        mtime = os.stat(filename).st_mtime
        before = mtimes.get(filename)
        if before is None:
            mtimes[filename] = mtime
            return False
        if mtime <= before:
            return False
        mtimes[filename] = mtime
        return True

    def _changed(self, mtimes: dict[str, float]) -> set[str]:
        changed = set()
        self._seen = set(self.files())
        for name in self._seen:
            try:
                if self.check_file(name, mtimes):
                    changed.add(name)
            except OSError:
                continue  # gone meanwhile; editors save so
        return changed

    def _ticks(self) -> Iterator[None]:
        """Yield whenever something may have changed."""
        limit = EVENT_FIRST
        while find_spec("watchfiles") is not None:
            from watchfiles import watch

            folders = {os.path.dirname(name) for name in self._seen or self.files()}
            folders |= {str(folder.resolve()) for folder in self.reload_dirs if folder.is_dir()}
            events = watch(
                *folders,
                watch_filter=None,
                debounce=EVENT_DEBOUNCE,
                step=EVENT_STEP,
                rust_timeout=limit,
                yield_on_timeout=True,
                recursive=False,
            )
            try:
                for event in events:
                    yield
                    if not event:
                        break  # a good moment to look for new folders
                limit = EVENT_LIMIT
            except OSError as error:
                # Such as no watches left.
                error_logger.warning(f"File events are not available, polling: {error}")
                break
        while True:
            time.sleep(self.interval)
            yield


class _Stopped(BaseException):
    """The process is to end; not for handlers of exceptions to see."""


def _tell(listeners: Iterable[Any], loop: Any, app: Any, **more: Any) -> None:
    """Run listeners; one that fails does not end the watch."""
    try:
        trigger_events(listeners, loop, app, **more)
    except Exception:
        error_logger.exception("A listener of the reload failed")


def _first_app() -> Any:
    return next(iter(RegistryLayer._app_registry.values()))


def _watched_path(name: str) -> str:
    """The file to look at for a module's file; nothing if there is none."""
    path = name[:-1] if name.endswith((".pyc", ".pyo")) else name
    while path and not os.path.exists(path):  # inside of an archive
        parent = os.path.dirname(path)
        path = parent if parent != path else ""
    return path if os.path.isfile(path) else ""


def _takes_changed(listener: Callable[..., Any]) -> bool:
    """Whether a listener wants to know the files."""
    try:
        parameters = signature(listener).parameters
    except (TypeError, ValueError):
        return True
    return "changed" in parameters or any(
        each.kind is Parameter.VAR_KEYWORD for each in parameters.values()
    )
