"""Types of the functions that users hand to an application."""

from __future__ import annotations

from asyncio import AbstractEventLoop
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar, Union

Sanic = TypeVar("Sanic", bound=Any)
Request = TypeVar("Request", bound=Any)

MiddlewareResponse = Union[Any, None, Coroutine[Any, Any, Union[Any, None]]]
RequestMiddlewareType = Callable[[Request], MiddlewareResponse]
ResponseMiddlewareType = Callable[[Request, Any], MiddlewareResponse]
ErrorMiddlewareType = Callable[[Request, BaseException], Union[Coroutine[Any, Any, None], None]]
MiddlewareType = Union[RequestMiddlewareType[Request], ResponseMiddlewareType[Request]]
ListenerType = Union[
    Callable[[Sanic], Union[Coroutine[Any, Any, None], None]],
    Callable[[Sanic, AbstractEventLoop], Union[Coroutine[Any, Any, None], None]],
]
RouteHandler = Callable[..., Coroutine[Any, Any, Any]]
SignalHandler = Callable[..., Coroutine[Any, Any, None]]
