"""A handler that sends on another request's response: each client gets its own bytes only."""

import asyncio

import pytest

from sanic_fast import Sanic
from sanic_fast.response import text

uvloop = pytest.importorskip("uvloop")


def make_app():
    app = Sanic("cross_send")
    listeners = []

    @app.get("/listen")
    async def listen(request):
        response = await request.respond(content_type="text/plain")
        await response.send("begin;")
        done = asyncio.get_running_loop().create_future()
        listeners.append((response, done))
        await done
        await response.send("end")

    @app.get("/tell/<word>")
    async def tell(request, word):
        for response, done in listeners:
            await response.send(f"{word};")
            if word == "stop":
                done.set_result(None)
        return text(f"told {word}")

    return app


async def scenario():
    app = make_app()
    server = await app.create_server(host="127.0.0.1", sock=bound())
    await server.startup()
    await server.start_serving()
    port = server.server.sockets[0].getsockname()[1]
    try:
        hear, hear_out = await asyncio.open_connection("127.0.0.1", port)
        hear_out.write(b"GET /listen HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
        assert await hear.readuntil(b"begin;")
        say, say_out = await asyncio.open_connection("127.0.0.1", port)
        # One write, so all three are answered within one step of the second connection.
        say_out.write(
            b"GET /tell/one HTTP/1.1\r\nhost: a\r\n\r\n"
            b"GET /tell/two HTTP/1.1\r\nhost: a\r\n\r\n"
            b"GET /tell/stop HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"
        )
        told, heard = await asyncio.wait_for(asyncio.gather(say.read(), hear.read()), 10)
        for writer in (hear_out, say_out):
            writer.close()
        return told, heard
    finally:
        await server.close()


def bound():
    import socket

    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    return sock


@pytest.mark.parametrize("new_loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_bytes_of_two_connections_never_mix(new_loop):
    loop = new_loop()
    try:
        told, heard = loop.run_until_complete(scenario())
    finally:
        loop.close()
        Sanic._app_registry.pop("cross_send", None)
    assert told.count(b"HTTP/1.1 200 OK") == 3
    assert [told.count(b"told " + word) for word in (b"one", b"two", b"stop")] == [1, 1, 1]
    assert b"HTTP/1.1" not in heard
    assert heard == b"\r\n4\r\none;\r\n4\r\ntwo;\r\n5\r\nstop;\r\n3\r\nend\r\n0\r\n\r\n"
