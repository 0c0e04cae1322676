"""Serving the prepared apps of this process, from the first listener to the last clean-up."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from sanic_fast.application.constants import ServerStage
from sanic_fast.exceptions import ServerKilled
from sanic_fast.helpers import Default
from sanic_fast.log import error_logger, logger
from sanic_fast.server.events import trigger_events
from sanic_fast.server.goodbye import get_goodbye
from sanic_fast.server.runner import Secondary, warn_of_os_error
from sanic_fast.server.runners import serve
from sanic_fast.server.socket import configure_socket, remove_unix_socket

__all__ = (
    "ENVIRONMENT",
    "cleanup_apps",
    "cleanup_environment",
    "pick_primary",
    "serve_here",
    "serving",
    "serving_alone",
    "warn_about_secondaries",
)

# Marks of a serving process and its children; gone when it is over.
ENVIRONMENT = (
    "SANIC_RELOADER_PROCESS",
    "SANIC_IGNORE_PRODUCTION_WARNING",
    "SANIC_WORKER_NAME",
    "SANIC_MOTD_OUTPUT",
    "SANIC_WORKER_PROCESS",
    "SANIC_SERVER_RUNNING",
)
# Settings that are for the main process, not for the server.
MAIN_ONLY = ("main_start", "main_stop", "app", "loop")


def pick_primary(
    registry: dict[str, Any],
    primary: Any = None,
    app_loader: Any = None,
    factory: Callable[[], Any] | None = None,
) -> Any:
    """The app that owns the process: made, given, loaded, or the first registered.

    Returns:
        The app, or None if it was never prepared (nothing to serve).

    Raises:
        RuntimeError: there is no app, or the factory returned one that was not prepared.
    """
    if factory is not None:
        primary = factory()
    elif primary is None and app_loader is not None:
        primary = app_loader.load()
    if primary is None:
        primary = next(iter(registry.values()), None)
    if primary is None:
        raise RuntimeError("Did not find any applications.")
    if primary.state.server_info:
        return primary
    if factory is not None:
        raise RuntimeError(
            f"No server information found for {primary.name}. "
            "Perhaps you need to run app.prepare(...)?"
        )
    for app in registry.values():
        app.state.server_info.clear()
    return None


class _NotBoundError(Exception):
    """An address could not be bound; this was logged."""

    def __init__(self, cause: OSError) -> None:
        self.cause = cause


@contextmanager
def serving(
    primary: Any,
    apps: list[Any],
    prepare: Callable[[], None] | None = None,
    managed: bool = True,
) -> Iterator[None]:
    """What the main process does around its workers.

    Before: `main_process_start`, bind all sockets, `prepare`, `main_process_ready` where it is
    `managed`. After, always: forget the definitions, close the sockets, `main_process_stop`.
    """
    settings = primary.state.server_info[0].settings
    main_start, main_stop = settings.get("main_start"), settings.get("main_stop")
    loop = asyncio.new_event_loop()
    try:
        with _told():
            trigger_events(main_start, loop, primary)
            with _bound(primary, apps):
                if prepare is not None:
                    prepare()
                if managed:
                    trigger_events(primary.listeners["main_process_ready"], loop, primary)
                yield
    finally:
        logger.info("Server Stopped")
        cleanup_apps(apps)
        trigger_events(main_stop, loop, primary)
        loop.close()
        cleanup_environment()
        logger.debug(get_goodbye())


@contextmanager
def serving_alone(primary: Any, apps: list[Any]) -> Iterator[None]:
    """`serving` without a main process: none of its listeners is run."""
    try:
        with _told(), _bound(primary, apps):
            yield
    finally:
        logger.info("Server Stopped")
        cleanup_apps(apps)
        cleanup_environment()
        logger.debug(get_goodbye())


@contextmanager
def _told() -> Iterator[None]:
    """Log what ends the serving, unless that was told already."""
    try:
        yield
    except ServerKilled:
        raise
    except _NotBoundError as error:
        raise error.cause from None
    except BaseException:
        error_logger.exception("Experienced exception while trying to serve")
        raise


@contextmanager
def _bound(primary: Any, apps: list[Any]) -> Iterator[None]:
    """Bind the sockets of all definitions; close them, and remove unix ones, at the end.

    Raises:
        _NotBoundError: the first bind of the primary app failed. Any other costs only its
            definition.
    """
    sockets: list[Any] = []
    paths: list[Any] = []
    try:
        for app in (primary, *(app for app in apps if app is not primary)):
            for info in list(app.state.server_info):
                if app.config.get("REUSE_PORT", False):
                    info.settings["reuse_port"] = True
                try:
                    sock = configure_socket(info.settings)
                except OSError as error:
                    if info is primary.state.server_info[0]:
                        # No traceback: the sentence says it all.
                        error_logger.error(f"Experienced exception while trying to serve: {error}")
                        raise _NotBoundError(error) from None
                    warn_of_os_error(error)
                    app.state.server_info.remove(info)
                    continue
                if sock is not None:
                    sockets.append(sock)
                    info.settings["sock"] = sock
                    paths.append(info.settings["unix"])
        yield
    finally:
        for sock in sockets:
            sock.close()
        for path in paths:
            remove_unix_socket(path)


def serve_here(primary: Any, apps: list[Any], run_multiple: bool = False) -> None:
    """Serve all definitions of all apps in this process, until stopped.

    Args:
        run_multiple: this is a worker; the main process has said what there is to say.

    Raises:
        Exception: whatever the start or a listener raised.
    """
    first, *rest = [(primary, info) for info in primary.state.server_info]
    rest += [(app, info) for app in apps if app is not primary for info in app.state.server_info]
    if not run_multiple:
        warn_about_secondaries(primary, apps)
    primary.setup_loop()
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    info = first[1]
    info.stage = ServerStage.SERVING
    info.settings["loop"] = loop
    try:
        serve(
            app=primary,
            loop=loop,
            run_multiple=run_multiple,
            secondaries=[_secondary(app, info, loop) for app, info in rest],
            **_server_settings(info.settings),
        )
    finally:
        info.stage = ServerStage.STOPPED
        # The loop stays current: programs ask for one after a run, and get it closed.
        loop.close()


def _secondary(app: Any, info: Any, loop: asyncio.AbstractEventLoop) -> Secondary:
    settings = _server_settings(info.settings)
    settings["run_async"] = True
    return Secondary(app, info, partial(serve, app=app, loop=loop, **settings))


def _server_settings(settings: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in settings.items() if key not in MAIN_ONLY}


def warn_about_secondaries(primary: Any, apps: list[Any]) -> None:
    """Say which settings of secondary apps have no effect."""
    others = [app for app in apps if app is not primary and app.state.server_info]
    for app in others:
        if app.state.workers != primary.state.workers:
            error_logger.warning(
                f"The primary application {primary!r} is running with {primary.state.workers} "
                "worker(s). All application instances will run with the same number. You "
                f"requested {app!r} to run with {app.state.workers} worker(s), which will be "
                "ignored in favor of the primary application."
            )
    ignored = sum(
        len(app.listeners["main_process_start"]) + len(app.listeners["main_process_stop"])
        for app in others
    )
    if ignored:
        error_logger.warning(
            f"Sanic found {ignored} listener(s) on secondary applications attached to the main "
            "process. These will be ignored since main process listeners can only be attached to "
            f"your primary application: {primary!r}"
        )
    wanted = {
        True if isinstance(app.config.USE_UVLOOP, Default) else app.config.USE_UVLOOP
        for app in (primary, *others)
    }
    if len(wanted) > 1:
        error_logger.warning(
            "It looks like you're running several apps with different uvloop settings. "
            "This is not supported and may lead to unintended behaviour."
        )


def cleanup_apps(apps: Iterable[Any]) -> None:
    """Forget what was prepared, so that the same apps can be run again."""
    for app in apps:
        app.state.server_info.clear()
        app.router.reset()
        app.signal_router.reset()


def cleanup_environment() -> None:
    """Remove the marks of a serving process from the environment."""
    for name in ENVIRONMENT:
        os.environ.pop(name, None)
