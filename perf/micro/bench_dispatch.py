"""A whole request in memory: bytes into the protocol, bytes out to a transport that counts them.

The difference between this and `run.py` is the kernel and the event loop. Each request is a read
of its own.

Usage: .venv/bin/python perf/micro/bench_dispatch.py
"""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import uvloop

from perf.gate import request_bytes
from perf.micro.timing import bench
from perf.scenarios import SCENARIOS, Scenario
from sanic_fast import Sanic
from sanic_fast.response import json, text
from sanic_fast.server.protocols.http_protocol import HttpProtocol

#: Reads per turn of the loop: few enough that the connection keeps its turn, many to hide its cost.
TURN = 32


class CountingTransport(asyncio.Transport):
    """Takes everything at once, like a peer that reads without end."""

    def __init__(self) -> None:
        super().__init__({"peername": ("127.0.0.1", 1), "sockname": ("127.0.0.1", 2)})
        self.answers = 0

    def write(self, data: bytes) -> None:
        self.answers += bytes(data).count(b"HTTP/1.1 200")

    def pause_reading(self) -> None:
        raise AssertionError("the server fell behind")

    def get_write_buffer_size(self) -> int:
        return 0

    def is_closing(self) -> bool:
        return False

    def close(self) -> None:
        raise AssertionError("the server gave up the connection")

    abort = close


def application(name: str, middleware: bool = False) -> Sanic:
    """The routes of the measured application that take one turn each."""
    app = Sanic(name)

    @app.get("/")
    async def hello(request):
        return text("Hello, World!")

    @app.get("/plain")
    def plain(request):
        return text("Hello, World!")

    @app.get("/json")
    async def message(request):
        return json({"message": "Hello, World!"})

    @app.get("/user/<name>/<id:int>")
    async def user(request, name, id):
        return json({"name": name, "id": id, "q": request.args.get("q")})

    @app.get("/two/<name>/<id:int>")
    async def two(request, name, id):
        return text(name)

    @app.post("/echo")
    async def echo(request):
        return json(request.json)

    if middleware:

        @app.on_request
        async def before(request):
            pass

        @app.on_response
        async def after(request, response):
            pass

    return app


class Connection:
    """One protocol that is fed by hand, from callbacks of the loop like those of a real socket."""

    def __init__(self, app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.transport = CountingTransport()
        self.protocol = HttpProtocol(loop=loop, app=app)
        self.protocol.connection_made(self.transport)

    def case(self, scenario: Scenario) -> Callable[[int], None]:
        """Feed `scenario`, a read per request and `TURN` reads per turn; count the answers."""
        data = request_bytes(scenario)
        protocol, transport, loop, size = self.protocol, self.transport, self.loop, len(data)

        def turn(left: int) -> None:
            for _ in range(min(TURN, left)):
                protocol.get_buffer(-1)[:size] = data
                protocol.buffer_updated(size)
            if left > TURN:
                loop.call_soon(turn, left - TURN)
            else:
                loop.call_later(0, loop.stop)

        def run(number: int) -> None:
            before = transport.answers
            loop.call_soon(turn, number)
            loop.run_forever()
            if transport.answers - before != number:
                raise AssertionError(f"{transport.answers - before} answers to {number} requests")

        return run


def main() -> None:
    """Print the table."""
    loop = uvloop.new_event_loop()
    app, wrapped = application("bench_dispatch"), application("bench_middleware", middleware=True)
    for each in (app, wrapped):
        loop.run_until_complete(each._startup())
    connection, behind = Connection(app, loop), Connection(wrapped, loop)
    for each in (connection, behind):
        each.case(SCENARIOS["text"])(1)  # the connection's task starts in the turn after this
    bench(
        {
            "text": connection.case(SCENARIOS["text"]),
            "text, plain function": connection.case(Scenario("plain", "/plain")),
            "text + 2 middleware": behind.case(SCENARIOS["text"]),
            "text, 12 header fields": connection.case(SCENARIOS["browser"]),
            "two parameters": connection.case(Scenario("two", "/two/joe/42")),
            "json": connection.case(SCENARIOS["json"]),
            "two parameters + query, json": connection.case(SCENARIOS["params"]),
            "POST json, json": connection.case(SCENARIOS["post_json"]),
        },
        number=5_000,
    )


if __name__ == "__main__":
    main()
