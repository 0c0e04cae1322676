"""A hand-written handler on Granian's own interface, RSGI: no framework, little Python.

Served by serve_granian.py.
"""

import asyncio
import json
import os
from urllib.parse import parse_qs

CHUNK = b"x" * 4096
MIB = b"x" * (1024 * 1024)
FILE = os.environ.get("PERF_FILE", "")
TEXT = [("content-type", "text/plain; charset=utf-8")]
JSON = [("content-type", "application/json")]
BYTES = [("content-type", "application/octet-stream")]


async def hello(scope, proto):
    proto.response_str(200, TEXT, "Hello, World!")


async def message(scope, proto):
    proto.response_str(200, JSON, json.dumps({"message": "Hello, World!"}))


async def user(scope, proto):
    _, _, name, number = scope.path.split("/")
    q = parse_qs(scope.query_string).get("q", [None])[0]
    proto.response_str(200, JSON, json.dumps({"name": name, "id": int(number), "q": q}))


async def echo(scope, proto):
    proto.response_str(200, JSON, json.dumps(json.loads(await proto())))


async def sleep0(scope, proto):
    await asyncio.sleep(0)
    proto.response_str(200, TEXT, "Hello, World!")


async def headers(scope, proto):
    own = [("x-request-id", scope.headers["x-request-id"]), ("cache-control", "no-store")]
    proto.response_str(200, TEXT + own, scope.headers.get("user-agent", ""))


async def stream(scope, proto):
    transport = proto.response_stream(200, TEXT)
    for _ in range(16):
        await transport.send_bytes(CHUNK)


async def mib(scope, proto):
    proto.response_bytes(200, BYTES, MIB)


async def file(scope, proto):
    proto.response_file(200, BYTES, FILE)


async def upload(scope, proto):
    proto.response_str(200, TEXT, str(len(await proto())))


async def missing(scope, proto):
    proto.response_str(404, TEXT, "Not found")


ROUTES = {
    ("GET", "/"): hello,
    ("GET", "/json"): message,
    ("POST", "/echo"): echo,
    ("GET", "/sleep0"): sleep0,
    ("GET", "/headers"): headers,
    ("GET", "/stream"): stream,
    ("GET", "/mib"): mib,
    ("GET", "/file"): file,
    ("POST", "/upload"): upload,
}


async def app(scope, proto):
    path = scope.path
    if path.startswith("/user/"):
        await user(scope, proto)
    else:
        await ROUTES.get((scope.method, path), missing)(scope, proto)
