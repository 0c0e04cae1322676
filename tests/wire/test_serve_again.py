"""One app object serves time and again in one process, in every way of running."""

from __future__ import annotations

from pathlib import Path

import pytest

from sanic_fast.response import text
from tests.servers import Server, free_port
from tests.wire.kit import LOOPS, Peer, make_app, run, served

TIMES = 10
PROGRAM = """
import asyncio, os, sys
from sanic_fast import Sanic, text

app = Sanic("again")
port, mode, loop = int(sys.argv[1]), sys.argv[2], sys.argv[3]
app.config.USE_UVLOOP = loop == "uvloop"
app.config.MOTD = False

@app.get("/")
async def index(request):
    return text("index")

@app.before_server_start
async def before(app):
    os.write(1, b"BEFORE\\n")

@app.after_server_start
async def ask(app):
    async def visit():
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\\r\\nhost: a\\r\\n\\r\\n")
        await reader.readuntil(b"\\r\\n\\r\\nindex")
        os.write(1, b"ANSWERED\\n")
        app.stop()  # with its idle connection open
        await reader.read()
        writer.close()
    app.ctx.visit = asyncio.create_task(visit())

if __name__ == "__main__":
    for _ in range(int(sys.argv[4])):
        app.run(host="127.0.0.1", port=port, single_process=mode == "single")
"""


@pytest.mark.slow
@pytest.mark.net
@pytest.mark.parametrize(
    ("mode", "loop", "times"),
    [("single", "uvloop", TIMES), ("single", "asyncio", TIMES), ("workers", "uvloop", 2)],
)
def test_run_again(tmp_path: Path, mode: str, loop: str, times: int) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    with Server(tmp_path, str(program), str(free_port()), mode, loop, str(times)) as server:
        assert server.wait() == 0, server.output
    assert server.output.count("BEFORE") == server.output.count("ANSWERED") == times
    assert "Traceback" not in server.output and "pending" not in server.output


@pytest.mark.net
def test_create_server_again() -> None:
    """On loops of both kinds in turn."""
    app = make_app("again")
    seen: list[str] = []

    @app.get("/")
    async def index(request):
        return text("index")

    @app.before_server_start
    async def before(app):
        seen.append("before")

    async def serve() -> None:
        async with served(app):
            for _ in range(3):
                async with Peer(app.ctx.port) as peer:
                    peer.send(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n")
                    assert (await peer.answer()).body == b"index"

    for at in range(TIMES):
        run(LOOPS[at % 2], serve)
    assert seen == ["before"] * TIMES


LEFT = """
import asyncio, sys, uvloop
from sanic_fast import Sanic, text

app = Sanic("left")

@app.get("/")
async def index(request):
    return text("index")

async def serve():
    # Ends with the server open, and with idle connections.
    server = await app.create_server(port=int(sys.argv[1]), return_asyncio_server=True)
    await server.startup()
    await server.start_serving()
    clients = []
    for _ in range(300):
        reader, writer = await asyncio.open_connection("127.0.0.1", int(sys.argv[1]))
        writer.write(b"GET / HTTP/1.1\\r\\nhost: a\\r\\n\\r\\n")
        await reader.readuntil(b"\\r\\n\\r\\nindex")
        clients.append(writer)
    return clients

for run in (uvloop.run, asyncio.run):
    run(serve())
    print("ENDED")
"""


@pytest.mark.slow
@pytest.mark.net
def test_run_ends_with_a_server_left_open(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(LEFT)
    with Server(tmp_path, "-W", "ignore", str(program), str(free_port())) as server:
        assert server.wait() == 0, server.output
    assert server.output.count("ENDED") == 2
