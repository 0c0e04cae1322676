"""The same routes on BlackSheep: served by uvicorn when run, by Granian in serve_granian.py.

Usage: python blacksheep_app.py PORT [VARIANT]
"""

import asyncio
import os
import sys

from blacksheep import (
    Application,
    Content,
    Request,
    Response,
    StreamedContent,
    WebSocket,
    WebSocketDisconnectError,
    json,
    text,
)

VARIANT = os.environ.get("PERF_VARIANT") or (sys.argv[2] if len(sys.argv) > 2 else "main")
CHUNK = b"x" * 4096
MIB = b"x" * (1024 * 1024)

app = Application()
get, post, ws_route = app.router.get, app.router.post, app.router.ws


@get("/")
async def hello():
    return text("Hello, World!")


@get("/json")
async def message():
    return json({"message": "Hello, World!"})


@get("/user/{name}/{int:id}")
async def user(name: str, id: int, q: str):
    return json({"name": name, "id": id, "q": q})


@post("/echo")
async def echo(request: Request):
    return json(await request.json())


@get("/sleep0")
async def sleep0():
    await asyncio.sleep(0)
    return text("Hello, World!")


@get("/headers")
async def headers(request: Request):
    response = text(request.get_first_header(b"user-agent").decode())
    response.add_header(b"x-request-id", request.get_first_header(b"x-request-id"))
    response.add_header(b"cache-control", b"no-store")
    return response


@get("/stream")
async def stream():
    async def chunks():
        for _ in range(16):
            yield CHUNK

    return Response(200, content=StreamedContent(b"text/plain; charset=utf-8", chunks))


@get("/mib")
async def mib():
    return Response(200, content=Content(b"application/octet-stream", MIB))


@post("/upload")
async def upload(request: Request):
    return text(str(len(await request.read())))


@ws_route("/ws")
async def echo_socket(ws: WebSocket):
    await ws.accept()
    try:
        while True:
            await ws.send_text(await ws.receive_text())
    except WebSocketDisconnectError:
        pass


async def add_user(request, handler):
    request.user_name = "someone"
    response = await handler(request)
    response.add_header(b"x-user", request.user_name.encode())
    return response


if VARIANT == "middleware":
    app.middlewares.append(add_user)
if VARIANT == "deep":
    for number in range(1000):
        app.router.add_get(f"/deep{number}/{{name}}/{{int:id}}", user)


if __name__ == "__main__":
    import uvicorn

    uvicorn.run(
        app,
        host="127.0.0.1",
        port=int(sys.argv[1]),
        http="httptools",
        loop="uvloop",
        access_log=VARIANT == "access_log",
        log_level="info" if VARIANT == "access_log" else "warning",
    )
