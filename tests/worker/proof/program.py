"""The program under load: answers with its process id, and passes on what the manager can do."""

import asyncio
import json
import os
import sys

from sanic_fast import Request, Sanic, text
from sanic_fast.response import HTTPResponse

app = Sanic("proof")
for key in ("GRACEFUL_SHUTDOWN_TIMEOUT", "GRACEFUL_IDLE_TIMEOUT"):
    if key in os.environ:
        app.config[key] = float(os.environ[key])


@app.get("/")
async def index(request: Request) -> HTTPResponse:
    """The process id."""
    return text(str(os.getpid()))


@app.get("/slow/<seconds:float>")
async def slow(request: Request, seconds: float) -> HTTPResponse:
    """The process id, later."""
    await asyncio.sleep(seconds)
    return text(str(os.getpid()))


@app.post("/echo")
async def echo(request: Request) -> HTTPResponse:
    """The process id; reads a body."""
    assert len(request.body) == int(request.headers["content-length"])
    return text(str(os.getpid()))


@app.get("/state")
async def state(request: Request) -> HTTPResponse:
    """The rows of all processes."""
    return text(json.dumps(app.m.workers, default=str))


@app.get("/call/<name>")
async def call(request: Request, name: str) -> HTTPResponse:
    """Call a method of the multiplexer."""
    getattr(app.m, name)(**json.loads(request.args.get("a", "{}")))
    return text(str(os.getpid()))


if __name__ == "__main__":
    Sanic.start_method = os.environ.get("START_METHOD", "spawn")
    options = json.loads(os.environ.get("OPTIONS", "{}"))
    app.run(port=int(sys.argv[1]), workers=int(sys.argv[2]), motd=False, **options)
