"""`NOISY_EXCEPTIONS`, and pages in debug mode with a custom renderer and custom handlers."""

import logging

from sanic import Sanic
from sanic.errorpages import HTMLRenderer
from sanic.exceptions import NotFound, SanicException, Unauthorized
from sanic.handlers import ErrorHandler
from sanic.response import text

app = Sanic("noisy", error_handler=ErrorHandler(base=HTMLRenderer))
app.config.NOISY_EXCEPTIONS = True


class Recorder(logging.Handler):
    """Prints what is logged of exceptions."""

    def emit(self, record):
        kind = record.exc_info[0].__name__ if record.exc_info else "-"
        if "while handling uri" in record.getMessage():
            print("EVENT", record.levelname, record.getMessage(), kind, flush=True)


@app.before_server_start
async def record(app):
    logging.getLogger("sanic.error").addHandler(Recorder())


class Quiet(SanicException):
    quiet = True
    status_code = 409


@app.get("/quiet")
async def quiet(request):
    raise Quiet("q")


@app.get("/not-found")
async def not_found(request):
    raise NotFound("n", quiet=True)


@app.get("/unauthorized")
async def unauthorized(request):
    raise Unauthorized("u", scheme="Basic", realm="r", context={"a": 1})


@app.get("/handled")
async def handled(request):
    raise KeyError("k")


@app.exception(KeyError)
async def on_key(request, exception):
    app.error_handler.log(request, exception)
    return text("handled", status=410)


@app.get("/switch")
async def switch(request):
    app.config.NOISY_EXCEPTIONS = not app.config.NOISY_EXCEPTIONS
    return text(str(app.config.NOISY_EXCEPTIONS))
