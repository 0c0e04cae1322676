"""A websocket route starts, echoes and closes."""

from __future__ import annotations

from websockets.sync.client import connect

from tests.wire.kit.serve import ServerThread, make_app


def test_echo() -> None:
    app = make_app("ws")

    @app.websocket("/echo")
    async def echo(request, ws):
        async for message in ws:
            await ws.send(message)

    with ServerThread(app) as server, connect(f"ws://127.0.0.1:{server.port}/echo") as client:
        client.send("text")
        assert client.recv(5) == "text"
        client.send(b"bytes")
        assert client.recv(5) == b"bytes"
        client.close(4001, "done")
        assert client.protocol.close_code == 4001
