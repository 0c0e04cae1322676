"""Sanic's API on a compiled hot path."""

from sanic_fast.__version__ import __version__

__all__ = ("__version__",)
