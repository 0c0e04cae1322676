"""Errors of the routing layer, raised to the programmer at registration or at start-up."""

from __future__ import annotations

from collections.abc import Collection


class BaseException(Exception):  # noqa: A001 - the public name that plugins catch
    """Base of every routing error."""


class NotFound(BaseException):
    """No route (or signal) matches; `path` is what was looked for."""

    def __init__(self, message: str = "Not Found", path: str | None = None) -> None:
        super().__init__(message)
        self.path = path


class BadMethod(BaseException):
    """A route was given a method which the router does not know."""


class NoMethod(BaseException):
    """The path exists, the method does not."""

    def __init__(
        self,
        message: str = "Method does not exist",
        method: str | None = None,
        allowed_methods: Collection[str] | None = None,
        path: str | None = None,
    ) -> None:
        super().__init__(message)
        self.method = method
        self.allowed_methods = allowed_methods
        self.path = path


class FinalizationError(BaseException):
    """The router cannot be finalized, or is final already."""


class InvalidUsage(BaseException):
    """A route, parameter or pattern definition makes no sense."""


class RouteExists(BaseException):
    """A route with this path, method and requirements is registered already."""


class ParameterNameConflicts(BaseException):
    """Two parameters of one path share a name."""
