"""Clients that leave, reset, half-close and flood: descriptors and connections come back."""

from __future__ import annotations

import asyncio
import logging
import os
import random
import time
from collections.abc import Iterator
from typing import Any

import pytest

from sanic_fast.response import text
from tests.wire.kit import LOOPS, Raw, ServerThread, make_app, wait_until

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n"


def abuse_app() -> Any:
    app = make_app("abuse", GRACEFUL_TCP_CLOSE_TIMEOUT=0.5)
    app.ctx.begun = app.ctx.cancelled = 0

    @app.get("/")
    async def index(request):
        return text("ok")

    @app.post("/echo")
    async def echo(request):
        return text("echo")

    @app.post("/stream", stream=True)
    async def stream(request):
        app.ctx.begun += 1
        try:
            async for _ in request.stream:
                pass
        except asyncio.CancelledError:
            app.ctx.cancelled += 1
            raise
        return text("read")

    @app.get("/slow")
    async def slow(request):
        app.ctx.begun += 1
        try:
            await asyncio.sleep(30)
        except asyncio.CancelledError:
            app.ctx.cancelled += 1
            raise

    @app.get("/endless")
    async def endless(request):
        response = await request.respond()
        try:
            app.ctx.begun += 1
            while True:
                await response.send("x" * 1000)
                await asyncio.sleep(0)
        finally:
            app.ctx.cancelled += 1

    @app.get("/big")
    async def big(request):
        return text("x" * 5_000_000)

    return app


@pytest.fixture(scope="module", params=LOOPS)
def server(request) -> Iterator[ServerThread]:
    with ServerThread(abuse_app(), request.param) as thread:
        yield thread


def descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


def settled(server: ServerThread, connections: int = 0) -> None:
    """Wait until no connection but those is left."""
    wait_until(lambda: server.connections <= connections)


STATES = {
    "nothing": b"",
    "part of a head": GET[:9],
    "answered": GET,
    "part of a body": POST + b"x" * 500,
    "in a handler": b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n",
    "reading a stream": POST.replace(b"/echo", b"/stream") + b"x" * 500,
    "sent a stream": b"GET /endless HTTP/1.1\r\nHost: a\r\n\r\n",
    "not read": b"GET /big HTTP/1.1\r\nHost: a\r\n\r\n" * 5,
    "refused": b"GET / HTTP/1.1\r\n\r\n",
    "pipelined": GET * 200,
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("how", ["close", "reset", "half-close"])
def test_client_leaves_in_every_state(server: ServerThread, state: str, how: str) -> None:
    settled(server)
    before = descriptors()
    clients = [Raw(server.port, STATES[state]) for _ in range(10)]
    time.sleep(0.02)
    for client in clients:
        if how == "reset":
            client.reset()
        elif how == "close":
            client.close()
        else:
            client.half_close()
    if how == "half-close":
        for client in clients:
            client.rest()
            client.close()
    settled(server)
    with Raw(server.port) as client:
        assert client.alive()
    settled(server)
    assert descriptors() <= before + 2


def test_half_closed_client_gets_what_is_ready(server: ServerThread) -> None:
    """Requests that need no waiting are answered although the client will send nothing more."""
    with Raw(server.port, GET * 5).half_close() as client:
        assert [answer.text for answer in client.answers(5)] == ["ok"] * 5
        assert client.closed()


def test_handlers_of_clients_that_left_are_cancelled(server: ServerThread) -> None:
    settled(server)
    app = server.app
    app.ctx.begun = app.ctx.cancelled = 0
    names = ("in a handler", "reading a stream", "sent a stream")
    clients = [Raw(server.port, STATES[name]) for name in names]
    wait_until(lambda: app.ctx.begun == 3)
    for client in clients:
        client.reset()
    settled(server)
    wait_until(lambda: app.ctx.cancelled == 3)


def test_client_that_leaves_a_stream_is_no_error_in_the_log(server: ServerThread, caplog) -> None:
    settled(server)
    server.app.ctx.cancelled = 0
    client = Raw(server.port, STATES["sent a stream"])
    assert client.socket.recv(100)
    client.reset()
    for _ in range(2000):
        if server.app.ctx.cancelled:
            break
        time.sleep(0.01)
    settled(server)
    with Raw(server.port) as other:
        assert other.alive()
    assert server.app.ctx.cancelled
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


def test_connections_that_linger_end(server: ServerThread) -> None:
    """A refused client that neither reads nor closes is dropped in the end."""
    settled(server)
    clients = [Raw(server.port, b"GET / HTTP/1.1\r\n\r\n") for _ in range(5)]
    for client in clients:
        assert client.answer().status == 400
    settled(server)
    for client in clients:
        client.close()


def test_lingering_ends_while_the_client_sends_on(server: ServerThread) -> None:
    settled(server)
    with Raw(server.port, POST.replace(b"100000", b"999999999")) as client:
        assert client.answer().status == 413
        with pytest.raises(ConnectionError):
            for _ in range(4000):
                client.send(b"x" * 1000)
                time.sleep(0.005)
    settled(server)


def test_garbage_of_all_kinds(server: ServerThread) -> None:
    """Random bytes, and requests with random damage: an answer or an end, and life goes on."""
    choice = random.Random(7)
    for number in range(150):
        if number % 3 == 0:
            data = choice.randbytes(choice.randrange(1, 2000))
        else:
            data = bytearray(GET * 2 + POST)
            for _ in range(choice.randrange(1, 5)):
                data[choice.randrange(len(data))] = choice.randrange(256)
        with Raw(server.port, bytes(data)).half_close() as client:
            client.rest()
    settled(server)
    with Raw(server.port) as client:
        assert client.alive()
