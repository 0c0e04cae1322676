"""Parameter types, order of routes, slashes, hosts, versions, methods."""

import datetime
import re
import uuid

from sanic import Sanic
from sanic.response import json, text

app = Sanic("routing")


def add(uri, name, **options):
    """A route that tells its name and what it was called with."""

    async def handler(request, **parameters):
        shown = {key: [type(value).__name__, str(value)] for key, value in parameters.items()}
        return json([name, request.name, request.uri_template, shown])

    app.add_route(handler, uri, name=name, **options)


class Even(int):
    """Our own type of parameter."""


def even(value):
    number = Even(value)
    if number % 2:
        raise ValueError(value)
    return number


app.router.register_pattern("even", even, re.compile(r"^\d*[02468]$"))

for label in ("str", "strorempty", "int", "float", "alpha", "slug", "path", "ymd", "uuid", "ext"):
    add(f"/{label}/<x:{label}>", f"t_{label}")
add("/even/<x:even>", "t_even")
add("/even/<x:int>", "t_odd")
add("/plain/<x>", "t_plain")
add("/images/<x:ext=jpg|png>", "images")
add("/numbered/<x=int:ext>", "numbered")
add("/numbered2/<x=int:ext=txt>", "numbered2")
add("/tar/<x:ext=tar.gz>", "tar")
add("/re/<x:[a-z]{3}>", "re")
add("/re2/<x:(?P<x>[a-z]{2})z>", "re_named")
add("/re3/<x:([a-z]{2})z>", "re_group")
add("/re4/<x:[a-z/]+>", "re_slash")
add("/re5/<x:[0-9]+>/b", "re_middle")
add("/mid/<x:path>/b", "path_middle")
add("/mixed/<i:int>/<p:path>", "path_casts")
add("/mixed2/<i:int>/<p:[a-z]+>", "regex_casts")
add("/héllo wörld/é", "foreign")
add("/percent%20literal", "percent")

# Order.
add("/o/<a>", "o_str")
add("/o/<a:int>", "o_int")
add("/o/<a:float>", "o_float")
add("/o/<a:uuid>", "o_uuid")
add("/o/<a:ymd>", "o_ymd")
add("/o/<a:alpha>", "o_alpha")
add("/o/<a:slug>", "o_slug")
add("/o/<a:path>", "o_path")
add("/o/<a:ext>", "o_ext")
add("/o/lit", "o_lit")
add("/b/a/<x>", "b1")
add("/b/<x>/b", "b2")
add("/b/a/b", "b3")
add("/c/a/<x:int>/z", "c1")
add("/c/<y>/<x>/w", "c2")
add("/d/<a:int>", "d1")
add("/d/<a:int>/x", "d2")
add("/d/<b>/x", "d3")
add("/e/<b:int>/c/d", "e1")
add("/e/<b>/c", "e2")
add("/f/<x:[0-9]+>", "f1")
add("/f/<x:[0-9a-z]+>", "f2")
add("/f/<y:[a-z]+>", "f3")
add("/g/<x:path>", "g1")
add("/g/q/<x:path>", "g2")
add("/h/<a:ext=txt>", "h1")
add("/h/<b>", "h2")
add("/i/<x>", "i1")
add("/i/<x:[0-9]{2}>", "i2")

# Slashes.
add("/s/loose", "s_loose")
add("/s/loose2/", "s_loose2")
add("/s/strict", "s_strict", strict_slashes=True)
add("/s/strict2/", "s_strict2", strict_slashes=True)
add("/s/both", "s_both", strict_slashes=True)
add("/s/both/", "s_both2", strict_slashes=True)
add("/s/<x>/end", "s_end")
add("no-slash", "no_slash")

# Hosts.
add("/host", "host1", host="one.example")
add("/host", "host2", host=["two.example", "three.example:81"])
add("/host3", "host3", host="one.example")
add("/<z>", "catch")

# Versions.
add("/v", "v1", version=1)
add("/v", "v0", version=0)
add("/v", "v2", version="v2")
add("/v", "v21", version=2.1, version_prefix="/api/v")
add("/v", "vbeta", version="beta", version_prefix="/")
add("/v", "vparam", version=3, version_prefix="/<site:str>/v")

# Methods.
add("/m/lit", "m_get")
add("/m/lit", "m_post", methods=["post"])
add("/m/lit", "m_rest", methods=["PUT", "DELETE"])
add("/m/dyn/<a>", "m_dyn_get")
add("/m/dyn/<b>", "m_dyn_post", methods=["POST"])
add("/m/one/<a:int>", "m_one")
add("/m/one/<c>", "m_one_post", methods=["POST"])
add("/m/head", "m_head", methods=["HEAD", "GET", "OPTIONS"])


@app.get("/typed/<number>/<ratio>/<key>")
async def typed(request, number: int, ratio: float, key: uuid.UUID):
    """The types come from the annotations."""
    return text(" ".join(type(value).__name__ for value in (number, ratio, key)))


@app.get("/day/<day:ymd>")
async def day(request, day: datetime.date):
    return text(day.isoformat())


@app.get("/ctx", ctx_one=1, ctx_two="b", name="told")
async def ctx(request):
    return json([vars(request.route.ctx), request.route.name, sorted(request.route.methods)])
