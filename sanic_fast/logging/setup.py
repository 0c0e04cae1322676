"""Choose the final formatters once it is known whether the app runs in debug mode."""

from __future__ import annotations

import logging
import os

from sanic_fast.helpers import Default, _default
from sanic_fast.logging.formatter import (
    AutoAccessFormatter,
    AutoFormatter,
    DebugAccessFormatter,
    DebugFormatter,
    ProdAccessFormatter,
    ProdFormatter,
)
from sanic_fast.logging.loggers import (
    access_logger,
    error_logger,
    logger,
    server_logger,
    websockets_logger,
)


def setup_logging(
    debug: bool, no_color: bool = False, log_extra: bool | Default = _default
) -> None:
    """Replace the automatic formatters by those for debug or for production.

    Works once per process; later calls do nothing. Only handlers whose formatter is exactly
    `AutoFormatter` or `AutoAccessFormatter` are touched. The two choices are left in the
    environment for worker processes.

    Args:
        debug: short lines with coloured tracebacks instead of full dates.
        no_color: no ANSI sequences even on a terminal.
        log_extra: append the record's extra attributes; the default follows `debug`.
    """
    if AutoFormatter.SETUP:
        return
    if isinstance(log_extra, Default):
        log_extra = debug
    os.environ["SANIC_LOG_EXTRA"] = str(log_extra)
    AutoFormatter.LOG_EXTRA = log_extra
    if no_color:
        os.environ["SANIC_NO_COLOR"] = str(no_color)
        AutoFormatter.NO_COLOR = no_color

    generic = DebugFormatter if debug else ProdFormatter
    access = DebugAccessFormatter if debug else ProdAccessFormatter
    for each in (logger, error_logger, server_logger, websockets_logger):
        _auto_format(each, AutoFormatter, generic)
    _auto_format(access_logger, AutoAccessFormatter, access)
    AutoFormatter.SETUP = True


def _auto_format(
    each: logging.Logger,
    auto_class: type[AutoFormatter],
    formatter_class: type[AutoFormatter],
) -> None:
    for handler in each.handlers:
        if type(handler.formatter) is auto_class:
            handler.setFormatter(formatter_class())
