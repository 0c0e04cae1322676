"""Faults of an application outside of its handlers: no client hangs, nobody else notices."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from sanic_fast import Request, Sanic
from sanic_fast.response import text
from sanic_fast.server.protocols.http_protocol import HttpProtocol
from tests.wire.kit import LOOPS, Peer, Raw, ServerThread, make_app, paced, run, served, until

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
kinds = pytest.mark.parametrize("kind", LOOPS)


def get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode()


def plain_app(kind: Any = Sanic, options: Any = None, **config: Any) -> Any:
    app = make_app("faults", kind, options, **config)

    @app.get("/")
    async def index(request):
        return text("ok")

    return app


class FragileRequest(Request):
    """Cannot be made for some targets."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.path == "/fragile":
            raise RuntimeError("no such request")


def swallow(server: ServerThread) -> None:
    """Failures of this kind are reported to the loop; that is right."""
    server.errors.clear()


@kinds
@pytest.mark.parametrize("before", [0, 1, 3])
@pytest.mark.parametrize("pipelined", [False, True])
def test_request_class_that_raises(kind: str, before: int, pipelined: bool) -> None:
    app = plain_app(options={"request_class": FragileRequest})
    with ServerThread(app, kind) as server:
        with Raw(server.port) as client, Raw(server.port) as other:
            if pipelined:
                client.send(GET * before + get("/fragile"))
                for _ in range(before):
                    assert client.answer().status == 200
            else:
                for _ in range(before):
                    assert client.alive()
                client.send(get("/fragile"))
            assert client.closed() or True  # an answer or none, but an end
            assert other.alive()
        swallow(server)


@kinds
def test_converter_that_raises(kind: str) -> None:
    app = plain_app()

    def strange(value: str) -> str:
        if value == "bad":
            raise RuntimeError("no such value")
        return value

    app.router.register_pattern("strange", strange, r"[a-z]+")

    @app.get("/by/<value:strange>")
    async def by(request, value):
        return text(value)

    with ServerThread(app, kind) as server:
        with Raw(server.port, GET + get("/by/good")) as client:
            assert [a.text for a in client.answers(2)] == ["ok", "good"]
            client.send(get("/by/bad"))
            client.rest()
        with Raw(server.port) as other:
            assert other.alive()
        swallow(server)


class FragileProtocol(HttpProtocol):
    """Its timer fails for one connection."""

    def check_timeouts(self) -> None:
        if self.ctx is not None and getattr(self.ctx, "fragile", False):
            raise RuntimeError("cannot check")
        super().check_timeouts()


@kinds
def test_timer_that_fails_for_one_connection(kind: str) -> None:
    app = plain_app(KEEP_ALIVE_TIMEOUT=0.2)

    @app.get("/break")
    async def break_it(request):
        request.protocol.ctx.fragile = True
        return text("broken")

    with ServerThread(app, kind, protocol=FragileProtocol) as server:

        def fail() -> None:
            with Raw(server.port, get("/break")) as broken, Raw(server.port, GET) as other:
                assert broken.answer().text == "broken"
                assert other.answer().text == "ok"
                assert other.closed(), "the timer of all is dead"
                with Raw(server.port, GET) as third:
                    assert third.answer().text == "ok"
                    assert third.closed()

        paced(fail, 0, 0.2)
        swallow(server)


class WritingRequest(Request):
    """A request of an application that writes to the transport by itself."""


@kinds
@pytest.mark.parametrize("way", ["request", "conn_info", "protocol"])
@pytest.mark.parametrize("own_class", [False, True])
def test_own_writes_stay_in_order(kind: str, way: str, own_class: bool) -> None:
    app = plain_app(options={"request_class": WritingRequest} if own_class else None)

    @app.get("/raw")
    async def raw(request):
        transport = {
            "request": lambda: request.transport,
            "conn_info": lambda: request.conn_info and request.transport,
            "protocol": lambda: request.protocol.transport,
        }[way]()
        size = int(request.args.get("size"))
        transport.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % size + b"1" * size)
        response = await request.respond()
        await response.send("sec")
        await asyncio.sleep(0)
        await response.send("ond")
        await response.eof()

    with ServerThread(app, kind) as server:
        for size in (5, 3_000_000):  # the second is more than a socket takes at once
            with Raw(server.port) as client:
                for _ in range(5):
                    client.send(get(f"/raw?size={size}"))
                    time.sleep(0.01)
                    found = [answer.text for answer in client.answers(2)]
                    assert found == ["1" * size, "second"]
                assert client.alive()


@kinds
def test_transport_closed_by_the_handler(kind: str) -> None:
    app = plain_app()

    @app.get("/close")
    async def close(request):
        request.transport.close()
        return text("never mind")

    @app.get("/abort")
    async def abort(request):
        request.transport.abort()
        await asyncio.sleep(0.01)
        return text("never mind")

    with ServerThread(app, kind) as server:
        for path in ("/close", "/abort"):
            for before in (b"", GET):
                with Raw(server.port, before + get(path) + GET) as client:
                    client.rest()
        with Raw(server.port) as other:
            assert other.alive()
        assert server.connections <= 1


@kinds
def test_error_handler_that_raises(kind: str) -> None:
    app = plain_app()

    @app.exception(LookupError)
    async def fails(request, error):
        raise RuntimeError("the handler of errors failed")

    @app.get("/error")
    async def error(request):
        raise LookupError

    with ServerThread(app, kind) as server, Raw(server.port, get("/error") + GET) as client:
        answers = client.answers(2)
        assert [answer.status for answer in answers] == [500, 200]


@kinds
@pytest.mark.parametrize("which", ["request", "response"])
@pytest.mark.parametrize("suspended", [False, True])
def test_middleware_that_raises(kind: str, which: str, suspended: bool) -> None:
    app = plain_app()

    async def fails(request, response=None):
        if request.path == "/mw":
            if suspended:
                await asyncio.sleep(0)
            raise LookupError("middleware")

    app.register_middleware(fails, which)

    @app.get("/mw")
    async def mw(request):
        return text("handler")

    with ServerThread(app, kind) as server, Raw(server.port, get("/mw") + GET) as client:
        answers = client.answers(2)
        assert answers[0].status == (500 if which == "request" else 200)
        assert answers[1].status == 200


@kinds
def test_drain_lets_requests_finish(kind: str) -> None:
    """Closing the server: idle connections end, busy ones answer with `close`, none is lost."""
    app = plain_app()
    app.ctx.started = asyncio.Event()

    @app.get("/slow")
    async def slow(request):
        app.ctx.started.set()
        await asyncio.sleep(0.1)
        return text("slow")

    async def main() -> None:
        async with served(app) as server, Peer(app.ctx.port) as idle, Peer(app.ctx.port) as busy:
            idle.send(GET)
            await idle.answer()
            busy.send(get("/slow"))
            await app.ctx.started.wait()
            closing = server.close()
            assert await idle.closed()
            answer = await busy.answer()
            assert (answer.text, answer["connection"]) == ("slow", "close")
            assert await busy.closed()
            await closing
            await until(lambda: not server.connections)

    run(kind, main)
