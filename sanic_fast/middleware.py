"""The `Middleware` object: a function with a place, a priority and a definition number."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from enum import IntEnum
from itertools import count
from typing import Any

__all__ = ("Middleware", "MiddlewareLocation")


class MiddlewareLocation(IntEnum):
    """Where a middleware runs."""

    REQUEST = 1
    RESPONSE = 2


class Middleware:
    """A registered middleware; calling it calls the function.

    Args:
        func: `(request)` or `(request, response)`, sync or async.
        location: before or after the handler.
        priority: higher runs earlier on requests and later on responses.
    """

    __slots__ = ("definition", "func", "location", "priority")

    _counter = count()

    def __init__(
        self, func: Callable[..., Any], location: MiddlewareLocation, priority: int = 0
    ) -> None:
        self.func = func
        self.priority = priority
        self.location = location
        self.definition = next(Middleware._counter)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.func(*args, **kwargs)

    def __hash__(self) -> int:
        return hash(self.func)

    def __eq__(self, other: object) -> bool:
        return self is other

    def __repr__(self) -> str:
        name = getattr(self.func, "__name__", repr(self.func))
        return (
            f"{self.__class__.__name__}(func=<function {name}>, "
            f"priority={self.priority}, location={self.location.name})"
        )

    @property
    def order(self) -> tuple[int, int]:
        """Sort key; the largest runs first on requests and last on responses."""
        return (self.priority, -self.definition)

    @classmethod
    def convert(
        cls,
        *middleware_collections: Iterable[Middleware | Callable[..., Any]],
        location: MiddlewareLocation,
    ) -> deque[Middleware]:
        """Chain collections, wrapping bare functions."""
        return deque(
            item if isinstance(item, Middleware) else cls(item, location)
            for collection in middleware_collections
            for item in collection
        )

    @classmethod
    def reset_count(cls) -> None:
        """Start the definition numbers again, for tests."""
        cls._counter = count()


def in_run_order(*collections: Iterable[Any], location: MiddlewareLocation) -> list[Any]:
    """Sort middleware of several collections into the order they run in.

    Bare functions at the very start of the first collection stay there and run first: test
    tools put them there by hand. Other bare functions count as defined after everything else.
    """
    leading: list[Any] = []
    rest: list[Any] = []
    for index, collection in enumerate(collections):
        for item in collection:
            bare = not isinstance(item, Middleware)
            (leading if bare and not index and not rest else rest).append(item)
    if location is MiddlewareLocation.REQUEST:
        rest.sort(key=_order, reverse=True)
    else:
        rest.sort(key=_order)
    return leading + rest


def _order(item: Any) -> tuple[int, float]:
    return item.order if isinstance(item, Middleware) else (0, float("-inf"))
