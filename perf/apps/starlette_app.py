"""The same routes on Starlette, served by uvicorn with httptools and uvloop.

Usage: python starlette_app.py PORT [VARIANT]
"""

import asyncio
import os
import sys

import uvicorn
from starlette.applications import Starlette
from starlette.responses import (
    FileResponse,
    JSONResponse,
    PlainTextResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route, WebSocketRoute

PORT = int(sys.argv[1])
VARIANT = sys.argv[2] if len(sys.argv) > 2 else "main"
CHUNK = b"x" * 4096
MIB = b"x" * (1024 * 1024)
FILE = os.environ.get("PERF_FILE", "")


async def hello(request):
    return PlainTextResponse("Hello, World!")


async def message(request):
    return JSONResponse({"message": "Hello, World!"})


async def user(request):
    params = request.path_params
    q = request.query_params.get("q")
    return JSONResponse({"name": params["name"], "id": params["id"], "q": q})


async def echo(request):
    return JSONResponse(await request.json())


async def sleep0(request):
    await asyncio.sleep(0)
    return PlainTextResponse("Hello, World!")


async def headers(request):
    agent = request.headers.get("user-agent", "")
    own = {"x-request-id": request.headers["x-request-id"], "cache-control": "no-store"}
    return PlainTextResponse(agent, headers=own)


async def chunks():
    for _ in range(16):
        yield CHUNK


async def stream(request):
    return StreamingResponse(chunks(), media_type="text/plain")


async def mib(request):
    return Response(MIB, media_type="application/octet-stream")


async def file(request):
    return FileResponse(FILE)


async def upload(request):
    return PlainTextResponse(str(len(await request.body())))


async def echo_socket(ws):
    await ws.accept()
    async for data in ws.iter_text():
        await ws.send_text(data)


class AddUser:
    """Pure ASGI middleware: something before the handler, a header after it."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        scope.setdefault("state", {})["user"] = "someone"

        async def send_with_user(event):
            if event["type"] == "http.response.start":
                event["headers"].append((b"x-user", scope["state"]["user"].encode()))
            await send(event)

        await self.app(scope, receive, send_with_user)


routes = [
    Route("/", hello),
    Route("/json", message),
    Route("/user/{name}/{id:int}", user),
    Route("/echo", echo, methods=["POST"]),
    Route("/sleep0", sleep0),
    Route("/headers", headers),
    Route("/stream", stream),
    Route("/mib", mib),
    Route("/file", file),
    Route("/upload", upload, methods=["POST"]),
    WebSocketRoute("/ws", echo_socket),
]
if VARIANT == "deep":
    routes += [Route(f"/deep{n}/{{name}}/{{id:int}}", user) for n in range(1000)]
app = Starlette(routes=routes)
if VARIANT == "middleware":
    app.add_middleware(AddUser)

if __name__ == "__main__":
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=PORT,
        http="httptools",
        loop="uvloop",
        access_log=VARIANT == "access_log",
        log_level="info" if VARIANT == "access_log" else "warning",
    )
