"""Static files."""

from sanic_fast.registration.files import StaticMixin
from sanic_fast.registration.files import StaticMixin as StaticHandleMixin

__all__ = (
    "StaticHandleMixin",
    "StaticMixin",
)
