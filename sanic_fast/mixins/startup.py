"""Running an application."""

from sanic_fast.application.startup import StartupMixin

__all__ = (
    "StartupMixin",
)
