"""All connections of a loop gather their output in one buffer: none may see another's bytes."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from sanic_fast.response import text
from tests.wire.kit import LOOPS, Peer, make_app, run, served, until

kinds = pytest.mark.parametrize("kind", LOOPS)


def get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode()


def shared_app(**config: Any) -> Any:
    app = make_app("shared", **config)
    app.ctx.open = {}
    app.ctx.end = {}

    @app.get("/secret")
    async def secret(request):
        return text("secret")

    @app.get("/listen")
    async def listen(request):
        """Stays open for others to write to."""
        app.ctx.open["listener"] = await request.respond()
        await app.ctx.open["listener"].send("hello ")
        done = app.ctx.end["listener"] = asyncio.get_running_loop().create_future()
        await done

    return app


@kinds
@pytest.mark.parametrize("lead", ["/secret", "/stream"])
def test_handler_writes_to_the_stream_of_another_connection(kind: str, lead: str) -> None:
    """The writer has answers of its own connection in the buffer while it does."""
    app = shared_app()

    @app.get("/publish")
    async def publish(request):
        await app.ctx.open["listener"].send("news")
        await app.ctx.open["listener"].eof()
        app.ctx.end["listener"].set_result(None)
        return text("published")

    @app.get("/stream")
    async def stream(request):
        response = await request.respond()
        await response.send("own ")
        await publish(request)
        await response.send("more")
        await response.eof()

    async def main() -> None:
        async with served(app), Peer(app.ctx.port) as listener, Peer(app.ctx.port) as writer:
            listener.send(get("/listen"))
            await until(lambda: app.ctx.end)
            writer.send(get("/secret"))
            await writer.answer()
            if lead == "/stream":
                writer.send(get("/stream"))
                assert (await writer.answer()).body == b"own more"
            else:
                writer.send(get("/secret") + get("/publish"))
                assert (await writer.answer()).body == b"secret"
                assert (await writer.answer()).body == b"published"
            assert (await listener.answer()).body == b"hello news"

    run(kind, main)


@kinds
def test_handler_closes_other_connections(kind: str) -> None:
    app = shared_app()

    @app.get("/kick")
    async def kick(request):
        app.ctx.kicked = [c.close_if_idle() for c in list(app.ctx.server.connections)]
        return text("kicked")

    async def main() -> None:
        async with (
            served(app) as app.ctx.server,
            Peer(app.ctx.port) as idle,
            Peer(app.ctx.port) as admin,
        ):
            for peer in (idle, admin):
                peer.send(get("/secret"))
                await peer.answer()
            admin.send(get("/secret") + get("/kick"))
            assert (await admin.answer()).body == b"secret"
            assert (await admin.answer()).body == b"kicked"
            assert sorted(app.ctx.kicked) == [False, True]
            assert await idle.closed()

    run(kind, main)


class Explosive:
    """A header value that cannot be written."""

    def __str__(self) -> str:
        raise RuntimeError("no text")


@kinds
@pytest.mark.parametrize("value", [Explosive(), "\ud800"], ids=["raises", "surrogate"])
@pytest.mark.parametrize("path", ["/whole", "/stream", "/first-piece"])
def test_head_that_fails_half_way_leaves_nothing_behind(kind: str, value: Any, path: str) -> None:
    """The part that was written is not sent before the error's own head."""
    app = shared_app()

    @app.get("/whole")
    async def whole(request):
        return text("never", headers={"X-First": "1", "X-Bad": value})

    @app.get("/stream")
    async def stream(request):
        response = await request.respond(headers={"X-First": "1", "X-Bad": value})
        await response.send("never")

    @app.get("/first-piece")
    async def first_piece(request):
        response = await request.respond(headers={"X-First": "1", "X-Bad": value})
        await response.eof()

    async def main() -> None:
        async with served(app), Peer(app.ctx.port) as peer:
            peer.send(get("/secret") + get(path) + get("/secret"))
            assert (await peer.answer()).body == b"secret"
            answer = await peer.answer()
            assert answer.status == 500 and answer["x-first"] is None
            assert (await peer.answer()).body == b"secret"

    run(kind, main)
