"""Names of handlers."""

from sanic_fast.registration.names import NameMixin as BaseMixin

__all__ = (
    "BaseMixin",
)
