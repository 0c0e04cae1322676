"""`Registrar`: everything an application and a blueprint have in common."""

from __future__ import annotations

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
from sanic_fast.registration.routes import RouteMixin

__all__ = ("VALID_NAME", "Closed", "Registrar")


class Closed(type):
    """Metaclass of classes whose instances take only declared attributes.

    A subclass that does not declare `__slots__` gets empty ones, so that it stays closed.
    """

    @classmethod
    def __prepare__(mcs, name: str, bases: tuple[type, ...], **kwargs: Any) -> dict[str, Any]:
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

    def __init__(self, name: str | None = None, *args: Any, **kwargs: Any) -> None:
        check_name(self.__class__.__name__, name)
        self.name: str = name  # type: ignore[assignment]
        for base in (
            RouteMixin,
            StaticMixin,
            MiddlewareMixin,
            ListenerMixin,
            ExceptionMixin,
            SignalMixin,
            CommandMixin,
        ):
            base.__init__(self, *args, **kwargs)

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
        """Keep a record and, unless it is only to be kept, build from it."""
        getattr(self, f"_future_{kind}").append(record)
        if apply:
            self._build(kind, record)
