"""The life of a connection's task: how it ends, what cancels it, and what it leaves behind."""

from __future__ import annotations

import asyncio
import gc
import logging
import re
import subprocess
import sys
import weakref
from typing import Any

import httpx
import pytest

from sanic_fast import Request
from sanic_fast import json as json_response
from sanic_fast.exceptions import RequestCancelled
from sanic_fast.response import text
from tests.wire.kit import LOOPS, Peer, make_app, run, served, until

POSITIONS = (1, 2, 17)
kinds = pytest.mark.parametrize("kind", LOOPS)
positions = pytest.mark.parametrize("position", POSITIONS)


def get(path: str, more: str = "") -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: a\r\n{more}\r\n".encode()


def life_app(**config: Any) -> Any:
    app = make_app("life", **config)
    app.ctx.seen = []

    @app.get("/ok")
    async def ok(request):
        return text("ok")

    @app.get("/hang")
    async def hang(request):
        app.ctx.task = asyncio.current_task()
        app.ctx.seen.append("started")
        try:
            await asyncio.sleep(30)
        except asyncio.CancelledError as error:
            app.ctx.seen.append(error)
            raise

    return app


async def lead_up(peer: Peer, position: int, data: bytes) -> None:
    """Send a request as the n-th of a connection and read the answers before it."""
    peer.send(get("/ok") * (position - 1) + data)
    for _ in range(position - 1):
        assert (await peer.answer()).body == b"ok"


@kinds
@positions
def test_connection_closed_while_idle_ends_its_task(kind: str, position: int) -> None:
    app = life_app()

    async def main() -> None:
        async with served(app) as server:
            peer = await Peer(app.ctx.port).__aenter__()
            await lead_up(peer, position, get("/ok"))
            await peer.answer()
            (connection,) = server.connections
            task = connection.task
            assert not task.done() and task in asyncio.all_tasks()
            await peer.close()
            await until(lambda: not server.connections and task.done())
            assert not task.cancelled() and task.exception() is None

    run(kind, main)


@kinds
@positions
def test_client_gone_cancels_the_handler(kind: str, position: int, caplog: Any) -> None:
    app = life_app()
    seen = app.ctx.seen

    @app.exception(RequestCancelled)
    async def cancelled(request, error):
        seen.append((type(error), request.conn_info.lost))
        return text("nobody reads this")

    async def main() -> None:
        async with served(app) as server:
            peer = await Peer(app.ctx.port).__aenter__()
            await lead_up(peer, position, get("/hang"))
            await until(lambda: seen)
            await peer.close()
            await until(lambda: not server.connections and app.ctx.task.done())
            await asyncio.sleep(0)

    run(kind, main)
    assert seen[0] == "started" and isinstance(seen[1], asyncio.CancelledError)
    assert seen[2:] == [(RequestCancelled, True)]
    assert [r for r in caplog.records if r.levelno >= logging.WARNING] == []


@kinds
def test_client_gone_from_a_handler_that_goes_on(kind: str, caplog: Any) -> None:
    """A handler that swallows the cancellation ends quietly; its answer goes nowhere."""
    app = life_app()
    seen = app.ctx.seen

    @app.get("/deaf")
    async def deaf(request):
        seen.append(asyncio.current_task())
        try:
            await asyncio.sleep(30)
        except asyncio.CancelledError:
            await asyncio.sleep(0.01)
        return text("too late")

    async def main() -> None:
        async with served(app) as server:
            peer = await Peer(app.ctx.port).__aenter__()
            peer.send(get("/deaf"))
            await until(lambda: seen)
            await peer.close()
            await until(lambda: not server.connections and seen[0].done())

    run(kind, main)
    assert [r for r in caplog.records if r.levelno >= logging.WARNING] == []


@kinds
@positions
def test_response_timeout(kind: str, position: int) -> None:
    app = life_app(RESPONSE_TIMEOUT=0.2)

    async def main() -> None:
        async with served(app), Peer(app.ctx.port) as peer:
            await lead_up(peer, position, get("/hang") + get("/ok"))
            answer = await peer.answer()
            assert (answer.status, answer["connection"]) == (503, "close")
            assert b"Response Timeout" in answer.body
            assert await peer.closed()
            await peer.close()
            await until(app.ctx.task.done)

    run(kind, main)
    assert isinstance(app.ctx.seen[1], asyncio.CancelledError)


@kinds
def test_handler_that_ignores_its_cancellation_is_cut(kind: str, caplog: Any) -> None:
    app = life_app(RESPONSE_TIMEOUT=0.2)
    seen = app.ctx.seen
    app.ctx.end = False

    @app.get("/deaf")
    async def deaf(request):
        seen.append(asyncio.current_task())
        while not app.ctx.end:
            try:
                await asyncio.sleep(0.05)
            except asyncio.CancelledError:
                pass
        return text("too late")

    async def cut(position: int) -> None:
        async with Peer(app.ctx.port) as peer:
            await lead_up(peer, position, get("/deaf"))
            assert await peer.closed()

    async def main() -> None:
        async with served(app):
            await asyncio.gather(*(cut(position) for position in POSITIONS))
            app.ctx.end = True
            await until(lambda: all(task.done() for task in seen))

    run(kind, main)
    errors = [r.getMessage() for r in caplog.records if r.levelno >= logging.WARNING]
    assert len(errors) == len(seen) == len(POSITIONS)
    assert all("ignored its cancellation" in error for error in errors)


@kinds
@positions
@pytest.mark.parametrize("when", ["raised", "first step", "later"])
def test_cancellation_that_nobody_catches(kind: str, position: int, when: str) -> None:
    app = life_app()

    @app.get("/give-up")
    async def give_up(request):
        if when == "raised":
            raise asyncio.CancelledError
        if when == "later":
            await asyncio.sleep(0)
        asyncio.current_task().cancel()
        await asyncio.sleep(30)

    async def main() -> None:
        async with served(app), Peer(app.ctx.port) as peer:
            await lead_up(peer, position, get("/give-up") + get("/ok"))
            answer = await peer.answer()
            assert (answer.status, answer["connection"]) == (500, "close")
            assert await peer.closed()

    run(kind, main)


@kinds
@positions
@pytest.mark.parametrize("suspended", [False, True])
@pytest.mark.parametrize("ending", ["return", "raise"])
@pytest.mark.parametrize("pause", [0, 0.01])
def test_own_cancellation_and_an_error_path_that_suspends(
    kind: str, position: int, suspended: bool, ending: str, pause: float
) -> None:
    """As in any task, the cancellation arrives once, and there is an answer."""
    app = life_app()
    app.config.RESPONSE_TIMEOUT = 20

    @app.get("/give-up")
    async def give_up(request):
        if suspended:
            await asyncio.sleep(0.001)
        asyncio.current_task().cancel()
        if ending == "raise":
            raise ValueError("gave up")
        return text("returned")

    @app.exception(Exception, asyncio.CancelledError)
    async def failed(request, error):
        await asyncio.sleep(pause)
        await asyncio.sleep(pause)
        return text("failed", status=500)

    async def main() -> None:
        async with served(app), Peer(app.ctx.port) as peer:
            await lead_up(peer, position, get("/give-up") + get("/ok"))
            answer = await peer.answer()
            assert answer["connection"] == "close"
            # A coroutine that returns before it suspends again may not notice.
            if ending == "raise" or (answer.status, answer.body) != (200, b"returned"):
                assert (answer.status, answer.body) == (500, b"failed")
            assert await peer.closed()

    run(kind, main)


def test_a_plain_task_is_told_of_its_own_cancellation_once() -> None:
    """What the test above holds handlers to."""
    steps = []

    async def error_path() -> None:
        await asyncio.sleep(0)
        steps.append("answered")

    async def main() -> None:
        asyncio.current_task().cancel()
        try:
            await asyncio.sleep(0)
        except asyncio.CancelledError:
            steps.append("cancelled")
            await error_path()

    asyncio.run(main())
    assert steps == ["cancelled", "answered"]


@kinds
@positions
def test_cancelled_task_serves_no_other_request(kind: str, position: int) -> None:
    """A cancellation that was swallowed and not taken back: closed, or served by another task."""
    app = life_app()
    seen = app.ctx.seen

    @app.get("/swallow")
    async def swallow(request):
        seen.append(asyncio.current_task())
        asyncio.get_running_loop().call_soon(seen[0].cancel)
        try:
            await asyncio.sleep(30)
        except asyncio.CancelledError:
            return text("went on")

    @app.get("/after")
    async def after(request):
        seen.append(asyncio.current_task())
        return text("after")

    async def main() -> None:
        async with served(app), Peer(app.ctx.port) as peer:
            await lead_up(peer, position, get("/swallow") + get("/after"))
            answer = await peer.answer()
            assert answer.body == b"went on"
            if sys.version_info >= (3, 11):
                assert answer["connection"] == "close"
                assert await peer.closed()
            await until(lambda: seen[0].done() or len(seen) == 2)

    run(kind, main)
    assert sys.version_info < (3, 11) or len(seen) == 1


@kinds
@pytest.mark.parametrize("late", [False, True])
@positions
@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
def test_exits_leave_the_loop(kind: str, position: int, late: bool, error: Any) -> None:
    app = life_app()

    @app.get("/exit")
    async def leave(request):
        if late:
            await asyncio.sleep(0)
        raise error

    async def main() -> None:
        async with served(app), Peer(app.ctx.port) as peer:
            await lead_up(peer, position, b"")
            peer.send(get("/exit"))
            await asyncio.sleep(60)
            raise AssertionError("the loop goes on")

    with pytest.raises(error):
        run(kind, main)
    gc.collect()


@kinds
def test_other_request_go_on_after_a_handler_failed(kind: str) -> None:
    app = life_app()

    @app.get("/fail")
    async def fail(request):
        raise ValueError("nothing special")

    async def main() -> None:
        async with served(app), Peer(app.ctx.port) as peer:
            peer.send((get("/fail") + get("/ok")) * 3)
            assert [(await peer.answer()).status for _ in range(6)] == [500, 200] * 3

    run(kind, main)


@kinds
def test_busy_connection_leaves_room_for_others(kind: str) -> None:
    """One connection with 3,000 requests in its buffers, one with one: counted, not timed."""
    app = life_app(REQUEST_BUFFER_SIZE=262144)
    counts = {"flood": 0}

    @app.get("/flood")
    async def flood(request):
        counts["flood"] += 1
        return text("")

    @app.get("/polite")
    async def polite(request):
        counts["before"] = counts["flood"]
        return text("")

    async def main() -> None:
        async with served(app), Peer(app.ctx.port) as loud, Peer(app.ctx.port) as quiet:
            for peer in (loud, quiet):
                peer.send(get("/ok"))
                await peer.answer()
            loud.send(get("/flood") * 3000)
            quiet.send(get("/polite"))
            await quiet.answer()
            while counts["flood"] < 3000:
                await loud.answer()

    run(kind, main)
    # The polite one is served in the first or second turn; one turn gives the flood 64.
    assert counts["before"] <= 64 * 4


@kinds
def test_httpx_inside_a_handler(kind: str) -> None:
    app = life_app()

    @app.get("/outer")
    async def outer(request):
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{app.ctx.port}") as client:
            both = await asyncio.gather(client.get("/inner?n=1"), client.get("/inner?n=2"))
            with pytest.raises(httpx.ReadTimeout):
                await client.get("/hang", timeout=httpx.Timeout(60, read=0.05))
            return json_response([answer.json() for answer in both])

    @app.get("/inner")
    async def inner(request):
        await asyncio.sleep(0)
        return json_response([request.args.get("n"), Request.get_current() is request])

    async def main() -> None:
        async with served(app), Peer(app.ctx.port) as peer:
            for position in POSITIONS[:2]:
                await lead_up(peer, position, get("/outer"))
                assert (await peer.answer()).text == '[["1",true],["2",true]]'

    run(kind, main)


@kinds
def test_current_request_is_the_running_one(kind: str) -> None:
    app = life_app()

    @app.middleware("request")
    async def first(request):
        await asyncio.sleep(0)
        assert Request.get_current() is request

    @app.get("/who")
    async def who(request):
        found = [Request.get_current() is request]
        await asyncio.sleep(0)
        found.append(Request.get_current() is request)
        found.append(await asyncio.create_task(child()) is request)
        return json_response(found)

    async def child() -> Any:
        return Request.get_current()

    @app.middleware("response")
    async def last(request, response):
        await asyncio.sleep(0)
        assert Request.get_current() is request

    async def main() -> None:
        async with served(app), Peer(app.ctx.port) as peer:
            peer.send(get("/who") * 3)
            for _ in range(3):
                assert (await peer.answer()).text == "[true,true,true]"

    run(kind, main)


SHUTDOWN = """
import asyncio, socket, sys
from sanic_fast.response import text
from tests.wire.kit import make_app, run, start, until

app = make_app()

@app.get("/")
async def index(request):
    return text("ok")

@app.get("/hang")
async def hang(request):
    await asyncio.sleep(100)

async def main():
    server = await start(app, backlog=2048)
    clients = [socket.create_connection(("127.0.0.1", app.ctx.port)) for _ in range(1000)]
    for number, client in enumerate(clients[:600]):
        path = b"/" if number < 500 else b"/hang"
        client.sendall(b"GET " + path + b" HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n")
    await until(lambda: len(server.connections) == 1000)
    for client in clients[:500]:
        client.setblocking(False)
        await asyncio.get_running_loop().sock_recv(client, 1000)
    tasks = [c.task for c in server.connections if c.task is not None]
    assert len(tasks) == 600, len(tasks)
    main.clients = clients

run(sys.argv[1], main)
print("ended")
"""


@kinds
def test_run_ends_at_once_with_a_thousand_connections(kind: str) -> None:
    """Nobody closes the server: `asyncio.run` cancels every task, and each of them must end."""
    done = subprocess.run(
        [sys.executable, "-c", SHUTDOWN, kind], capture_output=True, text=True, timeout=60
    )
    # Handlers that were running are logged as cancelled; nothing else is.
    others = re.sub(
        r"Exception occurred while handling uri(?s:.*?)CancelledError\n", "", done.stderr
    )
    assert (done.stdout, others) == ("ended\n", "")


@kinds
@pytest.mark.parametrize("path", ["/ok", "/hang", "/stream", "/fail", "/body"])
def test_nothing_of_a_closed_connection_stays(kind: str, path: str, caplog: Any) -> None:
    """Protocol, task and request go as the connection goes, without the garbage collector."""
    app = life_app()
    caplog.set_level(logging.CRITICAL, "sanic.error")  # its records would hold the exceptions
    kept: list[weakref.ref] = []

    @app.middleware("request")
    def note(request):
        kept.append(weakref.ref(request))
        kept.append(weakref.ref(request.protocol))

    @app.get("/stream")
    async def stream(request):
        response = await request.respond()
        await response.send("one")
        await asyncio.sleep(0)
        await response.eof()

    @app.get("/fail")
    async def fail(request):
        raise LookupError

    @app.get("/body")
    async def body(request):
        await asyncio.sleep(0)
        return text(str(len(request.body)))

    async def main() -> None:
        async with served(app) as server:
            gc.collect()
            gc.disable()
            try:
                for _ in range(3):
                    peer = await Peer(app.ctx.port).__aenter__()
                    peer.send(get(path) * (1 if path == "/hang" else 3))
                    if path == "/hang":
                        await until(lambda: app.ctx.seen)
                        app.ctx.seen.clear()
                    else:
                        for _ in range(3):
                            await peer.answer()
                    (connection,) = server.connections
                    kept.append(weakref.ref(connection.task))
                    del connection
                    await peer.close()
                    await until(lambda: not server.connections)
                    app.ctx.task = None
                    app.ctx.seen.clear()
                await until(lambda: [ref() for ref in kept if ref() is not None] == [])
            finally:
                gc.enable()

    run(kind, main)
