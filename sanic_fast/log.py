"""Public names of logging: the five loggers, the verbosity filter, colours, the default set-up.

from sanic_fast.log import logger

logger.info("Here is your log")
"""

from __future__ import annotations

from sanic_fast.logging.color import Colors
from sanic_fast.logging.default import LOGGING_CONFIG_DEFAULTS
from sanic_fast.logging.deprecation import deprecation
from sanic_fast.logging.filter import VerbosityFilter
from sanic_fast.logging.loggers import (
    access_logger,
    error_logger,
    logger,
    server_logger,
    websockets_logger,
)

__all__ = (
    "deprecation",
    "logger",
    "access_logger",
    "error_logger",
    "server_logger",
    "websockets_logger",
    "VerbosityFilter",
    "Colors",
    "LOGGING_CONFIG_DEFAULTS",
)
