"""Everything a request tells."""

import uuid

from sanic import Sanic
from sanic.request import Request
from sanic.response import json, text


class Own(Request):
    """A request of our own: a counter for ids, a dict for its context."""

    @staticmethod
    def make_context():
        return OwnContext()

    @property
    def shouted(self):
        return self.path.upper()


class OwnContext:
    word = "own"


app = Sanic("request", request_class=Own)
NAMES = """method path url query_string version content_type host server_name server_port
server_path scheme remote_addr ip client_ip token name endpoint uri_template is_safe is_idempotent
is_cacheable raw_url body responded forwarded request_line head raw_headers shouted id""".split()


def show(value):
    if isinstance(value, (bytes, uuid.UUID)):
        return [type(value).__name__, str(value)]
    return value


def attribute(request, name):
    try:
        value = getattr(request, name)
    except Exception as error:
        return [type(error).__name__, str(error)]
    return show(value)


@app.route("/all", methods=["GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"])
@app.route("/all/<x:int>/<y>", methods=["GET", "POST"], name="all_more")
async def everything(request, **parameters):
    found = {name: attribute(request, name) for name in NAMES}
    if "x-request-id" not in request.headers:
        found["id"] = type(request.id).__name__
    found["headers"] = list(request.headers.items())
    found["repr"] = repr(request)
    found["match_info"] = sorted(request.match_info.items())
    found["ctx"] = request.ctx.word
    return json(found, default=str)


@app.get("/")
async def root(request):
    return json([request.path, request.url, request.host, request.raw_url.decode()])


@app.get("/args")
async def args(request):
    return json(
        {
            "args": request.args,
            "again": request.args is request.args,
            "type": type(request.args).__name__,
            "get": [request.args.get("a"), request.args.get("zz"), request.args.get("zz", 5)],
            "list": [request.args.getlist("a"), request.args.getlist("zz", ["d"])],
            "query": request.query_args,
            "blank": request.get_args(keep_blank_values=True),
            "blank_query": request.get_query_args(keep_blank_values=True),
            "latin": request.get_args(encoding="latin-1"),
            "string": request.query_string,
            "url": request.url,
        }
    )


@app.get("/strict-args")
async def strict_args(request):
    try:
        return json(request.get_args(strict_parsing=True))
    except ValueError as error:
        return json([type(error).__name__, str(error)])


@app.post("/json")
async def as_json(request):
    return json([request.json, request.content_type, len(request.body)])


@app.post("/load-json")
async def load_json(request):
    return json(request.load_json(loads=lambda body: body.decode()[::-1]))


@app.get("/credentials")
async def credentials(request):
    found = request.credentials
    if found is None:
        return json([None, request.token])
    shown = [found.auth_type, found.token, request.token]
    for name in ("username", "password"):
        try:
            shown.append(getattr(found, name))
        except AttributeError as error:
            shown.append(str(error))
    return json(shown)


@app.get("/accept")
async def accept(request):
    matched = request.accept.match("application/json", "text/html", "text/plain")
    return json(
        {
            "list": [repr(item) for item in request.accept],
            "str": str(request.accept),
            "match": [str(matched), bool(matched), repr(matched), matched.mime],
            "in": ["text/html" in request.accept, "*/*" in request.accept],
        }
    )


@app.get("/headers")
async def headers(request):
    found = request.headers
    return json(
        {
            "items": list(found.items()),
            "attr": [found.x_one, found.accept_language, found.missing, found.x_two_],
            "get": [found.get("X-One"), found.get("missing"), "x-one" in found],
            "all": [found.getall("x-one", []), found.get_all("x-one"), found.getone("x-one", None)],
            "type": type(found).__name__,
        }
    )


@app.post("/body")
async def body(request):
    return text(request.body.decode("latin-1"), headers={"x-length": str(len(request.body))})


@app.get("/get-body")
async def get_body(request):
    before = request.body
    await request.receive_body()
    return json([before.decode(), request.body.decode()])


@app.route("/route-body")
async def route_body(request):
    return json(request.body.decode())


@app.delete("/delete-body")
async def delete_body(request):
    return json(request.body.decode())


@app.post("/stream", stream=True)
async def stream(request):
    data = b""
    async for chunk in request.stream:
        data += chunk
    return json([data.decode(), request.body.decode()])


@app.post("/stream-read", stream=True)
async def stream_read(request):
    data = b""
    while (chunk := await request.stream.read()) is not None:
        data += chunk
    return text(data.decode())


@app.post("/stream-receive", stream=True)
async def stream_receive(request):
    await request.receive_body()
    return text(request.body.decode())


@app.post("/stream-ignored", stream=True)
async def stream_ignored(request):
    return text("not read")


@app.get("/current")
async def current(request):
    return json([Request.get_current() is request, Own.get_current() is request])


@app.get("/slots")
async def slots(request):
    request.anything = 1
    request.ctx.more = 2
    try:
        request.stream_id
    except Exception as error:
        shown = [type(error).__name__, str(error)]
    return json([request.anything, request.ctx.more, shown, request.conn_info is not None])


@app.get("/url-for/<x>")
async def url_for(request, x):
    return json([request.url_for("args"), request.url_for("url_for", x=x, q=1, _anchor="a")])


@app.get("/conn")
async def conn(request):
    info = request.conn_info
    request.conn_info.ctx.count = getattr(info.ctx, "count", 0) + 1
    return json(
        [
            info.client_ip,
            info.ssl,
            info.server_name,
            info.cert,
            info.lost,
            info.ctx.count,
            info.client == f"127.0.0.1:{info.client_port}",
            info.server == f"127.0.0.1:{info.server_port}",
            request.port == info.client_port,
            request.socket == (info.client_ip, info.client_port),
            info.network_paths,
            request.network_paths,
            info.sockname[0],
            info.peername[0],
        ]
    )
