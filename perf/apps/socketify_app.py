"""The same routes on socketify, with plain functions or coroutines as handlers.

Usage: python socketify_app.py PORT [VARIANT [sync|async]]

Bodies of requests, streams and files are left out: under 64 connections it dies of
`from_handle() ... points to garbage` in them (its issue 166).
"""

import asyncio
import sys

from socketify import App, AppListenOptions, middleware

PORT = int(sys.argv[1])
VARIANT = sys.argv[2] if len(sys.argv) > 2 else "main"
ASYNC = sys.argv[3:] == ["async"]
MIB = b"x" * (1024 * 1024)

app = App()


def plain_hello(res, req):
    res.end("Hello, World!")


def plain_message(res, req):
    res.end({"message": "Hello, World!"})


def plain_user(res, req):
    name, number, q = req.get_parameter(0), int(req.get_parameter(1)), req.get_query("q")
    res.end({"name": name, "id": number, "q": q})


def plain_headers(res, req):
    agent = req.get_header("user-agent")
    res.write_header("x-request-id", req.get_header("x-request-id"))
    res.write_header("cache-control", "no-store")
    res.end(agent)


def plain_mib(res, req):
    res.end(MIB)


def as_coroutine(handler):
    """The same handler as a coroutine function."""

    async def run(res, req):
        handler(res, req)

    return run


async def sleep0(res, req):
    await asyncio.sleep(0)
    res.cork_end("Hello, World!")


def before(res, req, data=None):
    return {"user": "someone"}


def hello_with_user(res, req, data=None):
    res.write_header("x-user", data["user"])
    res.end("Hello, World!")


wrap = as_coroutine if ASYNC else (lambda handler: handler)
app.get("/", middleware(before, hello_with_user) if VARIANT == "middleware" else wrap(plain_hello))
app.get("/json", wrap(plain_message))
app.get("/user/:name/:id", wrap(plain_user))
app.get("/sleep0", sleep0)
app.get("/headers", wrap(plain_headers))
app.get("/mib", wrap(plain_mib))
if VARIANT == "deep":
    for index in range(1000):
        app.get(f"/deep{index}/:name/:id", wrap(plain_user))

app.listen(AppListenOptions(port=PORT, host="127.0.0.1"), lambda config: None)
app.run()
