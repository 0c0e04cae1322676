"""Base class of applications and blueprints."""

from sanic_fast.registration.names import VALID_NAME
from sanic_fast.registration.registrar import Registrar as BaseSanic

__all__ = (
    "BaseSanic",
    "VALID_NAME",
)
