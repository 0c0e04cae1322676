"""The logger objects. Their names stay `sanic.*`, as programs configure them by name."""

from __future__ import annotations

import logging

from sanic_fast.logging.filter import VerbosityFilter

_verbosity_filter = VerbosityFilter()

#: General messages.
logger = logging.getLogger("sanic.root")
#: Exceptions and other faults.
error_logger = logging.getLogger("sanic.error")
#: One record per response.
access_logger = logging.getLogger("sanic.access")
#: Life of servers and workers.
server_logger = logging.getLogger("sanic.server")
#: Life of websocket connections.
websockets_logger = logging.getLogger("sanic.websockets")

for _logger in (logger, error_logger, access_logger, server_logger, websockets_logger):
    _logger.addFilter(_verbosity_filter)
# The protocol library is talkative; the default configuration raises this to INFO.
websockets_logger.setLevel(logging.WARNING)
