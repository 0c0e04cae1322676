"""What a server worker runs."""

from __future__ import annotations

import faulthandler
import os
import sys
from multiprocessing.connection import Connection
from typing import Any

from sanic_fast.application.registry import RegistryLayer, find
from sanic_fast.application.serving import serve_here
from sanic_fast.application.state import ApplicationServerInfo
from sanic_fast.log import error_logger
from sanic_fast.logging.setup import setup_logging
from sanic_fast.models.server_types import Signal
from sanic_fast.worker.board import BoardView
from sanic_fast.worker.certloader import CertLoader
from sanic_fast.worker.limits import WorkerLimits
from sanic_fast.worker.multiplexer import WorkerMultiplexer

__all__ = ("worker_serve",)


def worker_serve(
    app_name: str,
    monitor_publisher: Connection,
    app_loader: Any,
    worker_state: BoardView,
    server_info: dict[str, list[dict[str, Any]]],
    passthru: dict[str, dict[str, Any]],
    limits: WorkerLimits,
    config: dict[str, Any] | None = None,
) -> None:
    """Find the app and serve everything the main process has bound, until told to stop.

    Args:
        app_name: of the primary app, where there is no loader.
        monitor_publisher: where requests to the manager go.
        app_loader: finds the primary app; None if importing the program has made it.
        worker_state: the shared state.
        server_info: name of an app -> settings of its definitions, with bound sockets.
        passthru: name of an app -> what else the main process knows better than a newly loaded
            one; see `app.refresh`.
        limits: times, and limits after which this worker is replaced.
        config: further settings, of a restart.

    Raises:
        SystemExit: with status 1, if the app could not be loaded, started or stopped in order.
    """
    worker_state.begin()
    counters = {"requests_count": 0}  # of all servers of this process
    multiplexer = WorkerMultiplexer(monitor_publisher, worker_state, limits, counters)
    os.environ["SANIC_WORKER_PROCESS"] = "true"
    try:
        if not faulthandler.is_enabled() and sys.stderr is not None:
            faulthandler.enable()  # shows the stack of a crash, and of a loop that hangs
        registry = RegistryLayer._app_registry
        app = app_loader.load() if app_loader is not None else find(registry, app_name)
        apps = [app, *(each for each in registry.values() if each is not app)]
        for each in apps:
            each.multiplexer = multiplexer
            each.refresh(passthru.get(each.name))
            definitions = server_info.get(each.name, [])
            each.state.server_info = [
                _definition(each, settings, counters) for settings in definitions
            ]
        if config:
            app.update_config(config)
        setup_logging(app.state.is_debug, app.config.NO_COLOR, app.config.LOG_EXTRA)
        serve_here(app, apps, run_multiple=True)
    except Exception:
        error_logger.exception("Experienced exception while trying to serve")
        multiplexer.terminate(early=True)
        sys.exit(1)


def _definition(
    app: Any, settings: dict[str, Any], counters: dict[str, int]
) -> ApplicationServerInfo:
    settings = {**settings, "app": app, "signal": Signal(), "state": counters}
    settings["ssl"] = _context(app, settings["ssl"])
    return ApplicationServerInfo(settings=settings)


def _context(app: Any, ssl: Any) -> Any:
    """The TLS context, made by the app's loader where it has its own."""
    loader = app.certloader_class
    if loader is CertLoader:
        return loader(ssl).load(app)
    return loader(getattr(ssl, "sanic", ssl)).load(app)
