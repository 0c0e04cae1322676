"""The same routes on aiohttp with uvloop.

Usage: python aiohttp_app.py PORT [VARIANT]
"""

import asyncio
import logging
import os
import sys

import uvloop
from aiohttp import web

PORT = int(sys.argv[1])
VARIANT = sys.argv[2] if len(sys.argv) > 2 else "main"
CHUNK = b"x" * 4096
MIB = b"x" * (1024 * 1024)
FILE = os.environ.get("PERF_FILE", "")


async def hello(request):
    return web.Response(text="Hello, World!")


async def message(request):
    return web.json_response({"message": "Hello, World!"})


async def user(request):
    info = request.match_info
    q = request.query.get("q")
    return web.json_response({"name": info["name"], "id": int(info["id"]), "q": q})


async def echo(request):
    return web.json_response(await request.json())


async def sleep0(request):
    await asyncio.sleep(0)
    return web.Response(text="Hello, World!")


async def headers(request):
    agent = request.headers.get("user-agent", "")
    own = {"x-request-id": request.headers["x-request-id"], "cache-control": "no-store"}
    return web.Response(text=agent, headers=own)


async def stream(request):
    response = web.StreamResponse(headers={"content-type": "text/plain; charset=utf-8"})
    await response.prepare(request)
    for _ in range(16):
        await response.write(CHUNK)
    await response.write_eof()
    return response


async def mib(request):
    return web.Response(body=MIB)


async def file(request):
    return web.FileResponse(FILE)


async def upload(request):
    return web.Response(text=str(len(await request.read())))


async def echo_socket(request):
    ws = web.WebSocketResponse()
    await ws.prepare(request)
    async for data in ws:
        await ws.send_str(data.data)
    return ws


@web.middleware
async def add_user(request, handler):
    request["user"] = "someone"
    response = await handler(request)
    response.headers["x-user"] = request["user"]
    return response


app = web.Application(
    middlewares=[add_user] if VARIANT == "middleware" else [], client_max_size=100_000_000
)
app.router.add_get("/", hello)
app.router.add_get("/json", message)
app.router.add_get("/user/{name}/{id}", user)
app.router.add_post("/echo", echo)
app.router.add_get("/sleep0", sleep0)
app.router.add_get("/headers", headers)
app.router.add_get("/stream", stream)
app.router.add_get("/mib", mib)
app.router.add_get("/file", file)
app.router.add_post("/upload", upload)
app.router.add_get("/ws", echo_socket)
if VARIANT == "deep":
    for number in range(1000):
        app.router.add_get(f"/deep{number}/{{name}}/{{id}}", user)

if __name__ == "__main__":
    logging_on = VARIANT == "access_log"
    if logging_on:
        logging.basicConfig(level=logging.INFO, stream=sys.stdout)
    web.run_app(
        app,
        host="127.0.0.1",
        port=PORT,
        loop=uvloop.new_event_loop(),
        access_log=logging.getLogger("aiohttp.access") if logging_on else None,
        print=None,
    )
