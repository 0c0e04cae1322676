"""One process serving, from the outside: listeners in order, signals, drain, exit status."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import LIMIT, Server, connect, get, receive_response, receive_until_closed

pytestmark = [pytest.mark.net, pytest.mark.slow]

APP = """
import asyncio, logging, os, signal, socket
from sanic_fast import Sanic, text

app = Sanic("lifecycle")
app.config.GRACEFUL_SHUTDOWN_TIMEOUT = float(os.environ.get("DRAIN", "15"))

@app.get("/")
async def index(request):
    return text(str(os.getpid()))

@app.get("/slow")
async def slow(request):
    print("SLOW", flush=True)
    while not (os.path.exists("go") and request.protocol.stopping):
        await asyncio.sleep(0.01)
    return text("done")

for event in (
    "main_process_start", "main_process_ready", "main_process_stop",
    "before_server_start", "after_server_start", "before_server_stop", "after_server_stop",
):
    def listener(app, event=event):
        print("EVENT", event, flush=True)
        if os.environ.get("FAIL") == event:
            raise RuntimeError(f"no {event}")
    app.listener(listener, event)

@app.before_server_start
async def background(app):
    async def work(app):
        try:
            await asyncio.sleep(600)
        except asyncio.CancelledError:
            print("TASK cancelled", flush=True)
            raise
    app.add_task(work, name="work")

@app.after_server_start
async def maybe_stop(app):
    if os.environ.get("STOP"):
        app.stop()

class KillAt(logging.Handler):
    def emit(self, record):
        if os.environ["KILL_AT"] in record.getMessage():
            os.kill(os.getpid(), signal.SIGTERM)

if "KILL_AT" in os.environ:
    logging.getLogger("sanic.server").addHandler(KillAt())
if "UVLOOP" in os.environ:
    app.config.USE_UVLOOP = os.environ["UVLOOP"] == "1"

if __name__ == "__main__":
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    print("PORT", sock.getsockname()[1], flush=True)
    app.run(sock=sock, motd=False, single_process=not os.environ.get("MANAGED"))
    print("AFTER", app.state.is_running, app.state.stage.name, flush=True)
"""
WORKER_EVENTS = [
    "before_server_start",
    "after_server_start",
    "before_server_stop",
    "after_server_stop",
]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[object]:
    servers: list[Server] = []

    def start(**env: str) -> Server:
        program = tmp_path / "program.py"
        program.write_text(APP)
        server = Server(tmp_path, str(program), env=env)
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.__exit__(None, None, None)


def go(server: Server) -> None:
    """Let the slow handlers of a program go on."""
    (server.log.parent / "go").touch()


def stopping(server: Server) -> None:
    """Ask a server to stop and wait until it does."""
    server.process.send_signal(signal.SIGTERM)
    server.wait_for("EVENT before_server_stop")


def events(server: Server) -> list[str]:
    return [line[6:] for line in server.output.splitlines() if line.startswith("EVENT ")]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_when_idle_stops_with_status_0(serve, number) -> None:
    server = serve()
    server.port()
    assert server.stop(number) == 0
    assert events(server) == WORKER_EVENTS
    logged = ["Starting worker", "Worker ready", "Stopping worker", "Worker complete"]
    places = [server.output.index(text) for text in [*logged, "Server Stopped", "AFTER"]]
    assert places == sorted(places)
    assert "AFTER False STOPPED" in server.output


def test_single_process_when_serving_then_handler_runs_in_the_started_process(serve) -> None:
    server = serve()
    with connect(server.port()) as client:
        client.sendall(get())
        response = receive_response(client)
    assert response.endswith(str(server.process.pid).encode())
    assert server.stop() == 0


def test_request_under_way_when_stopped_then_is_finished_and_closed(serve) -> None:
    server = serve()
    with connect(server.port()) as client:
        client.sendall(get("/slow"))
        server.wait_for("SLOW")
        stopping(server)
        go(server)
        response = receive_until_closed(client)
    assert response.endswith(b"done")
    assert b"connection: close" in response.lower()
    assert server.wait() == 0


def test_idle_connection_when_stopped_then_closes_before_the_drain_ends(serve) -> None:
    server = serve()
    port = server.port()
    with connect(port) as idle, connect(port) as busy:
        idle.sendall(get())
        receive_response(idle)
        busy.sendall(get("/slow"))
        server.wait_for("SLOW")
        stopping(server)
        # The busy one is not done yet: the idle one does not wait for it.
        assert receive_until_closed(idle) == b""
        go(server)
        assert receive_until_closed(busy).endswith(b"done")
    assert server.wait() == 0


def test_new_connection_when_draining_then_is_refused(serve) -> None:
    server = serve()
    port = server.port()
    with connect(port) as busy:
        busy.sendall(get("/slow"))
        server.wait_for("SLOW")
        stopping(server)
        deadline = time.monotonic() + LIMIT
        while time.monotonic() < deadline:
            try:
                connect(port).close()
            except ConnectionRefusedError:
                break
        else:
            raise AssertionError("still accepting")
        go(server)
        assert receive_until_closed(busy).endswith(b"done")
    assert server.wait() == 0


def test_handler_when_longer_than_the_drain_then_is_aborted(serve) -> None:
    server = serve(DRAIN="0.3")
    with connect(server.port()) as client:
        client.sendall(get("/slow"))
        server.wait_for("SLOW")
        server.process.send_signal(signal.SIGTERM)
        assert receive_until_closed(client) == b""
    assert server.wait() == 0
    assert events(server) == WORKER_EVENTS


def test_registered_task_when_stopped_then_is_cancelled(serve) -> None:
    server = serve()
    server.port()
    assert server.stop() == 0
    assert "TASK cancelled" in server.output
    assert "was destroyed but it is pending" not in server.output


def test_stop_when_called_by_a_start_listener_then_is_orderly(serve) -> None:
    server = serve(STOP="1")
    assert server.wait() == 0
    assert events(server) == WORKER_EVENTS
    assert "AFTER False STOPPED" in server.output


@pytest.mark.parametrize("uvloop", ["0", "1"])
@pytest.mark.parametrize("text", ["Worker ready", "Stopping worker"])
def test_signal_when_between_two_phases_then_is_not_lost(serve, text, uvloop) -> None:
    server = serve(KILL_AT=text, UVLOOP=uvloop)
    if text != "Worker ready":
        server.port()
        server.process.send_signal(signal.SIGTERM)
    assert server.wait() == 0
    assert events(server) == WORKER_EVENTS


@pytest.mark.parametrize("event", ["before_server_start", "after_server_start"])
def test_start_listener_when_it_fails_then_exits_with_status_1(serve, event) -> None:
    server = serve(FAIL=event)
    assert server.wait() == 1
    assert "Experienced exception while trying to serve" in server.output
    assert f"RuntimeError: no {event}" in server.output
    assert "Server Stopped" in server.output


def test_stop_listener_when_it_fails_then_the_rest_of_the_stop_runs(serve) -> None:
    server = serve(FAIL="before_server_stop")
    with connect(server.port()) as client:
        client.sendall(get())
        receive_response(client)
        assert server.stop() == 1
        assert receive_until_closed(client) == b""
    assert events(server) == WORKER_EVENTS
    assert "RuntimeError: no before_server_stop" in server.output


def test_serve_when_not_single_process_then_runs_main_process_listeners(serve) -> None:
    server = serve(MANAGED="1")
    server.port()
    assert server.stop() == 0
    assert events(server) == [
        "main_process_start",
        "main_process_ready",
        *WORKER_EVENTS,
        "main_process_stop",
    ]


def test_many_idle_connections_when_stopped_then_all_close(serve) -> None:
    server = serve()
    port = server.port()
    clients = [connect(port) for _ in range(100)]
    try:
        for client in clients:
            client.sendall(get())
        for client in clients:
            receive_response(client)
        assert server.stop() == 0
        assert all(receive_until_closed(client) == b"" for client in clients)
    finally:
        for client in clients:
            client.close()
    assert "pending" not in server.output


def test_server_when_stopped_then_leaves_no_process(serve) -> None:
    server = serve()
    server.port()
    pid = server.process.pid
    assert server.stop() == 0
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
