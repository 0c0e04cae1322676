"""With a service manager such as systemd: what it is told, and sockets it hands over."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sanic_fast.server.notify import Notifier
from tests.servers import LIMIT, ROOT, Server, connect, free_port, get, receive_response
from tests.worker.kit import Managed

pytestmark = [pytest.mark.net, pytest.mark.slow, pytest.mark.serial]

APP = """
import os
from sanic_fast import Sanic, json

app = Sanic("activated")

@app.get("/")
async def index(request):
    kept = sorted(name for name in os.environ if name.startswith("LISTEN_"))
    return json([kept, request.ip, str(request.conn_info.server)])
"""
# Hands its sockets over as systemd does, from descriptor 3 on, then becomes the command.
LAUNCH = """
import os, socket, sys

kind, pid, port, *words = sys.argv[1:]
sockets = []
if "t" in kind:
    sockets.append(socket.create_server(("127.0.0.1", int(port))))
if "u" in kind:
    sockets.append(socket.socket(socket.AF_UNIX))
    sockets[-1].bind("here.sock")
    sockets[-1].listen()
if "d" in kind:
    sockets.append(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
high = [os.dup(sock.fileno()) for sock in sockets]
high = [os.dup2(fd, 50 + fd) for fd in high]
for number, fd in enumerate(high, 3):
    os.dup2(fd, number, inheritable=True)
os.environ["LISTEN_FDS"] = str(len(sockets))
os.environ["LISTEN_PID"] = pid if pid != "own" else str(os.getpid())
os.environ["LISTEN_FDNAMES"] = ":".join("name" for _ in sockets)
os.execv(sys.executable, [sys.executable, "-m", "sanic_fast", "srv:app", "--no-motd", *words])
"""


class Manager:
    """The end of a service manager: a socket that takes datagrams.

    Args:
        address: as in `NOTIFY_SOCKET`.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.settimeout(LIMIT)
        self.socket.bind("\0" + address[1:] if address.startswith("@") else address)

    def __enter__(self) -> Manager:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def next(self) -> dict[str, str]:
        """The next message, without signs of life."""
        while True:
            lines = self.socket.recv(4096).decode().split("\n")
            message = dict(line.split("=", 1) for line in lines)
            if message != {"WATCHDOG": "1"}:
                return message


@pytest.fixture(params=["path", "abstract"])
def manager(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Manager]:
    address = str(tmp_path / "notify")
    if request.param == "abstract":
        if sys.platform != "linux":
            pytest.skip("abstract names are Linux's")
        address = f"@sanic-test-{os.getpid()}-{time.monotonic_ns()}"
    with Manager(address) as made:
        yield made


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[Manager]:
    with Manager(str(tmp_path / "notify")) as made:
        yield made


def test_workers_that_serve_reload_and_stop_are_told(manager: Manager, tmp_path: Path) -> None:
    with Managed(tmp_path, 2, wait=False, NOTIFY_SOCKET=manager.address) as server:
        main = str(server.process.pid)
        assert manager.next() == {"READY": "1", "MAINPID": main}
        rows = server.rows()
        assert all(row["serving"] for row in rows.values() if row.get("server"))

        before = time.monotonic_ns() // 1000
        server.process.send_signal(signal.SIGHUP)
        told = manager.next()
        assert told.pop("RELOADING") == "1"
        assert before <= int(told.pop("MONOTONIC_USEC")) <= time.monotonic_ns() // 1000
        assert told == {}
        assert manager.next() == {"READY": "1", "MAINPID": main}
        after = server.rows()
        assert all(
            after[name]["pid"] != row["pid"] for name, row in rows.items() if "server" in row
        )

        server.call("restart", all_workers=True)
        assert manager.next()["RELOADING"] == "1"
        assert manager.next()["READY"] == "1"

        server.process.send_signal(signal.SIGTERM)
        assert manager.next() == {"STOPPING": "1"}
        assert server.wait() == 0


def test_signs_of_life_are_sent_where_they_are_wanted(plain: Manager, tmp_path: Path) -> None:
    env = {"NOTIFY_SOCKET": plain.address, "WATCHDOG_USEC": "100000"}
    with Managed(tmp_path, 1, wait=False, **env) as server:
        while b"READY=1" not in plain.socket.recv(4096):
            pass
        for _ in range(5):
            assert plain.socket.recv(4096) == b"WATCHDOG=1"
        server.process.send_signal(signal.SIGTERM)
        assert plain.next() == {"STOPPING": "1"}
        assert server.wait() == 0


def test_failed_start_is_never_ready(plain: Manager, tmp_path: Path) -> None:
    env = {"NOTIFY_SOCKET": plain.address, "FAIL": "before_server_start"}
    with Managed(tmp_path, 2, wait=False, **env) as server:
        assert server.wait() == 1
    plain.socket.setblocking(False)
    with pytest.raises(BlockingIOError):
        plain.socket.recv(4096)


def test_single_process_tells_too(plain: Manager, tmp_path: Path) -> None:
    (tmp_path / "srv.py").write_text(APP)
    env = {"NOTIFY_SOCKET": plain.address, "WATCHDOG_USEC": "100000"}
    words = ["-m", "sanic_fast", "srv:app", "--single-process", "--port", str(free_port())]
    with Server(tmp_path, *words, env=env) as server:
        assert plain.next() == {"READY": "1", "MAINPID": str(server.process.pid)}
        assert plain.socket.recv(4096) == b"WATCHDOG=1"
        server.process.send_signal(signal.SIGTERM)
        assert plain.next() == {"STOPPING": "1"}
        assert server.wait() == 0


def test_service_manager_that_is_gone_is_no_obstacle(tmp_path: Path) -> None:
    with Managed(tmp_path, 1, NOTIFY_SOCKET=str(tmp_path / "nobody")) as server:
        server.wait_for("The service manager could not be told READY=1")
        assert server.stop() == 0


@pytest.mark.parametrize(
    ("env", "watchdog"),
    [
        ({"WATCHDOG_USEC": "4000000"}, 2.0),
        ({"WATCHDOG_USEC": "4000000", "WATCHDOG_PID": str(os.getpid())}, 2.0),
        ({"WATCHDOG_USEC": "4000000", "WATCHDOG_PID": "1"}, 0.0),
        ({"WATCHDOG_USEC": "x"}, 0.0),
        ({"WATCHDOG_USEC": "4000000", "NOTIFY_SOCKET": ""}, 0.0),
        ({}, 0.0),
    ],
)
def test_signs_of_life_are_for_the_process_that_is_meant(
    monkeypatch: pytest.MonkeyPatch, env: dict[str, str], watchdog: float
) -> None:
    for name in ("WATCHDOG_USEC", "WATCHDOG_PID"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NOTIFY_SOCKET", "/somewhere")
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    assert Notifier.from_environment().watchdog == watchdog


# -- sockets that are handed over


class Launched(Server):
    """The command with inherited sockets.

    Args:
        kind: letters: t(cp), u(nix), d(atagrams).
        pid: whom they are for, in `LISTEN_PID`; "own" for the command itself.
    """

    def __init__(self, folder: Path, kind: str, pid: str = "own", *words: str) -> None:
        (folder / "srv.py").write_text(APP)
        self.number = free_port()
        super().__init__(folder, "-c", LAUNCH, kind, pid, str(self.number), *words)


def ask(sock: socket.socket) -> list[Any]:
    import json

    with sock:
        sock.sendall(get("/", "connection: close"))
        found: list[Any] = json.loads(receive_response(sock).partition(b"\r\n\r\n")[2])
        return found


def ask_unix(path: Path) -> list[Any]:
    sock = socket.socket(socket.AF_UNIX)
    sock.settimeout(LIMIT)
    sock.connect(str(path))
    return ask(sock)


@pytest.mark.parametrize("mode", [["--workers=2"], ["--single-process"], ["--legacy"]])
def test_inherited_sockets_are_served(tmp_path: Path, mode: list[str]) -> None:
    with Launched(tmp_path, "tu", "own", *mode) as server:
        server.wait_for("Worker ready")
        address = f"127.0.0.1:{server.number}"
        assert ask(connect(server.number)) == [[], "127.0.0.1", address]
        kept, ip, place = ask_unix(tmp_path / "here.sock")
        assert (kept, ip) == ([], "") and place.endswith("here.sock")
        assert server.stop() == 0
    # Its file is not ours to remove.
    assert (tmp_path / "here.sock").is_socket()


def test_connection_that_came_before_the_start_is_answered(tmp_path: Path) -> None:
    with Launched(tmp_path, "t") as server:
        end = time.monotonic() + LIMIT
        while True:
            try:
                sock = connect(server.number)
                break
            except ConnectionRefusedError:
                assert time.monotonic() < end, server.output
                time.sleep(0.01)
        assert ask(sock)[1] == "127.0.0.1"
        assert server.stop() == 0


def test_sockets_for_another_process_are_not_ours(tmp_path: Path) -> None:
    port = free_port()
    with Launched(tmp_path, "t", "1", "--port", str(port)) as server:
        server.wait_for("Worker ready")
        kept, *_ = ask(connect(port))
        assert kept == ["LISTEN_FDNAMES", "LISTEN_FDS", "LISTEN_PID"]
        assert server.stop() == 0


def test_descriptor_that_is_no_listening_socket_is_refused(tmp_path: Path) -> None:
    with Launched(tmp_path, "td") as server:
        assert server.wait() == 1
        expected = "Descriptor 4, handed over in LISTEN_FDS, is not a listening socket of streams"
        assert expected in server.output
        assert "Traceback" not in server.output


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not there")
def test_units_of_the_documents_are_valid(tmp_path: Path) -> None:
    """Apart from the program, which is not there."""
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    text = re.sub("/srv/app/.venv/bin/sanic-fast", sys.executable, text)
    units = re.findall(r"```ini\n# (\S+\.(?:service|socket))\n(.*?)```", text, re.S)
    assert len(units) >= 2
    for name, content in units:
        (tmp_path / name).write_text(content.replace("WorkingDirectory=/srv/app\n", ""))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / name) for name, _ in units)],
        capture_output=True,
        text=True,
        timeout=3 * LIMIT,
    )
    wrong = [line for line in done.stderr.splitlines() if str(tmp_path) in line or "app." in line]
    assert wrong == []
