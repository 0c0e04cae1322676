"""Containers used across the package."""

from sanic_fast.types.hashable_dict import HashableDict

__all__ = ("HashableDict",)
