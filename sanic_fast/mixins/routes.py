"""Route decorators."""

from sanic_fast.registration.routes import RouteMixin

__all__ = (
    "RouteMixin",
)
