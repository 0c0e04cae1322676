"""Responses made by hand: every function, class and argument, with odd input."""

import asyncio
import copy
import datetime
import os
import pathlib
import tempfile

import sanic.response as sr
from sanic.compat import Header
from sanic.models.protocol_types import Range
from sanic.response import (
    BaseHTTPResponse,
    HTTPResponse,
    JSONResponse,
    ResponseStream,
    empty,
    file,
    file_stream,
    html,
    json,
    json_dumps,
    raw,
    redirect,
    text,
    validate_file,
)
from sanic.response.convenience import guess_content_type

WHEN = 1704164645
d = pathlib.Path(tempfile.mkdtemp())
for n, c in {
    "a.txt": b"hello world",
    "b.html": b"<p>",
    "c.js": b"x",
    "d": b"",
    "e.bin": b"\0",
    "f.json": b"{}",
    "é ü.txt": b"u",
    "g.tar.gz": b"g",
    "h.svg": b"s",
    "i.xml": b"x",
    "j.mjs": b"m",
    "k.wasm": b"w",
    "l.PNG": b"p",
    "m.md": b"m",
    "n.csv": b"c",
    "o.woff2": b"f",
    "p.yaml": b"y",
    "q.ico": b"i",
    "r.mp4": b"m",
    "s.webp": b"w",
    "t.html.gz": b"z",
}.items():
    (d / n).write_bytes(c)
    os.utime(d / n, (WHEN, WHEN))


def show(r):
    return (
        type(r).__name__,
        r.status,
        r.content_type,
        [(k, str(v).replace(str(d), "D")) for k, v in r.headers.items()],
        (r.body if not isinstance(r, ResponseStream) else "stream"),
    )


def F(name="a.txt", **k):
    return show(asyncio.run(file(d / name, **k)))


def S(name="a.txt", **k):
    return show(asyncio.run(file_stream(d / name, **k)))


class Rg:
    def __init__(self, *a):
        self.start, self.end, self.size, self.total = a


[
    sorted(n for n in dir(c) if not n.startswith("_"))
    for c in (BaseHTTPResponse, HTTPResponse, JSONResponse, ResponseStream)
]
sr.__all__
[c.__name__ for c in JSONResponse.__mro__], [c.__name__ for c in ResponseStream.__mro__]
[F(n) for n in sorted(os.listdir(d))]
[S(n) for n in sorted(os.listdir(d))]
F(filename="x.pdf"), F(filename="x.html"), F(filename="x"), F("d", filename="y.css")
(
    F(mime_type="text/plain"),
    F(mime_type="text/x; charset=latin-1"),
    F(mime_type=""),
    F(mime_type="application/javascript"),
)
(
    F(status=404),
    F(headers={"X": "y"}),
    F(headers={"Last-Modified": "z"}),
    F(headers={"cache-control": "z"}),
    F(headers={"Content-Disposition": "inline"}, filename="q"),
    F(headers={"content-type": "q/r"}),
)
(
    F(last_modified=None),
    F(last_modified=0),
    F(last_modified=WHEN + 0.9),
    F(last_modified=datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc)),
    F(last_modified=datetime.datetime(2024, 1, 1, 5, 6, 7, 999, tzinfo=datetime.timezone.utc)),
)
F(last_modified="x")
F(max_age=0), F(no_store=True), F(no_store=True, max_age=5), F(no_store=False)
[x for x in F(max_age=5)[3] if x[0] != "expires"], [k for k, v in F(max_age=5)[3]]
[x for x in F(max_age=1.5)[3] if x[0] != "expires"]
[x for x in F(max_age=-5)[3] if x[0] != "expires"]
F(max_age="5")
F(_range=Rg(0, 4, 5, 11)), F(_range=Rg(3, 10, 8, 11)), F(_range=Rg(0, 4, 5, 11), status=200)
(
    S(_range=Rg(0, 4, 5, 11)),
    S(status=201),
    S(headers={"a": "b"}),
    S(mime_type="x/y"),
    S(filename="z.csv"),
)
F(request_headers=Header({"if-modified-since": "Tue, 02 Jan 2024 03:04:05 GMT"}))
F(request_headers=Header({"if-modified-since": "Tue, 02 Jan 2024 03:04:04 GMT"}))
F(request_headers=Header({"if-modified-since": "Tue, 02 Jan 2024 03:04:06 GMT"}))
F(request_headers=Header({"if-modified-since": "garbage"}))
F(request_headers=Header({"if-modified-since": "Tue, 02 Jan 2024 03:04:05 -0100"}))
F(request_headers=Header({"if-modified-since": "Tue, 02 Jan 2024 03:04:05"}))
F(request_headers=Header({"if-modified-since": ""}))
F(request_headers=Header({"if-modified-since": "Tuesday, 02-Jan-24 03:04:05 GMT"}))
F(request_headers=Header({"if-modified-since": "Tue Jan  2 03:04:05 2024"}))
(
    F(request_headers=Header({}), validate_when_requested=False),
    F(
        request_headers=Header({"if-modified-since": "Tue, 02 Jan 2024 03:04:05 GMT"}),
        validate_when_requested=False,
    ),
)
F(
    request_headers=Header({"if-modified-since": "Tue, 02 Jan 2024 03:04:05 GMT"}),
    last_modified=None,
)
[
    show(r)
    if (
        r := asyncio.run(
            validate_file(Header({"if-modified-since": "Tue, 02 Jan 2024 03:04:05 GMT"}), w)
        )
    )
    else r
    for w in (
        WHEN,
        WHEN - 1,
        WHEN + 1,
        WHEN + 0.5,
        datetime.datetime.fromtimestamp(WHEN, datetime.timezone.utc),
    )
]
asyncio.run(
    validate_file(
        Header({"if-modified-since": "Tue, 02 Jan 2024 03:04:05 GMT"}),
        datetime.datetime(2024, 1, 2, 3, 4, 5),
    )
)
asyncio.run(file(None))
asyncio.run(file_stream(d / "zz")).status
[
    guess_content_type(n)
    for n in (
        "a.TXT",
        "a.htm",
        "a.mjs",
        "x.wasm",
        "x.webp",
        "x.yaml",
        "x.md",
        "x.xml",
        "a.tar",
        "a.gz",
        "a.bz2",
        "x.csv",
        "x.ico",
        "http://x/y.html",
        "",
        ".",
        "a.",
        pathlib.Path("b.html"),
        "data.text",
        "q.py",
        "r.c",
        "s.rtf",
    )
]
(
    guess_content_type("a.zz", "text/plain"),
    guess_content_type("a.zz", fallback="text/html"),
    guess_content_type("a.txt", fallback="x/y"),
)
[
    show(f)
    for f in (
        empty(),
        empty(200),
        empty(status=304, headers={"a": "b"}),
        text("a"),
        text("", 201),
        raw(b""),
        raw(None),
        raw("a"),
        raw(b"x", 1, {"a": "b"}, "c/d"),
        html(""),
        html("a", 404, {"a": "b"}),
        redirect("/x"),
        redirect("/x", {"a": "b"}, 307, "q/r"),
        redirect("é"),
        json(None),
        json([]),
        json({}, 201, {"a": "b"}, "x/y"),
    )
]
text(b"x")
text(5)
text(None)
text("\ud800").body
json("\ud800").body
json({"a": float("nan")}).body
json({"a": object})
json({b"a": 1}).body
json({(1, 2): 1}).body
json({"a": 1}, indent=1).body
json({"a": 1}, nonsense=1).body
json([1], dumps=lambda o: "x" + str(o)).body, json([1], dumps=lambda o: b"bytes").body
json([1], dumps=lambda o, **k: str(k), a=1, b=2).body
json(datetime.datetime(2024, 1, 1)).body


class J:
    def __json__(self):
        return '"j"'


class TD:
    def toDict(self):
        return {"t": 1}


json(J()).body
json(TD()).body
json("a\u2028</script>&").body
json({"a": "x" * 10}, separators=(",", ":")).body
json([1, 2**63, 2**64, -(2**63), 1e300, 1e16, 0.1, 1.0, True]).body
json({"a": {1: {None: {True: 1}}}}).body
json(x for x in "ab").body
json(range(3)).body
json(bytearray(b"a")).body
redirect(5)
redirect(None)
redirect("").headers
[
    redirect(x).headers["location"]
    for x in (
        "/a b",
        "/a%20b",
        "/é",
        "http://h/é?x=é&y=a b#é",
        "\t\n",
        "/a\\b",
        "/a|b",
        "javascript:alert(1)",
        "/+",
        "/%",
        "/a?b=%2f",
        "//x",
        "?q",
        "#f",
    )
]
h = {"X": "1"}
redirect("/y", headers=h).headers, h
hh = Header({"X": "1"})
redirect("/y", headers=hh).headers is hh, hh
r = text("a", headers=h)
r.headers["q"] = "z"
h, r.headers
r = HTTPResponse()
r.body, r.status, r.content_type, r.headers, r.stream, r.asgi, repr(r), len(r.cookies)
(
    HTTPResponse("é").body,
    HTTPResponse(b"x").body,
    HTTPResponse(5).body,
    HTTPResponse([1]).body,
    HTTPResponse(0).body,
    HTTPResponse("").body,
    HTTPResponse(memoryview(b"x")).body,
    HTTPResponse(bytearray(b"x")).body,
)
(
    HTTPResponse(headers=[("a", "1"), ("a", "2")]).headers,
    HTTPResponse(headers=Header({"a": "1"})).headers,
    HTTPResponse(headers=()).headers,
)
HTTPResponse(headers="x").headers
HTTPResponse(headers=5)
HTTPResponse(status="x").status, HTTPResponse(status=None).status
(
    setattr(r, "status", 5),
    setattr(r, "body", "str"),
    r.body,
    setattr(r, "content_type", 5),
    setattr(r, "headers", {}),
    repr(r),
)
setattr(r, "stream", 5), setattr(r, "asgi", True), r.stream, r.asgi
del r
r = HTTPResponse("x", headers={"A": "1", "b": "é"}, content_type="c/d")
(
    list(HTTPResponse("x", 100, content_type="c/d").processed_headers),
    list(
        HTTPResponse(
            "x", 304, {"content-length": "5", "expires": "x", "etag": "t", "allow": "y"}, "c/d"
        ).processed_headers
    ),
    list(HTTPResponse("x", 412, content_type="c").processed_headers),
)
(
    r.add_cookie("a", "c"),
    r.cookies.get_cookie("a"),
    r.delete_cookie("a"),
    [str(c) for c in r.cookies.cookies],
)
r.cookies.delete_cookie("zz", secure=False), [str(c) for c in r.cookies.cookies]
asyncio.run(r.send())


async def fn(resp):
    await resp.write("x")


s = ResponseStream(fn)
s.status, s.headers, s.content_type, s.cookies, s.request, s.body
s.response
asyncio.run(s.write("x"))
asyncio.run(s.eof())
list(s.processed_headers)
s.streaming_fn is fn
setattr(s, "unknown", 1)
s.add_cookie("a", "b")
(
    ResponseStream(None),
    ResponseStream(fn, headers=None).headers,
    ResponseStream(fn, headers={"a": "b"}).headers.__class__.__name__,
    ResponseStream(fn, 500, Header({"q": "r"}), "t").status,
)
s()
j = JSONResponse([1])
j.append(2), j.body, j.extend((3, 4)), j.body, j.pop(0), j.body, j.pop(-1), j.pop("a")
j.update(a=1)
(
    setattr(j, "raw_body", {"a": 1}),
    j.body,
    j.update(b=2),
    j.update({"c": 3}, d=4),
    j.update([("e", 5)]),
    j.body,
    j.pop("a"),
    j.pop("zz", None),
    j.pop("b", 7),
    j.body,
)
j.update(5)
j.append(1)
j.extend([1])
j.set_body([9], dumps=lambda o, **k: f"{o}{k}", z=1), j.body, j.append(1), j.body
j.set_body([9], z=1), j.body
setattr(j, "body", b"man"), j.body
j.raw_body
j.append(1)
setattr(j, "body", None), j.body
j.set_body("s"), j.body, j.raw_body
j.pop(0)
j.extend("x")
(
    JSONResponse().body,
    JSONResponse(None).raw_body,
    JSONResponse({"a": 1}, 201, {"x": "y"}, "z/w", str).body,
    JSONResponse({"a": 1}, dumps=lambda o, indent: str(indent), indent=3).body,
)
j = JSONResponse({"a": [1]})
j.raw_body["a"].append(2)
j.body, j.raw_body, j.set_body(j.raw_body), j.body
j = JSONResponse({"a": 1}, dumps=lambda o, **k: f"own{o}{k}", z=1)
(
    j.update(b=2),
    j.body,
    j.set_body({}),
    j.body,
    j.set_body({}, q=1),
    j.body,
    j.set_body({}, dumps=lambda o, **k: f"other{o}{k}", r=1),
    j.body,
    j.update(c=1),
    j.body,
)


class Own(JSONResponse):
    extra = 5


o = Own({"a": 1})
o.more = 6
o.more, o.extra, repr(o), o.update(b=1), o.body


class OwnR(HTTPResponse):
    def __init__(self, *a, **k):
        super().__init__(*a, **k)
        self.z = 1


OwnR("x").z, OwnR("x", 201).status
(
    isinstance(json(1), JSONResponse),
    isinstance(json(1), HTTPResponse),
    isinstance(s, BaseHTTPResponse),
    isinstance(text(""), BaseHTTPResponse),
)
bool(text("")), text("a") == text("a")
json_dumps([1, "é", "/"])
copy.copy(text("a")).body
copy.deepcopy(text("a", headers={"a": "b"})).headers
Range.__name__
