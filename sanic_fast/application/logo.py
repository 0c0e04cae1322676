"""The logo: plain text, or letters of blocks on a terminal."""

from __future__ import annotations

import os
import sys

__all__ = (
    "BASE_LOGO",
    "COFFEE_LOGO",
    "COLOR_LOGO",
    "FULL_COLOR_LOGO",
    "SVG_LOGO_SIMPLE",
    "get_logo",
)

TAGLINE = "Build Fast. Run Fast."
BASE_LOGO = f"\n\n{'Sanic':^39}\n{TAGLINE:^39}\n\n"

_END = "\033[0m"
_PINK = "\033[38;2;255;13;104m"
_ON_PINK = "\033[38;2;255;255;255;48;2;255;13;104m"

# 21 columns, as wide as the tagline; the left cell of the banner is made for that.
_BOLT = (
    "                     ",
    "         ▄███▀       ",
    "       ▄███▀         ",
    "      ▀██████▀       ",
    "        ▄██▀         ",
    "       ▄▀            ",
    "                     ",
)
_CUP = (
    "                     ",
    "       ▐  ▌ ▐        ",
    "     ▄▄▄▄▄▄▄▄▄▄▄     ",
    "     ██████████ ▀▌   ",
    "     ██████████▄▀    ",
    "      ▀██████▀       ",
    "                     ",
)
_WORD = (
    "  ▄█▀▀▀   ▄█▀█▄   █▄  █  █  ▄█▀▀▀",
    "  ▀█▄▄   █     █  █ ▀▄█  █  █    ",
    "  ▄▄▄█▀  █▀▀▀▀▀█  █  ▀█  █  ▀█▄▄▄",
)


def _block(rows: tuple[str, ...]) -> str:
    return "\n".join([*(f"{_ON_PINK}{row}{_END}" for row in rows), TAGLINE])


COLOR_LOGO = _block(_BOLT)
COFFEE_LOGO = _block(_CUP)
FULL_COLOR_LOGO = "\n\n" + "\n".join(f"{_PINK}{row}{_END}" for row in _WORD) + "\n\n"
SVG_LOGO_SIMPLE = (
    '<svg id=logo-simple viewBox="0 0 24 24"><desc>Sanic</desc>'
    '<path d="M14 1 3 14h7l-3 9 13-14h-8z"/></svg>'
)


def get_logo(full: bool = False, coffee: bool = False) -> str:
    """The logo that suits standard output.

    Args:
        full: the whole word instead of the sign.
        coffee: a cup instead of the sign.
    """
    if not sys.stdout.isatty() or os.environ.get("SANIC_NO_COLOR"):
        return BASE_LOGO
    if full:
        return FULL_COLOR_LOGO
    return COFFEE_LOGO if coffee else COLOR_LOGO
