"""Sanic's API on a compiled hot path.

Public names are resolved on first use, so that importing one part loads only that part.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from sanic_fast.__version__ import __version__

if TYPE_CHECKING:
    from types import SimpleNamespace
    from typing import TypeAlias

    from sanic_fast.app import Sanic
    from sanic_fast.blueprints import Blueprint
    from sanic_fast.config import Config
    from sanic_fast.constants import HTTPMethod
    from sanic_fast.exceptions import (
        BadRequest,
        ExpectationFailed,
        FileNotFound,
        Forbidden,
        HeaderNotFound,
        InternalServerError,
        InvalidHeader,
        MethodNotAllowed,
        NotFound,
        RangeNotSatisfiable,
        SanicException,
        ServerError,
        ServiceUnavailable,
        Unauthorized,
    )
    from sanic_fast.request import Request
    from sanic_fast.response import HTTPResponse, empty, file, html, json, raw, redirect, text
    from sanic_fast.server.websockets.impl import WebsocketImplProtocol as Websocket

    DefaultSanic: TypeAlias = "Sanic[Config, SimpleNamespace]"
    DefaultRequest: TypeAlias = "Request[DefaultSanic, SimpleNamespace]"

__all__ = (
    "__version__",
    "Sanic",
    "Config",
    "Blueprint",
    "HTTPMethod",
    "HTTPResponse",
    "Request",
    "Websocket",
    "DefaultSanic",
    "DefaultRequest",
    "BadRequest",
    "ExpectationFailed",
    "FileNotFound",
    "Forbidden",
    "HeaderNotFound",
    "InternalServerError",
    "InvalidHeader",
    "MethodNotAllowed",
    "NotFound",
    "RangeNotSatisfiable",
    "SanicException",
    "ServerError",
    "ServiceUnavailable",
    "Unauthorized",
    "empty",
    "file",
    "html",
    "json",
    "raw",
    "redirect",
    "text",
)

_HOMES = {
    "Sanic": "app",
    "Config": "config",
    "Blueprint": "blueprints",
    "HTTPMethod": "constants",
    "Request": "request",
    "HTTPResponse": "response",
    **dict.fromkeys(("empty", "file", "html", "json", "raw", "redirect", "text"), "response"),
}


def _default_sanic() -> Any:
    from types import SimpleNamespace

    from sanic_fast.app import Sanic
    from sanic_fast.config import Config

    return Sanic[Config, SimpleNamespace]


def _default_request() -> Any:
    from types import SimpleNamespace

    from sanic_fast.request import Request

    return Request[_default_sanic(), SimpleNamespace]  # type: ignore[misc]


def _websocket() -> Any:
    from sanic_fast.server.websockets.impl import WebsocketImplProtocol

    return WebsocketImplProtocol


_MADE = {
    "DefaultSanic": _default_sanic,
    "DefaultRequest": _default_request,
    "Websocket": _websocket,
}


def __getattr__(name: str) -> Any:
    """Resolve a public name or submodule and keep it (PEP 562)."""
    if name in _MADE:
        value = _MADE[name]()
    elif name in __all__:
        value = getattr(import_module(f"{__name__}.{_HOMES.get(name, 'exceptions')}"), name)
    elif name.startswith("_"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    else:
        try:
            return import_module(f"{__name__}.{name}")
        except ModuleNotFoundError as exc:
            if exc.name != f"{__name__}.{name}":
                raise
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
