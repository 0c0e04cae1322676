"""Protocols of objects that are passed around."""

from __future__ import annotations

from asyncio import BaseTransport
from typing import TYPE_CHECKING

from sanic_fast._types import HTMLProtocol, Range

if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from typing import Any

    from sanic_fast.http.constants import HTTP

__all__ = ("HTMLProtocol", "Range", "TransportProtocol")


class TransportProtocol(BaseTransport):
    """A transport as requests know it.

    Attributes:
        scope: the ASGI scope, if the app runs under an ASGI server.
        version: the HTTP version.
    """

    scope: MutableMapping[str, Any]
    version: HTTP
    __slots__ = ()
