"""Handlers the framework brings along: errors, byte ranges, directories."""

from sanic_fast.handlers.content_range import ContentRangeHandler
from sanic_fast.handlers.directory import DirectoryHandler
from sanic_fast.handlers.error import ErrorHandler

__all__ = ("ContentRangeHandler", "DirectoryHandler", "ErrorHandler")
