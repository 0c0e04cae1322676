"""What a request may know of its connection."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

__all__ = ("ConnInfo", "Signal")


class Signal:
    """Shared by a server and its protocols: whether the server is stopping."""

    stopped = False


class ConnInfo:
    """Facts about one connection, read from its transport once.

    Attributes:
        ctx: namespace of the user's, one per connection.
        lost: whether the connection is gone.
        client: address of the peer, IPv6 in brackets; "" on a unix socket.
        client_ip: the same without brackets.
        client_port: port of the peer; 0 on a unix socket.
        server: our address, with the port unless it is the scheme's own; the path of a unix socket.
        server_port: our port; 0 on a unix socket.
        server_name: the host name the client asked for in TLS; "" if none.
        ssl: whether the connection is encrypted.
        cert: names and file names of the certificate shown to the client.
        peername, sockname: as the transport gave them.
        network_paths: paths of an HTTP/3 connection, otherwise None or empty.
    """

    __slots__ = (
        "cert",
        "client",
        "client_ip",
        "client_port",
        "ctx",
        "lost",
        "network_paths",
        "peername",
        "server",
        "server_name",
        "server_port",
        "sockname",
        "ssl",
    )

    def __init__(self, transport: Any, unix: Any = None) -> None:
        get = transport.get_extra_info
        self.ctx = SimpleNamespace()
        self.lost = False
        self.peername: Any = None
        self.client = self.client_ip = ""
        self.client_port = self.server_port = 0
        self.server: Any = ""
        self.server_name = ""
        self.ssl = False
        self.cert: dict[str, Any] = {}
        self.network_paths: list[Any] | None = get("network_paths")
        ssl_object = get("ssl_object")
        if ssl_object is not None:
            self.ssl = True
            self.server_name = getattr(ssl_object, "sanic_server_name", None) or ""
            self.cert = getattr(ssl_object.context, "sanic", {})
        self.sockname: Any = get("sockname")
        if isinstance(self.sockname, str):
            # Unix: the name bound first is a passing one, so the configured path is preferred.
            self.server = unix or self.sockname
            self.network_paths = []
            return
        if isinstance(self.sockname, tuple):
            self.server, self.server_port = _bracketed(self.sockname[0]), self.sockname[1]
            if self.server_port != (443 if self.ssl else 80):
                self.server = f"{self.server}:{self.server_port}"
        self.peername = get("peername")
        if isinstance(self.peername, tuple):
            self.client_ip, self.client_port = self.peername[:2]
            self.client = _bracketed(self.client_ip)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
