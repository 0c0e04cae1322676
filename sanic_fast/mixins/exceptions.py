"""Exception handler decorators."""

from sanic_fast.registration.hooks import ExceptionMixin

__all__ = (
    "ExceptionMixin",
)
