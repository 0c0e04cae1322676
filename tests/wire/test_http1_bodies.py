"""Large bodies both ways: answers that arrive while the client still sends, bounded memory."""

from __future__ import annotations

import asyncio
import hashlib
import os
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme

from sanic_fast.response import raw, text
from tests.wire.kit import LOOPS, Raw, ServerThread, make_app, read_answer

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
MEGABYTE = 1 << 20
TRANSFER = int(os.environ.get("SANIC_FAST_TEST_TRANSFER_MB", "1024"))  # MB, for the slow tests


def resident() -> int:
    """Bytes of memory of this process."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def bodies_app(**config: Any) -> Any:
    app = make_app("bodies", REQUEST_MAX_SIZE=50 * MEGABYTE, **config)
    app.ctx.sent = 0

    @app.get("/")
    async def index(request):
        return text("ok")

    @app.post("/echo")
    async def echo(request):
        return raw(request.body)

    @app.post("/hash", stream=True)
    async def digest(request):
        found = hashlib.sha1()
        async for piece in request.stream:
            found.update(piece)
        return text(found.hexdigest())

    @app.post("/count", stream=True)
    async def count(request):
        size = 0
        async for piece in request.stream:
            size += len(piece)
        return text(str(size))

    @app.post("/sip", stream=True)
    async def sip(request):
        """Reads slowly, a piece at a time."""
        size = 0
        while (piece := await request.stream.read()) is not None:
            size += len(piece)
            await asyncio.sleep(0.001)
        return text(str(size))

    @app.post("/refuse", stream=True)
    async def refuse(request):
        return text("no", status=403)

    @app.get("/whole/<size:int>")
    async def whole(request, size):
        return raw(b"x" * size)

    @app.get("/pieces/<count:int>")
    async def pieces(request, count):
        response = await request.respond(content_type="application/octet-stream")
        piece = b"x" * 65536
        for _ in range(count):
            await response.send(piece)
            app.ctx.sent += len(piece)
        await response.eof()

    return app


@pytest.fixture(scope="module", params=LOOPS)
def server(request) -> Iterator[ServerThread]:
    with ServerThread(bodies_app(), request.param) as thread:
        yield thread


def post(path: str, size: int) -> bytes:
    return f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: {size}\r\n\r\n".encode()


@pytest.mark.parametrize("size", [1, 16384, 16385, 65536, 300000, 5 * MEGABYTE])
def test_echo_of_every_size(server: ServerThread, size: int) -> None:
    body = os.urandom(size)
    with Raw(server.port) as client:
        sender = threading.Thread(target=client.send, args=(post("/echo", size) + body + GET,))
        sender.start()
        assert client.answer().body == body
        assert client.answer().body == b"ok"
        sender.join()


@pytest.mark.parametrize("path", ["/echo", "/hash"])
def test_chunked_body_in_odd_pieces(server: ServerThread, path: str) -> None:
    body = os.urandom(200000)
    coded, at = bytearray(), 0
    for size in (1, 7, 100, 4096, 65536, 100000, 30260):
        coded += b"%x\r\n%s\r\n" % (size, body[at : at + size])
        at += size
    assert at == len(body)
    coded += b"0\r\n\r\n"
    head = f"POST {path} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    data = head + bytes(coded) + GET
    with Raw(server.port) as client:
        for start in range(0, len(data), 33333):
            client.send(data[start : start + 33333])
        answer = client.answer()
        assert answer.body in (body, hashlib.sha1(body).hexdigest().encode())
        assert client.answer().body == b"ok"


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [("/echo", 60 * MEGABYTE, 413), ("/refuse", 8 * MEGABYTE, 403), ("/nope", 60 * MEGABYTE, 404)],
)
def test_answer_arrives_while_the_client_sends(
    server: ServerThread, path: str, size: int, status: int
) -> None:
    """The client sends on for a while after the refusal, and still gets it."""
    with Raw(server.port, post(path, size)) as client:
        sent = 0
        try:
            while sent < 8 * MEGABYTE:
                client.send(b"x" * 65536)
                sent += 65536
        except ConnectionError:
            pass
        answer = client.answer()
        assert answer.status == status


def test_large_answer_to_a_slow_reader(server: ServerThread) -> None:
    """Pieces are made as fast as they are read: memory does not hold them."""
    app = server.app
    app.ctx.sent = 0
    total = 64 * MEGABYTE
    request = f"GET /pieces/{total // 65536} HTTP/1.1\r\nHost: a\r\n\r\n".encode()
    with Raw(server.port, request, receive_buffer=65536) as client:
        time.sleep(0.3)
        held = app.ctx.sent
        assert held < 16 * MEGABYTE  # what buffers of the kernel and of the transport hold
        answer = client.answer()
        assert answer.complete and len(answer.body) == total


def test_slow_handler_holds_back_the_client(server: ServerThread) -> None:
    before = resident()
    size = 32 * MEGABYTE
    with Raw(server.port) as client:
        client.send(post("/sip", size))
        piece = b"x" * MEGABYTE

        def send() -> None:
            for _ in range(size // MEGABYTE):
                client.send(piece)

        sender = threading.Thread(target=send)
        sender.start()
        client.socket.settimeout(60)
        assert client.answer().text == str(size)
        sender.join()
    assert resident() - before < 16 * MEGABYTE


def test_many_tiny_chunks_cost_linear_time(server: ServerThread) -> None:
    """CVE-2025-69229. 300,000 chunks of one byte; quadratic cost would run into the patience."""
    count = 300000
    data = (
        b"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        + b"1\r\nx\r\n" * count
        + b"0\r\n\r\n"
    )
    with Raw(server.port) as client:
        sender = threading.Thread(target=client.send, args=(data,))
        sender.start()
        assert client.answer().body == b"x" * count
        sender.join()


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/count"])
@pytest.mark.parametrize("chunked", [False, True])
def test_gigabyte_upload(server: ServerThread, path: str, chunked: bool) -> None:
    before = resident()
    piece = b"x" * MEGABYTE
    with Raw(server.port) as client:
        client.socket.settimeout(120)
        if chunked:
            head = f"POST {path} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            client.send(head.encode())
            piece = b"100000\r\n" + piece + b"\r\n"
        else:
            client.send(post(path, TRANSFER * MEGABYTE))
        for _ in range(TRANSFER):
            client.send(piece)
        client.send(b"0\r\n\r\n" if chunked else b"")
        assert client.answer().text == str(TRANSFER * MEGABYTE)
        assert client.alive()
    assert resident() - before < 64 * MEGABYTE


@pytest.mark.slow
def test_gigabyte_download(server: ServerThread) -> None:
    before = resident()
    count = TRANSFER * 16
    request = f"GET /pieces/{count} HTTP/1.1\r\nHost: a\r\n\r\n".encode()
    with Raw(server.port, request) as client:
        client.socket.settimeout(120)
        size = 0
        while size < TRANSFER * MEGABYTE:
            data = client.socket.recv(MEGABYTE)
            assert data
            size += len(data)
    assert resident() - before < 64 * MEGABYTE


async def exchange_over_tls(port: int, trusting: ssl.SSLContext, data: bytes) -> bytes:
    """All that a server answers to `data`, sent and read at the same time by one thread.

    OpenSSL's connections are not for two threads at once, so a sending thread won't do here.
    """
    reader, writer = await asyncio.open_connection(
        "127.0.0.1", port, ssl=trusting, server_hostname="localhost"
    )
    reading = asyncio.ensure_future(reader.read())
    writer.write(data)
    await writer.drain()
    found = await reading
    writer.close()
    return found


@pytest.mark.parametrize("kind", LOOPS)
def test_bodies_over_tls(kind: str, tmp_path: Path) -> None:
    """TLS gives several records to one read; every byte lands once and in order."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    body = os.urandom(2 * MEGABYTE)
    last = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    with ServerThread(bodies_app(), kind, ssl=context) as server:
        for path in ("/echo", "/hash"):
            data = post(path, len(body)) + body + last
            exchange = exchange_over_tls(server.port, trusting, data)
            buffer = bytearray(asyncio.run(asyncio.wait_for(exchange, 60)))
            answer = read_answer(bytes, buffer)
            assert answer.body in (body, hashlib.sha1(body).hexdigest().encode())
            assert read_answer(bytes, buffer).body == b"ok"
            assert not buffer
