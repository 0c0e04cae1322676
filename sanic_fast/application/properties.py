"""Views on the state of an application, and the helpers that hang on it."""

from __future__ import annotations

import os
import sys
from asyncio import AbstractEventLoop, get_running_loop
from importlib import import_module
from typing import Any

from sanic_fast.application.constants import ServerStage
from sanic_fast.application.registry import RegistryLayer
from sanic_fast.application.state import ApplicationState
from sanic_fast.exceptions import SanicException

_MAIN_ONLY = (
    "Can only access the {} from the main process after main_process_start has run. For example, "
    "you most likely want to use it inside the @app.main_process_ready event listener."
)


class PropertyLayer(RegistryLayer):
    """Adds the properties of an application."""

    __slots__ = ()

    @property
    def state(self) -> ApplicationState:
        """State of the application while it runs."""
        return self._state

    @property
    def asgi(self) -> bool:
        """Whether an ASGI server runs the application."""
        return self.state.asgi

    @asgi.setter
    def asgi(self, value: bool) -> None:
        self.state.asgi = value

    @property
    def debug(self) -> bool:
        """Whether the application runs in debug mode."""
        return self.state.is_debug

    @property
    def auto_reload(self) -> bool:
        """Whether workers restart when files change."""
        return bool(self.config.AUTO_RELOAD)

    @auto_reload.setter
    def auto_reload(self, value: bool) -> None:
        self.config.AUTO_RELOAD = value
        self.state.auto_reload = value

    @property
    def reload_dirs(self) -> set[Any]:
        """Directories watched for changes."""
        return self.state.reload_dirs

    @property
    def loop(self) -> AbstractEventLoop:
        """The running event loop.

        Raises:
            SanicException: while the app does not run.
        """
        if self.state.stage is ServerStage.STOPPED and self.asgi is False:
            raise SanicException(
                "Loop can only be retrieved after the app has started "
                "running. Not supported with `create_server` function"
            )
        return get_running_loop()

    @property
    def inspector_class(self) -> Any:
        """Class of the inspector."""
        if self._inspector_class is None:
            from sanic_fast.worker.inspector import Inspector

            self._inspector_class = Inspector
        return self._inspector_class

    @inspector_class.setter
    def inspector_class(self, value: type | None) -> None:
        self._inspector_class = value

    @property
    def certloader_class(self) -> Any:
        """Class that loads TLS certificates."""
        if self._certloader_class is None:
            from sanic_fast.worker.certloader import CertLoader

            self._certloader_class = CertLoader
        return self._certloader_class

    @certloader_class.setter
    def certloader_class(self, value: type | None) -> None:
        self._certloader_class = value

    @property
    def inspector(self) -> Any:
        """The inspector; only in the main process, once it is set up."""
        if os.environ.get("SANIC_WORKER_PROCESS") or not self._inspector:
            raise SanicException(_MAIN_ONLY.format("inspector"))
        return self._inspector

    @property
    def manager(self) -> Any:
        """The worker manager; only in the main process, once it is set up."""
        if os.environ.get("SANIC_WORKER_PROCESS") or not self._manager:
            raise SanicException(_MAIN_ONLY.format("manager"))
        return self._manager

    @property
    def test_client(self) -> Any:
        """Client that serves the app on a free port for each request."""
        return self._client("_test_client", "test_client", "SanicTestClient")

    @property
    def asgi_client(self) -> Any:
        """Client that calls the app through ASGI."""
        return self._client("_asgi_client", "asgi_client", "SanicASGITestClient")

    def _client(self, slot: str, managed: str, class_name: str) -> Any:
        if getattr(self, slot):
            return getattr(self, slot)
        if self._test_manager:
            return getattr(self._test_manager, managed)
        # The original's test package works on whatever is importable as `sanic`.
        aliased = getattr(sys.modules.get("sanic"), "Sanic", None) in type(self).__mro__
        module = import_module("sanic_testing.testing" if aliased else "sanic_fast.testing")
        client = getattr(module, class_name)(self)
        setattr(self, slot, client)
        return client

    @property
    def ext(self) -> Any:
        """Sanic Extensions of this app.

        Raises:
            RuntimeError: when they are not installed.
        """
        if not hasattr(self, "_ext"):
            from sanic_fast.application.ext import setup_ext

            setup_ext(self, fail=True)
        return self._ext

    def extend(
        self,
        *,
        extensions: list[type] | None = None,
        built_in_extensions: bool = True,
        config: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> Any:
        """Set up Sanic Extensions by hand.

        Raises:
            RuntimeError: when that was done before, or they are not installed.
        """
        if hasattr(self, "_ext"):
            raise RuntimeError("Cannot extend Sanic after Sanic Extensions has been setup.")
        from sanic_fast.application.ext import setup_ext

        setup_ext(
            self,
            extensions=extensions,
            built_in_extensions=built_in_extensions,
            config=config,
            fail=True,
            **kwargs,
        )
        return self.ext

    def update_config(self, config: bytes | str | dict[str, Any] | Any) -> None:
        """Update the configuration from a dict, object, module name or file path."""
        self.config.update_config(config)

    @property
    def _plan(self) -> Any:
        """What the compiled part knows of this app; made on first use."""
        if self._app_plan is None:
            from sanic_fast._core.plan import AppPlan

            self._app_plan = AppPlan(self)
        return self._app_plan
