"""The `Sanic` application."""

from __future__ import annotations

from asyncio import Future
from collections import defaultdict
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, AnyStr, ClassVar, Generic, TypeVar

from sanic_fast._core.live import LiveDeque
from sanic_fast._core.request import set_loads
from sanic_fast._core.response import set_dumps
from sanic_fast.application.building import BuildMixin
from sanic_fast.application.lifecycle import LifecycleMixin
from sanic_fast.application.properties import PropertyMixin
from sanic_fast.application.registry import RegistryMixin
from sanic_fast.application.startup import StartupMixin
from sanic_fast.application.state import ApplicationState
from sanic_fast.application.tasks import TaskMixin
from sanic_fast.application.websockets import WebsocketMixin
from sanic_fast.blueprints import Blueprint, BlueprintGroup
from sanic_fast.config import SANIC_PREFIX, Config
from sanic_fast.exceptions import SanicException
from sanic_fast.handlers import ErrorHandler
from sanic_fast.helpers import _default
from sanic_fast.log import LOGGING_CONFIG_DEFAULTS
from sanic_fast.middleware import Middleware
from sanic_fast.models.ctx_types import REPLContext
from sanic_fast.registration.records import FutureRegistry
from sanic_fast.registration.registrar import Registrar
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

ctx_type = TypeVar("ctx_type")
config_type = TypeVar("config_type", bound=Config)


class Sanic(
    Generic[config_type, ctx_type],
    BuildMixin,
    PropertyMixin,
    RegistryMixin,
    LifecycleMixin,
    TaskMixin,
    WebsocketMixin,
    StartupMixin,
    Registrar,
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

    __slots__ = (
        "_app_plan",
        "_asgi_app",
        "_asgi_client",
        "_asgi_lifespan",
        "_blueprint_order",
        "_certloader_class",
        "_delayed_tasks",
        "_ext",
        "_future_registry",
        "_inspector",
        "_inspector_class",
        "_manager",
        "_state",
        "_task_registry",
        "_test_client",
        "_test_manager",
        "blueprints",
        "config",
        "configure_logging",
        "ctx",
        "error_handler",
        "listeners",
        "multiplexer",
        "named_request_middleware",
        "named_response_middleware",
        "repl_ctx",
        "request_class",
        "request_middleware",
        "response_middleware",
        "router",
        "shared_ctx",
        "signal_router",
        "sock",
        "strict_slashes",
        "websocket_enabled",
        "websocket_tasks",
    )

    START_METHOD_SET: ClassVar[bool] = False
    _asgi_single_callable: ClassVar[bool] = True
    start_method: ClassVar[Any] = _default
    test_mode: ClassVar[bool] = False

    def __init__(
        self,
        name: str,
        config: config_type | None = None,
        ctx: ctx_type | None = None,
        router: Router | None = None,
        signal_router: SignalRouter | None = None,
        error_handler: ErrorHandler | None = None,
        env_prefix: str | None = SANIC_PREFIX,
        request_class: type[Request] | None = None,
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

    def _init_collections(self) -> None:
        self._app_plan = None
        self._asgi_app = None
        self._asgi_client = None
        self._asgi_lifespan = None
        self._blueprint_order: list[Blueprint] = []
        self._delayed_tasks: list[str] = []
        self._future_registry = FutureRegistry()
        self._inspector = None
        self._manager = None
        self._task_registry: dict[str, Any] = {}
        self._test_client = None
        self._test_manager = None
        self.blueprints: dict[str, Blueprint] = {}
        self.listeners: dict[str, list[Any]] = defaultdict(list)
        self.named_request_middleware: dict[str, Any] = {}
        self.named_response_middleware: dict[str, Any] = {}
        self.request_middleware = LiveDeque()
        self.response_middleware = LiveDeque()
        self.websocket_tasks: set[Future[Any]] = set()

    async def handle_request(self, request: Request) -> None:
        """Route a request, run middleware and handler, send the response.

        Override it to wrap all request handling; the override is then used for every request.
        """
        from sanic_fast._core import dispatch

        await dispatch.handle_request(self, request)

    handle_request._sf_default = True  # type: ignore[attr-defined]

    async def handle_exception(
        self, request: Request, exception: BaseException, run_middleware: bool = True
    ) -> None:
        """Answer a request that failed with `exception`.

        Args:
            run_middleware: run request middleware first, where it has not run yet.
        """
        from sanic_fast._core import dispatch

        await dispatch.handle_exception(self, request, exception, run_middleware)

    handle_exception._sf_default = True  # type: ignore[attr-defined]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one ASGI connection."""
        from sanic_fast.asgi import ASGIApp, Lifespan

        self.asgi = True
        if scope["type"] == "lifespan":
            self._asgi_lifespan = Lifespan(self, scope, receive, send)
            await self._asgi_lifespan()
            return
        connection = await ASGIApp.create(self, scope, receive, send)
        await connection()

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

    @property
    def _plan(self) -> Any:
        """What the compiled part knows of this app; made on first use."""
        if self._app_plan is None:
            from sanic_fast._core.plan import AppPlan

            self._app_plan = AppPlan(self)
        return self._app_plan
