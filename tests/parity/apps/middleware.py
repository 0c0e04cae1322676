"""Middleware: order, priorities, short circuits, errors, what it may change."""

from collections import deque

from sanic import Blueprint, Sanic
from sanic.exceptions import NotFound, SanicException
from sanic.response import HTTPResponse, empty, json, text

app = Sanic("middleware")


def note(request, word):
    """Keep a word for the answer's `x-order`."""
    if not hasattr(request.ctx, "order"):
        request.ctx.order = []
    request.ctx.order.append(word)


def before(word, **options):
    async def run(request):
        note(request, word)
        where = request.args.get("stop")
        if where == word:
            return text(f"stopped by {word}", headers={"x-from": word})
        if request.args.get("falsy") == word:
            return []
        if request.args.get("raise") == word:
            raise SanicException(f"raised by {word}", status_code=418)
        if request.args.get("fail") == word:
            raise ValueError(word)

    app.on_request(**options)(run) if options else app.on_request(run)


def after(word, **options):
    async def run(request, response):
        note(request, word)
        if request.args.get("replace") == word:
            return json([word, response.status])
        if request.args.get("raise") == word:
            raise SanicException(f"raised by {word}")

    app.on_response(**options)(run) if options else app.on_response(run)


@app.on_response(priority=-100)
async def first_of_responses(request, response):
    note(request, "first-response")


@app.on_response(priority=100)
def last_of_responses(request, response):
    """Tell the order; higher priority runs later on the way out."""
    response.headers["x-order"] = " ".join(getattr(request.ctx, "order", []))
    response.headers["x-route"] = str(request.name)


before("r0")
before("r5", priority=5)
before("r0b")
before("r-1", priority=-1)
after("s0")
after("s5", priority=5)
after("s0b")
after("s-1", priority=-1)


@app.middleware
async def plain(request):
    note(request, "plain")


@app.middleware("request")
def sync(request):
    note(request, "sync")


@app.middleware("response")
def sync_response(request, response):
    note(request, "sync-response")
    if request.args.get("status"):
        response.status = int(request.args["status"][0])
    if request.args.get("body"):
        response.body = request.args["body"][0].encode()
    if request.args.get("type"):
        response.content_type = request.args["type"][0]


async def twice(request):
    note(request, "twice")


app.register_middleware(twice)
app.register_middleware(twice, "request")
app.register_named_middleware(lambda request: note(request, "named"), ["middleware.named"])

bp = Blueprint("bp", url_prefix="/bp")


@bp.on_request
async def bp_request(request):
    note(request, "bp")


@bp.on_request(priority=7)
async def bp_first(request):
    note(request, "bp7")


@bp.on_response
async def bp_response(request, response):
    note(request, "bp-response")


@bp.get("/")
async def bp_handler(request):
    note(request, "handler")
    return text("bp")


@bp.get("/error")
async def bp_error(request):
    raise NotFound("gone")


app.blueprint(bp)
before("late")


@app.get("/")
async def index(request):
    note(request, "handler")
    return text("index")


@app.get("/named", name="named")
async def named(request):
    return text("named")


@app.get("/error")
async def error(request):
    note(request, "handler")
    raise SanicException("from the handler", status_code=409)


@app.get("/crash")
async def crash(request):
    raise RuntimeError("crash")


@app.get("/none")
async def none(request):
    return None


@app.get("/empty")
async def nothing(request):
    return empty()


@app.get("/args/<x>")
async def args(request, **parameters):
    return json(parameters)


@app.on_request
async def change(request):
    if "x" in request.match_info:
        request.match_info.update(y=2)
        request.match_info["x"] += "!"


@app.get("/respond")
async def respond(request):
    response = await request.respond(content_type="text/plain")
    note(request, "after-respond")
    await response.send("a")
    await response.send("b")


@app.exception(ValueError)
async def on_value_error(request, exception):
    note(request, "on-value-error")
    return text(f"handled {exception}", status=400)


@app.get("/info")
async def info(request):
    middleware = bp_first
    return json(
        [
            type(middleware).__name__,
            middleware.priority,
            middleware.location.name,
            len(app.request_middleware),
            len(app.response_middleware),
            isinstance(app.request_middleware, deque),
            isinstance(request.route.extra.request_middleware, deque),
            [type(item).__name__ for item in request.route.extra.request_middleware],
        ]
    )


@app.get("/late-add")
async def late_add(request):
    def extra(request, response):
        response.headers["x-late"] = "yes"

    app.response_middleware.append(extra)
    request.route.extra.response_middleware.append(extra)
    return HTTPResponse("added", content_type="text/plain")
