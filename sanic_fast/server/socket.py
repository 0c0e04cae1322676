"""Listening sockets: TCP and unix.

Bound in the main process and inherited by the workers, so that a reload never closes the port.
"""

from __future__ import annotations

import os
import secrets
import socket
import stat
from ipaddress import ip_address
from pathlib import Path
from typing import Any

__all__ = (
    "bind_again",
    "bind_socket",
    "bind_unix_socket",
    "configure_socket",
    "inherited_sockets",
    "remove_unix_socket",
)

FIRST_INHERITED = 3  # number of the first descriptor a service manager hands over


def bind_socket(
    host: str, port: int, *, backlog: int = 100, reuse_port: bool = False
) -> socket.socket:
    """Bind and listen on a TCP address.

    An IPv4 or IPv6 literal decides the family; any other host name uses IPv4.

    Args:
        backlog: length of the queue of connections not yet accepted.
        reuse_port: other sockets may be bound to the same address.

    Raises:
        OSError: the address cannot be bound.
        ValueError: this system has no SO_REUSEPORT.
    """
    family = socket.AF_INET
    try:
        address = ip_address(host)
    except ValueError:
        pass
    else:
        host = str(address)
        if address.version == 6:
            family = socket.AF_INET6
    return _listen(family, (host, port), backlog, reuse_port)


def bind_again(sock: socket.socket, backlog: int) -> socket.socket:
    """Bind and listen once more on the address of a socket made with `reuse_port`.

    Raises:
        OSError: the address cannot be bound.
    """
    return _listen(sock.family, sock.getsockname(), backlog, True)


def _listen(family: int, address: Any, backlog: int, reuse_port: bool) -> socket.socket:
    if reuse_port and not hasattr(socket, "SO_REUSEPORT"):
        raise ValueError("REUSE_PORT is set, but this system has no SO_REUSEPORT")
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if reuse_port:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        sock.bind(address)
        sock.listen(backlog)
        sock.set_inheritable(True)
    except BaseException:
        sock.close()
        raise
    return sock


def bind_unix_socket(path: Path | str, *, mode: int = 0o666, backlog: int = 100) -> socket.socket:
    """Bind and listen on a unix socket, taking over an existing one without a gap.

    The socket is bound under a random name in the same folder and then renamed over `path`: a
    client finds either the old server or the new one, never none.

    Raises:
        FileNotFoundError: the folder does not exist.
        FileExistsError: something that is not a socket is at `path`.
    """
    # The name as given, not resolved: a symbolic link is replaced, not followed.
    path = os.path.abspath(path)
    folder = os.path.dirname(path)
    if not os.path.isdir(folder):
        raise FileNotFoundError(f"Socket folder does not exist: {folder}")
    if os.path.lexists(path) and not stat.S_ISSOCK(os.lstat(path).st_mode):
        raise FileExistsError(f"Existing file is not a socket: {path}")
    temporary = f"{path}.{secrets.token_urlsafe()[:10]}"
    sock = socket.socket(socket.AF_UNIX)
    try:
        sock.bind(temporary)
        try:
            os.chmod(temporary, mode)
            sock.listen(backlog)
            os.rename(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise
        sock.set_inheritable(True)
    except OSError as error:
        sock.close()
        if error.filename is None:
            error.filename = path  # `bind` does not tell
        raise
    return sock


def remove_unix_socket(path: Path | str | None) -> None:
    """Remove the file of a unix socket, if it is one and no server accepts on it any more."""
    if not path:
        return
    try:
        if not stat.S_ISSOCK(os.lstat(path).st_mode):
            return
        with socket.socket(socket.AF_UNIX) as probe:
            probe.connect(os.fspath(path))
    except ConnectionRefusedError:
        os.unlink(path)
    except FileNotFoundError:
        # Another server's shutdown was quicker.
        return


def inherited_sockets() -> list[socket.socket]:
    """The listening sockets a service manager such as systemd handed over to this process.

    As sd_listen_fds(3) has it: `LISTEN_FDS` counts them and `LISTEN_PID` says whom they are for.
    Both are taken out of the environment, as they are not for our children.

    Raises:
        OSError: one is not a listening socket of streams.
    """
    count = os.environ.get("LISTEN_FDS", "")
    if os.environ.get("LISTEN_PID") != str(os.getpid()) or not count.isdecimal():
        return []
    for name in ("LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES"):
        os.environ.pop(name, None)
    return [_inherited(fd) for fd in range(FIRST_INHERITED, FIRST_INHERITED + int(count))]


def _inherited(fd: int) -> socket.socket:
    wrong = f"Descriptor {fd}, handed over in LISTEN_FDS, is not a listening socket of streams"
    try:
        sock = socket.socket(fileno=fd)
        listens = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
    except OSError as error:
        raise OSError(f"{wrong}: {error.strerror}") from None
    if not listens or sock.type != socket.SOCK_STREAM:
        raise OSError(wrong)
    sock.set_inheritable(False)
    return sock


def configure_socket(server_settings: dict[str, Any]) -> socket.socket | None:
    """Give one server definition its listening socket and return it.

    A socket the user bound is kept. HTTP/3 has none: its worker binds UDP by itself. The settings
    are changed: a TCP socket goes to `sock` in place of `host` and `port`, `unix` becomes absolute,
    and `reuse_port` remains only for a socket that is bound here.

    Raises:
        OSError: the address cannot be bound.
        ValueError: `reuse_port` is set, and this system has none.
    """
    if server_settings.get("version") == 3:
        return None
    backlog = server_settings["backlog"]
    reuse_port = server_settings.pop("reuse_port", False)
    if unix := server_settings.get("unix"):
        server_settings["unix"] = path = Path(unix).absolute()
        return bind_unix_socket(path, backlog=backlog)
    sock: socket.socket | None = server_settings.get("sock")
    if sock is None:
        where = server_settings["host"], server_settings["port"]
        sock = bind_socket(*where, backlog=backlog, reuse_port=reuse_port)
        if reuse_port:
            server_settings["reuse_port"] = True
    sock.set_inheritable(True)
    server_settings["sock"] = sock
    server_settings["host"] = None
    server_settings["port"] = None
    return sock
