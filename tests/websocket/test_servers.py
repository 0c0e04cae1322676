"""Websockets in servers of their own process, over TLS and over a unix socket."""

from __future__ import annotations

import asyncio
import signal
import ssl

import pytest
from websockets.sync.client import connect, unix_connect

from tests.servers import Server, free_port
from tests.tls.conftest import certificates  # noqa: F401
from tests.websocket.kit import BINARY, TEXT, Peer, close_frame, frame
from tests.wire.kit import ServerThread
from tests.wire.kit.client import PATIENCE

PROGRAM = """
from sanic_fast import Sanic, Websocket, text
app = Sanic("served")
app.config.MOTD = False

@app.get("/")
async def index(request):
    return text("index")

@app.websocket("/echo")
async def echo(request, ws: Websocket):
    print("handler", type(ws).__name__, flush=True)
    try:
        async for message in ws:
            await ws.send(message)
    finally:
        print("handler left", flush=True)

if __name__ == "__main__":
    print("PORT", {port}, flush=True)
    app.run(port={port}, {options})
"""


@pytest.mark.net
@pytest.mark.slow
@pytest.mark.parametrize("options", ["single_process=True", "workers=1", "debug=True"])
def test_run_and_stop(tmp_path, options) -> None:
    port = free_port()
    (tmp_path / "program.py").write_text(PROGRAM.format(port=port, options=options))
    with Server(tmp_path, "program.py") as server:
        server.port()
        with Peer(port, "/echo") as peer:
            peer.send(frame(TEXT, "hello"), frame(BINARY, b"\0"))
            assert peer.text() == "hello"
            assert peer.receive().payload == b"\0"
            server.process.send_signal(signal.SIGTERM)
            assert peer.closing() == (1001, "")
            peer.send(close_frame(1000))
            assert peer.ended()
        assert server.wait() == 0
        output = server.output
        assert "handler WebsocketImplProtocol" in output
        assert "handler left" in output
        assert "Traceback" not in output
        assert "never" not in output


def test_tls(app, loop_kind, certificates) -> None:  # noqa: F811
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.a / "fullchain.pem", certificates.a / "privkey.pem")

    @app.websocket("/about")
    async def about(request, ws):
        await ws.send(f"{request.scheme} {request.conn_info.ssl}")

    with ServerThread(app, loop_kind, ssl=context) as server:
        trusting = certificates.client()
        with Peer(server.port, "/about", context=trusting) as peer:
            assert peer.text() == "wss True"
        with Peer(server.port, context=trusting) as peer:
            for size in (0, 1, 20_000, 900_000):
                peer.send(frame(TEXT, "x" * size))
                assert peer.text() == "x" * size
            peer.send(close_frame(4000))
            assert peer.closing() == (4000, "")
            assert peer.ended()
        with Peer(server.port, context=trusting) as peer:
            peer.send(b"\xff\xff")
            assert peer.closing()[0] == 1002


def test_unix_socket(app, tmp_path) -> None:
    path = str(tmp_path / "ws.sock")

    async def main() -> None:
        server = await app.create_server(unix=path, return_asyncio_server=True)
        await server.startup()
        await server.before_start()
        await server.start_serving()
        await asyncio.get_running_loop().run_in_executor(None, talk)
        await server.before_stop()
        await server.close()

    def talk() -> None:
        with unix_connect(path) as client:
            client.send("over a file")
            assert client.recv(PATIENCE) == "over a file"

    app.config.ACCESS_LOG = True
    asyncio.run(main())


def test_client_library_with_its_defaults(app, loop_kind) -> None:
    """It offers compression, which is refused, and fragments what it is given in pieces."""
    with ServerThread(app, loop_kind) as server:
        with connect(f"ws://127.0.0.1:{server.port}/") as client:
            client.send(["frag", "ments", ""])
            assert client.recv(PATIENCE) == "fragments"
            assert client.ping(b"x").wait(PATIENCE)
            client.send(b"x" * 2**20)
            assert client.recv(PATIENCE) == b"x" * 2**20
            client.close(4001, "done")
            assert client.protocol.close_code == 4001
            assert client.protocol.close_reason == "done"
