"""Every kind of response, and what goes on the wire for it."""

import datetime
import decimal
import uuid

from sanic import Sanic
from sanic.response import (
    HTTPResponse,
    JSONResponse,
    ResponseStream,
    empty,
    html,
    json,
    raw,
    redirect,
    text,
)

app = Sanic("responses")


class Markup:
    def __html__(self):
        return "<b>html</b>"


class Rich:
    def _repr_html_(self):
        return "<i>rich</i>"


class Encodes:
    def encode(self):
        return b"encoded"


def json_of(*arguments, **options):
    return lambda: json(*arguments, **options)


def changed(change, start):
    def make():
        response = JSONResponse(start)
        change(response)
        return response

    return make


def with_headers(*pairs):
    def make():
        response = text("x")
        for name, value in pairs:
            response.headers.add(name, value)
        return response

    return make


MADE = {
    "text": lambda: text("hi é"),
    "text_bytes": lambda: text(b"x"),
    "text_int": lambda: text(5),
    "text_type": lambda: text("a{}", content_type="text/css"),
    "text_headers": lambda: text("x", 201, {"X-A": "1", "Content-Type": "a/b"}),
    "html": lambda: html("<p>é</p>"),
    "html_bytes": lambda: html(b"<p>"),
    "html_markup": lambda: html(Markup()),
    "html_rich": lambda: html(Rich()),
    "html_none": lambda: html(None),
    "raw": lambda: raw(b"\x00\xff"),
    "raw_none": lambda: raw(None),
    "raw_str": lambda: raw("str"),
    "raw_type": lambda: raw(b"x", content_type="image/png", status=206),
    "empty": lambda: empty(),
    "empty_200": lambda: empty(status=200),
    "empty_headers": lambda: empty(headers={"X-A": "b"}),
    "json_dict": json_of({"a": [1, None, "/é"], "b": 1.5, "c": True}),
    "json_list": json_of([1, 2]),
    "json_str": json_of("</a>"),
    "json_none": json_of(None),
    "json_nan": json_of(float("nan")),
    "json_inf": json_of([float("inf"), float("-inf")]),
    "json_big": json_of(2**70),
    "json_keys": json_of({1: 2, None: 3, False: 4, 1.5: 5}),
    "json_tuple": json_of((1,)),
    "json_set": json_of({1, 2}),
    "json_bytes": json_of(b"x"),
    "json_date": json_of(datetime.date(2024, 1, 2)),
    "json_uuid": json_of(uuid.UUID(int=5)),
    "json_decimal": json_of(decimal.Decimal("1.10")),
    "json_default": json_of({"x": uuid.UUID(int=5)}, default=str),
    "json_indent": json_of({"a": 1}, indent=2),
    "json_sorted": json_of({"b": 1, "a": 2}, sort_keys=True),
    "json_escape": json_of("a/b<é>", escape_forward_slashes=True),
    "json_ascii": json_of("é\u2028", ensure_ascii=False),
    "json_dumps": json_of({"a": 1}, dumps=lambda body, **options: f"<{body}{options}>", x=1),
    "json_type": json_of({}, content_type="application/problem+json", status=422),
    "json_nested": json_of({"a": {"b": [{}, [], ""]}}),
    "json_append": changed(lambda r: r.append(3), [1]),
    "json_extend": changed(lambda r: r.extend([3, 4]), [1]),
    "json_update": changed(lambda r: r.update({"b": 2}, c=3), {"a": 1}),
    "json_pop": changed(lambda r: r.pop("a"), {"a": 1, "b": 2}),
    "json_pop_list": changed(lambda r: r.pop(0), [1, 2]),
    "json_pop_default": changed(lambda r: r.pop("z", 5), {"a": 1}),
    "json_set_body": changed(lambda r: r.set_body({"n": 1}), {"a": 1}),
    "json_raw": changed(lambda r: setattr(r, "raw_body", [9]), {"a": 1}),
    "json_body": changed(lambda r: setattr(r, "body", b"own"), {"a": 1}),
    "json_append_dict": changed(lambda r: r.append(3), {}),
    "json_update_list": changed(lambda r: r.update({}), []),
    "json_pop_str": changed(lambda r: r.pop(0), "s"),
    "json_pop_missing": changed(lambda r: r.pop("zz"), {}),
    "json_pop_list_default": changed(lambda r: r.pop(0, 1), []),
    "json_raw_after_body": changed(lambda r: (setattr(r, "body", b"x"), r.append(1)), [1]),
    "http": lambda: HTTPResponse("abc"),
    "http_none": lambda: HTTPResponse(),
    "http_bytes": lambda: HTTPResponse(b"abc", content_type="x/y"),
    "http_encodes": lambda: HTTPResponse(Encodes(), content_type="x/y"),
    "http_int": lambda: HTTPResponse(5, content_type="x/y"),
    "http_list": lambda: HTTPResponse([b"a"], content_type="x/y"),
    "http_headers": lambda: HTTPResponse("a", 200, [("X-A", "1"), ("X-A", "2")], "x/y"),
    "status_204": lambda: text("zz", status=204),
    "status_304": lambda: text("x", status=304, headers={"etag": "1", "content-length": "3"}),
    "status_100": lambda: text("x", status=100),
    "status_199": lambda: text("x", status=199),
    "status_200": lambda: text("x", status=200),
    "status_205": lambda: text("x", status=205),
    "status_299": lambda: text("x", status=299),
    "status_600": lambda: text("x", status=600),
    "status_999": lambda: text("x", status=999),
    "status_text": lambda: text("x", status="200"),
    "status_none": lambda: text("x", status=None),
    "status_426": lambda: text("x", status=426),
    "status_418": lambda: text("x", status=418),
    "status_500": lambda: text("x", status=500),
    "h_override": with_headers(("content-length", "99"), ("Content-Type", "a/b"),
                               ("connection", "foo")),
    "h_split": with_headers(("X-A", "a\r\nB: c")),
    "h_split_name": with_headers(("X\r\nB", "c")),
    "h_nul": with_headers(("X-A", "a\0b")),
    "h_foreign": with_headers(("X-A", "é€")),
    "h_int": with_headers(("X-A", 5)),
    "h_none": with_headers(("X-A", None)),
    "h_empty": with_headers(("X-A", "")),
    "h_repeat": with_headers(("X-A", "1"), ("X-B", "2"), ("x-a", "3")),
    "h_te": with_headers(("Transfer-Encoding", "gzip")),
    "h_close": with_headers(("Connection", "close")),
    "h_server": with_headers(("Server", "mine"), ("Date", "today")),
    "h_spaces": with_headers(("X-A", "  a  ")),
    "redirect": lambda: redirect("/a"),
    "redirect_status": lambda: redirect("/a", status=301, headers={"X-A": "b"}),
    "redirect_text": lambda: redirect("/a", content_type="text/plain"),
    "stream_object": lambda: ResponseStream(streamed, content_type="text/plain"),
    "stream_headers": lambda: ResponseStream(streamed, 201, {"X-A": "b"}, "x/y"),
    "stream_length": lambda: ResponseStream(streamed, headers={"content-length": "6"}),
}  # fmt: skip
TARGETS = {
    "plain": "/a", "query": "http://x.com/a?b=c d", "foreign": "/é%20x", "slashes": "//evil",
    "split": "/a\r\nSet-Cookie: x", "quotes": '/a"<>\\^`{}~_-.', "percent": "/%zz", "empty": "",
    "fragment": "/a#b?c", "brackets": "/[x]@!$&'()*+,;=:", "nul": "/a\0b",
}  # fmt: skip


async def streamed(response):
    await response.write("abc")
    await response.write(b"def")


@app.get("/made/<name>")
async def made(request, name):
    return MADE[name]()


@app.head("/made/<name>", name="made_head")
async def made_head(request, name):
    return MADE[name]()


@app.get("/shown/<name>")
async def shown(request, name):
    try:
        response = MADE[name]()
    except Exception as error:
        return json([type(error).__name__, str(error)])
    if isinstance(response, ResponseStream):
        return text(type(response).__name__)
    return json(
        [
            type(response).__name__,
            repr(response),
            response.status,
            response.content_type,
            list(response.headers.items()),
            response.body.decode("latin-1") if isinstance(response.body, bytes) else "other",
        ],
        default=str,
    )


@app.get("/redirect/<name>")
async def redirected(request, name):
    return redirect(TARGETS[name])


@app.head("/head-length")
async def head_length(request):
    return empty(status=200, headers={"content-length": "77"})


@app.head("/head-text")
async def head_text(request):
    return text("xyz")


@app.get("/mutated")
async def mutated(request):
    response = text("first")
    response.status = 202
    response.body = b"second"
    response.content_type = "x/y"
    response.headers["X-A"] = "1"
    response.headers["x-a"] = "2"
    return response


@app.get("/sync")
def sync(request):
    return text("sync")


class Callable:
    async def __call__(self, request):
        return text("called")

    async def method(self, request):
        return text("method")


app.add_route(Callable(), "/callable", name="callable")
app.add_route(Callable().method, "/bound")
app.add_route(lambda request: text("lambda"), "/lambda")


@app.get("/awaitable")
def awaitable(request):
    async def later():
        return text("later")

    return later()


@app.get("/subclass")
async def subclass(request):
    class Own(HTTPResponse):
        pass

    return Own("own", headers={"x-own": "1"}, content_type="x/own")


@app.get("/processed")
async def processed(request):
    response = text("x", headers={"X-A": "1", "x-b": "é"})
    response.add_cookie("a", "b")
    return json([[n.decode(), v.decode()] for n, v in response.processed_headers])
