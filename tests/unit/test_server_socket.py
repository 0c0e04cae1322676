"""Listening sockets."""

from __future__ import annotations

import os
import socket
import stat
from pathlib import Path

import pytest

from sanic_fast.server.socket import (
    bind_socket,
    bind_unix_socket,
    configure_socket,
    remove_unix_socket,
)

pytestmark = pytest.mark.net


@pytest.mark.parametrize(
    ("host", "family"),
    [
        ("127.0.0.1", socket.AF_INET),
        ("localhost", socket.AF_INET),
        ("0.0.0.0", socket.AF_INET),
        ("::1", socket.AF_INET6),
    ],
)
def test_bind_socket_takes_the_family_of_the_address(host: str, family: int) -> None:
    if family == socket.AF_INET6 and not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    with bind_socket(host, 0) as sock:
        assert sock.family == family
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR) == 1
        assert sock.get_inheritable()
        socket.create_connection(sock.getsockname()[:2]).close()


def test_bind_socket_on_a_busy_port_raises() -> None:
    with bind_socket("127.0.0.1", 0) as sock:
        with pytest.raises(OSError, match="Address already in use"):
            bind_socket("127.0.0.1", sock.getsockname()[1])


def test_bind_socket_on_an_unknown_host_raises() -> None:
    with pytest.raises(OSError):
        bind_socket("300.1.1.1", 0)


def test_unix_socket_accepts_under_its_name(tmp_path: Path) -> None:
    path = tmp_path / "s"
    with bind_unix_socket(path) as sock:
        assert stat.S_IMODE(path.stat().st_mode) == 0o666
        assert sock.getsockname().startswith(f"{path}.")
        assert os.listdir(tmp_path) == ["s"]
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(path))


def test_unix_socket_takes_over_from_a_running_server(tmp_path: Path) -> None:
    path = str(tmp_path / "s")
    with bind_unix_socket(path) as old, bind_unix_socket(path, mode=0o600) as new:
        assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(path)
            new.settimeout(5)
            new.accept()[0].close()
        old.setblocking(False)
        with pytest.raises(BlockingIOError):
            old.accept()


def test_unix_socket_replaces_one_nobody_serves(tmp_path: Path) -> None:
    path = tmp_path / "s"
    bind_unix_socket(path).close()
    bind_unix_socket(path).close()
    assert os.listdir(tmp_path) == ["s"]


def test_unix_socket_in_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="Socket folder does not exist"):
        bind_unix_socket(tmp_path / "none" / "s")


def test_unix_socket_never_replaces_a_file(tmp_path: Path) -> None:
    path = tmp_path / "s"
    path.write_text("precious")
    with pytest.raises(FileExistsError, match="Existing file is not a socket"):
        bind_unix_socket(path)
    link = tmp_path / "link"
    link.symlink_to(path)
    with pytest.raises(FileExistsError):
        bind_unix_socket(link)
    assert path.read_text() == "precious"


def test_remove_unix_socket_only_where_nobody_accepts(tmp_path: Path) -> None:
    path = tmp_path / "s"
    sock = bind_unix_socket(path)
    remove_unix_socket(path)
    assert path.exists()
    sock.close()
    remove_unix_socket(path)
    assert not path.exists()
    remove_unix_socket(path)
    remove_unix_socket(None)


def test_remove_unix_socket_leaves_files_alone(tmp_path: Path) -> None:
    path = tmp_path / "s"
    path.write_text("precious")
    remove_unix_socket(path)
    assert path.read_text() == "precious"


def settings(**given: object) -> dict[str, object]:
    base = {"host": "127.0.0.1", "port": 0, "sock": None, "unix": None, "backlog": 5, "version": 1}
    return {**base, **given}


def test_configure_socket_binds_tcp() -> None:
    given = settings()
    with configure_socket(given) as sock:
        assert given["sock"] is sock
        assert (given["host"], given["port"]) == (None, None)


def test_configure_socket_keeps_the_users_own() -> None:
    with socket.socket() as own:
        own.bind(("127.0.0.1", 0))
        assert configure_socket(settings(sock=own)) is own
        assert own.get_inheritable()


def test_configure_socket_makes_unix_paths_absolute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    given = settings(unix="s")
    with configure_socket(given):
        assert given["unix"] == tmp_path / "s"


def test_configure_socket_leaves_http3_to_its_worker() -> None:
    assert configure_socket(settings(version=3)) is None
