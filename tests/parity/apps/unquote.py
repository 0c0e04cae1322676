"""Percent-decoding of parameters."""

from sanic import Sanic
from sanic.response import json

app = Sanic("unquote")


def add(uri, name, **options):
    async def handler(request, **parameters):
        return json([name, parameters, request.path, request.url, request.match_info])

    app.add_route(handler, uri, name=name, **options)


add("/before/<x>", "before")
add("/u/<x>", "str", unquote=True)
add("/u/s/<x:slug>", "slug", unquote=True)
add("/u/a/<x:alpha>", "alpha", unquote=True)
add("/u/e/<x:strorempty>", "empty", unquote=True)
add("/u/i/<x:int>", "int", unquote=True)
add("/u/p/<x:path>", "path", unquote=True)
add("/u/r/<x:[a-z%0-9A-Z]+>", "regex", unquote=True)
add("/u/<x>/<y>", "two", unquote=True)
add("/v/<x:ext>", "ext", unquote=True)
add("/w/<x>", "after")
