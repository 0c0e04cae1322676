"""How an app is run: `run`, `prepare`, `serve`, `create_server`, `stop`."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

from sanic_fast.application.banner import BannerMixin
from sanic_fast.application.constants import Mode, ServerStage
from sanic_fast.application.ext import setup_ext
from sanic_fast.application.options import ServeOptions, check_proxies
from sanic_fast.application.processors import available_processors
from sanic_fast.application.serving import (
    pick_primary,
    serve_here,
    serving_alone,
)
from sanic_fast.application.state import ApplicationServerInfo
from sanic_fast.compat import OS_IS_WINDOWS, StartMethod
from sanic_fast.helpers import Default, _default, is_atty
from sanic_fast.http.constants import HTTP
from sanic_fast.http.tls import get_ssl_context, process_to_context
from sanic_fast.log import Colors, deprecation, error_logger, logger
from sanic_fast.logging.setup import setup_logging
from sanic_fast.models.server_types import Signal
from sanic_fast.server.async_server import AsyncioServer
from sanic_fast.server.loop import try_use_uvloop, try_windows_loop
from sanic_fast.server.protocols.http_protocol import HttpProtocol
from sanic_fast.server.runner import RUN_SERVER
from sanic_fast.server.runners import serve

__all__ = ("StartupMixin",)


class StartupMixin(BannerMixin):
    """The part of an app that serves it."""

    __slots__ = ()

    start_method: ClassVar[StartMethod] = _default
    START_METHOD_SET: ClassVar[bool] = False

    # Set by the app; named here for the type checker.
    _app_registry: ClassVar[dict[str, Any]]
    asgi: bool
    test_mode: ClassVar[bool]
    config: Any
    configure_logging: bool
    listeners: dict[str, list[Any]]
    name: str
    router: Any
    signal_router: Any
    state: Any
    websocket_enabled: bool
    shutdown_tasks: Callable[..., None]
    multiplexer: Any

    @property
    def m(self) -> Any:
        """This worker's line to the manager; AttributeError outside a worker process."""
        return self.multiplexer

    def setup_loop(self) -> None:
        """Make the event loop this app is configured for the default of the process."""
        if OS_IS_WINDOWS:
            try_windows_loop()
        elif self.config.USE_UVLOOP is True or isinstance(self.config.USE_UVLOOP, Default):
            try_use_uvloop()

    def make_coffee(self, *args: Any, **kwargs: Any) -> None:
        """`run`, with a cup in the banner."""
        self.state.coffee = True
        self.run(*args, **kwargs)

    def run(
        self,
        host: str | None = None,
        port: int | None = None,
        *,
        dev: bool = False,
        debug: bool = False,
        auto_reload: bool | None = None,
        version: HTTP | int = HTTP.VERSION_1,
        ssl: Any = None,
        sock: Any = None,
        workers: int = 1,
        protocol: Any = None,
        backlog: int = 100,
        register_sys_signals: bool = True,
        access_log: bool | None = None,
        unix: Any = None,
        loop: Any = None,
        reload_dir: list[str] | str | None = None,
        noisy_exceptions: bool | None = None,
        motd: bool = True,
        fast: bool = False,
        verbosity: int = 0,
        motd_display: dict[str, str] | None = None,
        auto_tls: bool = False,
        single_process: bool = False,
        legacy: bool = False,
    ) -> None:
        """Serve this app until it is stopped; the arguments are those of `prepare`."""
        arguments = {key: value for key, value in locals().items() if key != "self"}
        self.prepare(**arguments)
        cls = type(self)
        if single_process:
            cls.serve_single(primary=self)
        elif legacy:
            cls.serve_legacy(primary=self)
        else:
            cls.serve(primary=self)

    go_fast = run

    def prepare(
        self,
        host: str | None = None,
        port: int | None = None,
        *,
        dev: bool = False,
        debug: bool = False,
        auto_reload: bool | None = None,
        version: HTTP | int = HTTP.VERSION_1,
        ssl: Any = None,
        sock: Any = None,
        workers: int = 1,
        protocol: Any = None,
        backlog: int = 100,
        register_sys_signals: bool = True,
        access_log: bool | None = None,
        unix: Any = None,
        loop: Any = None,
        reload_dir: list[str] | str | None = None,
        noisy_exceptions: bool | None = None,
        motd: bool = True,
        fast: bool = False,
        verbosity: int = 0,
        motd_display: dict[str, str] | None = None,
        coffee: bool = False,
        auto_tls: bool = False,
        single_process: bool = False,
        legacy: bool = False,
    ) -> None:
        """Add one server definition to this app; `Sanic.serve` serves all of them.

        Args:
            host: address to listen on; 127.0.0.1 unless told.
            port: TCP port; 8000 unless told, 8443 with TLS made here. 0 means the default too.
            dev: `debug` and `auto_reload`.
            debug: detailed errors, debug logs, asyncio's debug mode.
            auto_reload: restart the workers when a source file changes.
            version: HTTP version, 1 or 3.
            ssl: a context, a dict with `cert` and `key`, a folder, or a list of these.
            sock: a bound socket to use in place of host and port.
            workers: number of worker processes.
            protocol: class of the connections' protocols.
            backlog: length of the queue of connections not yet accepted.
            register_sys_signals: stop on SIGINT and SIGTERM.
            access_log: log each request; on in debug mode unless told.
            unix: path of a unix socket to listen on.
            loop: refused; use `create_server` for a loop of your own.
            reload_dir: further folders to watch.
            noisy_exceptions: log quiet exceptions too.
            motd: show the banner.
            fast: as many workers as there are processors.
            verbosity: detail of the log, 0 to 2.
            motd_display: further lines of the banner.
            coffee: a cup in the banner.
            auto_tls: make a certificate for local development.
            single_process: serve in this process, without a manager.
            legacy: deprecated, see `serve_legacy`.

        Raises:
            RuntimeError: two settings exclude each other.
            TypeError: a loop was passed.
            ValueError: a value is out of range, or a certificate cannot be read.
            SanicException: TLS was asked for without a certificate in production.
        """
        arguments = {key: value for key, value in locals().items() if key != "self"}
        options = ServeOptions.make(**arguments)
        options.check(self)
        self._apply(options)
        settings = self._helper(
            host=options.host,
            port=options.port,
            debug=options.debug,
            version=options.version,
            ssl=options.ssl,
            sock=options.sock,
            unix=options.unix,
            workers=self._count_workers(options),
            protocol=options.protocol,
            backlog=options.backlog,
            register_sys_signals=options.register_sys_signals,
            auto_tls=options.auto_tls,
        )
        self.state.server_info.append(ApplicationServerInfo(settings=settings))

    def _apply(self, options: ServeOptions) -> None:
        """Write the options that live in the app's configuration and state."""
        if options.motd_display:
            # A new dict: the default one is shared by all apps of the process.
            self.config.MOTD_DISPLAY = {**self.config.MOTD_DISPLAY, **options.motd_display}
        self.config.MOTD = options.motd
        if options.auto_reload is not None:
            self.config.AUTO_RELOAD = options.auto_reload
        self.state.auto_reload = bool(self.state.auto_reload or options.auto_reload)
        for folder in options.reload_dirs:
            path = Path(folder)
            if not path.is_dir():
                logger.warning(f"Directory {folder} could not be located")
            self.state.reload_dirs.add(path)
        self.state.verbosity = options.verbosity
        self.state.fast = options.fast
        if options.coffee:
            self.state.coffee = True
        self._set_access_log(options.access_log, options.noisy_exceptions)

    def _set_access_log(self, access_log: bool | None, noisy_exceptions: bool | None) -> None:
        if access_log is not None:
            self.config.ACCESS_LOG = access_log
        if noisy_exceptions is not None:
            self.config.NOISY_EXCEPTIONS = noisy_exceptions

    @staticmethod
    def _count_workers(options: ServeOptions) -> int:
        return available_processors() if options.fast else options.workers

    async def create_server(
        self,
        host: str | None = None,
        port: int | None = None,
        *,
        debug: bool = False,
        ssl: Any = None,
        sock: Any = None,
        protocol: Any = None,
        backlog: int = 100,
        access_log: bool | None = None,
        unix: Any = None,
        return_asyncio_server: bool = True,
        asyncio_server_kwargs: dict[str, Any] | None = None,
        noisy_exceptions: bool | None = None,
    ) -> AsyncioServer:
        """A bound server on the running loop; see `AsyncioServer` for how to start it.

        Args:
            asyncio_server_kwargs: passed on to `loop.create_server`.
            return_asyncio_server: has no effect any more.

        The other arguments are those of `prepare`.

        Raises:
            OSError: the address cannot be bound.
        """
        if not return_asyncio_server:
            deprecation(
                "The `return_asyncio_server` argument is deprecated and ignored. "
                "It will be removed in v24.3.",
                24.3,
            )
        if debug and access_log is None:
            access_log = True
        self._set_access_log(access_log, noisy_exceptions)
        settings = self._helper(
            host=host,
            port=port,
            debug=debug,
            ssl=ssl,
            sock=sock,
            unix=unix,
            protocol=protocol,
            backlog=backlog,
            run_async=True,
        )
        if not isinstance(self.config.USE_UVLOOP, Default):
            error_logger.warning(
                "You are trying to change the uvloop configuration, but this is only effective "
                "when using the run(...) method. When using the create_server(...) method Sanic "
                "will use the already existing loop."
            )
        if settings.pop("main_start") or settings.pop("main_stop"):
            logger.warning(
                "Listener events for the main process are not available with create_server()"
            )
        settings.pop("main_stop", None)
        settings["loop"] = asyncio.get_running_loop()
        server = serve(asyncio_server_kwargs=asyncio_server_kwargs, **settings)
        assert server is not None  # run_async is set
        await server.bind()
        if self.state.is_started:
            # Nobody calls `server.startup()` then: test clients start the app by themselves.
            await server.start_serving()
        return server

    def stop(self, terminate: bool = True, unregister: bool = False) -> None:
        """Stop the server this app runs in; the requests under way are finished.

        May be called from any thread.

        Args:
            terminate: from a worker, stop the whole server rather than this worker alone.
            unregister: forget the app, so that its name is free.
        """
        if terminate and hasattr(self, "multiplexer"):
            self.multiplexer.terminate()
        if self.state.stage is not ServerStage.STOPPED and not self.state.is_stopping:
            loops = [info.settings.get("loop") for info in self.state.server_info]
            loop = next((loop for loop in loops if loop is not None), None)
            if loop is None:
                loop = asyncio.get_event_loop()
            # The flag tells a server that is still starting; the loop may not run yet.
            self.state.is_stopping = True
            loop.call_soon_threadsafe(self._stop_loop, loop)
        if unregister:
            self.__class__.unregister_app(self)  # type: ignore[attr-defined]

    def _stop_loop(self, loop: asyncio.AbstractEventLoop) -> None:
        self.shutdown_tasks(timeout=0)
        for task in asyncio.all_tasks(loop):
            if task.get_name() == RUN_SERVER:
                task.cancel()
        loop.stop()

    def _helper(
        self,
        host: str | None = None,
        port: int | None = None,
        debug: bool = False,
        version: HTTP | int = HTTP.VERSION_1,
        ssl: Any = None,
        sock: Any = None,
        unix: Any = None,
        workers: int = 1,
        loop: Any = None,
        protocol: Any = None,
        backlog: int = 100,
        register_sys_signals: bool = True,
        run_async: bool = False,
        auto_tls: bool = False,
    ) -> dict[str, Any]:
        """Bring the app's state in line with one definition; its settings for `serve`."""
        check_proxies(self.config)
        version = HTTP(version)
        if debug:
            # Never back to production: the mode may have been set by hand.
            self.state.mode = Mode.DEBUG
        setup_logging(self.state.is_debug, self.config.NO_COLOR, self.config.LOG_EXTRA)
        if sock is None:
            host, port = self.get_address(host, port, version, auto_tls)
        if auto_tls or version == HTTP.VERSION_3:
            ssl = get_ssl_context(self, ssl)
        ssl = process_to_context(ssl)
        self.state.host = host or ""
        self.state.port = port or 0
        self.state.workers = workers
        self.state.ssl, self.state.unix, self.state.sock = ssl, unix, sock
        settings: dict[str, Any] = {
            "protocol": protocol or self._default_protocol(),
            "host": host,
            "port": port,
            "version": version,
            "sock": sock,
            "unix": unix,
            "ssl": ssl,
            "app": self,
            "signal": Signal(),
            "loop": loop,
            "register_sys_signals": register_sys_signals,
            "backlog": backlog,
            "main_start": self.listeners["main_process_start"],
            "main_stop": self.listeners["main_process_stop"],
        }
        self.motd(settings)
        self._advise_on_mode()
        if run_async:
            settings["run_async"] = True
        return settings

    def _default_protocol(self) -> Any:
        if not self.websocket_enabled:
            return HttpProtocol
        module = import_module("sanic_fast.server.protocols.websocket_protocol")
        return module.WebSocketProtocol

    def _advise_on_mode(self) -> None:
        """Remind a developer at a terminal that this is not the mode for development."""
        if is_atty() and not self.state.is_debug:
            if not os.environ.get("SANIC_IGNORE_PRODUCTION_WARNING"):
                error_logger.warning(
                    f"{Colors.YELLOW}Sanic is running in PRODUCTION mode. Consider using "
                    f"'--debug' or '--dev' while actively developing your application.{Colors.END}"
                )

    @classmethod
    def should_auto_reload(cls) -> bool:
        """Whether any registered app wants its workers restarted on changes."""
        return any(app.state.auto_reload for app in cls._app_registry.values())

    @classmethod
    def serve(
        cls,
        primary: Any = None,
        *,
        app_loader: Any = None,
        factory: Callable[[], Any] | None = None,
    ) -> None:
        """Serve everything that was prepared by worker processes, until stopped.

        This process itself serves nothing. The program is imported by each worker, so whatever
        starts the server must stand below `if __name__ == "__main__"`.

        Args:
            primary: the app that owns the process; the first registered unless told.
            app_loader: finds the app where there is no `primary`.
            factory: makes the app, in place of both.

        Raises:
            RuntimeError: there is no app to serve, or no worker; or the start method of processes
                was set to another one before.
            SystemExit: with status 1 if the workers did not start or the stop was forced, 3 if
                they kept dying.
        """
        primary = pick_primary(cls._app_registry, primary, app_loader, factory)
        if primary is None:
            return
        if primary.state.workers < 1:
            raise RuntimeError("Cannot serve with no workers")
        from sanic_fast.application.managing import (
            FactoryLoader,
            choose_start_method,
            serve_managed,
        )

        if cls.test_mode or not cls.START_METHOD_SET:
            choose_start_method(cls.start_method, force=cls.test_mode)
            cls.START_METHOD_SET = True
        if factory is not None:
            app_loader = FactoryLoader(factory)
        serve_managed(primary, cls._prepare_to_serve(primary), app_loader)

    @classmethod
    def serve_single(cls, primary: Any = None) -> None:
        """`serve` without a main process: no listeners of it, no reloader, no manager.

        Raises:
            RuntimeError: there is no app to serve.
        """
        primary = pick_primary(cls._app_registry, primary)
        if primary is None:
            return
        apps = cls._prepare_to_serve(primary)
        with serving_alone(primary, apps):
            serve_here(primary, apps)

    @classmethod
    def serve_legacy(cls, primary: Any = None, *, app_loader: Any = None) -> None:
        """Deprecated: `serve_single` with listeners of the main process, and with auto-reload.

        For more than one worker it is `serve`.
        """
        from sanic_fast.application.legacy import MESSAGE, serve_without_manager

        deprecation(MESSAGE, 23.3)
        primary = pick_primary(cls._app_registry, primary)
        if primary is not None and primary.state.workers > 1:
            cls.serve(primary, app_loader=app_loader)
        elif primary is not None:
            serve_without_manager(primary, cls._prepare_to_serve(primary))

    @classmethod
    def _prepare_to_serve(cls, primary: Any) -> list[Any]:
        """The apps of this process, the primary one among them."""
        apps = list(cls._app_registry.values())
        if primary not in apps:
            apps.insert(0, primary)
        setup_ext(primary)
        os.environ["SANIC_MOTD_OUTPUT"] = "true"
        return apps
