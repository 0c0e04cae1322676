"""The router that an application holds: routes in, `(route, handler, parameters)` out."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from sanic_fast.constants import HTTP_METHODS
from sanic_fast.exceptions import MethodNotAllowed, NotFound, SanicException
from sanic_fast.routing.base import BaseRouter, Groups
from sanic_fast.routing.exceptions import FinalizationError
from sanic_fast.routing.route import Route

ROUTER_CACHE_SIZE = 1024
ALLOWED_LABELS = ("__file_uri__",)
ANNOTATIONS = {str: "str", int: "int", float: "float", UUID: "uuid"}
UNTYPED = re.compile(r"(?:(?<=/)|^)<([a-zA-Z_][a-zA-Z0-9_]*)>(?=/|$)")


class Router(BaseRouter):
    """Routes of one application.

    May be subclassed: `get`, `add` and `finalize` are called wherever they are overridden.
    """

    DEFAULT_METHOD = "GET"
    ALLOWED_METHODS = HTTP_METHODS

    def get(
        self, path: str, method: str, host: str | None
    ) -> tuple[Route, Callable[..., Any], dict[str, Any]]:
        """Find the route of a request.

        Args:
            path: raw path, still percent-encoded, without query.
            method: as sent; compared exactly.
            host: raw Host header.

        Returns:
            Route, its handler and a new dict of parameters.

        Raises:
            NotFound: no such path, or not for this host.
            MethodNotAllowed: the path takes other methods; they are in its `Allow` header.
            FinalizationError: `finalize()` is due first.
        """
        table = self.table
        if table is None:
            raise FinalizationError("Cannot match routes before the router is finalized.")
        found = table.find(method, path, host)
        if found is not None:
            route = found[0].route
            return route, route.handler, found[1]
        if table.miss == 405:
            raise MethodNotAllowed(
                f"Method {method} not allowed for URL {table.missed_path}",
                method=method,
                allowed_methods=table.allowed,
            )
        raise NotFound(f"Requested URL {table.missed_path} not found")

    # Dispatch matches in the table directly while nobody has replaced this method.
    get._sf_default = True  # type: ignore[attr-defined]

    def add(  # type: ignore[override]
        self,
        uri: str,
        methods: Iterable[str] | None,
        handler: Callable[..., Any],
        host: str | Iterable[str] | None = None,
        strict_slashes: bool = False,
        stream: bool = False,
        ignore_body: bool = False,
        version: str | float | int | None = None,
        name: str | None = None,
        unquote: bool = False,
        static: bool = False,
        version_prefix: str = "/v",
        overwrite: bool = False,
        error_format: str | None = None,
    ) -> Route | list[Route]:
        """Register a handler.

        Args:
            uri: path with parameters.
            methods: method names, GET if there are none.
            handler: its annotations give the types of parameters written without one.
            host: host name or names; None (alone or in a list) is any host.
            strict_slashes: tell `/a` from `/a/`.
            stream: the handler reads the body itself.
            ignore_body: the body is not read before the handler runs.
            version, version_prefix: put before the path: `/v1`.
            name: name for `url_for`.
            unquote: percent-decode text parameters.
            static: the route serves files.
            overwrite: replace a route in the way.
            error_format: format of its error pages.

        Returns:
            The route; a list of one route per host if there are several hosts.

        Raises:
            sanic_fast.routing.exceptions.RouteExists, BadMethod, InvalidUsage, FinalizationError.
        """
        if version is not None:
            number = str(version).strip("/").lstrip("v")
            uri = "/".join([f"{version_prefix}{number}", uri.lstrip("/")])
        uri = self._normalize(uri, handler)
        hosts: list[str | None] = [None]
        if isinstance(host, str):
            hosts = [host or None]
        elif host is not None:
            hosts = list(dict.fromkeys(host)) or [None]
        routes = []
        for single in hosts:
            route = super().add(
                uri, handler, methods, name, {"host": single} if single else None,
                strict_slashes, unquote, overwrite,
            )  # fmt: skip
            ident = name
            if len(hosts) > 1:
                ident = f"{name or '__unnamed__'}_{(single or '').replace('.', '_')}"
            route.extra.ident = ident
            route.extra.ignore_body = ignore_body
            route.extra.stream = stream
            route.extra.hosts = hosts
            route.extra.static = static
            route.extra.error_format = error_format
            routes.append(route)
        return routes[0] if len(routes) == 1 else routes

    def find_route_by_view_name(
        self, view_name: str | None, name: str | None = None
    ) -> Route | None:
        """Find a route by its name, with or without the name of the application before it.

        Args:
            view_name: `handler`, `blueprint.handler` or `app.blueprint.handler`.
            name: not used; there for callers that pass it.
        """
        if not view_name:
            return None
        route = self.name_index.get(view_name)
        if route is None:
            app = getattr(self.ctx, "app", None)
            route = self.name_index.get(f"{app.name}.{view_name}") if app else None
        return route

    def finalize(self, *args: Any, **kwargs: Any) -> None:
        """Make the matching table. See `BaseRouter.finalize`.

        Raises:
            SanicException: a parameter name begins with `__`.
        """
        for group in (*self.dynamic_routes.values(), *self.regex_routes.values()):
            for route in group:
                for info in route.defined_params.values():
                    if info.name.startswith("__") and info.name not in ALLOWED_LABELS:
                        raise SanicException(
                            f"Invalid route: {group}. Parameter names cannot use '__'."
                        )
        super().finalize(*args, **kwargs)

    # ---- listings

    @property
    def routes_all(self) -> dict[tuple[str, ...], Route]:
        """First route of each path, by parts."""
        routes: dict[tuple[str, ...], Route] = {}
        for route in self.routes:
            routes.setdefault(route.parts, route)
        return routes

    @property
    def routes_static(self) -> Groups:
        """Groups without parameters and without a host."""
        return self.static_routes

    @property
    def routes_dynamic(self) -> Groups:
        """Groups with parameters or hosts."""
        return self.dynamic_routes

    @property
    def routes_regex(self) -> Groups:
        """Groups with an expression or `path` among their parameters."""
        return self.regex_routes

    @staticmethod
    def _normalize(uri: str, handler: Callable[..., Any]) -> str:
        """Fill in the types of untyped parameters from the annotations of the handler."""
        if not UNTYPED.search(uri):
            return uri
        try:
            parameters = inspect.signature(handler).parameters
        except (TypeError, ValueError):
            return uri

        def typed(found: re.Match[str]) -> str:
            parameter = parameters.get(found[1])
            label = parameter and ANNOTATIONS.get(parameter.annotation)
            return f"<{found[1]}:{label}>" if label else found[0]

        return UNTYPED.sub(typed, uri)
