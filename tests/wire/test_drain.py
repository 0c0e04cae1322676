"""What clients see of a server that stops, in every way of running and on every kind of socket."""

from __future__ import annotations

import resource
import signal
import socket
import time
from pathlib import Path

import pytest

from tests.servers import get, receive_until_closed
from tests.wire.kit.draining import Draining, more, one_answer

pytestmark = [pytest.mark.net, pytest.mark.slow]

# Every way of running, every kind of socket and both loops, each at least once.
WAYS = [
    ("single", "tcp", "uvloop"),
    ("workers", "tcp", "uvloop"),
    ("embedded", "tcp", "asyncio"),
    ("single", "tls", "asyncio"),
    ("workers", "unix", "uvloop"),
    ("embedded", "tls", "uvloop"),
]


@pytest.fixture(params=WAYS, ids="-".join)
def way(request) -> tuple[str, str, str]:
    return request.param


def post(path: str, size: int, *headers: str) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "host: test", f"content-length: {size}", *headers, "", ""]
    return "\r\n".join(lines).encode()


def finish(server: Draining) -> None:
    """The server ends by itself and in order."""
    assert server.wait() == 0, server.output
    assert "STOPPED" in server.output and "RETURNED" in server.output
    for word in ("Traceback", "pending", "never retrieved"):
        assert word not in server.output, server.output


def test_requests_under_way_and_pipelined_are_answered_in_order(tmp_path: Path, way) -> None:
    with Draining(tmp_path, *way) as server:
        with server.connect() as client:
            client.sendall(get("/gate/1") + get("/gate/2") + get("/"))
            server.wait_for("GATE 1")
            server.begin_stop()
            client.sendall(get("/gate/3"))
            time.sleep(0.05)  # on its way
            server.open_gate()
            answers = receive_until_closed(client).lower().split(b"http/1.1 200 ok")[1:]
            bodies = [answer.partition(b"\r\n\r\n")[2] for answer in answers]
            assert bodies == [b"gate 1", b"gate 2", b"index", b"gate 3"]
            closing = [b"connection: close" in answer for answer in answers]
            assert closing == [False, False, False, True]
        finish(server)


def test_bodies_under_way_are_completed(tmp_path: Path, way) -> None:
    with Draining(tmp_path, *way) as server:
        with (
            server.connect() as up,
            server.connect() as whole,
            server.connect() as down,
            server.connect() as head,
        ):
            up.sendall(post("/upload", 200_000) + b"x" * 1000)
            whole.sendall(post("/whole", 5000, "expect: 100-continue"))
            assert b"100 Continue" in more(whole)
            whole.sendall(b"x" * 100)
            down.sendall(get("/pieces"))
            first = more(down)
            head.sendall(get()[:20])
            server.wait_for("UPLOAD")
            server.begin_stop()
            server.open_gate()
            up.sendall(b"x" * 199_000)
            whole.sendall(b"x" * 4900)
            head.sendall(get()[20:])
            for client, body in ((up, b"200000"), (whole, b"5000"), (head, b"index")):
                answer = one_answer(client)
                assert answer.endswith(b"\r\n\r\n" + body)
                assert b"connection: close" in answer
                assert receive_until_closed(client) == b""
            streamed = first + receive_until_closed(down)
            assert streamed.count(b"x" * 10000) == 100
            assert streamed.endswith(b"\r\n0\r\n\r\n")
        finish(server)


def test_idle_connection_is_kept_for_a_request_on_its_way(tmp_path: Path, way) -> None:
    with Draining(tmp_path, *way, IDLE="7") as server:
        with server.connect() as used, server.connect() as new:
            used.sendall(get())
            one_answer(used)
            server.begin_stop()
            for client in (used, new):
                client.sendall(get())
                answer = one_answer(client)
                assert answer.endswith(b"index") and b"connection: close" in answer
                assert receive_until_closed(client) == b""
        finish(server)


@pytest.mark.parametrize("mode", ["single", "workers"])
def test_idle_connection_closes_when_no_request_comes(tmp_path: Path, mode: str) -> None:
    """On SIGTERM it is kept unless told otherwise, for half of the time at most."""
    with Draining(tmp_path, mode, LIMIT="1") as server:
        with server.connect() as client:
            client.sendall(get())
            one_answer(client)
            server.process.send_signal(signal.SIGTERM)
            assert receive_until_closed(client) == b""
        finish(server)


def test_websockets_are_told_1001(tmp_path: Path, way) -> None:
    with Draining(tmp_path, *way) as server:
        peers = []
        for path in ("/ws", "/busy"):
            sock = server.connect()
            sock.sendall(
                get(
                    path,
                    *("connection: upgrade", "upgrade: websocket", "sec-websocket-version: 13"),
                    "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==",
                )
            )
            data = b""
            while b"\r\n\r\n" not in data:
                data += more(sock)
            assert data.startswith(b"HTTP/1.1 101")
            peers.append((sock, data.partition(b"\r\n\r\n")[2]))
        while server.output.count("WEBSOCKET") < 2:
            time.sleep(0.02)
        server.begin_stop()
        for sock, data in peers:
            while len(data) < 4:
                data += more(sock)
            assert data == b"\x88\x02\x03\xe9"
            sock.sendall(b"\x88\x82\0\0\0\0\x03\xe9")
            assert receive_until_closed(sock) == b""
            sock.close()
        finish(server)


def test_handler_that_does_not_end_is_cancelled_and_cleans_up(tmp_path: Path, way) -> None:
    with Draining(tmp_path, *way, LIMIT="0.5") as server:
        with server.connect() as client:
            client.sendall(get("/never"))
            server.wait_for("NEVER")
            server.begin_stop()
            assert receive_until_closed(client) == b""
        finish(server)
        # Its clean-up still finds what `after_server_stop` takes away.
        assert server.output.index("CLEANED") < server.output.index("STOPPED")


def test_backlog_is_not_lost(tmp_path: Path, way) -> None:
    """Connections that came while the process was busy, before it was told to stop."""
    with Draining(tmp_path, *way) as server:
        with server.connect() as busy:
            busy.sendall(get("/block"))
            server.wait_for("BLOCKED")
            waiting = [server.connect(handshake=False) for _ in range(30)]
            if server.context is None:
                for client in waiting:
                    client.sendall(get())
            server.process.send_signal(signal.SIGTERM)
            server.open_gate()
            for client in waiting:
                client = server.wrap(client)
                if server.context is not None:
                    client.sendall(get())
                assert one_answer(client).endswith(b"index")
                client.close()
            assert receive_until_closed(busy).endswith(b"block")
        finish(server)


@pytest.mark.parametrize("loop", ["uvloop", "asyncio"])
def test_ctrl_c_ends_a_single_process_with_a_thousand_idle_connections(
    tmp_path: Path, loop: str
) -> None:
    end_with_many(Draining(tmp_path, "single", loop=loop), signal.SIGINT)


@pytest.mark.parametrize("loop", ["uvloop", "asyncio"])
def test_close_ends_an_embedded_server_with_a_thousand_idle_connections(
    tmp_path: Path, loop: str
) -> None:
    end_with_many(Draining(tmp_path, "embedded", loop=loop), signal.SIGTERM)


def test_sigterm_ends_workers_with_a_thousand_idle_connections(tmp_path: Path) -> None:
    end_with_many(Draining(tmp_path, "workers"), signal.SIGTERM)


def end_with_many(server: Draining, number: int) -> None:
    """Half of the connections were used, half of them never."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 1100:
        pytest.skip("not enough descriptors")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 1100), hard))
    clients: list[socket.socket] = []
    with server:
        try:
            for at in range(1000):
                clients.append(server.connect())
                if at % 2:
                    clients[-1].sendall(get())
                    one_answer(clients[-1])
            server.process.send_signal(number)
            finish(server)
            assert all(receive_until_closed(client) == b"" for client in clients)
        finally:
            for client in clients:
                client.close()
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_second_signal_does_not_wait_for_requests(tmp_path: Path) -> None:
    with Draining(tmp_path, "single", LIMIT="600") as server:
        with server.connect() as client:
            client.sendall(get("/never"))
            server.wait_for("NEVER")
            server.begin_stop(signal.SIGINT)
            server.process.send_signal(signal.SIGINT)
            assert receive_until_closed(client) == b""
        finish(server)


def test_request_sent_right_after_the_last_answer_does_not_destroy_it(tmp_path: Path) -> None:
    """A client that did not know of the end yet: its answer must not be lost to a reset."""
    with Draining(tmp_path, "single", IDLE="5") as server:
        with server.connect() as client:
            client.sendall(get())
            one_answer(client)
            server.begin_stop()
            client.sendall(get())
            time.sleep(0.1)
            client.sendall(get() * 100)
            time.sleep(0.1)
            assert one_answer(client).endswith(b"index")
        finish(server)
