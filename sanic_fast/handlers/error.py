"""From an exception to a response."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sanic_fast.errorpages import BaseRenderer, TextRenderer, exception_response
from sanic_fast.exceptions import ServerError
from sanic_fast.log import error_logger
from sanic_fast.response import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sanic_fast._core.request import Request
    from sanic_fast._types import ErrorHandlerFunc
    from sanic_fast.response import HTTPResponse

    HandlerKey = tuple[type[BaseException], str | None]


class ErrorHandler:
    """Finds the handler for an exception, and answers where there is none.

    Subclass it and override `default` to treat all unhandled exceptions in one place:

        class MyErrorHandler(ErrorHandler):
            def default(self, request, exception):
                report(exception)
                return super().default(request, exception)

        app = Sanic("App", error_handler=MyErrorHandler())

    Args:
        base: renderer for clients that accept none of the formats.

    Attributes:
        cached_handlers: (exception class, route name or None) -> handler, or None where it is
            known that there is none.
        debug: whether error pages show everything.
    """

    def __init__(self, base: type[BaseRenderer] = TextRenderer):
        self._registered: dict[HandlerKey, ErrorHandlerFunc] = {}
        self.cached_handlers: dict[HandlerKey, ErrorHandlerFunc | None] = {}
        self.debug = False
        self.base = base

    def add(
        self,
        exception: type[BaseException],
        handler: ErrorHandlerFunc,
        route_names: Sequence[str] | None = None,
    ) -> None:
        """Register a handler for an exception and its subclasses.

        Args:
            exception: the class.
            handler: `(request, exception)`, sync or async; returns a response, or None for
                the default one.
            route_names: routes it is for; None for all.

        Raises:
            ServerError: there is one already for the same class and route.
        """
        for name in route_names or (None,):
            self._add((exception, name), handler)

    def _add(self, key: HandlerKey, handler: ErrorHandlerFunc) -> None:
        if key in self._registered:
            exception, name = key
            raise ServerError(
                "Duplicate exception handler definition on: "
                f"route={name or '__ALL_ROUTES__'} and exception={exception}"
            )
        self._registered[key] = handler
        # What was found before may be wrong from now on.
        self.cached_handlers.clear()
        self.cached_handlers.update(self._registered)

    def lookup(
        self, exception: BaseException, route_name: str | None = None
    ) -> ErrorHandlerFunc | None:
        """The handler for an exception, or None.

        The exact class comes before its bases, and for each of the two a handler for the
        route before one for the whole app.
        """
        key = (type(exception), route_name)
        try:
            return self.cached_handlers[key]
        except KeyError:
            handler = self.cached_handlers[key] = self._search(*key)
            return handler

    def _search(
        self, exception_class: type[BaseException], route_name: str | None
    ) -> ErrorHandlerFunc | None:
        known = self._registered
        names = (None,) if route_name is None else (route_name, None)
        for classes in ((exception_class,), exception_class.__mro__[1:]):
            for name in names:
                for each in classes:
                    if (handler := known.get((each, name))) is not None:
                        return handler
        return None

    def response(self, request: Request[Any, Any], exception: Exception) -> Any:
        """What the handler for the exception returns, which may be a coroutine.

        Falls back to `default` where there is no handler or it returns None. If the handler
        itself raises, that is logged and a short 500 goes out.
        """
        route = request.route
        handler = self.lookup(exception, route.name if route else None)
        response = None
        try:
            if handler:
                response = handler(request, exception)
            if response is None:
                response = self.default(request, exception)
        except Exception:
            name = getattr(handler, "__name__", repr(handler))
            message = f'Exception raised in exception handler "{name}" for uri: {_url(request)}'
            error_logger.exception("%s", message)
            if self.debug:
                return text(message, 500)
            return text("An error occurred while handling an error", 500)
        return response

    def default(self, request: Request[Any, Any], exception: Exception) -> HTTPResponse:
        """Log the exception and render it as an error page."""
        self.log(request, exception)
        return exception_response(
            request,
            exception,
            debug=self.debug,
            base=self.base,
            fallback=request.app.config.FALLBACK_ERROR_FORMAT,
        )

    @staticmethod
    def log(request: Request[Any, Any], exception: Exception) -> None:
        """Log the exception with its traceback, unless it is quiet.

        `config.NOISY_EXCEPTIONS` makes quiet ones loud.
        """
        quiet = getattr(exception, "quiet", False)
        noisy = getattr(request.app.config, "NOISY_EXCEPTIONS", False)
        if quiet is False or noisy is True:
            error_logger.error(
                "Exception occurred while handling uri: %s", _url(request), exc_info=exception
            )

    # Tells the dispatcher that nothing is overridden, so that it may take the short way.
    for _method in (lookup, response, default):
        _method.__dict__["_sf_default"] = True
    del _method


def _url(request: Request[Any, Any]) -> str:
    try:
        return repr(request.url)
    except Exception:  # a request so broken that it has no URL
        return "unknown"
