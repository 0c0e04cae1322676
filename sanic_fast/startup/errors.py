"""Errors of the start that are told in a sentence instead of a traceback."""

from __future__ import annotations

import errno
import ssl
import sys

from sanic_fast.exceptions import ServerError
from sanic_fast.log import error_logger
from sanic_fast.worker.daemon import DaemonError

__all__ = ("explain", "maybe_handle_startup_error")


def maybe_handle_startup_error(exc: Exception) -> None:
    """Log an error whose cause is plain and exit with status 1; raise any other.

    Raises:
        SystemExit: the error was told.
    """
    message = explain(exc)
    if message is None:
        raise exc
    error_logger.error(message)
    sys.exit(1)


def explain(exc: Exception) -> str | None:
    """What to tell the user of an error, or None if its traceback tells more."""
    if isinstance(exc, OSError):
        return _explain_os_error(exc)
    if isinstance(exc, ServerError):
        return f"Startup failed due to server error. {exc}"
    if isinstance(exc, DaemonError):
        return f"Daemon error: {exc}"
    return None


def _explain_os_error(exc: OSError) -> str:
    if exc.errno == errno.EADDRINUSE:
        return (
            "Startup failed: Address already in use. \n\n"
            "Ensure no other process is using the same address and port, "
            "or configure the server to use a different port."
        )
    if isinstance(exc, ssl.SSLError):
        return f"Startup failed: the certificate or its key cannot be used: {exc.reason or exc}"
    if exc.errno is None:  # one of ours, which says it all
        return f"Startup failed due to OS error: {exc}"
    text = f"Startup failed due to OS error: {exc.strerror} (errno {exc.errno})"
    return f"{text}: {exc.filename}" if exc.filename is not None else text
