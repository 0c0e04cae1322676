"""Errors of the start that are told in a sentence instead of a traceback."""

from __future__ import annotations

import errno
import sys

from sanic_fast.exceptions import ServerError
from sanic_fast.log import error_logger

__all__ = ("maybe_handle_startup_error",)


def maybe_handle_startup_error(exc: Exception) -> None:
    """Log an error whose cause is plain and exit with status 1; raise any other.

    Raises:
        SystemExit: the error was told.
    """
    message = _explain(exc)
    if message is None:
        raise exc
    error_logger.error(message)
    sys.exit(1)


def _explain(exc: Exception) -> str | None:
    if isinstance(exc, OSError):
        if exc.errno == errno.EADDRINUSE:
            return (
                "Startup failed: Address already in use. \n\n"
                "Ensure no other process is using the same address and port, "
                "or configure the server to use a different port."
            )
        return f"Startup failed due to OS error: {exc.strerror} (errno {exc.errno})"
    if isinstance(exc, ServerError):
        return f"Startup failed due to server error. {exc}"
    return None
