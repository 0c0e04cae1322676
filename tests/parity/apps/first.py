"""The smallest app."""

from sanic import Sanic
from sanic.response import text

app = Sanic("first")


@app.get("/")
async def index(request):
    return text("hi")
