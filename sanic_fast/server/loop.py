"""Choice of the event loop."""

from __future__ import annotations

import asyncio
import os
import sys

from sanic_fast.log import error_logger, logger
from sanic_fast.utils import str_to_bool

__all__ = ("try_use_uvloop", "try_windows_loop")


def try_use_uvloop() -> None:
    """Make uvloop's loops the default of this process, where uvloop is installed."""
    try:
        import uvloop
    except ImportError:
        error_logger.warning(
            "You are trying to use uvloop, but uvloop is not installed in your system. "
            "To use it, install it first; to do without it, set the 'USE_UVLOOP' configuration "
            "value to false. Sanic will now continue to run with the default event loop."
        )
        return
    try:
        opted_out = str_to_bool(os.environ.get("SANIC_NO_UVLOOP", "no"))
    except ValueError:
        opted_out = False
    if opted_out:
        logger.info(
            "You are requesting to run Sanic using uvloop, but the install-time 'SANIC_NO_UVLOOP' "
            "environment variable is set to true. To keep the default event loop, set the "
            "'USE_UVLOOP' configuration value to false."
        )
    if not isinstance(asyncio.get_event_loop_policy(), uvloop.EventLoopPolicy):
        asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())


def try_windows_loop() -> None:
    """On Windows, choose the selector loop, the one our sockets work with."""
    if sys.platform != "win32":
        error_logger.warning(
            "You are trying to use an event loop policy that is not compatible with your system. "
            "You can simply let Sanic handle selecting the best loop for you. "
            "Sanic will now continue to run using the default event loop."
        )
        return
    policy = asyncio.WindowsSelectorEventLoopPolicy
    if not isinstance(asyncio.get_event_loop_policy(), policy):
        asyncio.set_event_loop_policy(policy())
