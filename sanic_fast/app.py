"""The `Sanic` application."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, AnyStr, Generic, TypeVar

from sanic_fast._core.request import set_loads
from sanic_fast._core.response import set_dumps
from sanic_fast.application.building import BuildLayer
from sanic_fast.application.startup import StartupMixin
from sanic_fast.application.state import ApplicationState
from sanic_fast.blueprints import Blueprint, BlueprintGroup
from sanic_fast.config import SANIC_PREFIX, Config
from sanic_fast.exceptions import SanicException
from sanic_fast.handlers import ErrorHandler
from sanic_fast.log import LOGGING_CONFIG_DEFAULTS
from sanic_fast.middleware import Middleware
from sanic_fast.models.ctx_types import REPLContext
from sanic_fast.request import Request
from sanic_fast.response import BaseHTTPResponse, HTTPResponse, ResponseStream
from sanic_fast.router import Router
from sanic_fast.routing.urls import url_for
from sanic_fast.signals import Event, Signal, SignalRouter
from sanic_fast.types.shared_ctx import SharedContext

__all__ = (
    "BaseHTTPResponse",
    "Blueprint",
    "BlueprintGroup",
    "Config",
    "ErrorHandler",
    "Event",
    "HTTPResponse",
    "Middleware",
    "Request",
    "ResponseStream",
    "Router",
    "Sanic",
    "Signal",
    "SignalRouter",
)

if TYPE_CHECKING:
    from typing_extensions import TypeVar as DefaultTypeVar

    ctx_type = DefaultTypeVar("ctx_type", default=SimpleNamespace)
    config_type = DefaultTypeVar("config_type", bound=Config, default=Config)
else:
    ctx_type = TypeVar("ctx_type")
    config_type = TypeVar("config_type", bound=Config)


class Sanic(
    Generic[config_type, ctx_type],
    BuildLayer,
    StartupMixin,
):
    """A web application.

    Example:
        ```python
        from sanic_fast import Sanic, text

        app = Sanic("hello")

        @app.get("/")
        async def hello(request):
            return text("Hello, world.")
        ```

    Args:
        name: unique name of letters, digits, `_` and `-`.
        config: configuration to use instead of a new one.
        ctx: namespace for your own objects.
        router: custom router.
        signal_router: custom signal router.
        error_handler: custom error handler.
        env_prefix: prefix of environment variables that are loaded into the configuration.
        request_class: class of requests.
        strict_slashes: default of the route argument.
        log_config: `logging` dict configuration.
        configure_logging: whether to configure logging at all.
        dumps: JSON serializer of the whole process.
        loads: JSON parser of the whole process.
        inspector: run the inspector.
        inspector_class: class of the inspector.
        certloader_class: class that loads TLS certificates.

    Raises:
        SanicException: for a bad or used name, or `config` together with `env_prefix`.
    """

    __slots__ = ()

    def __init__(
        self,
        name: str,
        config: config_type | None = None,
        ctx: ctx_type | None = None,
        router: Router | None = None,
        signal_router: SignalRouter | None = None,
        error_handler: ErrorHandler | None = None,
        env_prefix: str | None = SANIC_PREFIX,
        request_class: type[Request[Any, Any]] | None = None,
        strict_slashes: bool = False,
        log_config: dict[str, Any] | None = None,
        configure_logging: bool = True,
        dumps: Callable[..., AnyStr] | None = None,
        loads: Callable[..., Any] | None = None,
        inspector: bool = False,
        inspector_class: type | None = None,
        certloader_class: type | None = None,
    ) -> None:
        super().__init__(name=name)
        if configure_logging:
            from logging.config import dictConfig

            dictConfig(log_config or LOGGING_CONFIG_DEFAULTS)
        if config and env_prefix != SANIC_PREFIX:
            raise SanicException(
                "When instantiating Sanic with config, you cannot also pass env_prefix"
            )
        self.configure_logging = configure_logging
        self.config: config_type = config or Config(env_prefix=env_prefix)  # type: ignore
        if inspector:
            self.config.INSPECTOR = inspector
        self._state = ApplicationState(app=self)
        self.auto_reload = False
        self._init_collections()
        self._inspector_class = inspector_class
        self._certloader_class = certloader_class
        self.ctx: ctx_type = ctx or SimpleNamespace()  # type: ignore[assignment]
        self.error_handler = error_handler or ErrorHandler()
        self.repl_ctx = REPLContext()
        self.request_class = request_class or Request
        self.router = router or Router()
        self.shared_ctx = SharedContext()
        self.signal_router = signal_router or SignalRouter()
        self.sock = None
        self.strict_slashes = strict_slashes
        self.websocket_enabled = False
        if dumps:
            set_dumps(dumps)
        if loads:
            set_loads(loads)
        self.router.ctx.app = self
        self.signal_router.ctx.app = self
        self.__class__.register_app(self)

    def url_for(self, view_name: str, **kwargs: Any) -> str:
        """Build the URL of a route.

        Example:
            ```python
            app.url_for("show", user=7, page=2)  # /users/7?page=2
            ```

        Args:
            view_name: route name, with or without the app's name.
            kwargs: path parameters, then query parameters. Special: `_anchor`, `_external`,
                `_host`, `_scheme`, `_server`, `_method` (ignored).

        Raises:
            URLBuildError: for an unknown name or missing or unsuitable parameters.
            ValueError: for special arguments that contradict each other.
        """
        return url_for(self, view_name, **kwargs)
