"""Closing the connections of a server that stops accepting."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import Any

from sanic_fast._core.protocol import begin_drain

__all__ = ("abort_all", "drain")

STEP = 0.1  # s between two looks at the connections that are left
FIRST_STEP = 0.005  # s; most drains are over at the first or second look


async def drain(connections: Collection[Any], timeout: float, idle: float = 0.0) -> float:
    """Let requests under way finish; close each connection as soon as it is idle.

    Every connection sends `connection: close` with its next response and closes after it, so that
    no client is served beyond the request it had begun. Idle ones are closed after `idle` seconds:
    a request may be on its way on them, and one on a new connection is not repeated by clients.

    Args:
        connections: the live set of protocols; they remove themselves from it.
        timeout: seconds to wait at most.
        idle: seconds to wait for a request on idle connections.

    Returns:
        The seconds that were not needed.
    """
    begin_drain(connections)
    loop = asyncio.get_running_loop()
    begun = loop.time()
    end = begun + timeout
    step = FIRST_STEP
    while connections and (left := end - loop.time()) > 0:
        if loop.time() >= begun + idle:
            for connection in list(connections):
                connection.close_if_idle()
        await asyncio.sleep(min(step, left))
        step = min(step * 2, STEP)
    return max(0.0, end - loop.time())


def abort_all(connections: Collection[Any]) -> None:
    """End what outlived the drain: websockets with code 1001, anything else without a word."""
    for connection in list(connections):
        websocket = getattr(connection, "websocket", None)
        if websocket is not None:
            websocket.fail_connection(code=1001)
        else:
            connection.abort()
