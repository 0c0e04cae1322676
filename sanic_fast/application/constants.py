"""Enums of the application's state."""

from enum import Enum, IntEnum


class _Name(str, Enum):
    """String enum: compares with plain strings in any case, prints as its value."""

    def __eq__(self, other: object) -> bool:
        return str(self.value).upper() == str(other).upper()

    def __hash__(self) -> int:
        return hash(self.value)

    def __str__(self) -> str:
        return str(self.value)

    def __format__(self, spec: str) -> str:
        return format(self.value, spec)


class Server(_Name):
    """What carries the application."""

    SANIC = "sanic"
    ASGI = "asgi"


class Mode(_Name):
    """How the application runs."""

    PRODUCTION = "production"
    DEBUG = "debug"


class ServerStage(IntEnum):
    """How far a server, or all servers of an application, has come."""

    STOPPED = 1
    PARTIAL = 2
    SERVING = 3
