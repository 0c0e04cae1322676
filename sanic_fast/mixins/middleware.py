"""Middleware decorators."""

from sanic_fast.registration.hooks import MiddlewareMixin

__all__ = (
    "MiddlewareMixin",
)
