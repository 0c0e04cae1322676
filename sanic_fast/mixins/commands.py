"""Command decorator."""

from sanic_fast.registration.hooks import CommandMixin

__all__ = (
    "CommandMixin",
)
