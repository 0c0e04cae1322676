"""Files of a gigabyte, plain and over TLS, and slow readers of them: memory stays bounded.

SANIC_FAST_TEST_TRANSFER_MB sets another size, as for `test_http1_bodies.py`.
"""

from __future__ import annotations

import os
import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme

from sanic_fast.response import file, file_stream, text
from tests.wire.kit import LOOPS, ServerThread, make_app
from tests.wire.test_http1_bodies import MEGABYTE, TRANSFER, post, resident

pytestmark = [pytest.mark.net, pytest.mark.slow]

BOUND = 64 * MEGABYTE
LIMIT = 120.0  # s for one wait


def files_app(folder: Path) -> Any:
    """An app that serves `folder`/large in every way."""
    app = make_app("large", REQUEST_MAX_SIZE=MEGABYTE)
    large = folder / "large"
    app.static("/static", folder)

    @app.get("/file")
    async def send_file(request):
        return await file(large)

    @app.get("/stream")
    async def stream(request):
        return await file_stream(large, chunk_size=65536)

    @app.post("/count", stream=True)
    async def count(request):
        size = 0
        async for piece in request.stream:
            size += len(piece)
        return text(str(size))

    return app


@pytest.fixture(scope="module", params=[(loop, tls) for loop in LOOPS for tls in ("plain", "tls")])
def server(request, tmp_path_factory) -> Iterator[tuple[ServerThread, ssl.SSLContext | None]]:
    """A server with a sparse file that has marks at both ends."""
    loop, tls = request.param
    folder = tmp_path_factory.mktemp("files")
    with (folder / "large").open("wb") as large:
        large.write(b"begin")
        large.truncate(TRANSFER * MEGABYTE)
        large.seek(-3, os.SEEK_END)
        large.write(b"end")
    context = trusting = None
    options = {}
    if tls == "tls":
        authority = trustme.CA()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost").configure_cert(context)
        trusting = ssl.create_default_context()
        authority.configure_trust(trusting)
        options["ssl"] = context
    with ServerThread(files_app(folder), loop, **options) as thread:
        yield thread, trusting


def connect(server: tuple[ServerThread, ssl.SSLContext | None], **options: int) -> socket.socket:
    thread, trusting = server
    sock = socket.socket()
    if "receive" in options:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, options["receive"])
    sock.settimeout(LIMIT)
    sock.connect(("127.0.0.1", thread.port))
    return sock if trusting is None else trusting.wrap_socket(sock, server_hostname="localhost")


def ask(sock: socket.socket, path: str) -> bytes:
    """Send a request; what comes behind the head of the answer, so far."""
    sock.sendall(f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
    data = b""
    while b"\r\n\r\n" not in data:
        data += sock.recv(65536)
    head, _, rest = data.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), head
    return rest


@pytest.mark.parametrize("path", ["/file", "/static/large"])
def test_gigabyte_file(server, path: str) -> None:
    before = peak = resident()
    with connect(server) as sock:
        data = ask(sock, path)
        while len(data) < 5:
            data += sock.recv(65536)
        assert data[:5] == b"begin"
        size, last = len(data), data[-1:]
        buffer = memoryview(bytearray(MEGABYTE))
        turn = 0
        while size < TRANSFER * MEGABYTE:
            got = sock.recv_into(buffer)
            assert got, "the answer ends early"
            size += got
            last = bytes(buffer[got - 1 : got])
            if turn % 256 == 0:
                peak = max(peak, resident())
            turn += 1
        assert last == b"d"
    assert max(peak, resident()) - before < BOUND


def test_gigabyte_stream_of_a_file(server) -> None:
    before = resident()
    with connect(server) as sock:
        data = ask(sock, "/stream")
        size = len(data)
        buffer = memoryview(bytearray(MEGABYTE))
        tail = b""
        while not tail.endswith(b"0\r\n\r\n") and size <= TRANSFER * MEGABYTE * 1.1:
            got = sock.recv_into(buffer)
            assert got, "the answer ends early"
            size += got
            tail = (tail + bytes(buffer[max(0, got - 8) : got]))[-8:]
        assert size >= TRANSFER * MEGABYTE
    assert resident() - before < BOUND


def test_gigabyte_upload(server) -> None:
    before = resident()
    piece = b"x" * MEGABYTE
    with connect(server) as sock:
        sock.sendall(post("/count", TRANSFER * MEGABYTE))
        for _ in range(TRANSFER):
            sock.sendall(piece)
        answer = sock.recv(65536)
        while b"\r\n\r\n" not in answer or answer.endswith(b"\r\n\r\n"):
            answer += sock.recv(65536)
        assert answer.endswith(str(TRANSFER * MEGABYTE).encode())
    assert resident() - before < BOUND


@pytest.mark.parametrize("path", ["/file", "/stream"])
def test_slow_readers_cost_no_memory(server, path: str) -> None:
    """Twenty clients that take a little and then wait."""
    before = resident()
    clients = [connect(server, receive=65536) for _ in range(20)]
    try:
        for client in clients:
            ask(client, path)
        for _ in range(10):
            time.sleep(0.05)
            for client in clients:
                assert client.recv(4096)
        assert resident() - before < BOUND
    finally:
        for client in clients:
            client.close()
