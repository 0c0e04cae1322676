"""Decorators for middleware, exception handlers, signals and commands."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from functools import partial, wraps
from inspect import isawaitable
from typing import Any, overload

from sanic_fast.middleware import Middleware, MiddlewareLocation
from sanic_fast.registration.names import Decorator, Function, RecordMixin
from sanic_fast.registration.records import (
    FutureCommand,
    FutureException,
    FutureMiddleware,
    FutureSignal,
)
from sanic_fast.types import HashableDict

Handler = Callable[..., Any]


class MiddlewareMixin(RecordMixin):
    """Adds the middleware decorators to a class that has `_record`."""

    __slots__ = ()

    @overload
    def middleware(
        self,
        middleware_or_request: Handler,
        attach_to: str = "request",
        apply: bool = True,
        *,
        priority: int = 0,
    ) -> Middleware: ...

    @overload
    def middleware(
        self,
        middleware_or_request: str,
        attach_to: str = "request",
        apply: bool = True,
        *,
        priority: int = 0,
    ) -> Callable[[Handler], Middleware]: ...

    def middleware(
        self,
        middleware_or_request: Handler | str,
        attach_to: str = "request",
        apply: bool = True,
        *,
        priority: int = 0,
    ) -> Any:
        """Attach a function that runs before or after handlers.

        Example:
            ```python
            @app.middleware("response", priority=5)
            async def add_header(request, response):
                response.headers["x-served-by"] = "me"
            ```

        Args:
            middleware_or_request: the function, or `"request"` or `"response"`.
            attach_to: `"request"` or `"response"`, when the function comes first.
            apply: register now; otherwise only record.
            priority: higher runs earlier on requests and later on responses.

        Returns:
            The `Middleware` object, which can be called like the function.
        """

        def register(function: Handler, attach_to: str = "request") -> Middleware:
            is_request = attach_to == "request"
            location = MiddlewareLocation.REQUEST if is_request else MiddlewareLocation.RESPONSE
            made = Middleware(function, location, priority=priority)
            record = FutureMiddleware(made, attach_to)
            self._record("middleware", record, apply)
            return made

        if callable(middleware_or_request):
            return register(middleware_or_request, attach_to=attach_to)
        return partial(register, attach_to=middleware_or_request)

    @overload
    def on_request(self, middleware: Handler, *, priority: int = 0) -> Middleware: ...

    @overload
    def on_request(
        self, middleware: None = None, *, priority: int = 0
    ) -> Callable[[Handler], Middleware]: ...

    def on_request(self, middleware: Handler | None = None, *, priority: int = 0) -> Any:
        """Attach request middleware; works with and without parentheses."""
        if callable(middleware):
            return self.middleware(middleware, "request", priority=priority)
        return partial(self.middleware, attach_to="request", priority=priority)

    @overload
    def on_response(self, middleware: Handler, *, priority: int = 0) -> Middleware: ...

    @overload
    def on_response(
        self, middleware: None = None, *, priority: int = 0
    ) -> Callable[[Handler], Middleware]: ...

    def on_response(self, middleware: Handler | None = None, *, priority: int = 0) -> Any:
        """Attach response middleware; works with and without parentheses."""
        if callable(middleware):
            return self.middleware(middleware, "response", priority=priority)
        return partial(self.middleware, attach_to="response", priority=priority)


class ExceptionMixin(RecordMixin):
    """Adds the exception decorators to a class that has `_record`."""

    __slots__ = ()

    def exception(self, *exceptions: Any, apply: bool = True) -> Decorator:
        """Decorate a handler `(request, exception)` for exception classes.

        Args:
            exceptions: classes, or one list of classes.
            apply: register now; otherwise only record.

        Raises:
            IndexError: without any class.
            ServerError: when one of them has a handler already.
        """

        def decorator(handler: Function) -> Function:
            classes = exceptions
            if isinstance(classes[0], list):
                classes = tuple(*classes)
            record = FutureException(handler, classes)
            self._record("exceptions", record, apply)
            return handler

        return decorator

    def all_exceptions(self, handler: Function) -> Function:
        """Decorate a handler for every exception."""
        return self.exception(Exception)(handler)


class SignalMixin(RecordMixin):
    """Adds the signal decorators to a class that has `_record`."""

    __slots__ = ()

    def signal(
        self,
        event: str | Enum,
        *,
        apply: bool = True,
        condition: dict[str, Any] | None = None,
        exclusive: bool = True,
        priority: int = 0,
    ) -> Decorator:
        """Decorate a handler of a signal.

        Example:
            ```python
            @app.signal("user.registration.created")
            async def greet(**context):
                await send_mail(context["address"])
            ```

        Args:
            event: `a.b.c`, `a.b.<parameter>`, one word, or a member of `Event`.
            apply: register now; otherwise only record.
            condition: run only for dispatches with this condition.
            exclusive: with a condition, do not run for dispatches without any.
            priority: higher runs earlier.

        Raises:
            InvalidSignal: for a malformed event or an unknown one in a reserved namespace.
        """
        name = str(event.value) if isinstance(event, Enum) else event

        def decorator(handler: Function) -> Function:
            record = FutureSignal(
                handler,
                name,
                HashableDict(condition) if condition else None,
                exclusive,
                priority,
            )
            self._record("signals", record, apply)
            return handler

        return decorator

    def add_signal(
        self,
        handler: Handler | None,
        event: str | Enum,
        condition: dict[str, Any] | None = None,
        exclusive: bool = True,
    ) -> Handler:
        """Register a signal handler without decorating; None registers one that does nothing."""
        if handler is None:

            async def noop(**context: Any) -> None:
                """Makes the event known, so that it can be waited for."""

            handler = noop
        self.signal(event=event, condition=condition, exclusive=exclusive)(handler)
        return handler

    def report_exception(self, handler: Handler) -> Handler:
        """Decorate `handler(app, exception)` to be told of every reported exception.

        Returns the registered function, which takes the exception alone.
        """

        @wraps(handler)
        async def report(exception: Exception) -> None:
            result = handler(self, exception)
            if isawaitable(result):
                await result

        self.signal("server.exception.report")(report)
        return report

    def catch_exception(self, handler: Handler) -> None:
        """Register `handler(app, exception)` for every reported exception."""
        self.report_exception(handler)


class CommandMixin(RecordMixin):
    """Adds the `command` decorator."""

    __slots__ = ()

    @overload
    def command(self, maybe_func: Handler, *, name: str = "") -> Handler: ...

    @overload
    def command(
        self, maybe_func: None = None, *, name: str = ""
    ) -> Decorator: ...

    def command(self, maybe_func: Handler | None = None, *, name: str = "") -> Any:
        """Decorate a function to be run by `sanic <app> exec <name>`."""

        def decorator(function: Handler) -> Handler:
            @wraps(function)
            async def run(*args: Any, **kwargs: Any) -> Any:
                result = function(*args, **kwargs)
                return await result if isawaitable(result) else result

            self._record("commands", FutureCommand(name or function.__name__, run), apply=False)
            return run

        return decorator(maybe_func) if maybe_func else decorator
