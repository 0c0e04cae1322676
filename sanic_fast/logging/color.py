"""ANSI colours; every one of them is the empty string when output is no terminal."""

from __future__ import annotations

import logging
import os

from sanic_fast.compat import StrEnum
from sanic_fast.helpers import is_atty

COLORIZE = is_atty() and not os.environ.get("SANIC_NO_COLOR")


class Colors(StrEnum):
    """ANSI sequences that start a colour; `END` goes back to normal."""

    END = "\033[0m" if COLORIZE else ""
    BOLD = "\033[1m" if COLORIZE else ""
    BLUE = "\033[34m" if COLORIZE else ""
    GREEN = "\033[32m" if COLORIZE else ""
    PURPLE = "\033[35m" if COLORIZE else ""
    CYAN = "\033[36m" if COLORIZE else ""
    RED = "\033[31m" if COLORIZE else ""
    YELLOW = "\033[33m" if COLORIZE else ""
    GREY = "\033[38;5;240m" if COLORIZE else ""
    SANIC = "\033[38;2;255;13;104m" if COLORIZE else ""


LEVEL_COLORS: dict[int, str] = {
    logging.DEBUG: Colors.BLUE,
    logging.WARNING: Colors.YELLOW,
    logging.ERROR: Colors.RED,
    logging.CRITICAL: Colors.RED + Colors.BOLD,
}
