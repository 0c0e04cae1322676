"""Pages in debug mode, and formats chosen by the configuration."""

from sanic import Blueprint, Sanic
from sanic.exceptions import NotFound, SanicException
from sanic.response import json

app = Sanic("debug_pages")
app.config.FALLBACK_ERROR_FORMAT = "json"
RUN = {"debug": True}
bp = Blueprint("bp", url_prefix="/bp")


class Inner(Exception):
    pass


@app.get("/crash")
async def crash(request):
    raise ValueError("a <b> message")


@app.get("/chain")
async def chain(request):
    try:
        raise Inner("first")
    except Inner as error:
        raise RuntimeError("second") from error


@app.get("/context")
async def context(request):
    try:
        {}["missing"]
    except KeyError:
        raise SanicException("third", context={"c": 1}, extra={"e": [2]}, status_code=501)


@app.get("/quiet")
async def quiet(request):
    raise NotFound("quiet", context={"c": "d"}, extra={"e": 1})


@app.get("/loud")
async def loud(request):
    raise NotFound("loud", extra={"e": 1}, quiet=False)


@app.get("/text", error_format="text")
async def as_text(request):
    raise SanicException("as text", context={"c": 1}, extra={"e": "x"})


@app.get("/text-chain", error_format="text")
async def text_chain(request):
    try:
        raise Inner("first")
    except Inner as error:
        raise RuntimeError("second") from error


@app.get("/html/<name>", error_format="html")
async def as_html(request, name):
    if name == "crash":
        raise ValueError("a <b> message")
    raise SanicException(
        "as html", context={"c": {"<d>": 1}}, extra={"e": "x"}, quiet=name == "quiet"
    )


@bp.get("/crash")
async def bp_crash(request):
    raise ValueError("bp")


app.blueprint(bp)


@app.get("/none")
async def none(request):
    return None


class Bad(Exception):
    pass


@app.exception(Bad)
def bad_handler(request, exception):
    raise ValueError("in the handler")


@app.get("/bad-handler")
async def bad(request):
    raise Bad


@app.get("/state")
async def state(request):
    return json(
        [
            app.debug,
            app.state.mode.name,
            app.error_handler.debug,
            app.config.ACCESS_LOG,
            app.config.FALLBACK_ERROR_FORMAT,
            "FALLBACK_ERROR_FORMAT" in app.config,
            app.config.TOUCHUP,
            app.state.auto_reload,
        ]
    )
