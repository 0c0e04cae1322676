"""Warn about things that go away."""

from __future__ import annotations

from warnings import warn

from sanic_fast.helpers import is_atty
from sanic_fast.logging.color import Colors


def deprecation(message: str, version: float) -> None:
    """Emit a `DeprecationWarning` that names the release in which the thing goes away.

    Args:
        message: what is deprecated and what to use instead.
        version: release number such as 24.3; 0 leaves it out.
    """
    version_text = f" v{version}" if version else ""
    notice = f"[DEPRECATION{version_text}] "
    if is_atty():
        notice = f"{Colors.RED}{notice}"
        message = f"{Colors.YELLOW}{message}{Colors.END}"
    warn(notice + message, DeprecationWarning)
