"""All of the interface, as strict type checkers (mypy, pyright) see it; never run."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from typing_extensions import assert_type

from sanic_fast import (
    Blueprint,
    DefaultRequest,
    DefaultSanic,
    HTTPResponse,
    NotFound,
    Request,
    Sanic,
    SanicException,
    Websocket,
    empty,
    file,
    html,
    json,
    raw,
    redirect,
    text,
)
from sanic_fast.blueprints import BlueprintGroup
from sanic_fast.config import Config
from sanic_fast.cookies import Cookie, CookieJar
from sanic_fast.exceptions import MethodNotAllowed, Unauthorized
from sanic_fast.handlers import ErrorHandler
from sanic_fast.models.http_types import Credentials
from sanic_fast.request import File, RequestParameters
from sanic_fast.response import JSONResponse, ResponseStream, file_stream, validate_file
from sanic_fast.signals import Event
from sanic_fast.views import HTTPMethodView, stream


class Conf(Config):
    NAME: str


class Ctx:
    n: int = 0


App = Sanic[Conf, Ctx]
Req = Request[App, SimpleNamespace]
app: App = Sanic("x", config=Conf(), ctx=Ctx())
bp = Blueprint("bp", url_prefix="/bp", version=1)


@app.before_server_start
async def b1(app: App) -> None:
    app.ctx.n += 1


@app.before_server_start(priority=3)
async def b2(app: App) -> None:
    assert_type(app.ctx.n, int)


@app.after_server_start(priority=1)
def b3(app: App, loop: asyncio.AbstractEventLoop) -> None: ...


@app.after_server_stop
async def b4(app: App, loop: Any) -> None: ...


@app.before_server_stop(priority=1)
async def b5(app: App) -> None: ...


@app.main_process_start
async def b6(app: App) -> None: ...


@app.main_process_ready(priority=2)
async def b6b(app: App) -> None: ...


@app.main_process_stop
def b6c(app: App) -> None: ...


@app.reload_process_start
async def b7(app: App) -> None: ...


@app.before_reload_trigger
async def b8(app: App) -> None: ...


@app.after_reload_trigger
async def b9(app: App, changed: set[str]) -> None: ...


@app.listener("before_server_start")
async def b10(app: App) -> None: ...


@app.listener("before_server_start", priority=3)
async def b11(app: App) -> None: ...


@bp.before_server_start
async def b12(app: App) -> None: ...


@bp.before_server_start(priority=2)
async def b13(app: App) -> None: ...


@bp.listener("after_server_stop")
async def b14(app: App) -> None: ...


@app.on_request
async def m1(request: Req) -> None: ...


@app.on_request(priority=1)
async def m2(request: Req) -> HTTPResponse | None:
    return None


@app.on_response
def m3(request: Req, response: HTTPResponse) -> None: ...


@app.on_response(priority=5)
async def m4(request: Req, response: HTTPResponse) -> HTTPResponse | None:
    return None


@app.middleware
async def m5(request: Req) -> None: ...


@app.middleware("response")
async def m6(request: Req, response: HTTPResponse) -> None: ...


@app.middleware("request", priority=9)
async def m7(request: Req) -> None: ...


@bp.on_request
async def m8(request: Req) -> None: ...


@bp.middleware("response")
async def m9(request: Req, response: HTTPResponse) -> None: ...


@app.exception(NotFound, ValueError)
async def e1(request: Req, exception: Exception) -> HTTPResponse:
    return text(str(exception))


@app.exception(NotFound)
async def e2(request: Req, exception: NotFound) -> HTTPResponse:
    return text(exception.message)


@app.all_exceptions
async def e3(request: Req, exception: Exception) -> HTTPResponse | None:
    return None


@bp.exception(KeyError)
def e4(request: Req, exception: KeyError) -> HTTPResponse:
    return text("")


@app.signal("a.b.c")
async def s1(**context: Any) -> None: ...


@app.signal(Event.HTTP_LIFECYCLE_REQUEST, condition={"a": "b"}, exclusive=False, priority=3)
async def s2(request: Req) -> None: ...


@bp.signal("x.y.<z>")
async def s3(z: str) -> None: ...


@app.get("/a/<x:int>", strict_slashes=True, name="n", error_format="json", ctx_a=1)
async def h1(request: Req, x: int) -> JSONResponse:
    assert_type(request.app.config.NAME, str)
    assert_type(request.get_args(keep_blank_values=True), RequestParameters)
    assert_type(request.args.get("a"), Any | None)
    assert_type(request.files.get("f"), Any | None)
    creds = request.credentials
    assert_type(creds, Credentials | None)
    request.ctx.anything = 1
    return json({"x": x})


@app.post("/p", stream=True)
async def h2(request: Req) -> None:
    response = await request.respond(content_type="text/plain", status=201, headers={"a": "b"})
    while (chunk := await request.stream.read()) is not None:
        await response.send(chunk)
    async for piece in request.stream:
        assert_type(piece, bytes)
    await response.eof()


@app.route("/r", methods=["GET", "POST"], version=2, host="h")
def h3(request: Req) -> HTTPResponse:
    return html("<p>")


@app.put("/q")
@app.patch("/q")
@app.delete("/q")
@app.head("/q")
@app.options("/q")
async def h4(request: Request) -> HTTPResponse:
    return empty()


@app.websocket("/w", subprotocols=["a"])
async def w1(request: Req, ws: Websocket) -> None:
    async for message in ws:
        assert_type(message, str | bytes)
    data = await ws.recv(timeout=1.0)
    assert_type(data, str | bytes | None)
    await ws.send("a")
    await ws.close(1000, "r")


class View(HTTPMethodView, attach=app, uri="/v/<x>"):
    async def get(self, request: Req, x: str) -> HTTPResponse:
        return text(x)

    @stream
    async def post(self, request: Req, x: str) -> HTTPResponse:
        return text(x)


app.add_route(View.as_view(), "/w2/<x>")
app.add_route(h3, "/z", methods={"GET"}, name="z")
View.attach(app, "/z/<x>")
View.attach(bp, "/zz/<x>", name="q")
app.static("/s", Path("/tmp"), index="index.html", directory_view=True, name="st")
bp.static("/s", "/tmp")
group = Blueprint.group(bp, url_prefix="/g")
assert_type(group, BlueprintGroup)
app.blueprint(group)
app.blueprint(bp, url_prefix="/x")
app.blueprint([bp])
app.url_for("n", x=1, _external=True)
bp2 = bp.copy("bp2", url_prefix="/b")
assert_type(bp2, Blueprint)


async def background(app: App) -> None: ...


app.add_task(background)
app.add_task(background(app), name="b")
app.shutdown_tasks(1.0)


async def responses(request: Req) -> AsyncIterator[HTTPResponse]:
    r = text("a")
    cookie = r.add_cookie("a", "b", max_age=1, expires=datetime.now(), samesite="Strict")
    assert_type(cookie, Cookie)
    assert_type(r.cookies, CookieJar)
    r.delete_cookie("a")
    r.headers["a"] = "b"
    r.status = 201
    r.body = b""
    yield r
    yield await file("/x", max_age=5, filename="a", request_headers=request.headers)
    s = await file_stream("/x", chunk_size=5)
    assert_type(s, ResponseStream)
    await validate_file(request.headers, 5.0)
    yield raw(b"x")
    yield redirect("/a", status=301)
    j = json({})
    j.append(1)
    j.set_body([1])
    assert_type(j.raw_body, Any)
    raise Unauthorized("m", scheme="Basic", realm="x")


async def streamer(response: ResponseStream) -> None:
    await response.write("a")


@app.get("/rs")
async def h5(request: Req) -> ResponseStream:
    return ResponseStream(streamer, headers={"a": "b"}, content_type="x/y")


class Own(ErrorHandler):
    def default(self, request: Request, exception: Exception) -> HTTPResponse:
        if isinstance(exception, SanicException):
            assert_type(exception.status_code, int)
            assert_type(exception.headers, dict[str, str])
        return super().default(request, exception)


Sanic("e", error_handler=Own())


async def default(app: DefaultSanic, request: DefaultRequest) -> None:
    assert_type(app.config, Config)
    assert_type(request.ctx, SimpleNamespace)
    await app.dispatch("a.b.c", context={"a": 1})
    await app.event("a.b.c", timeout=1)
    raise MethodNotAllowed("m", "GET", ["A"])


def up(request: Request) -> File | None:
    f = request.files.get("x")
    return f if isinstance(f, File) else None


if __name__ == "__main__":
    app.run(host="0.0.0.0", port=1, workers=2, debug=True, auto_reload=True)
    app.config.update_config({"A": 1})
    app.config.NAME = "q"
