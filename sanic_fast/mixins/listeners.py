"""Listener decorators."""

from sanic_fast.registration.listeners import ListenerEvent, ListenerMixin

__all__ = (
    "ListenerEvent",
    "ListenerMixin",
)
