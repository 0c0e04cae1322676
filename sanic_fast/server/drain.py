"""Ending the connections of a server that stops accepting."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable
from typing import Any

from sanic_fast._core.protocol import begin_drain, close_idle

__all__ = ("IDLE_TIMEOUT", "cut_off", "drain", "idle_window")

IDLE_TIMEOUT = 2.0  # s for a request that is on its way to a process that stops
FRESH = 0.5  # s for the first request of a new connection, and for its TLS handshake
CLEANUP = 1.0  # s that cancelled handlers have for it
STEP = 0.1  # s between two looks at the connections that are left
FIRST_STEP = 0.005  # s; most drains are over at the first or second look


def idle_window(config: Any, default: float) -> float:
    """Seconds that idle connections stay: GRACEFUL_IDLE_TIMEOUT, or `default` if it is not set.

    Never more than half of GRACEFUL_SHUTDOWN_TIMEOUT.
    """
    wanted = float(config.get("GRACEFUL_IDLE_TIMEOUT", default))
    return min(wanted, float(config.GRACEFUL_SHUTDOWN_TIMEOUT) / 2)


async def drain(
    connections: Collection[Any],
    timeout: float,
    idle: float = 0.0,
    *,
    handshakes: Iterable[Any] = (),
    hurried: Callable[[], bool] | None = None,
) -> float:
    """Let requests under way finish; close each connection when it has nothing more to do.

    The last request that a connection has sent is answered with `connection: close`. A connection
    without a request is kept for `idle` seconds: one may be on its way. In the second half of the
    time, each connection's next answer is its last. Websockets are told 1001 at once.

    Args:
        connections: the live set of protocols; they remove themselves from it.
        timeout: seconds to wait at most.
        idle: seconds to wait for a request on a connection.
        handshakes: protocols that may be in a TLS handshake, and join `connections` after it.
        hurried: tells that somebody does not want to wait any longer.

    Returns:
        The seconds that were not needed.
    """
    loop = asyncio.get_running_loop()
    begun = loop.time()
    end = begun + timeout
    step = FIRST_STEP
    while True:
        now = loop.time()
        # Again and again: there may be new ones, accepted before.
        begin_drain(connections, now - begun > timeout / 2)
        close_idle(connections, idle, FRESH)
        shaking = now - begun < max(idle, FRESH) and any(each.wire is None for each in handshakes)
        if now >= end or not (connections or shaking) or (hurried is not None and hurried()):
            return max(0.0, end - now)
        await asyncio.sleep(min(step, end - now))
        step = min(step * 2, STEP)


async def cut_off(connections: Collection[Any]) -> None:
    """End what outlived the drain: websockets with code 1001, anything else without a word.

    Returns when the handlers, which are cancelled by that, have cleaned up, or after a second.
    """
    cut = list(connections)
    tasks = {connection.task for connection in cut} - {None, asyncio.current_task()}
    for connection in cut:
        websocket = getattr(connection, "websocket", None)
        if websocket is not None:
            websocket.fail_connection(code=1001)
        else:
            connection.abort()
    if tasks:
        await asyncio.wait(tasks, timeout=CLEANUP)
    for connection in list(connections):
        connection.abort()
    await asyncio.sleep(0)  # the transports tell their protocols
