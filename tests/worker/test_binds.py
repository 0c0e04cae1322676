"""What workers serve: several apps and binds, factories, TLS, and the command line's variables."""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.servers import LIMIT, Server, connect, free_port, get, receive_response
from tests.worker.kit import Managed

pytestmark = [pytest.mark.net, pytest.mark.slow, pytest.mark.serial]

SEVERAL = """
import os, socket, sys
from sanic_fast import Sanic, text

first, second = Sanic("first"), Sanic("second")

for app in (first, second):
    @app.get("/")
    async def index(request):
        return text(request.app.name)

@second.main_process_start
def ignored(app):
    print("IGNORED", flush=True)

for event in ("before_server_start", "after_server_start",
              "before_server_stop", "after_server_stop"):
    def listener(app, event=event):
        os.write(1, f"SECOND {event}\\n".encode())
    second.listener(listener, event)

if __name__ == "__main__":
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    print("PORT", sock.getsockname()[1], flush=True)
    first.prepare(port=int(sys.argv[1]), workers=int(sys.argv[2]), motd=False)
    first.prepare(unix="./here.sock", workers=2, motd=False)
    second.prepare(sock=sock, workers=1, motd=False)
    second.prepare(unix="./there.sock", workers=1, motd=False)
    Sanic.serve()
"""
FACTORY = """
import os, sys
from functools import partial
from sanic_fast import Sanic, text
from sanic_fast.worker.loader import AppLoader

def make(word):
    app = Sanic("made")

    @app.get("/")
    async def index(request):
        return text(word)

    return app

if __name__ == "__main__":
    loader = AppLoader(factory=partial(make, "by factory"))
    app = loader.load()
    app.prepare(port=int(sys.argv[1]), workers=int(sys.argv[2]), motd=False)
    Sanic.serve(primary=app, app_loader=loader)
"""
TLS = """
import sys
from sanic_fast import Sanic, text

app = Sanic("tls")
app.add_route(lambda request: text(request.scheme), "/")

if __name__ == "__main__":
    app.run(port=int(sys.argv[1]), workers=int(sys.argv[2]), motd=False,
            ssl={"cert": "cert.pem", "key": "key.pem"})
"""
COMMAND = """
from sanic_fast import Sanic, text
app = Sanic("command")
app.add_route(lambda request: text("command"), "/")
"""


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Any]:
    servers: list[Managed] = []

    def start(workers: int, program: str) -> Managed:
        servers.append(Managed(tmp_path, workers, program=program))
        return servers[-1]

    yield start
    for server in servers:
        server.__exit__(None, None, None)


def ask(sock: socket.socket) -> bytes:
    with sock:
        sock.sendall(get("/", "connection: close"))
        return receive_response(sock).rpartition(b"\r\n")[2]


def test_several_apps_and_binds(serve: Any, tmp_path: Path) -> None:
    server = serve(2, SEVERAL)
    place, other = str(tmp_path / "here.sock"), str(tmp_path / "there.sock")
    for _ in range(4):
        assert ask(connect(server.number)) == b"first"
        assert ask(connect(server.port())) == b"second"
        for path, name in ((place, b"first"), (other, b"second")):
            unix = socket.socket(socket.AF_UNIX)
            unix.settimeout(LIMIT)
            unix.connect(path)
            assert ask(unix) == name
    assert server.output.count("SECOND before_server_start\n") == 2
    assert server.output.count("SECOND after_server_start\n") == 2
    assert "IGNORED" not in server.output
    assert "is running with 2 worker(s)." in server.output
    assert "Sanic found 1 listener(s) on secondary applications" in server.output
    assert server.stop() == 0
    assert server.output.count("SECOND before_server_stop\n") == 2
    assert server.output.count("SECOND after_server_stop\n") == 2
    assert "was cancelled before it completed" not in server.output
    assert not os.path.exists(place) and not os.path.exists(other)


def test_one_worker_is_a_child_too_and_a_factory_makes_its_app(serve: Any) -> None:
    server = serve(1, FACTORY)
    assert ask(connect(server.number)) == b"by factory"
    assert f"Worker ready [{server.process.pid}]" not in server.output
    assert server.stop() == 0


def test_tls(serve: Any, tmp_path: Path) -> None:
    authority = trustme.CA()
    certificate = authority.issue_cert("localhost")
    certificate.private_key_pem.write_to_path(str(tmp_path / "key.pem"))
    for blob in certificate.cert_chain_pems:
        blob.write_to_path(str(tmp_path / "cert.pem"), append=True)
    server = serve(2, TLS)
    context = ssl.create_default_context()
    authority.configure_trust(context)
    sock = context.wrap_socket(connect(server.number), server_hostname="localhost")
    assert ask(sock) == b"https"
    assert server.stop() == 0


def test_command_line_takes_port_and_workers_of_the_environment(tmp_path: Path) -> None:
    (tmp_path / "srv.py").write_text(COMMAND)
    port = free_port()
    env = {"PORT": str(port), "WEB_CONCURRENCY": "2"}
    words = ["-m", "sanic_fast", "srv:app", "--no-motd"]
    with Server(tmp_path, *words, env=env) as server:
        server.wait_for("Srv 0")
        server.wait_for("Srv 1")
        assert ask(connect(port)) == b"command"
        assert server.stop() == 0
    with Server(tmp_path, *words, env={"PORT": "eighty"}) as server:
        assert server.wait() == 1
        assert "PORT must be a number, not 'eighty'" in server.output
