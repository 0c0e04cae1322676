"""Sending files over real sockets, on asyncio and on uvloop, by the kernel and by copying."""

from __future__ import annotations

import asyncio
import os
import socket
import threading

import pytest

from sanic_fast.exceptions import RequestCancelled, ServerError
from sanic_fast.response import file
from sanic_fast.server import sendfile
from sanic_fast.server.sendfile import send_file

pytestmark = pytest.mark.net
TIMEOUT = 20


class Sender(asyncio.Protocol):
    """A protocol with what `send_file` needs; sends `head` and then the file."""

    def __init__(self, place, head=b"HEAD"):
        self.place, self.head = place, head
        self.outcome = asyncio.get_running_loop().create_future()
        self.progress = 0
        self.can_write = asyncio.Event()
        self.can_write.set()

    def connection_made(self, transport):
        self.wire = self.transport = transport
        transport.write(self.head)
        self.task = asyncio.ensure_future(self.run())

    async def run(self):
        try:
            self.outcome.set_result(await send_file(self, *self.place))
        except BaseException as error:  # noqa: BLE001 - handed to the test
            self.outcome.set_exception(ServerError(repr(error)) if isinstance(
                error, RequestCancelled) else error)  # fmt: skip
        finally:
            self.transport.close()

    def pause_writing(self):
        self.can_write.clear()

    def resume_writing(self):
        self.can_write.set()
        self.progress += 1

    def connection_lost(self, exc):
        self.can_write.set()

    def write_queued(self, data):
        self.wire.write(data)

    async def wait_drained(self):
        await self.can_write.wait()
        if self.transport.is_closing():
            raise RequestCancelled


def receive(address, read):
    with socket.create_connection(address, timeout=TIMEOUT) as client:
        return read(client)


def read_all(client):
    parts = []
    while data := client.recv(1 << 16):
        parts.append(data)
    return b"".join(parts)


async def serve_once(place, read=read_all, **options):
    """What a client receives, and how `send_file` ended (None or the exception)."""
    loop = asyncio.get_running_loop()
    made = []

    def factory():
        made.append(Sender(place, **options))
        return made[-1]

    server = await loop.create_server(factory, "127.0.0.1", 0)
    async with server:
        address = server.sockets[0].getsockname()
        got = await asyncio.wait_for(asyncio.to_thread(receive, address, read), TIMEOUT)
        outcome = await asyncio.wait_for(
            asyncio.gather(made[0].outcome, return_exceptions=True), TIMEOUT
        )
    return got, outcome[0], made[0]


def run(main, loop_name):
    if loop_name == "uvloop":
        uvloop = pytest.importorskip("uvloop")
        policy = uvloop.new_event_loop
    else:
        policy = asyncio.new_event_loop
    loop = policy()
    try:
        return loop.run_until_complete(main)
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()


@pytest.fixture(params=["asyncio", "uvloop"])
def loop_name(request):
    return request.param


@pytest.fixture
def large(tmp_path):
    path = tmp_path / "large.bin"
    path.write_bytes(os.urandom(5_000_000))
    return path


@pytest.mark.parametrize("way", ["kernel", "thread", "copy"])
@pytest.mark.parametrize(("offset", "count"), [(0, 5_000_000), (1234, 2_000_001), (7, 1)])
def test_all_bytes_arrive_after_the_head(large, loop_name, way, offset, count, monkeypatch):
    if way == "thread":
        monkeypatch.setattr(sendfile, "_is_cached", lambda *_: False)
    if way == "copy":
        monkeypatch.setattr(sendfile, "_sendfile", None)
    got, outcome, _ = run(serve_once((str(large), offset, count)), loop_name)
    assert outcome is None
    assert got == b"HEAD" + large.read_bytes()[offset : offset + count]


def test_bytes_before_the_file_keep_their_place(large, loop_name):
    head = os.urandom(3_000_000)  # more than the socket takes at once
    got, outcome, _ = run(serve_once((str(large), 0, 5_000_000), head=head), loop_name)
    assert outcome is None
    assert got == head + large.read_bytes()


def test_slow_client(large, loop_name):
    def slowly(client):
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        parts = [client.recv(1000)]
        threading.Event().wait(0.2)
        return b"".join([*parts, read_all(client)])

    got, outcome, sender = run(serve_once((str(large), 0, 5_000_000), slowly), loop_name)
    assert outcome is None
    assert got == b"HEAD" + large.read_bytes()
    assert sender.progress > 1  # the protocol's timeouts see that the client takes bytes


@pytest.mark.parametrize("way", ["kernel", "copy"])
def test_client_that_leaves(large, loop_name, way, monkeypatch):
    if way == "copy":
        monkeypatch.setattr(sendfile, "_sendfile", None)
    got, outcome, _ = run(
        serve_once((str(large), 0, 5_000_000), lambda client: client.recv(10)), loop_name
    )
    assert got.startswith(b"HEAD")
    assert isinstance(outcome, ServerError)
    assert "RequestCancelled" in str(outcome)


@pytest.mark.parametrize("way", ["kernel", "copy"])
def test_file_that_is_too_short(large, loop_name, way, monkeypatch):
    if way == "copy":
        monkeypatch.setattr(sendfile, "_sendfile", None)
    got, outcome, _ = run(serve_once((str(large), 0, 6_000_000)), loop_name)
    assert len(got) == 5_000_004
    assert isinstance(outcome, ServerError)
    assert "1000000 bytes are missing" in str(outcome)


def test_file_that_is_gone(tmp_path, loop_name):
    got, outcome, _ = run(serve_once((str(tmp_path / "none"), 0, 10)), loop_name)
    assert got == b"HEAD"
    assert isinstance(outcome, FileNotFoundError)


def test_a_response_may_be_gone_before_its_file_is_sent(large, loop_name):
    """The place keeps the file open: its descriptor number cannot come to mean another file."""

    async def main():
        place = (await file(large))._sf_file
        data = large.read_bytes()
        large.unlink()
        got, outcome, _ = await serve_once(place)
        return got == b"HEAD" + data, outcome

    assert run(main(), loop_name) == (True, None)
