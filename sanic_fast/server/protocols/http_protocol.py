"""The public face of the HTTP/1.1 protocol."""

from __future__ import annotations

from sanic_fast.server.protocols.base_protocol import SanicProtocol

__all__ = ("HttpProtocol",)


class HttpProtocol(SanicProtocol):
    """One HTTP/1.1 connection; subclass it and pass it as `app.run(protocol=...)`.

    All work is done in the compiled base; this class has a `__dict__`, so that a subclass may keep
    what it likes.

    Args:
        loop: the running event loop.
        app: the application.
        signal: tells whether the server is stopping.
        connections: live set this protocol is in while it is connected.
        state: counters of the server.
        unix: path of the unix socket it listens on.
    """
