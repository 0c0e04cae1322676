"""Route decorators: they check what they are given and make a `FutureRoute`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import FunctionType
from typing import Any

from sanic_fast.constants import HTTP_METHODS
from sanic_fast.registration.names import Decorator, Function, NameMixin, RecordMixin
from sanic_fast.registration.records import FutureRoute
from sanic_fast.types import HashableDict

RouteHandler = Callable[..., Any]
_GET = frozenset({"GET"})
_CO_VARARGS = 0x04
_CO_VARKEYWORDS = 0x08
_ERROR_FORMATS = ("html", "text", "json")


class RouteMixin(NameMixin, RecordMixin):
    """Adds the route decorators to a class that has `_record`."""

    __slots__ = ()

    strict_slashes: bool | None

    def route(
        self,
        uri: str,
        methods: Iterable[str] | None = None,
        host: str | list[str] | None = None,
        strict_slashes: bool | None = None,
        stream: bool = False,
        version: int | str | float | None = None,
        name: str | None = None,
        ignore_body: bool = False,
        apply: bool = True,
        subprotocols: list[str] | None = None,
        websocket: bool = False,
        unquote: bool = False,
        static: bool = False,
        version_prefix: str = "/v",
        error_format: str | None = None,
        **ctx_kwargs: Any,
    ) -> Decorator:
        """Decorate a function to be registered as a route.

        Example:
            ```python
            @app.route("/hello/<name>", methods=["GET", "POST"])
            async def hello(request, name):
                return text(name)
            ```

        Args:
            uri: path of the route, with parameters as `<name:type>`.
            methods: HTTP methods; GET when empty.
            host: serve only these `Host` values.
            strict_slashes: whether a trailing slash must match.
            stream: hand the body to the handler piece by piece.
            version: put `{version_prefix}{version}` before the path.
            name: name for `url_for`; the handler's own when left out.
            ignore_body: do not read a request body.
            apply: register now; otherwise only record.
            subprotocols: websocket subprotocols, preferred first.
            websocket: the handler takes `(request, ws)`.
            unquote: percent-decode path parameters.
            static: the route serves files; the decorator then returns `(record, handler)`.
            version_prefix: see `version`.
            error_format: `html`, `text`, `json`, or `auto` to look at the handler's source.
            ctx_kwargs: `ctx_x=1` becomes `route.ctx.x`.

        Raises:
            TypeError: for other keyword arguments.
            ValueError: for a bad `host`, or a handler without the needed parameters or a name.
            RouteExists: when the path is taken.
        """
        if not uri.startswith("/") and (uri or hasattr(self, "router")):
            uri = "/" + uri
        if strict_slashes is None:
            strict_slashes = self.strict_slashes
        verbs = _methods(methods, websocket)
        protocols = _ordered(subprotocols)
        context = self._build_route_context(ctx_kwargs)

        def decorator(handler: RouteHandler) -> Any:
            if isinstance(handler, tuple):
                # A decorator with `static=True` below this one returned its record too.
                handler = handler[1]
            full_name = self.generate_name(name, handler)
            _check_parameters(handler, websocket)
            if stream:
                function: Any = getattr(handler, "__func__", handler)
                function.is_stream = stream
            record = FutureRoute(
                handler,
                uri,
                verbs,
                _hosts(host),
                bool(strict_slashes) if strict_slashes is not None else None,
                stream,
                version,
                full_name,
                ignore_body,
                websocket,
                protocols,
                unquote,
                static,
                version_prefix,
                _error_format(error_format),
                context,
            )
            self._record("routes", record, apply)
            return (record, handler) if static else handler

        return decorator

    def add_route(
        self,
        handler: Function,
        uri: str,
        methods: Iterable[str] = _GET,
        host: str | list[str] | None = None,
        strict_slashes: bool | None = None,
        version: int | str | float | None = None,
        name: str | None = None,
        stream: bool = False,
        version_prefix: str = "/v",
        error_format: str | None = None,
        unquote: bool = False,
        **ctx_kwargs: Any,
    ) -> Function:
        """Register a handler, or a view made by `HTTPMethodView.as_view`, without decorating.

        For a view `methods` is what the view class defines. See `route` for the arguments.
        Returns the handler.
        """
        view = getattr(handler, "view_class", None)
        if view is not None:
            methods = set()
            for method in HTTP_METHODS:
                function = getattr(view, method.lower(), None)
                if function:
                    methods.add(method)
                    stream = stream or hasattr(function, "is_stream")
        self.route(
            uri=uri,
            methods=methods,
            host=host,
            strict_slashes=strict_slashes,
            stream=stream,
            version=version,
            name=name,
            version_prefix=version_prefix,
            error_format=error_format,
            unquote=unquote,
            **ctx_kwargs,
        )(handler)
        return handler

    def get(
        self,
        uri: str,
        host: str | list[str] | None = None,
        strict_slashes: bool | None = None,
        version: int | str | float | None = None,
        name: str | None = None,
        ignore_body: bool = True,
        version_prefix: str = "/v",
        error_format: str | None = None,
        **ctx_kwargs: Any,
    ) -> Decorator:
        """Decorate a GET handler. See `route`."""
        return self.route(
            uri,
            methods=_GET,
            host=host,
            strict_slashes=strict_slashes,
            version=version,
            name=name,
            ignore_body=ignore_body,
            version_prefix=version_prefix,
            error_format=error_format,
            **ctx_kwargs,
        )

    def post(
        self,
        uri: str,
        host: str | list[str] | None = None,
        strict_slashes: bool | None = None,
        stream: bool = False,
        version: int | str | float | None = None,
        name: str | None = None,
        version_prefix: str = "/v",
        error_format: str | None = None,
        **ctx_kwargs: Any,
    ) -> Decorator:
        """Decorate a POST handler. See `route`."""
        return self.route(
            uri,
            methods=frozenset({"POST"}),
            host=host,
            strict_slashes=strict_slashes,
            stream=stream,
            version=version,
            name=name,
            version_prefix=version_prefix,
            error_format=error_format,
            **ctx_kwargs,
        )

    def put(
        self,
        uri: str,
        host: str | list[str] | None = None,
        strict_slashes: bool | None = None,
        stream: bool = False,
        version: int | str | float | None = None,
        name: str | None = None,
        version_prefix: str = "/v",
        error_format: str | None = None,
        **ctx_kwargs: Any,
    ) -> Decorator:
        """Decorate a PUT handler. See `route`."""
        return self.route(
            uri,
            methods=frozenset({"PUT"}),
            host=host,
            strict_slashes=strict_slashes,
            stream=stream,
            version=version,
            name=name,
            version_prefix=version_prefix,
            error_format=error_format,
            **ctx_kwargs,
        )

    def head(
        self,
        uri: str,
        host: str | list[str] | None = None,
        strict_slashes: bool | None = None,
        version: int | str | float | None = None,
        name: str | None = None,
        ignore_body: bool = True,
        version_prefix: str = "/v",
        error_format: str | None = None,
        **ctx_kwargs: Any,
    ) -> Decorator:
        """Decorate a HEAD handler. See `route`."""
        return self.route(
            uri,
            methods=frozenset({"HEAD"}),
            host=host,
            strict_slashes=strict_slashes,
            version=version,
            name=name,
            ignore_body=ignore_body,
            version_prefix=version_prefix,
            error_format=error_format,
            **ctx_kwargs,
        )

    def options(
        self,
        uri: str,
        host: str | list[str] | None = None,
        strict_slashes: bool | None = None,
        version: int | str | float | None = None,
        name: str | None = None,
        ignore_body: bool = True,
        version_prefix: str = "/v",
        error_format: str | None = None,
        **ctx_kwargs: Any,
    ) -> Decorator:
        """Decorate an OPTIONS handler. See `route`."""
        return self.route(
            uri,
            methods=frozenset({"OPTIONS"}),
            host=host,
            strict_slashes=strict_slashes,
            version=version,
            name=name,
            ignore_body=ignore_body,
            version_prefix=version_prefix,
            error_format=error_format,
            **ctx_kwargs,
        )

    def patch(
        self,
        uri: str,
        host: str | list[str] | None = None,
        strict_slashes: bool | None = None,
        stream: bool = False,
        version: int | str | float | None = None,
        name: str | None = None,
        version_prefix: str = "/v",
        error_format: str | None = None,
        **ctx_kwargs: Any,
    ) -> Decorator:
        """Decorate a PATCH handler. See `route`."""
        return self.route(
            uri,
            methods=frozenset({"PATCH"}),
            host=host,
            strict_slashes=strict_slashes,
            stream=stream,
            version=version,
            name=name,
            version_prefix=version_prefix,
            error_format=error_format,
            **ctx_kwargs,
        )

    def delete(
        self,
        uri: str,
        host: str | list[str] | None = None,
        strict_slashes: bool | None = None,
        version: int | str | float | None = None,
        name: str | None = None,
        ignore_body: bool = False,
        version_prefix: str = "/v",
        error_format: str | None = None,
        **ctx_kwargs: Any,
    ) -> Decorator:
        """Decorate a DELETE handler. See `route`."""
        return self.route(
            uri,
            methods=frozenset({"DELETE"}),
            host=host,
            strict_slashes=strict_slashes,
            version=version,
            name=name,
            ignore_body=ignore_body,
            version_prefix=version_prefix,
            error_format=error_format,
            **ctx_kwargs,
        )

    def websocket(
        self,
        uri: str,
        host: str | list[str] | None = None,
        strict_slashes: bool | None = None,
        subprotocols: list[str] | None = None,
        version: int | str | float | None = None,
        name: str | None = None,
        apply: bool = True,
        version_prefix: str = "/v",
        error_format: str | None = None,
        **ctx_kwargs: Any,
    ) -> Decorator:
        """Decorate a websocket handler `(request, ws)`. See `route`."""
        return self.route(
            uri,
            methods=None,
            host=host,
            strict_slashes=strict_slashes,
            version=version,
            name=name,
            apply=apply,
            subprotocols=subprotocols,
            websocket=True,
            version_prefix=version_prefix,
            error_format=error_format,
            **ctx_kwargs,
        )

    def add_websocket_route(
        self,
        handler: Function,
        uri: str,
        host: str | list[str] | None = None,
        strict_slashes: bool | None = None,
        subprotocols: list[str] | None = None,
        version: int | str | float | None = None,
        name: str | None = None,
        version_prefix: str = "/v",
        error_format: str | None = None,
        **ctx_kwargs: Any,
    ) -> Function:
        """Register a websocket handler without decorating. Returns the handler."""
        return self.websocket(
            uri,
            host=host,
            strict_slashes=strict_slashes,
            subprotocols=subprotocols,
            version=version,
            name=name,
            version_prefix=version_prefix,
            error_format=error_format,
            **ctx_kwargs,
        )(handler)

    def _build_route_context(self, raw: dict[str, Any]) -> HashableDict:
        unknown = [key for key in raw if not key.startswith("ctx_")]
        if unknown:
            raise TypeError(f"Unexpected keyword arguments: {', '.join(unknown)}")
        return HashableDict({key.replace("ctx_", ""): value for key, value in raw.items()})


def _methods(methods: Iterable[str] | None, websocket: bool) -> frozenset[str] | None:
    if methods:
        return frozenset(str(method).upper() for method in methods)
    return None if websocket else _GET


def _ordered(subprotocols: Iterable[str] | None) -> Any:
    if subprotocols is None:
        return None
    if isinstance(subprotocols, (list, tuple)):
        return tuple(subprotocols)
    return frozenset(subprotocols)


def _hosts(host: Any) -> tuple[str, ...] | None:
    if not host:
        return None
    if isinstance(host, str):
        return (host,)
    try:
        return tuple(dict.fromkeys(host))
    except TypeError:
        raise ValueError(
            f"Expected either string or Iterable of host strings, not {host}"
        ) from None


def _error_format(error_format: str | None) -> str:
    """Check an explicit format; "" leaves it to the handler's source, at the first error."""
    if not error_format or error_format == "auto":
        return ""
    if error_format not in _ERROR_FORMATS:
        from sanic_fast.errorpages import check_error_format

        check_error_format(error_format)
    return error_format


def _check_parameters(handler: RouteHandler, websocket: bool) -> None:
    needed = 2 if websocket else 1
    if _parameter_count(handler) >= needed:
        return
    missing = "`request` and/or `ws`" if websocket else "`request`"
    name = getattr(handler, "__name__", repr(handler))
    raise ValueError(f"Required parameter {missing} missing in the {name}() route?")


def _parameter_count(handler: RouteHandler) -> int:
    """Count the parameters of a handler; plain functions do without `inspect`."""
    if isinstance(handler, FunctionType) and not hasattr(handler, "__wrapped__"):
        code = handler.__code__
        count = code.co_argcount + code.co_kwonlyargcount
        return count + bool(code.co_flags & _CO_VARARGS) + bool(code.co_flags & _CO_VARKEYWORDS)
    from inspect import signature

    return len(signature(handler).parameters)
