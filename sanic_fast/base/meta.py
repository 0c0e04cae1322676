"""Metaclass of applications and blueprints."""

from sanic_fast.registration.registrar import Closed as SanicMeta

__all__ = (
    "SanicMeta",
)
