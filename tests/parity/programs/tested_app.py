"""An app for programs that use `sanic_testing`, and how they print what came."""

from sanic import Blueprint, Sanic
from sanic.exceptions import NotFound
from sanic.response import json, text


def make(name="tested"):
    app = Sanic(name, configure_logging=False)
    bp = Blueprint("bp", url_prefix="/bp")

    @app.get("/")
    async def index(request):
        return text("index", headers={"x-a": "b"})

    @app.post("/json")
    async def as_json(request):
        return json({"json": request.json, "args": request.args})

    @app.post("/form")
    async def form(request):
        return json({"form": request.form, "file": str(request.files.get("f"))})

    @app.get("/cookie")
    async def cookie(request):
        response = text(str(request.cookies.get("a")))
        response.add_cookie("b", "c", secure=False)
        return response

    @app.get("/error")
    async def error(request):
        raise NotFound("not here")

    @app.get("/crash")
    async def crash(request):
        raise ValueError("crash")

    @app.get("/stream")
    async def stream(request):
        response = await request.respond(content_type="text/plain")
        for piece in ("a", "b", "c"):
            await response.send(piece)

    @app.on_request
    async def on_request(request):
        request.ctx.seen = True

    @app.on_response
    async def on_response(request, response):
        response.headers["x-seen"] = str(getattr(request.ctx, "seen", False))

    @app.before_server_start
    async def start(app):
        app.ctx.started = getattr(app.ctx, "started", 0) + 1

    @bp.get("/<x:int>")
    async def number(request, x):
        return json([x, request.name])

    app.blueprint(bp)
    return app


def show(word, request, response):
    print(word, response.status, sorted(response.headers.items()), repr(response.text)[:200])
    if request is not None:
        print(" ", type(request).__name__, request.path, request.method, request.app.name)


def without_date(response):
    for name in ("date", "connection", "content-length"):
        response.headers.pop(name, None)
    return response
