"""From records to router entries, ordered middleware and the checks made before serving."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import partial
from typing import Any

from sanic_fast._core.live import LiveDeque
from sanic_fast.exceptions import ServerError
from sanic_fast.middleware import Middleware, MiddlewareLocation, in_run_order
from sanic_fast.registration.files import is_directory
from sanic_fast.registration.records import FutureRoute, FutureStatic

_STATIC_METHODS = frozenset({"GET", "HEAD"})


def add_route(app: Any, record: FutureRoute, overwrite: bool) -> list[Any]:
    """Put a route record into the app's router; returns the routes made (one per host)."""
    params = record._asdict()
    websocket = params.pop("websocket")
    subprotocols = params.pop("subprotocols")
    context = params.pop("route_context")
    if websocket:
        params["handler"] = websocket_handler(app, record.handler, subprotocols)
    routes = app.router.add(**params, overwrite=overwrite)
    if not isinstance(routes, list):
        routes = [routes]
    for route in routes:
        route.extra.websocket = websocket
        route.extra.static = record.static
        vars(route.ctx).update(context)
    return routes


def websocket_handler(app: Any, handler: Any, subprotocols: Any) -> Any:
    """Wrap a websocket handler into one that opens and closes the websocket around it."""
    wrapped = partial(app._websocket_handler, handler, subprotocols=subprotocols)
    wrapped.__name__ = getattr(handler, "__name__", type(handler).__name__)  # type: ignore
    wrapped.is_websocket = True  # type: ignore[attr-defined]
    return wrapped


def add_static(app: Any, record: FutureStatic) -> list[Any]:
    """Make the handler of a static record and register its route."""
    from sanic_fast.static import make_static_handler

    uri = record.uri
    if is_directory(record):
        uri = uri.rstrip("/") + "/<__file_uri__:path>"
    made, _ = app.route(
        uri=uri,
        methods=_STATIC_METHODS,
        name=record.name,
        host=record.host,
        strict_slashes=record.strict_slashes,
        static=True,
        apply=False,
    )(make_static_handler(record, app))
    routes: list[Any] = app._apply_route(made)
    return routes


def check_names(app: Any) -> None:
    """Refuse two routes of one name.

    Raises:
        ServerError: naming the duplicates.
    """
    names = Counter(route.extra.ident for route in app.router.routes)
    duplicates = [name for name, times in names.items() if times > 1]
    if duplicates:
        raise ServerError(
            f"Duplicate route names detected: {', '.join(duplicates)}. You should rename one or "
            "more of them explicitly by using the `name` param, or changing the implicit name "
            "derived from the class and function name. For more details, please see "
            "https://sanic.dev/en/guide/release-notes/v23.3.html"
            "#duplicated-route-names-are-no-longer-allowed"
        )


def order_middleware(app: Any) -> None:
    """Put the app's middleware into run order and give each route its own list."""
    request = _order(app, "request", MiddlewareLocation.REQUEST)
    response = _order(app, "response", MiddlewareLocation.RESPONSE)
    named_request = app.named_request_middleware
    named_response = app.named_response_middleware
    for route in app.router.routes:
        # Routes make change-counting deques of their own from what they are given.
        extra, name = route.extra, route.name
        extra.request_middleware = (
            in_run_order(request, named_request[name], location=MiddlewareLocation.REQUEST)
            if name in named_request
            else request
        )
        extra.response_middleware = (
            in_run_order(response, named_response[name], location=MiddlewareLocation.RESPONSE)
            if name in named_response
            else response
        )


def _order(app: Any, kind: str, location: MiddlewareLocation) -> list[Any]:
    """Sort one of the app's own deques in place, keeping its change counter."""
    name = f"{kind}_middleware"
    current: Iterable[Any] = getattr(app, name)
    ordered = in_run_order(current, location=location)
    if isinstance(current, LiveDeque):
        current.clear()
        current.extend(ordered)
    else:
        setattr(app, name, LiveDeque(ordered))
    return ordered


def as_middleware(function: Any, location: MiddlewareLocation, priority: Any) -> Middleware:
    """Wrap a function, or give a `Middleware` the priority asked for."""
    wanted = priority if isinstance(priority, int) else None
    if not isinstance(function, Middleware):
        return Middleware(function, location, priority=wanted or 0)
    if wanted is not None and function.priority != wanted:
        return Middleware(function.func, function.location, priority=wanted)
    return function
