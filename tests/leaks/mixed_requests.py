"""Serve many requests of mixed kinds in this process and print what is left of them.

Usage: python -m tests.leaks.mixed_requests LOOP KIND COUNT

Prints one line of JSON: object counts and resident memory after a quarter, a half and all of the
requests. Run by test_leaks.py in a process of its own.
"""

from __future__ import annotations

import asyncio
import contextvars
import gc
import json
import os
import socket
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

from sanic_fast import json as json_response
from sanic_fast.response import empty, text
from tests.wire.kit import make_app, run, start

VAR: contextvars.ContextVar[Any] = contextvars.ContextVar("leak")
BATCH = 50  # requests of one write


def resident() -> int:
    """Bytes of memory of this process."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def leak_app() -> Any:
    app = make_app("leak", REQUEST_MAX_SIZE=100000)

    @app.get("/")
    async def index(request):
        return text("ok")

    @app.get("/touch/<name>")
    async def touch(request, name):
        request.ctx.name = name
        seen = (request.headers, request.args, request.cookies, request.url, request.ip, request.id)
        return json_response({"name": name, "n": len(seen)}, headers={"x-y": "z"})

    @app.get("/sleep")
    async def sleep(request):
        await asyncio.sleep(0)
        return empty()

    @app.get("/var")
    async def var(request):
        VAR.set(request)
        await asyncio.sleep(0)
        return text("left behind")

    @app.get("/stream")
    async def stream(request):
        response = await request.respond()
        await response.send("one")
        await asyncio.sleep(0)
        await response.send("two")
        await response.eof()

    @app.post("/body")
    async def body(request):
        return text(str(len(request.body)))

    @app.post("/form")
    async def form(request):
        return text(str(dict(request.form)))

    @app.post("/upload", stream=True)
    async def upload(request):
        return text(str(sum([len(piece) async for piece in request.stream])))

    @app.get("/error")
    async def error(request):
        raise LookupError

    @app.get("/wait")
    async def wait(request):
        await asyncio.sleep(30)

    return app


def get(path: str, *headers: str) -> bytes:
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: a", *headers, "", ""]).encode()


def post(path: str, body: bytes, *headers: str) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: a", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


FORM = "Content-Type: application/x-www-form-urlencoded"
CHUNKED = (
    b"POST /upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"5\r\nhello\r\n0\r\nX: y\r\n\r\n"
)
# Each kind: the requests of one connection, sent again and again.
KINDS: dict[str, list[bytes]] = {
    "plain": [get("/"), get("/sleep"), get("/touch/a?b=c", "Cookie: d=e", "X-Y: z")],
    "context": [get("/var"), get("/")],
    "stream": [get("/stream"), CHUNKED, post("/upload", b"x" * 3000)],
    "bodies": [post("/body", b"x" * 30000), post("/form", b"a=b&c=d", FORM), post("/body", b"")],
    "errors": [get("/error"), get("/nope"), post("/", b"x"), get("/")],
    # these end their connection
    "refused": [b"GET / HTTP/1.1\r\n\r\n"],
    "too large": [post("/body", b"")[:-5] + b"9999999\r\n\r\n"],
    "closed": [get("/", "Connection: close")],
    "gone": [get("/wait")],
    "half a head": [get("/")[:20]],
    "half a body": [post("/body", b"x" * 20000)[:10000]],
}
ENDING = ("refused", "too large", "closed", "gone", "half a head", "half a body")


async def read_until_quiet(sock: socket.socket, answers: int) -> None:
    """Read that many answers (by their status lines), or up to the end."""
    loop = asyncio.get_running_loop()
    found = 0
    while found < answers:
        data = await asyncio.wait_for(loop.sock_recv(sock, 1 << 20), 20)
        if not data:
            return
        found += data.count(b"HTTP/1.1 ")


async def connect(port: int) -> socket.socket:
    sock = socket.socket()
    sock.setblocking(False)
    await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", port))
    return sock


async def keep_alive(port: int, messages: list[bytes], count: int) -> None:
    loop = asyncio.get_running_loop()
    sock = await connect(port)
    for _ in range(count // (BATCH * len(messages)) or 1):
        await loop.sock_sendall(sock, b"".join(messages) * BATCH)
        await read_until_quiet(sock, BATCH * len(messages))
    sock.close()


async def ending(port: int, data: bytes, count: int, kind: str) -> None:
    loop = asyncio.get_running_loop()
    for _ in range(count):
        sock = await connect(port)
        await loop.sock_sendall(sock, data)
        if kind in ("refused", "too large", "closed"):
            await read_until_quiet(sock, 1)
        else:
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        sock.close()


def snapshot() -> dict[str, Any]:
    gc.collect()
    counts = Counter(type(o).__name__ for o in gc.get_objects())
    return {"objects": sum(counts.values()), "rss": resident(), "types": dict(counts)}


async def serve(kind: str, count: int, look: Callable[[], None]) -> None:
    server = await start(leak_app(), backlog=1024)
    port = server.app.ctx.port
    messages = KINDS[kind]
    for part in (0.25, 0.25, 0.5):
        if kind in ENDING:
            await ending(port, messages[0], int(count * part) // 10, kind)
        else:
            await keep_alive(port, messages, int(count * part))
        for _ in range(2000):
            if not server.connections:
                break
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
        look()
    await server.close()


def main() -> None:
    loop, kind, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    found: list[dict[str, Any]] = []
    import logging

    logging.disable(logging.CRITICAL)
    run(loop, lambda: serve(kind, count, lambda: found.append(snapshot())))
    first, last = Counter(found[1]["types"]), Counter(found[-1]["types"])
    grown = {name: n for name, n in (last - first).items() if n > 20}
    for one in found:
        del one["types"]
    print(json.dumps({"parts": found, "grown": grown}))


if __name__ == "__main__":
    main()
