"""Signal decorators."""

from sanic_fast.registration.hooks import SignalMixin

__all__ = (
    "SignalMixin",
)
