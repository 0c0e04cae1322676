"""Error formats by route, blueprint, annotation and source; handlers of our own; what is logged."""

import asyncio
import logging

from sanic import Blueprint, HTTPResponse, Sanic, exceptions
from sanic.errorpages import HTMLRenderer, JSONRenderer, TextRenderer, exception_response
from sanic.exceptions import NotFound, SanicException
from sanic.handlers import ErrorHandler
from sanic.response import JSONResponse, file, html, json, raw, redirect, text


class Recorder(logging.Handler):
    """Prints what is logged: level, message, exception."""

    def emit(self, record):
        kind = record.exc_info[0].__name__ if record.exc_info else "-"
        if record.getMessage().startswith("Exception occurred while handling uri"):
            print("EVENT", record.levelname, record.getMessage(), kind, flush=True)


class Own(ErrorHandler):
    def default(self, request, exception):
        if request.path.startswith("/own-default"):
            self.log(request, exception)
            return text(f"own default {type(exception).__name__}", status=599)
        return super().default(request, exception)

    def lookup(self, exception, route_name=None):
        if str(exception) == "looked up":
            return lambda request, error: text("found by lookup", status=598)
        return super().lookup(exception, route_name)


app = Sanic("error_formats", error_handler=Own())


@app.before_server_start
async def record(app):
    logging.getLogger("sanic.error").addHandler(Recorder())


RAISED = {
    "not-found": lambda: NotFound("m"),
    "sanic": lambda: SanicException("m", context={"a": 1}, extra={"b": 2}),
    "value": lambda: ValueError("v"),
    "noisy": lambda: NotFound("m", quiet=False),
    "silent": lambda: SanicException("m", quiet=True),
    "none": lambda: SanicException("m", quiet=None),
    "cancelled": lambda: asyncio.CancelledError(),
    "timeout": lambda: asyncio.TimeoutError(),
    "request-cancelled": lambda: exceptions.RequestCancelled(),
    "killed": lambda: exceptions.ServerKilled("k"),
    "base": lambda: BaseException("b"),
    "looked-up": lambda: ValueError("looked up"),
    "unicode": lambda: SanicException("é€😀 <&>\"'", status_code=418, context={"é": "<€>"}),
    "lines": lambda: SanicException("one\r\ntwo\n\nthree\ttab", context={"k\n": "v\r\n"}),
    "long": lambda: SanicException("x" * 5000),
    "nul": lambda: SanicException("a\0b\x1b[31m"),
    "status-string": lambda: SanicException("m", status_code="404"),
    "status-100": lambda: SanicException("m", status_code=100),
    "status-204": lambda: SanicException("m", status_code=204),
    "status-304": lambda: SanicException("m", status_code=304),
    "status-negative": lambda: SanicException("m", status_code=-1),
    "nested-context": lambda: SanicException("m", context={"a": {"b": [1, {"c": None}]}, "d": ()}),
    "int-keys": lambda: SanicException("m", context={1: 2, None: 3}),
    "retry": lambda: exceptions.ServiceUnavailable("m", headers={"Retry-After": "120"}),
    "retry-int": lambda: exceptions.ServiceUnavailable("m", headers={"Retry-After": 120}),
    "content-type-header": lambda: SanicException("m", headers={"Content-Type": "text/html"}),
    "content-length-header": lambda: SanicException("m", headers={"content-length": "5"}),
    "split-header": lambda: SanicException("m", headers={"X-A": "a\r\nB: c"}),
    "cookie-header": lambda: SanicException("m", headers={"Set-Cookie": "a=b"}),
    "allow-empty": lambda: exceptions.MethodNotAllowed("m", "GET", []),
    "allow-set": lambda: exceptions.MethodNotAllowed("m", "GET", {"PUT"}),
    "allow-own": lambda: exceptions.MethodNotAllowed("m", "G", ["A"], headers={"Allow": "B"}),
    "digest-quotes": lambda: exceptions.Unauthorized("m", "Digest", realm='a"b', n=5, é="ü"),
    "scheme-only": lambda: exceptions.Unauthorized("m", scheme="Bearer"),
    "challenge-no-scheme": lambda: exceptions.Unauthorized("m", realm="r"),
    "file": lambda: exceptions.FileNotFound("m", path="/p", relative_url="r"),
    "bytes-utf8": lambda: SanicException("é".encode()),
    "number": lambda: SanicException(5),
    "dict-message": lambda: SanicException({"a": 1}),
    "args": lambda: ValueError("a", "b"),
    "str-raises": lambda: Unprintable("x"),
    "http-exception": lambda: exceptions.HTTPException("m", headers={"a": "b"}),
    "stop": lambda: StopAsyncIteration("s"),
    "generator-exit": lambda: GeneratorExit("g"),
    "recursion": lambda: RecursionError("r"),
    "memory": lambda: MemoryError("m"),
}


class Unprintable(SanicException):
    def __str__(self):
        return "shown by str"


@app.get("/raise/<name>")
async def raising(request, name):
    raise RAISED[name]()


@app.get("/sync-raise/<name>")
def sync_raising(request, name):
    raise RAISED[name]()


@app.get("/own-default/<name>")
async def own_default(request, name):
    raise RAISED[name]()


# How the format of a route is found.


@app.get("/annotated")
async def annotated(request) -> JSONResponse:
    raise NotFound("m")


@app.get("/annotated-http")
async def annotated_http(request) -> HTTPResponse:
    raise NotFound("m")


@app.get("/annotated-text")
async def annotated_text(request) -> "JSONResponse":
    raise NotFound("m")


@app.get("/returns-json")
async def returns_json(request):
    if request.args:
        return json({})
    raise NotFound("m")


@app.get("/returns-text")
async def returns_text(request):
    if request.args:
        return text("")
    raise NotFound("m")


@app.get("/returns-file")
async def returns_file(request):
    if request.args:
        return await file("/x")
    raise NotFound("m")


@app.get("/returns-raw")
async def returns_raw(request):
    if request.args:
        return raw(b"")
    raise NotFound("m")


@app.get("/returns-redirect")
async def returns_redirect(request):
    if request.args:
        return redirect("/")
    raise NotFound("m")


@app.get("/returns-variable")
async def returns_variable(request):
    response = json({})
    if request.args:
        return response
    raise NotFound("m")


@app.get("/returns-json-text")
async def returns_json_text(request):
    if request.args:
        return json({})
    elif request.body:
        return text("")
    raise NotFound("m")


@app.get("/returns-html-html")
async def returns_html_html(request):
    if request.args:
        return html("")
    elif request.body:
        return html("")
    raise NotFound("m")


@app.get("/returns-wrapped")
async def returns_wrapped(request):
    if request.args:
        return (json({}))
    raise NotFound("m")


@app.get("/returns-attribute")
async def returns_attribute(request):
    class response:
        json = json

    if request.args:
        return response.json({})
    raise NotFound("m")


@app.get("/nested-json")
async def nested_json(request):
    def inner():
        return json({})

    if request.args:
        return inner()
    raise NotFound("m")


for chosen in ("html", "json", "text", "auto"):
    app.add_route(lambda request: RAISED[request.args.get("name", "sanic")]().__raise__(),
                  f"/format-{chosen}", name=f"format_{chosen}", error_format=chosen)  # fmt: skip

bp = Blueprint("bp", url_prefix="/bp")


@bp.get("/json")
async def bp_json(request):
    if request.args:
        return json({})
    raise NotFound("m")


@bp.get("/explicit", error_format="json")
async def bp_explicit(request):
    raise NotFound("m")


@bp.exception(NotFound)
async def bp_not_found(request, exception):
    if "default" in request.args:
        return None
    return await maybe(request, exception)


async def maybe(request, exception):
    return text(f"bp {exception} {exception.status_code} {request.route.name}", status=460)


app.blueprint(bp)


# Rendering by hand.


@app.get("/render/<kind>")
async def render(request, kind):
    made = {"html": HTMLRenderer, "json": JSONRenderer, "text": TextRenderer}[kind]
    error = RAISED[request.args.get("name", "sanic")]()
    debug = "debug" in request.args
    shown = made(request, error, debug).render()
    if "full" in request.args:
        shown = made(request, error, debug).full()
    if "minimal" in request.args:
        shown = made(request, error, debug).minimal()
    return shown


@app.get("/response/<kind>")
async def response(request, kind):
    base = {"html": HTMLRenderer, "json": JSONRenderer, "text": TextRenderer}[kind]
    return exception_response(request, RAISED[request.args.get("name", "sanic")](), False, base)


@app.get("/renderer-attributes/<name>")
async def renderer_attributes(request, name):
    renderer = JSONRenderer(request, RAISED[name](), False)
    return json(
        {
            "title": renderer.title, "text": renderer.text, "status": renderer.status,
            "headers": renderer.headers, "debug": renderer.debug,
            "exception": type(renderer.exception).__name__, "path": renderer.request.path,
        }
    )  # fmt: skip


@app.post("/abort")
async def abort(request):
    raise exceptions.PayloadTooLarge("too large")


@app.post("/abort-stream", stream=True)
async def abort_stream(request):
    raise exceptions.Forbidden("not read")


@app.get("/started")
async def started(request):
    response = await request.respond(content_type="text/plain")
    await response.send("begun")
    raise ValueError("v")


@app.get("/prepared")
async def prepared(request):
    await request.respond(text("prepared"))
    raise exceptions.Forbidden("not sent yet")


@app.get("/reset")
async def reset(request):
    await request.respond(text("prepared"))
    request.reset_response()
    return text("after reset")


@app.on_request
async def early(request):
    if "early" in request.args:
        raise exceptions.Forbidden("early")


@app.on_response
async def late(request, response):
    response.headers["x-status"] = str(response.status)
    if "late" in request.args:
        raise exceptions.Forbidden("late")
