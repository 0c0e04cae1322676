"""The error format `text` by configuration."""

from sanic import Blueprint, Sanic
from sanic.exceptions import NotFound
from sanic.response import json

app = Sanic("fallback_text")
app.config.FALLBACK_ERROR_FORMAT = "text"
bp = Blueprint("bp", url_prefix="/bp")


@app.get("/plain")
async def plain(request):
    raise NotFound("plain")


@app.get("/json")
async def as_json(request):
    if request.args:
        return json({})
    raise NotFound("json")


@bp.get("/plain")
async def bp_plain(request):
    raise NotFound("bp")


app.blueprint(bp)
