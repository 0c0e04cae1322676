"""What a type checker makes of an application; read by mypy, never run."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from typing_extensions import assert_type

from sanic_fast import HTTPResponse, Request, Sanic, html, json, redirect, text
from sanic_fast.config import Config
from sanic_fast.cookies.request import CookieRequestParameters
from sanic_fast.headers import AcceptList
from sanic_fast.models.server_types import ConnInfo
from sanic_fast.request import RequestParameters
from sanic_fast.response import JSONResponse


class AppConfig(Config):
    """A configuration with a setting of its own."""

    GREETING: str


class AppCtx:
    """What the application keeps."""

    visits: int = 0


class RequestCtx:
    """What a request keeps."""

    user: str = ""


TypedApp = Sanic[AppConfig, AppCtx]
TypedRequest = Request[TypedApp, RequestCtx]

app = Sanic("typed", config=AppConfig(), ctx=AppCtx())
assert_type(app, Sanic[AppConfig, AppCtx])
assert_type(app.config, AppConfig)
assert_type(app.config.GREETING, str)
assert_type(app.ctx, AppCtx)

plain = Sanic("plain")
assert_type(plain, Sanic[Config, SimpleNamespace])
assert_type(plain.config, Config)
assert_type(plain.ctx, SimpleNamespace)
assert_type(Sanic("own-config", config=AppConfig()), Sanic[AppConfig, SimpleNamespace])
assert_type(Sanic("own-ctx", ctx=AppCtx()), Sanic[Config, AppCtx])


@app.get("/")
async def typed(request: TypedRequest) -> HTTPResponse:
    """A handler that names its application and its context."""
    assert_type(request.app, Sanic[AppConfig, AppCtx])
    assert_type(request.app.ctx.visits, int)
    assert_type(request.ctx, RequestCtx)
    assert_type(request.ctx.user, str)
    return text(request.app.config.GREETING)


@plain.get("/<name:str>")
async def untyped(request: Request, name: str) -> JSONResponse:
    """A handler without parameters in its types."""
    assert_type(request.ctx, SimpleNamespace)
    assert_type(request.args, RequestParameters)
    assert_type(request.form, RequestParameters)
    assert_type(request.cookies, CookieRequestParameters)
    assert_type(request.accept, AcceptList)
    assert_type(request.query_args, list[tuple[str, str]])
    assert_type(request.body, bytes)
    assert_type(request.method, str)
    assert_type(request.path, str)
    assert_type(request.ip, str)
    assert_type(request.port, int)
    assert_type(request.token, str | None)
    assert_type(request.conn_info, ConnInfo | None)
    assert_type(request.id, UUID | str | int | None)
    assert_type(request.match_info, dict[str, Any])
    assert_type(request.json, Any)
    assert_type(request.headers.content_type, str)
    return json({"name": name})


async def streaming(request: Request) -> None:
    """A handler that sends piece by piece."""
    response = await request.respond(content_type="text/plain")
    assert_type(response, HTTPResponse)
    await response.send("a")
    await response.eof()
    assert_type(await request.respond(json([])), JSONResponse)
    assert_type(await request.stream.read(), bytes | None)
    async for piece in request.stream:
        assert_type(piece, bytes)


class OwnRequest(Request[TypedApp, RequestCtx]):
    """A request class with another context."""

    @staticmethod
    def make_context() -> RequestCtx:
        return RequestCtx()


Sanic("own-request", request_class=OwnRequest)
assert_type(text(""), HTTPResponse)
assert_type(html(""), HTTPResponse)
assert_type(redirect("/"), HTTPResponse)
assert_type(json({}), JSONResponse)
assert_type(json([]).status, int)
