"""Cookies in and out."""

from datetime import datetime, timezone

from sanic import Sanic
from sanic.cookies import Cookie
from sanic.response import json, text

app = Sanic("cookies")
WHEN = datetime(2024, 1, 2, 3, 4, 5)
ADDED = {
    "plain": [(("a", "b"), {})],
    "quoted": [(("a", 'b c;d"e\\é\n'), {})],
    "empty": [(("a", ""), {})],
    "comma": [(("a", "x,y"), {})],
    "none": [(("a", None), {})],
    "bare": [(("a", "b"), {"secure": False, "samesite": None})],
    "full": [
        (("a", "b"), {"path": "/x", "domain": "d.com", "max_age": 5, "httponly": True,
                      "samesite": "strict", "comment": "c c", "expires": WHEN})
    ],
    "zoned": [(("a", "b"), {"expires": WHEN.replace(tzinfo=timezone.utc)})],
    "zero": [(("a", "b"), {"max_age": 0})],
    "text_age": [(("a", "b"), {"max_age": "5"})],
    "negative": [(("a", "b"), {"max_age": -1})],
    "float": [(("a", "b"), {"max_age": 1.5})],
    "samesite": [(("a", "b"), {"samesite": "NONE"})],
    "badsite": [(("a", "b"), {"samesite": "maybe"})],
    "badexpires": [(("a", "b"), {"expires": "tomorrow"})],
    "reserved": [(("path", "b"), {})],
    "reserved2": [(("Path", "b"), {})],
    "badname": [(("a b", "b"), {})],
    "noname": [(("", "b"), {})],
    "host": [(("a", "b"), {"host_prefix": True})],
    "host_path": [(("a", "b"), {"host_prefix": True, "path": "/x"})],
    "host_domain": [(("a", "b"), {"host_prefix": True, "domain": "d"})],
    "host_insecure": [(("a", "b"), {"host_prefix": True, "secure": False})],
    "secure": [(("a", "b"), {"secure_prefix": True})],
    "secure_insecure": [(("a", "b"), {"secure_prefix": True, "secure": False})],
    "both": [(("a", "b"), {"secure_prefix": True, "host_prefix": True})],
    "partitioned": [(("a", "b"), {"partitioned": True})],
    "partitioned_host": [(("a", "b"), {"partitioned": True, "host_prefix": True})],
    "twice": [(("a", "1"), {}), (("a", "2"), {}), (("b", "3"), {})],
    "int": [(("a", 5), {})],
    "special": [(("!#$%&'*+-.^_`|~:", "v"), {})],
}  # fmt: skip


@app.get("/in")
async def read(request):
    found = request.cookies
    return json(
        {
            "all": found,
            "item": [found["a"] if "a" in found else None, found.get("a"), found.getlist("a")],
            "attribute": [found.a_b, found.zz],
            "prefixed": [found.get("h"), found.get("s"), "h" in found, found.getlist("h")],
            "default": [found.get("zz"), found.get("zz", "d"), found.getlist("zz")],
            "type": type(found).__name__,
        }
    )


@app.get("/out/<name>")
async def add(request, name):
    response = text(name, headers={"x-before": "1"})
    for arguments, options in ADDED[name]:
        response.add_cookie(*arguments, **options)
    response.headers["x-after"] = "2"
    return response


@app.get("/caught/<name>")
async def caught(request, name):
    response = text(name)
    try:
        for arguments, options in ADDED[name]:
            response.cookies.add_cookie(*arguments, **options)
    except Exception as error:
        return json([type(error).__name__, str(error)])
    return json([str(cookie) for cookie in response.cookies.cookies])


@app.get("/delete")
async def delete(request):
    response = text("deleted")
    response.delete_cookie("a")
    response.delete_cookie("b", path="/x", domain="d")
    response.delete_cookie("c", host_prefix=True)
    response.delete_cookie("d", secure_prefix=True)
    return response


@app.get("/delete-added")
async def delete_added(request):
    response = text("deleted")
    response.add_cookie("a", "1", httponly=True, samesite="Strict")
    response.add_cookie("a", "2")
    response.add_cookie("a", "3", path="/other")
    response.delete_cookie("a")
    return response


@app.get("/jar")
async def jar(request):
    response = text("jar")
    made = response.cookies.add_cookie("a", "1")
    response.cookies.add_cookie("b", "2", path="/x")
    made.max_age = 7
    made.httponly = True
    made.path = "/p"
    got = response.cookies.get_cookie("a", path="/p")
    return json(
        [
            str(got),
            response.cookies.has_cookie("a"),
            response.cookies.has_cookie("a", path="/p"),
            response.cookies.get_cookie("zz"),
            len(response.cookies),
            [cookie.key for cookie in response.cookies.cookies],
            Cookie.make_key("k", host_prefix=True),
            Cookie.make_key("k", secure_prefix=True),
            response.cookies.HEADER_KEY,
        ]
    )


@app.get("/respond")
async def respond(request):
    response = await request.respond(content_type="text/plain")
    response.add_cookie("streamed", "yes")
    await response.send("a")


@app.on_response
async def from_middleware(request, response):
    if "middleware" in request.args:
        response.add_cookie("m", "w", secure=False)
