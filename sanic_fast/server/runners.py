"""`serve()`: one bind of one app, in this process."""

from __future__ import annotations

import asyncio
import socket
from functools import partial
from ssl import SSLContext
from typing import TYPE_CHECKING, Any

from sanic_fast.exceptions import ServerError
from sanic_fast.http.constants import HTTP
from sanic_fast.models.server_types import Signal
from sanic_fast.server.accepting import Acceptor
from sanic_fast.server.async_server import AsyncioServer, Deferred
from sanic_fast.server.protocols.http_protocol import HttpProtocol
from sanic_fast.server.runner import Secondary, ServerRunner
from sanic_fast.server.socket import bind_unix_socket, remove_unix_socket

if TYPE_CHECKING:
    from sanic_fast._types import AppLike

__all__ = ("make_server", "serve")


def serve(
    host: str | None,
    port: int | None,
    app: AppLike,
    ssl: SSLContext | None = None,
    sock: socket.socket | None = None,
    unix: Any = None,
    reuse_port: bool = False,
    loop: asyncio.AbstractEventLoop | None = None,
    protocol: Any = HttpProtocol,
    backlog: int = 100,
    register_sys_signals: bool = True,
    run_multiple: bool = False,
    run_async: bool = False,
    connections: set[Any] | None = None,
    signal: Signal | None = None,
    state: dict[str, Any] | None = None,
    asyncio_server_kwargs: dict[str, Any] | None = None,
    version: HTTP | int = HTTP.VERSION_1,
    *,
    secondaries: list[Secondary] | None = None,
) -> AsyncioServer | None:
    """Serve an app until it is stopped, or make the server object for a running loop.

    Args:
        host, port: TCP address, unless `sock` or `unix` is given.
        ssl: context for TLS.
        unix: path of a unix socket.
        loop: event loop; a new one otherwise, closed at the end.
        protocol: class of the connections' protocols.
        backlog: length of the queue of connections not yet accepted.
        register_sys_signals: stop on SIGINT and SIGTERM.
        run_multiple: this is one worker of several.
        run_async: return the server instead of running it.
        connections: live set of the protocols.
        state: counters, shared with the protocols.
        asyncio_server_kwargs: passed on to `loop.create_server`.
        secondaries: further servers of this process.

    Raises:
        OSError: the address cannot be bound.
        ServerError: HTTP/3 was asked for.
    """
    if version == HTTP.VERSION_3:
        raise ServerError("Cannot run HTTP/3 server without aioquic installed. ")
    own_loop = loop is None
    if loop is None:
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
    if app.debug:
        loop.set_debug(True)
    if signal is None:
        signal = Signal()
    signal.stopped = False
    server = make_server(
        app,
        loop,
        *(host, port, ssl, sock, unix, reuse_port, protocol, backlog),
        connections=set() if connections is None else connections,
        signal=signal,
        state=state,
        asyncio_server_kwargs=asyncio_server_kwargs,
    )
    if run_async:
        return server
    runner = ServerRunner(
        server,
        secondaries=secondaries,
        register_sys_signals=register_sys_signals,
        stop_signal=signal,
        worker=run_multiple,
    )
    try:
        runner.run()
    finally:
        if own_loop:
            # The loop stays current: programs ask for one after a run, and get it closed.
            loop.close()
        if unix and not run_multiple:
            remove_unix_socket(unix)
    return None


def make_server(
    app: Any,
    loop: asyncio.AbstractEventLoop,
    host: str | None,
    port: int | None,
    ssl: SSLContext | None,
    sock: socket.socket | None,
    unix: Any,
    reuse_port: bool,
    protocol: Any,
    backlog: int,
    *,
    connections: set[Any],
    signal: Signal,
    state: dict[str, Any] | None,
    asyncio_server_kwargs: dict[str, Any] | None,
) -> AsyncioServer:
    """The server object, bound when it is first awaited. Arguments as for `serve`."""
    factory = partial(
        protocol,
        loop=loop,
        connections=connections,
        signal=signal,
        app=app,
        state={"requests_count": 0} if state is None else state,
        unix=unix,
        **_websocket_settings(protocol, app.config),
    )
    acceptor = Acceptor(factory, ssl, connections)

    async def bind() -> asyncio.AbstractServer:
        listening = sock
        if unix and listening is None:
            listening = bind_unix_socket(unix, backlog=backlog)
        where: dict[str, Any] = {"sock": listening}
        if listening is None:
            where = {"host": host, "port": port, "reuse_port": reuse_port or None}
        return await loop.create_server(
            acceptor,
            ssl=ssl,
            backlog=backlog,
            start_serving=False,
            **(where | (asyncio_server_kwargs or {})),
        )

    return AsyncioServer(
        app, loop, Deferred(bind), connections, acceptor=acceptor, signal=signal
    )


def _websocket_settings(protocol: Any, config: Any) -> dict[str, Any]:
    """Limits and timeouts that only a protocol with websockets takes."""
    if not hasattr(protocol, "websocket_handshake"):
        return {}
    return {
        "websocket_max_size": config.WEBSOCKET_MAX_SIZE,
        "websocket_ping_timeout": config.WEBSOCKET_PING_TIMEOUT,
        "websocket_ping_interval": config.WEBSOCKET_PING_INTERVAL,
    }
