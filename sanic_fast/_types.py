"""Protocols and aliases for type hints, so that lower layers can name higher ones."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Protocol, Union


class Range(Protocol):
    """A byte range of a file: `start` and `end` are inclusive offsets, `total` its length."""

    start: int | None
    end: int | None
    size: int | None
    total: int | None


class HTMLProtocol(Protocol):
    """Anything that can render itself as HTML."""

    def __html__(self) -> str | bytes: ...


class ConfigLike(Protocol):
    """What the lower layers read of `Config`."""

    FORWARDED_SECRET: str | None
    FORWARDED_FOR_HEADER: str
    PROXIES_COUNT: int | None
    REAL_IP_HEADER: str | None
    NOISY_EXCEPTIONS: bool
    FALLBACK_ERROR_FORMAT: str

    def get(self, key: str, default: Any = None) -> Any: ...


class AppLike(Protocol):
    """What the lower layers read of an application."""

    name: str
    config: Any
    router: Any
    signal_router: Any
    error_handler: Any
    request_class: Any
    request_middleware: Any
    response_middleware: Any
    state: Any
    debug: bool
    asgi: bool


class RequestLike(Protocol):
    """What header, form and error code reads of a request."""

    app: Any
    body: bytes
    headers: Any
    method: str
    route: Any
    url: str

    @property
    def content_type(self) -> str: ...

    @property
    def query_string(self) -> str: ...


HandlerResult = Union[Any, Coroutine[Any, Any, Any]]
RouteHandlerType = Callable[..., HandlerResult]
ErrorHandlerFunc = Callable[[Any, BaseException], Union[Any, Awaitable[Any], None]]
