"""Building from records at once: what a decorator on an application does."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from sanic_fast._core.live import LiveDeque
from sanic_fast.application.websockets import WebsocketLayer
from sanic_fast.blueprints import Blueprint, BlueprintGroup
from sanic_fast.helpers import Default, _default
from sanic_fast.middleware import MiddlewareLocation
from sanic_fast.registration.assemble import add_route, add_static, as_middleware
from sanic_fast.registration.listeners import listener_event
from sanic_fast.registration.records import (
    FutureException,
    FutureListener,
    FutureMiddleware,
    FutureRoute,
    FutureSignal,
    FutureStatic,
)
from sanic_fast.signals import Signal

_BUILDERS = {
    "routes": "_apply_route",
    "statics": "_apply_static",
    "middleware": "_apply_middleware",
    "listeners": "_apply_listener",
    "exceptions": "_apply_exception_handler",
    "signals": "_apply_signal",
}


class BuildLayer(WebsocketLayer):
    """Adds to an application what its decorators and blueprints call."""

    __slots__ = ()

    def _build(self, kind: str, record: Any) -> None:
        """Build from a record at once."""
        builder = _BUILDERS.get(kind)
        if builder is not None:
            getattr(self, builder)(record)

    def _apply_route(self, route: FutureRoute, overwrite: bool = False) -> list[Any]:
        with self.amend():
            if route.websocket:
                self.enable_websocket()
            return add_route(self, route, overwrite)

    def _apply_static(self, static: FutureStatic) -> list[Any]:
        with self.amend():
            return add_static(self, static)

    def _apply_middleware(
        self, middleware: FutureMiddleware, route_names: list[str] | None = None
    ) -> Any:
        if route_names is None:
            return self.register_middleware(middleware.middleware, middleware.attach_to)
        return self.register_named_middleware(
            middleware.middleware, route_names, middleware.attach_to
        )

    def _apply_listener(self, listener: FutureListener) -> Any:
        return self.register_listener(
            listener.listener, listener.event, priority=listener.priority
        )

    def _apply_exception_handler(
        self, handler: FutureException, route_names: list[str] | None = None
    ) -> Any:
        for exception in handler.exceptions:
            classes = exception if isinstance(exception, (tuple, list)) else (exception,)
            for item in classes:
                self.error_handler.add(item, handler.handler, route_names)
        return handler.handler

    def _apply_signal(self, signal: FutureSignal) -> Signal:
        with self.amend():
            return self.signal_router.add(
                handler=signal.handler,
                event=signal.event,
                condition=signal.condition,
                exclusive=signal.exclusive,
                priority=signal.priority,
            )

    def register_listener(self, listener: Any, event: str, *, priority: int = 0) -> Any:
        """Register a listener without decorating. See `listener`.

        Raises:
            BadRequest: for an unknown event.
        """
        found = listener_event(event)
        if found.is_signal:
            self.signal(found.value, priority=priority)(partial(self._listener, listener=listener))
        else:
            self.listeners[found.value].append(listener)
        return listener

    def register_middleware(
        self, middleware: Any, attach_to: str = "request", *, priority: Default | int = _default
    ) -> Any:
        """Register middleware for all routes without decorating; returns its argument.

        Raises:
            KeyError: when `attach_to` is neither `request` nor `response`.
        """
        location = MiddlewareLocation[attach_to.upper()]
        made = as_middleware(middleware, location, priority)
        request = location is MiddlewareLocation.REQUEST
        target = self.request_middleware if request else self.response_middleware
        with self.amend():
            if made not in target:
                # The last response middleware runs first.
                target.append(made) if request else target.appendleft(made)
        return middleware

    def register_named_middleware(
        self,
        middleware: Any,
        route_names: Iterable[str],
        attach_to: str = "request",
        *,
        priority: Default | int = _default,
    ) -> Any:
        """Register middleware for the routes of these names only; returns its argument.

        Raises:
            KeyError: when `attach_to` is neither `request` nor `response`.
        """
        location = MiddlewareLocation[attach_to.upper()]
        made = as_middleware(middleware, location, priority)
        request = location is MiddlewareLocation.REQUEST
        named = self.named_request_middleware if request else self.named_response_middleware
        with self.amend():
            for name in route_names:
                target = named.setdefault(name, LiveDeque())
                if made not in target:
                    target.append(made) if request else target.appendleft(made)
        return middleware

    def blueprint(
        self,
        blueprint: Blueprint | Iterable[Blueprint] | BlueprintGroup,
        *,
        url_prefix: str | None = None,
        version: int | float | str | None = None,
        strict_slashes: bool | None = None,
        version_prefix: str | None = None,
        name_prefix: str | None = None,
    ) -> None:
        """Register a blueprint, a group, or several of them.

        Options that are given replace the blueprint's own.

        Raises:
            AssertionError: when another blueprint has this name.
        """
        given = {
            "url_prefix": url_prefix,
            "version": version,
            "strict_slashes": strict_slashes,
            "version_prefix": version_prefix,
            "name_prefix": name_prefix,
        }
        options: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
        if isinstance(blueprint, BlueprintGroup):
            for item, item_options in blueprint.resolve_options(options):
                self.blueprint(item, **item_options)
            return
        if isinstance(blueprint, (list, tuple)) or not hasattr(blueprint, "register"):
            for item in blueprint:
                self.blueprint(item, **options)
            return
        self._register_blueprint(blueprint, options)

    def _register_blueprint(self, blueprint: Any, options: dict[str, Any]) -> None:
        known = self.blueprints.setdefault(blueprint.name, blueprint)
        if known is not blueprint:
            raise AssertionError(
                f'A blueprint with the name "{blueprint.name}" is already registered.  '
                "Blueprint names must be unique."
            )
        if blueprint not in self._blueprint_order:
            self._blueprint_order.append(blueprint)
        if self.strict_slashes is not None and blueprint.strict_slashes is None:
            blueprint.strict_slashes = self.strict_slashes
        blueprint.register(self, options)
