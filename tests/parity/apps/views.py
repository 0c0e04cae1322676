"""Class-based views."""

import functools

from sanic import Blueprint, Sanic
from sanic.response import json, text
from sanic.views import HTTPMethodView, stream

app = Sanic("views")


def decorated(word):
    def decorator(handler):
        @functools.wraps(handler)
        async def wrapper(request, *args, **kwargs):
            request.ctx.words = [*getattr(request.ctx, "words", []), word]
            result = handler(request, *args, **kwargs)
            return await result if hasattr(result, "__await__") else result

        return wrapper

    return decorator


class Simple(HTTPMethodView):
    """The simplest."""

    def get(self, request):
        return text("sync get")

    async def post(self, request):
        return text("async post")

    async def put(self, request, **parameters):
        return json(parameters)


class Parameters(HTTPMethodView):
    decorators = [decorated("inner"), decorated("outer")]

    def __init__(self, *args, **kwargs):
        self.args, self.kwargs = args, kwargs

    async def get(self, request, number):
        self.kwargs["seen"] = self.kwargs.get("seen", 0) + 1
        return json([number, self.args, self.kwargs, request.ctx.words])


class Inherits(Simple):
    async def delete(self, request):
        return text("deleted")


class Empty(HTTPMethodView):
    pass


class Heads(HTTPMethodView):
    async def get(self, request):
        return text("get body")

    async def head(self, request):
        return text("head body!")

    async def options(self, request):
        return text("options")


class Streams(HTTPMethodView):
    @stream
    async def post(self, request):
        data = b""
        async for chunk in request.stream:
            data += chunk
        return text(f"streamed {data.decode()} {request.body.decode()}")

    async def get(self, request):
        return text("get")


class Fails(HTTPMethodView):
    async def get(self, request):
        raise ValueError("fails")

    def helper(self, request):
        return text("never called")


class Attached(HTTPMethodView, attach=app, uri="/attached/<x:int>", name="att", version=2):
    async def get(self, request, x):
        return json([x, request.name])


class Own(HTTPMethodView):
    async def patch(self, request):
        return text("patched")

    def dispatch_request(self, request, *args, **kwargs):
        request.ctx.words = ["dispatched"]
        return super().dispatch_request(request, *args, **kwargs)


app.add_route(Simple.as_view(), "/simple")
app.add_route(Simple.as_view(), "/simple/<a>/<b:int>", name="simple_args")
app.add_route(Parameters.as_view(1, b=2), "/parameters/<number:int>")
app.add_route(Inherits.as_view(), "/inherits")
app.add_route(Empty.as_view(), "/empty")
app.add_route(Heads.as_view(), "/heads", methods=["GET"])
app.add_route(Streams.as_view(), "/streams")
app.add_route(Fails.as_view(), "/fails")
app.add_route(Own.as_view(), "/own")
Simple.attach(app, "/by-attach", name="by_attach", host="test")
bp = Blueprint("bp", url_prefix="/bp")
Simple.attach(bp, "/", version=1)
bp.add_route(Heads.as_view(), "/heads", strict_slashes=True)
app.blueprint(bp)


@app.get("/info")
async def info(request):
    view = Simple.as_view()
    routes = {r.name: [r.uri, sorted(r.methods), r.extra.stream] for r in app.router.routes}
    return json(
        [
            view.view_class is Simple,
            view.__name__,
            view.__doc__,
            sorted(routes.items()),
            app.url_for("Parameters", number=5),
        ]
    )
