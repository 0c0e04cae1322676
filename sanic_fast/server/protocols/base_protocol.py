"""What all our protocols have in common."""

from __future__ import annotations

import asyncio

__all__ = ("SanicProtocol",)


class SanicProtocol(asyncio.BufferedProtocol):
    """Base of every protocol of ours, for `isinstance` and annotations; has no behaviour.

    Event loops take bytes straight into the buffer of a `BufferedProtocol`.
    """

    __slots__ = ()
