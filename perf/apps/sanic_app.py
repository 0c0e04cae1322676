"""The measured application, ours and Sanic's: written as a user of Sanic would write it.

Usage: python sanic_app.py PORT [VARIANT] [PACKAGE]     (main, sanic_fast)
"""

import asyncio
import os
import sys
from importlib import import_module

PORT = int(sys.argv[1])
VARIANT = sys.argv[2] if len(sys.argv) > 2 else "main"
PACKAGE = sys.argv[3] if len(sys.argv) > 3 else "sanic_fast"
Sanic = import_module(PACKAGE).Sanic
response = import_module(f"{PACKAGE}.response")
json, raw, text = response.json, response.raw, response.text
CHUNK = "x" * 4096
MIB = b"x" * (1024 * 1024)
OWN_LOGGING = {
    "version": 1,
    "formatters": {"access": {"format": "%(asctime)s %(host)s %(request)s %(status)s %(byte)s"}},
    "handlers": {
        "access": {
            "class": "logging.StreamHandler",
            "formatter": "access",
            "stream": "ext://sys.stdout",
        }
    },
    "loggers": {"sanic.access": {"level": "INFO", "handlers": ["access"], "propagate": False}},
}

app = Sanic("perf", log_config=OWN_LOGGING if VARIANT == "access_log_own" else None)


@app.get("/")
async def hello(request):
    return text("Hello, World!")


@app.get("/json")
async def message(request):
    return json({"message": "Hello, World!"})


@app.get("/user/<name>/<id:int>")
async def user(request, name, id):
    return json({"name": name, "id": id, "q": request.args.get("q")})


@app.post("/echo")
async def echo(request):
    return json(request.json)


@app.post("/form")
async def form(request):
    file = request.files.get("file")
    return json({"title": request.form.get("title"), "name": file.name, "size": len(file.body)})


@app.get("/sleep0")
async def sleep0(request):
    await asyncio.sleep(0)
    return text("Hello, World!")


@app.get("/headers")
async def headers(request):
    agent = request.headers.get("user-agent", "")
    request_id = request.headers["x-request-id"]
    return text(agent, headers={"x-request-id": request_id, "cache-control": "no-store"})


@app.get("/stream")
async def stream(request):
    response = await request.respond(content_type="text/plain; charset=utf-8")
    for _ in range(16):
        await response.send(CHUNK)
    await response.eof()


@app.get("/mib")
async def mib(request):
    return raw(MIB)


@app.post("/upload")
async def upload(request):
    return text(str(len(request.body)))


@app.websocket("/ws")
async def echo_socket(request, ws):
    async for data in ws:
        await ws.send(data)


if "PERF_FILE" in os.environ:
    app.static("/file", os.environ["PERF_FILE"], name="file")

if VARIANT == "middleware":

    @app.on_request
    async def before(request):
        request.ctx.user = "someone"

    @app.on_response
    async def after(request, response):
        response.headers["x-user"] = request.ctx.user


if VARIANT == "deep":
    for number in range(1000):
        app.add_route(user, f"/deep{number}/<name>/<id:int>", name=f"deep{number}")


if __name__ == "__main__":
    app.run(
        host="127.0.0.1",
        port=PORT,
        single_process=True,
        access_log=VARIANT.startswith("access_log"),
        motd=False,
    )
