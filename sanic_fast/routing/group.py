"""All routes of one generalised path."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sanic_fast.routing.exceptions import InvalidUsage, RouteExists
from sanic_fast.routing.route import Requirements, Route
from sanic_fast.routing.utils import Immutable


class RouteGroup:
    """Routes that differ in methods, hosts and names of parameters only, in order of definition.

    Attributes:
        passthru_properties: attributes that are those of the first route.

    Raises:
        InvalidUsage: the paths of the routes differ.
        RouteExists: two of the routes cannot live together.
    """

    passthru_properties = (
        "labels", "params", "parts", "path", "pattern", "raw_path", "regex", "router", "segments",
        "strict", "unquote", "uri",
    )  # fmt: skip

    __slots__ = ("_index", "_routes", "_segments")

    def __init__(self, *routes: Route) -> None:
        if not routes:
            raise InvalidUsage("A route group needs at least one route")
        self._segments = routes[0].segments
        self._routes: list[Route] = [routes[0]]
        # (method, requirements) -> route, so that the n-th route is added as fast as the second;
        # most groups never have a second.
        self._index: dict[tuple[str, Requirements], Route] | None = None
        for route in routes[1:]:
            self.add(route)

    def __repr__(self) -> str:
        return f"<RouteGroup: path={self._routes[0].path or '/'} len={len(self._routes)}>"

    def __iter__(self) -> Iterator[Route]:
        return iter(self._routes)

    def __len__(self) -> int:
        return len(self._routes)

    def __getitem__(self, key: int) -> Route:
        return self._routes[key]

    def __getattr__(self, name: str) -> Any:
        if name in type(self).passthru_properties:
            return getattr(self._routes[0], name)
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    @property
    def routes(self) -> tuple[Route, ...]:
        """The routes, in order of definition."""
        return tuple(self._routes)

    @property
    def methods(self) -> frozenset[str]:
        """All methods of all routes."""
        return frozenset().union(*(route.methods for route in self._routes))

    @property
    def methods_index(self) -> Immutable:
        """Method -> first route with it."""
        index: dict[str, Route] = {}
        for route in self._routes:
            for method in sorted(route.methods):
                index.setdefault(method, route)
        return Immutable(index)

    @property
    def requirements(self) -> list[Requirements]:
        """What the routes ask for, as far as they ask for anything."""
        return [route.requirements for route in self._routes if route.requirements]

    @property
    def depth(self) -> int:
        """How many parts the path has."""
        return len(self._segments)

    @property
    def dynamic_path(self) -> bool:
        """Whether a parameter may hold a slash: the group is matched over the whole path."""
        return any(
            info.label == "path" or (info.regex and "/" in info.label)
            for info in self._routes[0].defined_params.values()
        )

    def add(self, route: Route, overwrite: bool = False, append: bool = False) -> None:
        """Take in one more route.

        Args:
            overwrite: remove the routes in the way of this one.
            append: keep the routes in the way; they stay first.
        """
        if route.segments != self._segments:
            raise InvalidUsage("Cannot group routes with differing paths")
        clashes = self._clashes(route)
        if clashes and not (overwrite or append):
            raise RouteExists(
                f"Route already registered: {route.raw_path} [{','.join(sorted(route.methods))}]"
            )
        if clashes and overwrite:
            self._routes = [known for known in self._routes if known not in clashes]
            self._index = None
        self._routes.append(route)
        if self._index is not None:
            self._note(route)

    def merge(self, group: RouteGroup, overwrite: bool = False, append: bool = False) -> None:
        """Take in the routes of another group of the same path; arguments as for `add()`."""
        for route in group:
            self.add(route, overwrite, append)

    def _note(self, route: Route) -> None:
        assert self._index is not None
        for method in route.methods:
            self._index.setdefault((method, route.requirements), route)

    def _clashes(self, route: Route) -> list[Route]:
        """Return the routes that share a request with this one.

        Routes for any host and routes for certain hosts do not mix on one path.
        """
        if not self._routes:
            return []
        if self._index is None:
            self._index = {}
            for known in self._routes:
                self._note(known)
        if bool(self._routes[0].requirements) != bool(route.requirements):
            return list(self._routes)
        found = []
        for method in sorted(route.methods):
            rival = self._index.get((method, route.requirements))
            if rival is not None and rival not in found:
                found.append(rival)
        return found
