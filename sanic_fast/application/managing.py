"""Serving by worker processes: what the main process sets up around the manager."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sanic_fast.__version__ import __version__
from sanic_fast.application.serving import MAIN_ONLY, serving, warn_about_secondaries
from sanic_fast.compat import StartMethod
from sanic_fast.exceptions import ServerKilled
from sanic_fast.helpers import Default
from sanic_fast.log import logger
from sanic_fast.worker.board import Board
from sanic_fast.worker.limits import WorkerLimits, memory_limit
from sanic_fast.worker.manager import WorkerManager
from sanic_fast.worker.ports import PortPool, use_ports
from sanic_fast.worker.reloader import Reloader
from sanic_fast.worker.serve import worker_serve

__all__ = ("FactoryLoader", "choose_start_method", "serve_managed")

FORCED = 1  # exit status of a server that did not start, or was killed
HANG_LIMIT = 30.0  # s
INSPECTOR = "Inspector"
RELOADER = "Reloader"
BEATS = 3  # signs of life of a loop within the limit


@dataclass(frozen=True)
class FactoryLoader:
    """Makes the app in a worker from the factory given to `Sanic.serve`."""

    factory: Callable[[], Any]

    def load(self) -> Any:
        """The app."""
        return self.factory()


def choose_start_method(wanted: StartMethod, force: bool) -> str:
    """Make a start method that of the process, and return it.

    Args:
        wanted: the method; `spawn` unless told.
        force: whether it may have been set before.

    Raises:
        RuntimeError: it was set before, to another one or in a process that is a worker.
    """
    method = "spawn" if isinstance(wanted, Default) else str(wanted)
    try:
        multiprocessing.set_start_method(method, force=force)
    except RuntimeError:
        actual = multiprocessing.get_start_method()
        if actual == method:
            raise
        raise RuntimeError(
            f"Start method '{method}' was requested, but '{actual}' was already set.\n"
            "For more information, see: https://sanic.dev/en/guide/running/manager.html"
            "#overcoming-a-coderuntimeerrorcode"
        ) from None
    return method


def serve_managed(primary: Any, apps: list[Any], app_loader: Any) -> None:
    """Serve all definitions of all apps by worker processes, until stopped.

    Args:
        primary: the app that owns the process.
        apps: all apps.
        app_loader: finds the primary app in a worker; None if importing the program makes it.

    Raises:
        SystemExit: with status 1 if the workers did not start or the stop was forced, 3 if they
            kept dying.
        Exception: whatever a listener of the main process or a bind raised.
    """
    status = 0
    manager: WorkerManager | None = None
    subscriber, publisher = multiprocessing.Pipe(duplex=False)

    def prepare() -> None:
        nonlocal manager
        warn_about_secondaries(primary, apps)
        manager = primary._manager = _manager(primary, apps, app_loader, (publisher, subscriber))

    try:
        with serving(primary, apps, prepare):
            assert manager is not None
            try:
                manager.run()
            finally:
                manager.cleanup()
        status = manager.exit_status
    except ServerKilled:
        status = FORCED
    finally:
        if manager is not None:
            manager.cleanup()  # a listener may have raised before it ran
            manager.watcher.give_back_signals()
            for sock in manager.sockets:
                sock.close()
        primary._manager = primary._inspector = None
        publisher.close()
        subscriber.close()
    if status:
        sys.exit(status)


def in_debugger() -> bool:
    """Whether a debugger holds this process, and so may hold its children."""
    if sys.gettrace() is not None:
        return True
    monitoring = getattr(sys, "monitoring", None)  # since Python 3.12
    return monitoring is not None and monitoring.get_tool(monitoring.DEBUGGER_ID) is not None


def _manager(primary: Any, apps: list[Any], app_loader: Any, pipe: Any) -> WorkerManager:
    method = multiprocessing.get_start_method()
    logger.debug(f"Creating multiprocessing context using '{method}'")
    config = primary.config
    stop_limit = float(config.GRACEFUL_SHUTDOWN_TIMEOUT)
    hang_limit = float(config.get("WORKER_HANG_TIMEOUT", HANG_LIMIT))
    if primary.debug or in_debugger() or any(app.state.auto_reload for app in apps):
        hang_limit = 0.0  # a developer may hold a worker in a debugger
    board = Board()
    settings = {
        "app_name": primary.name,
        "monitor_publisher": pipe[0],
        "app_loader": app_loader,
        "worker_state": board,
        "server_info": {
            app.name: [_portable(info.settings) for info in app.state.server_info]
            for app in apps
        },
        "passthru": {app.name: _passthru(app) for app in apps},
        "limits": WorkerLimits(
            beat=hang_limit / BEATS,
            grace=stop_limit + WorkerManager.STOP_MARGIN,
            requests=int(config.get("WORKER_MAX_REQUESTS", 0)),
            lifetime=float(config.get("WORKER_MAX_LIFETIME", 0)),
            memory=memory_limit(
                float(config.get("WORKER_MAX_MEMORY", 0)), primary.state.workers
            ),
        ),
    }
    manager = WorkerManager(
        primary.state.workers,
        worker_serve,
        settings,
        multiprocessing.get_context(method),
        pipe,
        board,
    )
    manager.startup_limit = float(
        config.get("WORKER_STARTUP_TIMEOUT", WorkerManager.THRESHOLD / 10)
    )
    if any(app.state.auto_reload for app in apps):
        folders = set().union(*(app.state.reload_dirs for app in apps))
        manager.manage(RELOADER, Reloader(pipe[0], 0, folders, app_loader), {})
        manager.wait_for_change = True
    if config.INSPECTOR:
        primary._inspector = _inspector(primary, pipe[0], board)
        manager.manage(INSPECTOR, primary._inspector, {"worker_state": board})
    manager.sockets = [
        sock
        for app in apps
        for info in app.state.server_info
        if (sock := info.settings.get("sock")) is not None
    ]
    if any(each.get("reuse_port") for infos in settings["server_info"].values() for each in infos):
        use_ports(manager, PortPool(settings["server_info"], manager.sockets))
    manager.stop_limit = stop_limit
    manager.hang_limit = hang_limit
    return manager


def _inspector(primary: Any, publisher: Any, board: Board) -> Any:
    info, extra = primary.get_motd_data()
    packages = [f"sanic=={__version__}", *filter(None, info.get("packages", "").split(", "))]
    config = primary.config
    return primary.inspector_class(
        publisher,
        {**info, "packages": packages, "extra": extra},
        board,
        config.INSPECTOR_HOST,
        config.INSPECTOR_PORT,
        config.INSPECTOR_API_KEY,
        config.INSPECTOR_TLS_KEY,
        config.INSPECTOR_TLS_CERT,
    )


def _passthru(app: Any) -> dict[str, Any]:
    """What a worker's app takes over from ours."""
    config = app.config
    return {
        "auto_reload": app.auto_reload,
        "state": {"verbosity": app.state.verbosity, "mode": app.state.mode},
        "config": {
            "ACCESS_LOG": config.ACCESS_LOG,
            "NOISY_EXCEPTIONS": config.NOISY_EXCEPTIONS,
        },
        # The dict itself: listeners may add to it until the workers start.
        "shared_ctx": vars(app.shared_ctx),
    }


def _portable(settings: dict[str, Any]) -> dict[str, Any]:
    """The settings of a definition without what only the main process has."""
    return {key: value for key, value in settings.items() if key not in (*MAIN_ONLY, "signal")}
