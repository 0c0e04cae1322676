"""Routes, their patterns and how they become a matching table."""

from sanic_fast.routing.base import BaseRouter
from sanic_fast.routing.group import RouteGroup
from sanic_fast.routing.route import Route

__version__ = "23.12.0"
__all__ = ("BaseRouter", "Route", "RouteGroup")
