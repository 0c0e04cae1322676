"""`Registrar`: everything an application and a blueprint have in common."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import MutableMapping
from typing import Any

from sanic_fast.registration.files import StaticMixin
from sanic_fast.registration.hooks import (
    CommandMixin,
    ExceptionMixin,
    MiddlewareMixin,
    SignalMixin,
)
from sanic_fast.registration.listeners import ListenerMixin
from sanic_fast.registration.names import VALID_NAME, check_name
from sanic_fast.registration.records import FutureListener, FutureMiddleware, RecordList
from sanic_fast.registration.routes import RouteMixin

__all__ = ("VALID_NAME", "Closed", "Registrar")


class Closed(type):
    """Metaclass of classes whose instances take only declared attributes.

    A subclass that does not declare `__slots__` gets empty ones, so that it stays closed.
    """

    @classmethod
    def __prepare__(
        mcs, name: str, bases: tuple[type, ...], /, **kwargs: Any
    ) -> MutableMapping[str, object]:
        return {"__slots__": ()}


class Registrar(
    RouteMixin,
    StaticMixin,
    MiddlewareMixin,
    ListenerMixin,
    ExceptionMixin,
    SignalMixin,
    CommandMixin,
    metaclass=Closed,
):
    """Base of `Sanic` and `Blueprint`: the decorators, and the records they leave behind."""

    __slots__ = (
        "_future_commands",
        "_future_exceptions",
        "_future_listeners",
        "_future_middleware",
        "_future_routes",
        "_future_signals",
        "_future_statics",
        "name",
        "__weakref__",
    )

    def __init__(self, name: str | None = None) -> None:
        check_name(self.__class__.__name__, name)
        self.name: str = name  # type: ignore[assignment]
        self._future_commands: Any = RecordList()
        self._future_exceptions = RecordList()
        self._future_listeners: list[FutureListener] = []
        self._future_middleware: list[FutureMiddleware] = []
        self._future_routes = RecordList()
        self._future_signals = RecordList()
        self._future_statics = RecordList()

    def __str__(self) -> str:
        return f"<{self.__class__.__name__} {self.name}>"

    def __repr__(self) -> str:
        return f'{self.__class__.__name__}(name="{self.name}")'

    def __setattr__(self, name: str, value: Any) -> None:
        try:
            super().__setattr__(name, value)
        except AttributeError as exc:
            kind = self.__class__.__name__
            raise AttributeError(
                f"Setting variables on {kind} instances is not allowed. You should change your "
                f"{kind} instance to use instance.ctx.{name} instead."
            ) from exc

    def _record(self, kind: str, record: Any, apply: bool) -> None:
        # Not `append`: plugins put sets in place of these lists.
        records = getattr(self, f"_future_{kind}")
        (records.append if isinstance(records, list) else records.add)(record)
        if apply:
            self._build(kind, record)

    @abstractmethod
    def _build(self, kind: str, record: Any) -> None:
        """Build from a record at once."""
