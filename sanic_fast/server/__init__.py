"""One process serving HTTP."""

from sanic_fast.models.server_types import ConnInfo, Signal
from sanic_fast.server.async_server import AsyncioServer
from sanic_fast.server.loop import try_use_uvloop
from sanic_fast.server.protocols.http_protocol import HttpProtocol
from sanic_fast.server.runners import serve

__all__ = (
    "AsyncioServer",
    "ConnInfo",
    "HttpProtocol",
    "Signal",
    "serve",
    "try_use_uvloop",
)
