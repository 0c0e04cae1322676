"""Views as classes: one method per HTTP method.

class UserView(HTTPMethodView, attach=app, uri="/user/<id:int>"):
    async def get(self, request, id): ...

    async def delete(self, request, id): ...
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from sanic_fast.constants import HTTP_METHODS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sanic_fast._types import RequestLike, RouteHandlerType

    _Function = TypeVar("_Function", bound=Callable[..., Any])

_VERBS = frozenset(method.lower() for method in HTTP_METHODS)


class HTTPMethodView:
    """Base of class-based views.

    Methods named `get`, `post`, `put`, `patch`, `delete`, `head` and `options`, sync or async,
    take the request and the path parameters. Each request gets its own instance.

    Attach a view with `app.add_route(View.as_view(), uri)`, with `View.attach(app, uri)`, or
    with `attach=` and the arguments of `attach` as keywords of the class statement.

    Attributes:
        decorators: applied to the view function in this order, the last one outermost.
    """

    decorators: list[Callable[[Callable[..., Any]], Callable[..., Any]]] = []

    def __init_subclass__(
        cls,
        attach: Any | None = None,
        uri: str = "",
        methods: Iterable[str] = frozenset({"GET"}),
        host: str | None = None,
        strict_slashes: bool | None = None,
        version: int | None = None,
        name: str | None = None,
        stream: bool = False,
        version_prefix: str = "/v",
        **kwargs: Any,
    ) -> None:
        super().__init_subclass__(**kwargs)
        if attach:
            cls.attach(
                attach,
                uri=uri,
                methods=methods,
                host=host,
                strict_slashes=strict_slashes,
                version=version,
                name=name,
                stream=stream,
                version_prefix=version_prefix,
            )

    def dispatch_request(self, request: RequestLike, *args: Any, **kwargs: Any) -> Any:
        """Call the method that is named like the request's; HEAD falls back to `get`.

        Raises:
            NotImplementedError: the class has no such method.
        """
        verb = request.method.lower()
        # Only verbs: the name comes from the client.
        method = getattr(self, verb, None) if verb in _VERBS else None
        if method is None and verb == "head":
            method = getattr(self, "get", None)
        if method is None:
            raise NotImplementedError(f"{request.method} is not supported for this endpoint.")
        return method(request, *args, **kwargs)

    @classmethod
    def as_view(cls, *class_args: Any, **class_kwargs: Any) -> RouteHandlerType:
        """A handler that makes an instance with these arguments for each request."""

        def view(*args: Any, **kwargs: Any) -> Any:
            return cls(*class_args, **class_kwargs).dispatch_request(*args, **kwargs)

        handler: Any = view
        if cls.decorators:
            handler.__module__ = cls.__module__
            for decorator in cls.decorators:
                handler = decorator(handler)
        handler.view_class = cls
        handler.__doc__ = cls.__doc__
        handler.__module__ = cls.__module__
        handler.__name__ = cls.__name__
        return handler  # type: ignore[no-any-return]

    @classmethod
    def attach(
        cls,
        to: Any,
        uri: str,
        methods: Iterable[str] = frozenset({"GET"}),
        host: str | None = None,
        strict_slashes: bool | None = None,
        version: int | None = None,
        name: str | None = None,
        stream: bool = False,
        version_prefix: str = "/v",
    ) -> None:
        """Add the view to an app or blueprint; the arguments are those of `add_route`."""
        to.add_route(
            cls.as_view(),
            uri=uri,
            methods=methods,
            host=host,
            strict_slashes=strict_slashes,
            version=version,
            name=name,
            stream=stream,
            version_prefix=version_prefix,
        )


def stream(func: _Function) -> _Function:
    """Mark a method of a view as one that reads the body itself, piece by piece.

    The whole view becomes a stream route.
    """
    func.is_stream = True  # type: ignore[attr-defined]
    return func
