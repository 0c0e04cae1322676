"""Requests with odd headers, targets, bodies and forms, and views of odd shapes."""

from functools import partial, wraps

from sanic import Blueprint, Sanic
from sanic.response import empty, json, text
from sanic.views import HTTPMethodView, stream

app = Sanic("wire")


def attempt(function):
    try:
        found = function()
    except Exception as error:
        return [type(error).__name__, str(error)]
    return found if isinstance(found, (str, int, list, dict, bool, type(None))) else str(found)


@app.route("/show", methods=["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
@app.get("/show/<rest:path>", name="rest")
async def show(request, rest=""):
    names = """content_type token host server_name server_port url path query_string args query_args
    remote_addr scheme uri_template method version is_safe name""".split()
    found = {name: attempt(lambda: getattr(request, name)) for name in names}  # noqa: B023
    found["headers"] = [list(pair) for pair in request.headers.items()]
    found["credentials"] = attempt(lambda: repr(request.credentials))
    found["cookies"] = attempt(lambda: dict(request.cookies))
    found["accept"] = attempt(lambda: str(request.accept))
    found["form"] = attempt(lambda: dict(request.form))
    found["files"] = attempt(
        lambda: {k: [[f.type, f.name, f.body.hex()] for f in v] for k, v in request.files.items()}
    )
    found["json"] = attempt(lambda: request.json)
    found["body"] = request.body.hex()
    found["rest"] = rest
    found["id"] = attempt(lambda: request.id if "x-request-id" in request.headers else None)
    return json(found)


class Counted(HTTPMethodView):
    made = 0

    def __init__(self, start=0):
        Counted.made += 1
        self.start = start

    async def get(self, request):
        return text(f"{Counted.made} {self.start}")

    def post(self, request):
        return self.later()

    async def later(self):
        return text("later")

    delete = None


class Base(HTTPMethodView):
    def get(self, request, **kwargs):
        return json([type(self).__name__, kwargs])


class Child(Base):
    def patch(self, request, **kwargs):
        return super().get(request, **kwargs)


class Dispatching(Base):
    async def dispatch_request(self, request, *args, **kwargs):
        request.ctx.seen = True
        result = super().dispatch_request(request, *args, **kwargs)
        result.headers["x-seen"] = str(request.ctx.seen)
        return result


def marked(word):
    def decorator(handler):
        @wraps(handler)
        def wrapper(request, *args, **kwargs):
            request.ctx.words = [*getattr(request.ctx, "words", []), word]
            return handler(request, *args, **kwargs)

        return wrapper

    return decorator


class Decorated(HTTPMethodView):
    decorators = [marked("first"), marked("second")]

    @marked("method")
    async def get(self, request, x: int):
        return json([request.ctx.words, x, type(x).__name__])

    async def head(self, request, x):
        return empty(headers={"x-head": str(x)})


class Streams(HTTPMethodView):
    @stream
    async def post(self, request):
        size = 0
        while (chunk := await request.stream.read()) is not None:
            size += len(chunk)
        return json([size, request.body.decode()])

    async def put(self, request):
        return json(request.body.decode())


class Attached(HTTPMethodView, attach=app, uri="/attached/<x>", methods=["POST"], version=3):
    async def get(self, request, x):
        return text(f"attached {x}")


app.add_route(Counted.as_view(7), "/counted")
app.add_route(Counted.as_view(start=8), "/counted8", name="counted8")
app.add_route(Child.as_view(), "/child/<a>/<b:int>")
app.add_route(Base.as_view(), "/strict/", strict_slashes=True, name="strict_view")
app.add_route(Dispatching.as_view(), "/dispatching")
app.add_route(Decorated.as_view(), "/decorated/<x:int>")
app.add_route(Streams.as_view(), "/streams")
bp = Blueprint("bp", url_prefix="/bp", version=1)
Child.attach(bp, "/child/<a>", name="bp_child")
app.blueprint(bp)


@app.get("/names")
async def names(request):
    return json(sorted(route.name for route in app.router.routes))


async def with_extra(request, extra):
    return text(f"extra {extra}")


handler = partial(with_extra, extra="given")
app.add_route(handler, "/partial", name="partial")


class Callable:
    async def __call__(self, request, x):
        return text(f"called {x}")


app.add_route(Callable(), "/callable/<x>", name="callable")


@app.get("/tuple")
async def as_tuple(request):
    return text("a"), 200


@app.get("/false")
async def false(request):
    return False


@app.get("/reused")
async def reused(request):
    return REUSED


REUSED = text("the same object")
