"""What plugins do with an application: routes added when it has started, injected arguments,
attributes on handlers and routes, subclasses, overridden methods.
"""

import asyncio
import logging
from functools import partial, wraps

from sanic import Sanic
from sanic.blueprints import Blueprint
from sanic.compat import Header
from sanic.config import DEFAULT_CONFIG, Config
from sanic.constants import HTTP_METHODS, HTTPMethod
from sanic.exceptions import InvalidUsage, SanicException, ServerError
from sanic.handlers import ErrorHandler
from sanic.helpers import Default, _default
from sanic.log import logger
from sanic.models.futures import FutureCommand
from sanic.models.protocol_types import TransportProtocol
from sanic.request import Request
from sanic.response import empty, html, raw, text
from sanic.router import Router
from sanic.signals import Event
from sanic_routing.patterns import alpha, ext, nonemptystr, parse_date, slug

logging.disable()
Sanic.test_mode = True
print([item.__name__ for item in (Header, Config, InvalidUsage, ServerError, FutureCommand)])
print(isinstance(_default, Default), "KEEP_ALIVE" in DEFAULT_CONFIG, len(HTTP_METHODS))
print(logger.name, [f.__name__ for f in (alpha, ext, nonemptystr, parse_date, slug)])
print(TransportProtocol is not None, HTTPMethod.GET, html("").status, raw(b"").status)
print(alpha("abc"), slug("a-b"), nonemptystr("x"), parse_date("2024-01-02"), ext("a.txt"))
for function, value in ((alpha, "a1"), (slug, "A"), (nonemptystr, ""), (parse_date, "x")):
    try:
        print(function(value))
    except ValueError as error:
        print(function.__name__, "ValueError", str(error)[:20])


class OwnRouter(Router):
    """Counts its look-ups."""

    found = 0

    def get(self, path, method, host):
        OwnRouter.found += 1
        return super().get(path, method, host)


class OwnErrors(ErrorHandler):
    """An answer of its own."""

    def default(self, request, exception):
        status = getattr(exception, "status_code", 500)
        return text(f"own: {type(exception).__name__}", status=status)


class OwnRequest(Request):
    """With attributes of its own."""

    @property
    def user(self):
        return self.headers.get("x-user")


def make(name, **options):
    app = Sanic(name, configure_logging=False, **options)
    app.config.AUTO_EXTEND = False

    @app.get("/")
    async def index(request):
        return text("index")

    @app.get("/inject/<x:int>")
    async def inject(request, x, injected=None):
        return text(f"{x} {injected}")

    @app.post("/post", strict_slashes=True)
    async def post(request):
        return text("post")

    @app.get("/host", host="one.example")
    async def host(request):
        return text("host")

    @app.get("/user")
    async def user(request):
        return text(str(getattr(request, "user", None)))

    @app.get("/fails")
    async def fails(request):
        raise SanicException("fails", status_code=418)

    bp = Blueprint("bp", url_prefix="/bp")

    @bp.get("/<word>")
    async def word(request, word):
        return text(word)

    app.blueprint(bp)
    return app


def marked(function):
    """A decorator that leaves an attribute, as those for CORS and documents do."""

    @wraps(function)
    async def wrapper(*args, **kwargs):
        return await function(*args, **kwargs)

    wrapper.__marked__ = {"allowed": True}
    return wrapper


async def options_handler(request, methods, **_):
    response = empty()
    response.headers["allow"] = ",".join(sorted(methods))
    return response


async def head_handler(request, handler, **parameters):
    result = handler(request, **parameters)
    return await result if asyncio.iscoroutine(result) else result


def add_methods(app):
    """HEAD for each GET, OPTIONS for each path: added once everything is final."""

    @app.before_server_start
    def add(app):
        app.router.reset()
        for group in app.router.groups.values():
            hosts = {h for r in group if (h := r.requirements.get("host"))} or [None]
            common = {
                "uri": group.uri,
                "strict_slashes": group.strict,
                "unquote": group.unquote,
                "host": hosts,
            }
            methods = group.methods
            if "GET" in methods and "HEAD" not in methods:
                get = next(route for route in group if "GET" in route.methods)
                app.add_route(
                    partial(head_handler, handler=get.handler),
                    methods=["HEAD"],
                    name=f"{get.name}_head",
                    **common,
                )
            if "OPTIONS" not in methods:
                app.add_route(
                    partial(options_handler, methods=methods),
                    methods=["OPTIONS"],
                    name=f"{sorted(r.name for r in group)[0]}_options",
                    **common,
                )
        app.finalize()


def show(word, client, *requests):
    for method, path, headers in requests:
        _, response = getattr(client, method)(path, headers=headers, gather_request=False)
        allowed = response.headers.get("allow")
        print(word, method, path, response.status, repr(response.text), allowed)


app = make("methods")
add_methods(app)
show(
    "methods",
    app.test_client,
    ("head", "/", {}),
    ("options", "/", {}),
    ("options", "/inject/5", {}),
    ("head", "/inject/5", {}),
    ("options", "/post", {}),
    ("options", "/post/", {}),
    ("head", "/host", {"host": "one.example"}),
    ("options", "/bp/x", {}),
    ("head", "/bp/x", {}),
    ("get", "/bp/x", {}),
    ("get", "/", {}),
)
print(sorted(route.name for route in app.router.routes))

app = make("injected")


@app.signal(Event.HTTP_ROUTING_AFTER)
async def inject(request, **_):
    if request.route.name.endswith(".inject"):
        request.match_info.update(injected=f"injected into {request.name}")


@app.get("/marked")
@marked
async def marked_handler(request):
    return text(str(request.route.handler.__marked__))


@app.on_request
async def from_route(request):
    if request.route:
        request.route.ctx.seen = getattr(request.route.ctx, "seen", 0) + 1


show("injected", app.test_client, ("get", "/inject/5", {}), ("get", "/marked", {}))
print([(r.name, r.ctx.seen) for r in app.router.routes if hasattr(r.ctx, "seen")])

app = make("own", router=OwnRouter(), error_handler=OwnErrors(), request_class=OwnRequest)
show(
    "own",
    app.test_client,
    ("get", "/", {}),
    ("get", "/user", {"x-user": "me"}),
    ("get", "/fails", {}),
    ("get", "/nope", {}),
)
print(OwnRouter.found > 0)
Sanic.test_mode = False
