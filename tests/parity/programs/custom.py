"""Router, request and error handler classes of the program's own; what handlers register late."""

import asyncio
import logging
import types

from sanic import Sanic, json, text
from sanic.exceptions import NotFound
from sanic.handlers import ErrorHandler
from sanic.request import Request
from sanic.router import Router
from sanic.signals import SignalRouter

logging.disable()
Sanic.test_mode = True


def make(n, **o):
    app = Sanic(n, configure_logging=False, **o)
    app.config.AUTO_EXTEND = False
    return app


def show(app, *paths):
    for p in paths:
        m, _, p = p.rpartition(" ")
        _, r = getattr(app.test_client, (m or "get").lower())(p, gather_request=False)
        print(app.name, m, p, r.status, r.headers.get("x"), r.text[:160].replace("\n", "|"))


# Routers.
class LowerRouter(Router):
    def get(self, path, method, host):
        return super().get(path.lower(), method, host)


class TenantRouter(Router):
    def get(self, path, method, host):
        if path.startswith("/t/"):
            _, _, tenant, rest = path.split("/", 3)
            route, handler, kwargs = super().get("/" + rest, method, host)
            return route, handler, {**kwargs, "tenant": tenant}
        return super().get(path, method, host)


class PrefixRouter(Router):
    def add(self, uri, methods, handler, *a, **k):
        return super().add("/pre" + uri, methods, handler, *a, **k)


class FallbackRouter(Router):
    def get(self, path, method, host):
        try:
            return super().get(path, method, host)
        except NotFound:
            return super().get("/fallback", "GET", host)


class CountingRouter(Router):
    def finalize(self, *a, **k):
        self.ctx.count = getattr(self.ctx, "count", 0) + 1
        return super().finalize(*a, **k)


for router, paths in (
    (LowerRouter, ("/A", "/a", "/B/X", "/nope")),
    (TenantRouter, ("/t/acme/b/5", "/b/5", "/t/acme/nope")),
    (PrefixRouter, ("/a", "/pre/a", "/pre/b/1")),
    (FallbackRouter, ("/zzz", "/a", "post /a")),
    (CountingRouter, ("/a",)),
):
    app = make(router.__name__, router=router())

    @app.get("/a")
    async def a(request):
        return text("a " + request.path + " " + str(request.uri_template))

    @app.get("/b/<x>")
    async def b(request, x, tenant=None):
        return json([x, tenant, request.match_info, request.name])

    @app.get("/fallback")
    async def f(request):
        return text("fb " + request.path)

    show(app, *paths)
    print(app.url_for("b", x=1), getattr(app.router.ctx, "count", None))


# Requests, errors, signals.
class OwnRequest(Request):
    def __init__(self, *a, **k):
        super().__init__(*a, **k)
        self.ctx.made = 1
        self.extra = "e"

    @property
    def user(self):
        return self.headers.get("user", "anon")

    @classmethod
    def generate_id(cls, *_):
        return "fixed"

    @staticmethod
    def make_context():
        return types.SimpleNamespace(own=True)


app = make("req", request_class=OwnRequest)


@app.get("/")
async def r(request):
    return json(
        [
            type(request).__name__,
            request.user,
            request.ctx.own,
            request.ctx.made,
            request.extra,
            str(request.id),
            repr(request),
        ]
    )


show(app, "/", "/nope")


class OwnErrors(ErrorHandler):
    def default(self, request, exception):
        return text(
            f"default {type(exception).__name__}",
            status=getattr(exception, "status_code", 500),
            headers={"x": "d"},
        )

    def lookup(self, exception, route_name=None):
        if isinstance(exception, KeyError):
            return lambda r, e: text("looked " + str(route_name), headers={"x": "l"})
        return super().lookup(exception, route_name)


class OtherErrors(ErrorHandler):
    async def default(self, request, exception):
        return text("async default")

    def response(self, request, exception):
        return text("response")


for n, eh in (("eh", OwnErrors()), ("eh2", OtherErrors())):
    app = make(n, error_handler=eh)

    @app.get("/k")
    async def k(request):
        raise KeyError("k")

    @app.get("/v")
    async def v(request):
        raise ValueError("k")

    show(app, "/k", "/v", "/nope", "post /k")


class CountingSignals(SignalRouter):
    async def dispatch(self, event, **k):
        seen.append(str(getattr(event, "value", event)))
        return await super().dispatch(event, **k)


seen = []
app = make("sr", signal_router=CountingSignals())


@app.signal("http.routing.after")
async def ra(**k):
    pass


@app.get("/")
async def i(request):
    await app.dispatch("x.y.z", fail_not_found=False)
    return text("i")


show(app, "/")
print(sorted(set(s for s in seen if not s.startswith("server."))))
# Late registration.
app = make("late")


@app.get("/")
async def add(request):
    async def new(request):
        return text("new")

    app.add_route(new, "/new", name="new")
    app.on_request(lambda r: setattr(r.ctx, "mw", 1))
    return text("added")


@app.get("/mw")
async def mw(request):
    return text(str(getattr(request.ctx, "mw", None)))


async def seq():
    for p in ("/new", "/", "/new", "/mw"):
        _, r = await app.asgi_client.get(p)
        print(p, r.status, r.text[:20].replace("\n", "|"))


asyncio.run(seq())
