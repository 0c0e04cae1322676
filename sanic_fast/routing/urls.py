"""`url_for`: from the name of a route and values to a URL."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from sanic_fast.exceptions import URLBuildError
from sanic_fast.routing.patterns import ParamInfo
from sanic_fast.routing.route import Route, expression_body

FILE_PARAM = "__file_uri__"
WEBSOCKET_SCHEMES = {"http": "ws", "https": "wss"}


def url_for(app: Any, view_name: str, /, **kwargs: Any) -> str:
    """Build the URL of a route.

    Example: `url_for(app, "user", id=7, page=2)` -> `/user/7?page=2`.

    Args:
        app: has `name`, `router` and `config`.
        view_name: name of the handler, `blueprint.handler`, or `static`.
        kwargs: path parameters (not percent-encoded); `_anchor`, `_external`, `_host`, `_scheme`,
            `_server`; `_method` is ignored; for statics `filename` and `name`. Everything else
            becomes the query string, lists repeat their key.

    Raises:
        URLBuildError: no such route, a parameter is missing or does not fit.
        ValueError: the special arguments contradict each other or the hosts of the route.
    """
    name, route = _find(app, view_name, kwargs)
    if route is None:
        raise URLBuildError(f"Endpoint with name `{name}` was not found")
    if route.extra.static:
        filename = kwargs.pop("filename", "")
        kwargs[FILE_PARAM] = filename[1:] if filename.startswith("/") else filename
        if all(info.name != FILE_PARAM for info in route.defined_params.values()):
            del kwargs[FILE_PARAM]
    kwargs.pop("_method", None)
    anchor = kwargs.pop("_anchor", "")
    origin = _origin(app, route, kwargs)
    url = origin + _path(route, kwargs)
    if kwargs:
        query = urlencode(kwargs, doseq=True)
        url += f"?{query}" if query else ""
    return f"{url}#{anchor}" if anchor else url


def _find(app: Any, view_name: str, kwargs: dict[str, Any]) -> tuple[str, Route | None]:
    """Return the full name looked for and its route; `name` chooses among statics."""
    prefix, _, last = view_name.rpartition(".")
    if last == "static" and kwargs.get("name"):
        view_name = f"{prefix}.{kwargs.pop('name')}".lstrip(".")
    full = view_name if "." in view_name else f"{app.name}.{view_name}"
    return full, app.router.find_route_by_view_name(view_name)


def _origin(app: Any, route: Route, kwargs: dict[str, Any]) -> str:
    """Take the special arguments out of kwargs; return `scheme://netloc`, or "" for a bare path."""
    host = kwargs.pop("_host", None)
    external = kwargs.pop("_external", bool(host))
    scheme = kwargs.pop("_scheme", "")
    if scheme and not external:
        raise ValueError("When specifying _scheme, _external must be True")
    netloc = kwargs.pop("_server", None)
    host = _check_host(route, host, external)
    if netloc is None and external:
        netloc = host or app.config.get("SERVER_NAME") or ""
    if not external:
        return f"//{netloc}" if netloc else ""
    given, separator, rest = netloc.rpartition("://")
    netloc = rest.lstrip("/").rstrip("/") if rest else ""
    if not scheme:
        scheme = given if separator and given else "http"
        if route.extra.__dict__.get("websocket"):
            scheme = WEBSOCKET_SCHEMES.get(scheme, scheme)
    return f"{scheme}://{netloc}"


def _check_host(route: Route, host: str | None, external: bool) -> str | None:
    """Return the host to use: the one asked for, or the only one of the route."""
    hosts: Iterable[str | None] = getattr(route.extra, "hosts", None) or [None]
    hosts = list(hosts)
    if host:
        if host not in hosts:
            raise ValueError(f"Requested host ({host}) is not available for this route: {hosts}")
        return host
    if not external:
        return None
    if len(hosts) > 1:
        raise ValueError(f"Host is ambiguous: {', '.join(str(name) for name in hosts)}")
    return hosts[0]


def _path(route: Route, kwargs: dict[str, Any]) -> str:
    """Return the path, its parameters taken out of kwargs."""
    parts = list(route.parts)
    for index, info in route.defined_params.items():
        if info.name not in kwargs:
            raise URLBuildError(f"Required parameter `{info.name}` was not passed to url_for")
        parts[index] = _segment(info, str(kwargs.pop(info.name)))
    return "/" + "/".join(parts)


def _segment(info: ParamInfo, value: str) -> str:
    """Hold a value against the expression of its type."""
    # The whole value has to fit, also where the expression holds an alternative (`a|b`).
    if re.fullmatch(expression_body(info.pattern), value):
        return value
    shown = info.pattern.pattern
    if info.cast is str:
        raise URLBuildError(
            f'Value "{value}" for parameter `{info.name}` does not satisfy pattern {shown}'
        )
    cast = getattr(info.cast, "__name__", str(info.cast))
    raise URLBuildError(
        f'Value "{value}" for parameter `{info.name}` does not match pattern '
        f"for type `{cast}`: {shown}"
    )
