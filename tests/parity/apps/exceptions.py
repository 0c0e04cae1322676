"""Exceptions, their handlers, and the pages made of them."""

from sanic import Blueprint, Sanic, exceptions
from sanic.exceptions import SanicException
from sanic.response import html, json, text

app = Sanic("exceptions")
MADE = {
    "plain": lambda: SanicException(),
    "message": lambda: SanicException("a <b>&amp; message"),
    "bytes": lambda: SanicException(b"bytes"),
    "empty": lambda: SanicException(""),
    "status": lambda: SanicException("s", status_code=418),
    "positional": lambda: SanicException("s", 402),
    "zero": lambda: SanicException("s", status_code=0),
    "unknown": lambda: SanicException("s", status_code=499),
    "context": lambda: SanicException("c", context={"a": [1, None], "b": "<é>", "c": 1.5}),
    "extra": lambda: SanicException("e", extra={"secret": 1}, context={}),
    "headers": lambda: SanicException("h", headers={"X-One": "1", "content-language": "de"}),
    "quiet": lambda: SanicException("q", quiet=True),
    "http": lambda: exceptions.HTTPException("base"),
    "notfound": lambda: exceptions.NotFound(),
    "filenotfound": lambda: exceptions.FileNotFound("f", "/p", "rel"),
    "badrequest": lambda: exceptions.BadRequest("b"),
    "badurl": lambda: exceptions.BadURL("b"),
    "headernotfound": lambda: exceptions.HeaderNotFound("b"),
    "invalidheader": lambda: exceptions.InvalidHeader("b"),
    "method": lambda: exceptions.MethodNotAllowed("m", "GET", ["PUT", "POST"]),
    "methodnone": lambda: exceptions.MethodNotAllowed("m"),
    "methodheaders": lambda: exceptions.MethodNotAllowed(
        "m", method="X", allowed_methods=("A",), headers={"X-H": "1"}
    ),
    "server": lambda: exceptions.ServerError("internals"),
    "unavailable": lambda: exceptions.ServiceUnavailable(),
    "urlbuild": lambda: exceptions.URLBuildError("u"),
    "timeout": lambda: exceptions.RequestTimeout(),
    "toolarge": lambda: exceptions.PayloadTooLarge(),
    "uritoolong": lambda: exceptions.URITooLong(),
    "range": lambda: exceptions.RangeNotSatisfiable("r"),
    "expectation": lambda: exceptions.ExpectationFailed(),
    "forbidden": lambda: exceptions.Forbidden("f", context={"who": "you"}),
    "unauthorized": lambda: exceptions.Unauthorized("u"),
    "basic": lambda: exceptions.Unauthorized("u", scheme="Basic", realm="Area 51"),
    "digest": lambda: exceptions.Unauthorized(
        "u", "Digest", realm="r", qop="auth, auth-int", algorithm="MD5", nonce="n", opaque="o"
    ),
    "bare": lambda: exceptions.Unauthorized("u", scheme="Bearer", headers={"X-Y": "z"}),
    "pyfile": lambda: exceptions.PyFileError("f.py"),
    "loadfile": lambda: exceptions.LoadFileException("l"),
    "signal": lambda: exceptions.InvalidSignal("s"),
    "websocket": lambda: exceptions.WebsocketClosed(),
    "value": lambda: ValueError("never shown"),
    "key": lambda: KeyError("never shown"),
    "os": lambda: FileNotFoundError("never shown"),
    "group": lambda: Exception(),
}


class Teapot(SanicException):
    status_code = 418
    message = "class message"
    headers = {"X-Class": "yes"}
    quiet = True


class Legacy(SanicException):
    status_code = 404


class Own(Exception):
    pass


class Sub(Own):
    pass


MADE["teapot"] = Teapot
MADE["teapot2"] = lambda: Teapot("own message", status_code=409)
MADE["legacy"] = lambda: Legacy("l")


@app.get("/raise/<name>")
async def raising(request, name):
    raise MADE[name]()


@app.get("/attributes/<name>")
async def attributes(request, name):
    made = MADE[name]()
    shown = {
        key: getattr(made, key, "-")
        for key in ("message", "status_code", "quiet", "context", "extra", "headers", "scheme",
                    "allowed_methods", "method", "path", "relative_url")
    }  # fmt: skip
    return json([type(made).__name__, str(made), shown, [c.__name__ for c in type(made).__mro__]],
                default=str)  # fmt: skip


@app.exception(Own)
async def on_own(request, exception):
    return text(f"own: {type(exception).__name__} {exception}", status=460)


@app.get("/own")
async def own(request):
    raise Own("o")


@app.get("/sub")
async def sub(request):
    raise Sub("s")


@app.exception([LookupError, OverflowError])
def on_several(request, exception):
    return text(f"several: {type(exception).__name__}", status=461)


@app.get("/lookup")
async def lookup(request):
    return {}["x"]


@app.get("/overflow")
async def overflow(request):
    raise OverflowError


@app.exception(ArithmeticError)
def on_arithmetic(request, exception):
    return None


@app.exception(EOFError)
async def on_end(request, exception):
    return None


@app.get("/returns-none")
async def returns_none(request):
    raise ZeroDivisionError("z")


@app.get("/awaits-none")
async def awaits_none(request):
    raise EOFError("z")


class Loud(Exception):
    pass


class Louder(Exception):
    pass


@app.exception(Loud)
async def raises_again(request, exception):
    raise exceptions.Forbidden("from the handler")


@app.exception(Louder)
async def raises_worse(request, exception):
    raise RuntimeError("never shown")


@app.get("/handler-raises")
async def handler_raises(request):
    raise Loud


@app.get("/handler-raises-worse")
async def handler_raises_worse(request):
    raise Louder


class SyncBad(Exception):
    pass


@app.exception(SyncBad)
def sync_bad(request, exception):
    raise ValueError("never shown")


@app.get("/sync-bad")
async def sync_bad_route(request):
    raise SyncBad


class BadType(Exception):
    pass


@app.exception(BadType)
async def bad_type(request, exception):
    return "no response"


@app.get("/bad-type")
async def bad_type_route(request):
    raise BadType


bp = Blueprint("bp", url_prefix="/bp")


@bp.exception(Own)
async def bp_own(request, exception):
    return text("bp own", status=462)


@bp.exception(Exception)
async def bp_any(request, exception):
    return text(f"bp any {type(exception).__name__}", status=463)


@bp.get("/<name>")
async def bp_raise(request, name):
    raise {"own": Own, "sub": Sub, "lookup": KeyError, "value": ValueError, "teapot": Teapot}[name]


app.blueprint(bp)

# Return values that are no responses.
VALUES = {"int": 5, "str": "text", "list": [], "dict": {"a": 1}}


@app.get("/value/<name>")
async def value(request, name):
    return VALUES[name]


@app.get("/sync-none")
def sync_none(request):
    pass


# The error format follows what the handler returns.


@app.get("/fmt/json")
async def fmt_json(request):
    if request.args:
        return json({})
    raise exceptions.NotFound("as json")


@app.get("/fmt/html")
async def fmt_html(request):
    if request.args:
        return html("")
    raise exceptions.NotFound("as html")


@app.get("/fmt/two")
async def fmt_two(request):
    if request.args:
        return html("")
    if request.body:
        return json({})
    raise exceptions.NotFound("two formats")


@app.get("/fmt/explicit", error_format="html")
async def fmt_explicit(request):
    if request.args:
        return json({})
    raise exceptions.NotFound("explicit html")


@app.get("/fmt/text", error_format="text")
async def fmt_text(request):
    raise exceptions.NotFound("explicit text")


@app.post("/fmt/body")
async def fmt_body(request):
    raise exceptions.BadRequest("told by the request")
