"""HTTP: versions, stages, TLS."""

from sanic_fast.http.constants import HTTP, Stage

__all__ = ("HTTP", "Stage")
