"""A router without a framework: registration, groups, listings, finalizing, resolving."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from types import SimpleNamespace
from typing import Any

from sanic_fast._core.router import RouteTable
from sanic_fast.routing.compile import compile_table
from sanic_fast.routing.exceptions import (
    BadMethod,
    FinalizationError,
    InvalidUsage,
    NoMethod,
    NotFound,
)
from sanic_fast.routing.group import RouteGroup
from sanic_fast.routing.patterns import REGEX_TYPES, ParamInfo, PatternTuple
from sanic_fast.routing.route import Route

Groups = dict[tuple[str, ...], RouteGroup]


class BaseRouter(ABC):
    """Base of routers: subclasses give `get()`.

    Args:
        delimiter: one character that separates the parts of a path.
        exception: raised by `resolve()` where nothing matches.
        method_handler_exception: raised by `resolve()` where only the method is wrong.
        route_class: makes the routes.
        group_class: makes the groups.
        stacking, cascade_not_found: kept for those who read them: a search always goes on with the
            next candidate.

    Attributes:
        ctx: free for plugins.
        regex_types: parameter types in rising order of priority.
        static_routes, dynamic_routes, regex_routes: groups by segments: without parameters and
            host; with; with an expression or `path` among them.
        name_index: first route of each name.
        finalized: routes can be matched, and no more be added.
        table: what `finalize()` made of the routes; stays in place over a `reset()`.
    """

    DEFAULT_METHOD = "BASE"
    ALLOWED_METHODS: tuple[str, ...] = ()

    def __init__(
        self,
        delimiter: str = "/",
        exception: type[NotFound] = NotFound,
        method_handler_exception: type[NoMethod] = NoMethod,
        route_class: type[Route] = Route,
        group_class: type[RouteGroup] = RouteGroup,
        stacking: bool = False,
        cascade_not_found: bool = False,
    ) -> None:
        if len(delimiter) != 1:
            raise InvalidUsage(f"A delimiter is one character, not {delimiter!r}")
        self.delimiter = delimiter
        self.stacking = stacking
        self.cascade_not_found = cascade_not_found
        self.exception = exception
        self.method_handler_exception = method_handler_exception
        self.route_class = route_class
        self.group_class = group_class
        self.static_routes: Groups = {}
        self.dynamic_routes: Groups = {}
        self.regex_routes: Groups = {}
        self.name_index: dict[str, Route] = {}
        self.ctx = SimpleNamespace()
        self.regex_types: dict[str, PatternTuple] = dict(REGEX_TYPES)
        self.finalized = False
        self.table: RouteTable | None = None

    @abstractmethod
    def get(self, path: str, method: str, host: str | None) -> Any:
        """Find a route for a request."""

    # ---- registration

    def register_pattern(
        self,
        label: str,
        cast: Callable[[str], Any],
        pattern: re.Pattern[str] | str,
        param_info_class: type[ParamInfo] = ParamInfo,
    ) -> None:
        """Add a parameter type, tried before all types that exist.

        Example: `router.register_pattern("ipv4", ipaddress.ip_address, r"^[0-9.]+$")`.

        Args:
            label: name of the type: `<a:label>`.
            cast: makes the value; ValueError means "does not match".
            pattern: expression of a segment, for `url_for` and routes matched as one expression.

        Raises:
            InvalidUsage: an argument has the wrong type.
        """
        if not isinstance(label, str):
            raise InvalidUsage(
                f"When registering a pattern, label must be a string, not label={label}"
            )
        if not callable(cast):
            raise InvalidUsage(
                f"When registering a pattern, cast must be a callable, not cast={cast}"
            )
        if not isinstance(pattern, (str, re.Pattern)):
            raise InvalidUsage(
                "When registering a pattern, pattern must be a string or a Pattern, "
                f"not pattern={pattern}, type={type(pattern)}"
            )
        self.regex_types.pop(label, None)
        self.regex_types[label] = (cast, re.compile(pattern), param_info_class)

    def add(
        self,
        path: str,
        handler: Callable[..., Any],
        methods: Iterable[str] | str | None = None,
        name: str | None = None,
        requirements: dict[str, Any] | None = None,
        strict: bool = False,
        unquote: bool = False,
        overwrite: bool = False,
        append: bool = False,
        *,
        priority: int = 0,
    ) -> Route:
        """Register a route.

        Args:
            path: `/`-separated parts, literal or `<name:type>`.
            handler: called for a match.
            methods: one or several; `DEFAULT_METHOD` if there is none.
            name: for `find_route_by_view_name`.
            requirements: `{"host": name}`.
            strict: keep a trailing slash and insist on it.
            unquote: percent-decode text parameters.
            overwrite: replace routes in the way.
            append: keep routes in the way and stay behind them.
            priority: kept on the route; only together with `append`.

        Raises:
            FinalizationError: `reset()` is due first, or a priority without `append`.
            BadMethod: unknown method.
            InvalidUsage: bad path or requirement.
            RouteExists: a route is in the way.
        """
        if self.finalized:
            raise FinalizationError("Cannot finalize router more than once.")
        if priority and not append:
            raise FinalizationError("Cannot add a route with priority if append is False")
        if set(requirements or ()) - {"host"}:
            raise InvalidUsage(f"Unknown requirements: {requirements}. Only host is known.")
        if not strict:
            path = path.strip(self.delimiter)
        route = self.route_class(
            self, path, name, handler, self._check_methods(methods), requirements, strict, unquote,
            priority=priority,
        )  # fmt: skip
        route.static = not route.defined_params and not route.requirements
        self._place(route, overwrite, append)
        if name:
            self.name_index.setdefault(name, route)
        return route

    def _check_methods(self, methods: Iterable[str] | str | None) -> frozenset[str]:
        given = [methods] if isinstance(methods, str) else list(methods or ())
        names = frozenset(str(method).upper() for method in given or [self.DEFAULT_METHOD])
        if self.ALLOWED_METHODS and not names.issubset(map(str, self.ALLOWED_METHODS)):
            allowed = ", ".join(map(str, self.ALLOWED_METHODS))
            raise BadMethod(f"Bad method: {sorted(names)}. Must be one of: {allowed}")
        return names

    def _place(self, route: Route, overwrite: bool, append: bool) -> None:
        """Put a route into the group of its path; groups may change sides when overwritten."""
        segments = route.segments
        home = (
            self.regex_routes if route.regex
            else self.static_routes if route.static
            else self.dynamic_routes
        )  # fmt: skip
        for groups in (self.static_routes, self.dynamic_routes, self.regex_routes):
            group = groups.get(segments)
            if group is None:
                continue
            before = group.routes
            group.add(route, overwrite, append)
            self._forget_names(set(before) - set(group.routes))
            if groups is not home:
                home[segments] = groups.pop(segments)
            return
        home[segments] = self.group_class(route)

    def _forget_names(self, routes: set[Route]) -> None:
        for route in routes:
            if self.name_index.get(route.name or "") is route:
                del self.name_index[route.name or ""]

    # ---- life

    def finalize(self, *args: Any, **kwargs: Any) -> None:
        """Make the table that requests are matched with. No route can be added after it.

        Raises:
            FinalizationError: no routes, or final already.
            ParameterNameConflicts: two parameters of a path share a name.
        """
        if self.finalized:
            raise FinalizationError("Cannot finalize router more than once.")
        groups = self.groups
        if not groups:
            raise FinalizationError("Cannot finalize with no routes defined.")
        for group in groups.values():
            for route in group:
                route.finalize()
        self.table = compile_table(self)
        self._index_names()
        self.finalized = True

    def reset(self) -> None:
        """Allow routes to be added again, until the next `finalize()`.

        The table stays, so that requests are served meanwhile.
        """
        self.finalized = False
        for group in self.groups.values():
            for route in group:
                route.reset()

    def resolve(
        self,
        path: str,
        *,
        method: str | None = None,
        orig: str | None = None,
        extra: dict[str, str] | None = None,
    ) -> tuple[Route, Callable[..., Any], dict[str, Any]]:
        """Find the route, its handler and its parameters.

        Args:
            path: raw path, without query.
            method: upper-case; `DEFAULT_METHOD` if None.
            orig: path to name in errors instead of `path`.
            extra: what requirements are compared with: `{"host": name}`.

        Raises:
            FinalizationError: `finalize()` is due first.
            NotFound, NoMethod: or the classes given to the constructor.
        """
        table = self.table
        if table is None:
            raise FinalizationError("Cannot resolve before the router is finalized.")
        method = method or self.DEFAULT_METHOD
        if self.delimiter != "/":
            # The table knows slashes only; none is in a path whose parts are separated otherwise.
            orig = orig or path
            path = "" if "/" in path else path.replace(self.delimiter, "/")
        found = table.find(method, path, (extra or {}).get("host"))
        if found is not None:
            route = found[0].route
            return route, route.handler, found[1]
        missed = orig or table.missed_path
        if table.miss == 405:
            raise self.method_handler_exception(
                f"Method '{method}' not found on {missed}",
                method=method, allowed_methods=table.allowed, path=missed,
            )  # fmt: skip
        raise self.exception("Not Found", path=missed)

    def _index_names(self) -> None:
        """Index names again: `route.name` may have been assigned."""
        self.name_index = {}
        for route in self.routes:
            if route.name:
                self.name_index.setdefault(route.name, route)

    # ---- listings

    @property
    def groups(self) -> Groups:
        """A new dict of all groups by segments."""
        return {**self.static_routes, **self.dynamic_routes, **self.regex_routes}

    @property
    def routes(self) -> tuple[Route, ...]:
        """All routes, group by group."""
        return tuple(route for group in self.groups.values() for route in group)
