"""Deadlines: what times out, with what answer, and what does not. No test measures time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from sanic_fast.response import text
from tests.wire.kit import LOOPS, Raw, ServerThread, make_app, paced

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
SHORT = 0.3  # s, every timeout here
STEP = 0.1  # s between bytes that keep something alive
STEPS = 6  # so many of them are well over the timeout
NAP = 0.15  # s, several of them are well over the timeout
LARGE = 20_000_000  # bytes, more than sockets hold
SLACK = SHORT - STEP  # s that a client may come later than it should


def timeout_app(**config: Any) -> Any:
    defaults = {"REQUEST_TIMEOUT": 60, "RESPONSE_TIMEOUT": 60, "KEEP_ALIVE_TIMEOUT": 60}
    app = make_app("timeouts", **{**defaults, **config})
    app.ctx.cancelled = 0

    @app.get("/")
    async def index(request):
        return text("ok")

    @app.post("/echo")
    async def echo(request):
        return text(request.body.decode())

    @app.post("/stream", stream=True)
    async def stream(request):
        return text("".join([piece.decode() async for piece in request.stream]))

    @app.get("/slow")
    async def slow(request):
        try:
            await asyncio.sleep(30)
        except asyncio.CancelledError:
            app.ctx.cancelled += 1
            raise

    @app.get("/ticks")
    async def ticks(request):
        response = await request.respond()
        for _ in range(STEPS):
            await response.send("x")
            await asyncio.sleep(STEP)
        await response.eof()

    @app.get("/large")
    async def large(request):
        return text("x" * LARGE)

    @app.get("/turns")
    async def turns(request):
        response = await request.respond()
        end = time.monotonic() + STEPS * STEP
        while time.monotonic() < end:
            await response.send("x")
            await asyncio.sleep(0)
        await response.eof()

    @app.get("/nap")
    async def nap(request):
        await asyncio.sleep(NAP)
        return text("rested")

    @app.get("/started")
    async def started(request):
        response = await request.respond()
        await response.send("first")
        await asyncio.sleep(30)

    return app


@pytest.fixture(params=LOOPS)
def kind(request) -> Iterator[str]:
    yield request.param


def test_silent_connection_closes_silently(kind: str) -> None:
    with ServerThread(timeout_app(KEEP_ALIVE_TIMEOUT=SHORT), kind) as server:

        def silent() -> None:
            with Raw(server.port) as fresh, Raw(server.port, GET) as used:
                assert used.answer().keep_alive
                assert fresh.closed() and used.closed()

        paced(silent, 0, SLACK)


def test_connection_in_use_outlives_the_keep_alive_timeout(kind: str) -> None:
    with ServerThread(timeout_app(KEEP_ALIVE_TIMEOUT=SHORT), kind) as server:

        def use() -> None:
            with Raw(server.port) as client:
                for _ in range(STEPS):
                    assert client.alive()
                    time.sleep(STEP)
                client.send(b"GET /ticks HTTP/1.1\r\nHost: a\r\n\r\n")
                assert client.answer().complete

        paced(use, 2 * STEPS * STEP, SLACK)


@pytest.mark.parametrize("timeout", ["RESPONSE_TIMEOUT", "KEEP_ALIVE_TIMEOUT"])
def test_answer_that_only_gives_up_turns_of_the_loop(kind: str, timeout: str) -> None:
    """What such a handler sends counts from when it is sent, on a used connection, too."""
    with ServerThread(timeout_app(**{timeout: SHORT}), kind) as server:

        def use() -> None:
            with Raw(server.port, GET) as client:
                assert client.answer().complete
                client.send(b"GET /turns HTTP/1.1\r\nHost: a\r\n\r\n")
                assert client.answer().complete
                time.sleep(STEP)
                assert client.alive()

        paced(use, STEPS * STEP + STEP, SLACK)


def test_request_behind_a_large_answer_counts_from_its_own(kind: str) -> None:
    """It came long ago, but is answered only when the client has read what is before it."""
    with ServerThread(timeout_app(KEEP_ALIVE_TIMEOUT=SHORT), kind) as server:

        def late() -> None:
            with Raw(server.port, GET) as client:
                assert client.answer().complete
                client.send(b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n" + GET)
                time.sleep(2 * SHORT)
                assert len(client.answer().body) == LARGE
                assert client.answer().complete
                time.sleep(STEP)
                assert client.alive()

        paced(late, 2 * SHORT + STEP, SLACK)


def test_head_that_does_not_end(kind: str) -> None:
    parts = [b"G", GET[:10], GET[:-1], GET + GET[:-4], b"\r\nGET / HTTP/1.1\r\n"]
    with ServerThread(timeout_app(REQUEST_TIMEOUT=SHORT), kind) as server, ExitStack() as stack:
        clients = [stack.enter_context(Raw(server.port, part)) for part in parts]
        for client, part in zip(clients, parts):
            if part.startswith(GET):
                client.answer()
            answer = client.answer()
            assert (answer.status, answer["connection"]) == (408, "close"), part
            assert "Request Timeout" in answer.text
            assert client.closed()


def test_head_in_drops_counts_from_its_first_byte(kind: str) -> None:
    """Slow loris: bytes that keep coming do not keep the request alive."""
    with ServerThread(timeout_app(REQUEST_TIMEOUT=SHORT), kind) as server:
        with Raw(server.port, b"GET / HTTP/1.1\r\n") as client:
            client.socket.settimeout(0.05)
            for _ in range(400):
                try:
                    client.send(b"X: y\r\n")
                    data = client.socket.recv(100)
                    break
                except TimeoutError:
                    continue
            else:
                raise AssertionError("the head may take as long as it wants")
            assert data.startswith(b"HTTP/1.1 408 ")


def test_body_that_stalls(kind: str) -> None:
    begun = [
        f"POST {path} HTTP/1.1\r\nHost: a\r\n{body}"
        for path in ("/echo", "/stream")
        for body in (
            "Content-Length: 10\r\n\r\nabc",
            "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
        )
    ]
    with ServerThread(timeout_app(REQUEST_TIMEOUT=SHORT), kind) as server, ExitStack() as stack:
        clients = [stack.enter_context(Raw(server.port, part.encode())) for part in begun]
        for client, part in zip(clients, begun):
            answer = client.answer()
            assert (answer.status, answer["connection"]) == (408, "close"), part
            assert client.closed()


@pytest.mark.parametrize("path", ["/echo", "/stream"])
def test_body_that_keeps_coming_is_waited_for(kind: str, path: str) -> None:
    body = b"a" * STEPS
    head = f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: {len(body)}\r\n\r\n"
    config = {"REQUEST_TIMEOUT": SHORT, "RESPONSE_TIMEOUT": SHORT, "KEEP_ALIVE_TIMEOUT": SHORT}
    with ServerThread(timeout_app(**config), kind) as server:

        def come() -> None:
            with Raw(server.port, head.encode()) as client:
                for _ in range(STEPS):
                    time.sleep(STEP)
                    client.send(b"a")
                assert client.answer().body == body

        paced(come, STEPS * STEP, SLACK)


def test_handler_that_takes_too_long(kind: str) -> None:
    app = timeout_app(RESPONSE_TIMEOUT=SHORT)
    with ServerThread(app, kind) as server:
        slow = b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n"
        for before in (b"", GET):
            with Raw(server.port, before + slow + GET) as client:
                if before:
                    client.answer()
                answer = client.answer()
                assert (answer.status, answer["connection"]) == (503, "close")
                assert "Response Timeout" in answer.text
                assert client.closed()
    assert app.ctx.cancelled == 2


def test_response_that_stops_half_way_is_cut(kind: str) -> None:
    with ServerThread(timeout_app(RESPONSE_TIMEOUT=SHORT), kind) as server:
        with Raw(server.port, b"GET /started HTTP/1.1\r\nHost: a\r\n\r\n") as client:
            answer = client.answer()
            assert (answer.status, answer.body, answer.complete) == (200, b"first", False)
            assert client.closed()


def test_response_that_goes_on_is_let_go_on(kind: str) -> None:
    """The age counts from the last byte, received or sent."""
    config = {"REQUEST_TIMEOUT": SHORT, "RESPONSE_TIMEOUT": SHORT, "KEEP_ALIVE_TIMEOUT": SHORT}
    with ServerThread(timeout_app(**config), kind) as server:

        def go_on() -> None:
            with Raw(server.port, b"GET /ticks HTTP/1.1\r\nHost: a\r\n\r\n") as client:
                answer = client.answer()
                assert answer.complete and len(answer.body) == STEPS
                assert client.alive()

        paced(go_on, STEPS * STEP, SLACK)


def test_each_pipelined_request_has_its_own_time(kind: str) -> None:
    with ServerThread(timeout_app(RESPONSE_TIMEOUT=SHORT), kind) as server:

        def nap() -> None:
            with Raw(server.port, b"GET /nap HTTP/1.1\r\nHost: a\r\n\r\n" * 4) as client:
                assert [answer.text for answer in client.answers(4)] == ["rested"] * 4

        paced(nap, 4 * NAP, SHORT - NAP)


def test_keep_alive_off(kind: str) -> None:
    with ServerThread(timeout_app(KEEP_ALIVE=False), kind) as server:
        with Raw(server.port, GET + GET) as client:
            assert client.answer()["connection"] == "close"
            assert client.closed()


def test_settings_may_change_while_serving(kind: str) -> None:
    app = timeout_app()
    with ServerThread(app, kind) as server, Raw(server.port) as client:
        assert client.alive()
        server.call(lambda: setattr(app.config, "REQUEST_MAX_SIZE", 5))
        client.send(b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\n")
        assert client.answer().status == 413
