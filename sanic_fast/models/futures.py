"""The records that decorators leave behind."""

from sanic_fast.registration.records import (
    FutureCommand,
    FutureException,
    FutureListener,
    FutureMiddleware,
    FutureRegistry,
    FutureRoute,
    FutureSignal,
    FutureStatic,
)

__all__ = (
    "FutureCommand",
    "FutureException",
    "FutureListener",
    "FutureMiddleware",
    "FutureRegistry",
    "FutureRoute",
    "FutureSignal",
    "FutureStatic",
)
