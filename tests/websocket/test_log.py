"""Lines of the access log and of the library's logger."""

from __future__ import annotations

import logging
import threading

import pytest

from sanic_fast.log import access_logger
from tests.websocket.kit import CLOSE, Peer, close_frame, frame, handshake
from tests.wire.kit import ServerThread, make_app
from tests.wire.kit.client import PATIENCE


async def receive(request, ws):
    await ws.recv()


async def close(request, ws):
    await ws.close(4000, "bye")


async def returns(request, ws):
    pass


RESERVED = "'reserved bits must be 0' from server"
# name, handler, what the client sends, the close line: message, code, text
LINES = [
    ("client", receive, close_frame(1000), ("CLOSE", 1000, "NORMAL from client")),
    ("away", receive, close_frame(1001), ("CLOSE", 1001, "GOING AWAY from client")),
    ("reason", receive, close_frame(1011, "it's"), ("CLOSE", 1011, '"it\'s" from client')),
    ("unnamed", receive, close_frame(1003), ("CLOSE", 1003, "from client")),
    ("no code", receive, frame(CLOSE), ("CLOSE", 1005, "NO STATUS from client")),
    ("gone", receive, b"", ("CLOSE_ABN", 1006, "ABNORMAL from client")),
    ("server", returns, close_frame(1000), ("CLOSE", 1000, "NORMAL from server")),
    ("both", close, close_frame(1001, "x"), ("CLOSE", 4000, "'bye' ▲▼ 1001 'x'")),
    ("no answer", close, b"", ("CLOSE_ABN", 4000, "'bye' from server")),
    ("broken", receive, frame(1, flags=4), ("CLOSE_ABN", 1002, RESERVED)),
    ("control", receive, close_frame(3000, "a\nb"), ("CLOSE", 3000, "'a\\nb' from client")),
]


class Lines(logging.Handler):
    """Collects records; `wait` for a number of them."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []
        self.news = threading.Condition()

    def emit(self, record: logging.LogRecord) -> None:
        with self.news:
            self.records.append(record)
            self.news.notify_all()

    def wait(self, number: int) -> list[logging.LogRecord]:
        with self.news:
            assert self.news.wait_for(lambda: len(self.records) >= number, PATIENCE), self.records
            return self.records


@pytest.fixture
def lines():
    handler = Lines()
    level = access_logger.level
    access_logger.addHandler(handler)
    access_logger.setLevel(logging.INFO)
    yield handler
    access_logger.setLevel(level)
    access_logger.removeHandler(handler)


@pytest.mark.parametrize(
    ("handler", "data", "expected"), [r[1:] for r in LINES], ids=[r[0] for r in LINES]
)
def test_lines(lines, handler, data, expected) -> None:
    app = make_app("ws", ACCESS_LOG=True)
    app.add_websocket_route(handler, "/path")
    with ServerThread(app) as server:
        with Peer(server.port, "/path?q=1") as peer:
            host = f"127.0.0.1:{peer.sock.getsockname()[1]}"
            if handler is not receive:
                peer.receive()
            peer.send(data)
            if data:
                if handler is receive:
                    peer.receive()
                assert peer.ended()
        opened, closed = lines.wait(2)
        for record in (opened, closed):
            assert record.request == " 🔌 ws://test/path?q=1"
            assert record.host == host
            assert record.duration == ""
            assert record.levelno == logging.INFO
        assert (opened.getMessage(), opened.status, opened.byte) == ("OPEN", "", "")
        assert (closed.getMessage(), closed.status, closed.byte) == expected
        assert type(closed.status) is int
    assert len(lines.records) == 2


def test_refused_handshake_has_an_ordinary_line(lines) -> None:
    app = make_app("ws", ACCESS_LOG=True)
    app.add_websocket_route(receive, "/")
    with ServerThread(app) as server, Peer(server.port, None) as peer:
        peer.send(handshake(headers={"Sec-WebSocket-Version": "7"}))
        assert peer.answer().status == 400
        (record,) = lines.wait(1)
        assert (record.request, record.status) == ("GET ws://test/", 400)


def test_no_lines_without_access_log(lines) -> None:
    app = make_app("ws")
    app.add_websocket_route(receive, "/")
    with ServerThread(app) as server, Peer(server.port) as peer:
        peer.send(close_frame(1000))
        peer.receive()
        assert peer.ended()
    assert lines.records == []
