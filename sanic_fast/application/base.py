"""What an application is made of: its attributes, for all its layers to see."""

from __future__ import annotations

from asyncio import Future, Task
from collections import defaultdict
from typing import TYPE_CHECKING, Any, ClassVar

from sanic_fast._core.live import LiveDeque
from sanic_fast.registration.records import FutureRegistry
from sanic_fast.registration.registrar import Registrar

if TYPE_CHECKING:
    from sanic_fast.application.state import ApplicationState
    from sanic_fast.blueprints import Blueprint
    from sanic_fast.models.ctx_types import REPLContext
    from sanic_fast.router import Router
    from sanic_fast.signals import SignalRouter
    from sanic_fast.types.shared_ctx import SharedContext


class AppBase(Registrar):
    """The attributes of an application.

    The layers above it (`registry`, `properties`, `lifecycle`, `tasks`, `requests`, `websockets`,
    `building`) each add one family of methods; `Sanic` stands on top of them.
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

    _app_plan: Any
    _certloader_class: Any
    _ext: Any
    _inspector_class: Any
    _state: ApplicationState
    config: Any
    configure_logging: bool
    ctx: Any
    error_handler: Any
    multiplexer: Any
    repl_ctx: REPLContext
    request_class: Any
    router: Router
    shared_ctx: SharedContext
    signal_router: SignalRouter
    sock: Any
    strict_slashes: bool
    websocket_enabled: bool

    _asgi_single_callable: ClassVar[bool] = True
    test_mode: ClassVar[bool] = False

    def _init_collections(self) -> None:
        """Start with nothing registered and nothing running."""
        self._app_plan = None
        self._asgi_app: Any = None
        self._asgi_client: Any = None
        self._asgi_lifespan: Any = None
        self._blueprint_order: list[Blueprint] = []
        self._delayed_tasks: list[str] = []
        self._future_registry = FutureRegistry()
        self._inspector: Any = None
        self._manager: Any = None
        self._task_registry: dict[str, Task[Any]] = {}
        self._test_client: Any = None
        self._test_manager: Any = None
        self.blueprints: dict[str, Blueprint] = {}
        self.listeners: dict[str, list[Any]] = defaultdict(list)
        self.named_request_middleware: dict[str, Any] = {}
        self.named_response_middleware: dict[str, Any] = {}
        self.request_middleware = LiveDeque()
        self.response_middleware = LiveDeque()
        self.websocket_tasks: set[Future[Any]] = set()

