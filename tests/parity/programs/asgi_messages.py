"""An application driven by ASGI messages, without a client; each message sent is printed."""

import asyncio
import logging

from sanic import Sanic
from sanic.exceptions import NotFound
from sanic.response import empty, html, json, redirect, text

logging.disable()
app = Sanic("asgi", configure_logging=False)


@app.before_server_start
async def before_start(app):
    print("before start", app.asgi)


@app.after_server_start
async def after_start(app):
    print("after start")


@app.before_server_stop
async def before_stop(app):
    print("before stop")


@app.after_server_stop
async def after_stop(app):
    print("after stop")


@app.on_response
async def on_response(request, response):
    response.headers["x-middleware"] = "yes"


@app.get("/")
async def index(request):
    return text("hi")


@app.head("/head")
async def head(request):
    return text("body of a head")


@app.get("/html")
async def as_html(request):
    response = html("<p>")
    response.add_cookie("a", "b")
    return response


@app.get("/stream")
async def stream(request):
    response = await request.respond(content_type="text/plain")
    await response.send("a")
    await response.send("b")


@app.get("/empty")
async def nothing(request):
    return empty()


@app.get("/redirect")
async def redirected(request):
    return redirect("/x y")


@app.get("/error")
async def error(request):
    raise NotFound("not here")


@app.get("/crash")
async def crash(request):
    raise ValueError("crash")


@app.post("/echo")
async def echo(request):
    return json([request.body.decode(), request.json, request.args, request.headers.get("x-a")])


@app.post("/echo-stream", stream=True)
async def echo_stream(request):
    response = await request.respond(content_type="text/plain")
    async for chunk in request.stream:
        await response.send(chunk.upper())


@app.get("/tell/<x:int>")
async def tell(request, x):
    return json(
        {
            "x": x,
            "path": request.path,
            "url": request.url,
            "method": request.method,
            "version": request.version,
            "ip": request.ip,
            "port": request.port,
            "scheme": request.scheme,
            "host": request.host,
            "query": request.query_string,
            "scope": request.scope["type"],
            "headers": list(request.headers.items()),
            "raw": request.raw_url.decode(),
        }
    )


@app.websocket("/ws")
async def ws(request, ws):
    await ws.send("hello")
    await ws.send(await ws.recv())


def scope(method="GET", path="/", query=b"", headers=(), kind="http"):
    return {
        "type": kind,
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query,
        "root_path": "",
        "scheme": "http" if kind == "http" else "ws",
        "headers": [(b"host", b"test.example"), *headers],
        "client": ("1.2.3.4", 5678),
        "server": ("127.0.0.1", 80),
        "subprotocols": [],
    }


async def call(description, messages):
    queue = list(messages)

    async def receive():
        return queue.pop(0)

    async def send(message):
        shown = {
            key: [pair for pair in value if pair[0] not in (b"content-length",)]
            if key == "headers"
            else value
            for key, value in message.items()
        }
        print("  ", sorted(shown.items()))

    print(description["type"], description.get("method"), description.get("path"))
    await app(description, receive, send)


def body(*parts):
    last = len(parts) - 1
    return [
        {"type": "http.request", "body": part, "more_body": number < last}
        for number, part in enumerate(parts)
    ]


async def main():
    arrived = asyncio.Queue()
    for kind in ("startup",):
        arrived.put_nowait({"type": f"lifespan.{kind}"})

    async def send(message):
        print(message)

    lifespan = asyncio.create_task(app({"type": "lifespan"}, arrived.get, send))
    await asyncio.sleep(0.05)
    for path in ("/", "/html", "/stream", "/empty", "/redirect", "/error", "/crash", "/nope"):
        await call(scope(path=path), body(b""))
    await call(scope("HEAD", "/head"), body(b""))
    await call(scope("PUT", "/"), body(b""))
    await call(scope(path="/error", headers=[(b"accept", b"application/json")]), body(b""))
    await call(scope(path="/tell/5", query=b"a=1&b", headers=[(b"x-a", b"b")]), body(b""))
    await call(scope("POST", "/echo", b"q=1", [(b"x-a", b"\xc3\xa9")]), body(b'{"a"', b": 1}"))
    await call(scope("POST", "/echo-stream"), body(b"one", b"two"))
    arrived.put_nowait({"type": "lifespan.shutdown"})
    await asyncio.wait_for(lifespan, 5)


asyncio.run(main())
