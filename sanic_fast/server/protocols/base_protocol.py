"""What all protocols have in common."""

from __future__ import annotations

import asyncio

from sanic_fast._core.protocol import HttpProtocolBase, install_hooks
from sanic_fast.models.server_types import ConnInfo
from sanic_fast.server.sendfile import send_file

__all__ = ("SanicProtocol",)

install_hooks(conn_info=ConnInfo, send_file=send_file)


class SanicProtocol(HttpProtocolBase, asyncio.BufferedProtocol):
    """Base of every protocol, for `isinstance` and annotations.

    Event loops take bytes straight into the buffer of a `BufferedProtocol`: there is no
    `data_received`.
    """

    __slots__ = ()
