"""Heads and bodies as bytes: what is accepted, and what ends a connection."""

from sanic import Sanic
from sanic.response import json, text

app = Sanic("framing")
app.config.REQUEST_MAX_SIZE = 100_000


@app.get("/")
async def index(request):
    return text("hi")


@app.post("/")
async def body(request):
    return text(f"{len(request.body)} {request.body[:20]!r}")


@app.get("/head")
async def head(request):
    return json([request.method, request.raw_url.decode(), list(request.headers.items())])


@app.get("/<path:path>")
async def any_path(request, path):
    return text(str(len(path)))
