"""The app that mutated requests go to. Usage: python -m tests.wire.mutation.app LOOP"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from sanic_fast.response import file, json, text
from tests.wire.kit import make_app, run, start


def resident() -> int:
    """Bytes of memory of this process."""
    with open("/proc/self/statm") as opened:
        return int(opened.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def mutation_app() -> Any:
    """One route of each kind; short timeouts, so that a stalled client is soon let go."""
    app = make_app(
        "mutation",
        REQUEST_TIMEOUT=2,
        RESPONSE_TIMEOUT=2,
        KEEP_ALIVE_TIMEOUT=2,
        REQUEST_MAX_SIZE=100_000,
        FORWARDED_SECRET="s",
        GRACEFUL_TCP_CLOSE_TIMEOUT=1,
        WEBSOCKET_PING_INTERVAL=1,
        WEBSOCKET_PING_TIMEOUT=1,
    )

    @app.get("/")
    async def index(request):
        return text("ok")

    @app.get("/touch/<name>")
    async def touch(request, name):
        seen = (request.args, request.cookies, request.url, request.ip, request.accept)
        seen += (request.forwarded, request.host, request.server_port, request.query_args)
        return json({"name": name, "n": len(seen), "h": len(request.headers)})

    @app.get("/int/<n:int>/<rest:path>")
    async def number(request, n, rest):
        return text(f"{n} {len(rest)}")

    @app.get("/pieces")
    async def send_pieces(request):
        response = await request.respond()
        for _ in range(5):
            await response.send("x" * 1000)
        await response.eof()

    @app.get("/error")
    async def error(request):
        return text(str(1 / int(request.args.get("n", "0"))))

    @app.exception(ZeroDivisionError)
    async def on_error(request, exception):
        return text("zero", status=500)

    @app.get("/sleep")
    async def sleep(request):
        await asyncio.sleep(0.01)
        return text("slept")

    @app.get("/file")
    async def send_file(request):
        return await file(__file__, request_headers=request.headers)

    app.static("/static", Path(__file__).parent)

    @app.post("/echo")
    async def echo(request):
        return text(str(len(request.body)))

    @app.post("/upload", stream=True)
    async def upload(request):
        size = 0
        async for piece in request.stream:
            size += len(piece)
        return text(str(size))

    @app.post("/form")
    async def form(request):
        if request.headers.get("content-type") == "application/json":
            return json(request.json)
        return json({"form": len(request.form or ()), "files": len(request.files or ())})

    @app.websocket("/ws")
    async def socket(request, ws):
        async for message in ws:
            await ws.send(message)

    @app.get("/counts")
    async def counts(request):
        gc.collect()
        found = Counter(type(each).__name__ for each in gc.get_objects())
        return json(
            {
                "rss": resident(),
                "objects": sum(found.values()),
                "types": dict(found.most_common(400)),
                "connections": len(app.ctx.server.connections),
                "tasks": len(asyncio.all_tasks()),
            }
        )

    return app


async def serve() -> None:
    """Serve until killed."""
    app = mutation_app()
    app.ctx.server = await start(app)
    print("PORT", app.ctx.port, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    run(sys.argv[1] if len(sys.argv) > 1 else "uvloop", serve)
