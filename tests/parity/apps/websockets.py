"""Websockets: handshakes, messages, closing."""

import asyncio

from sanic import Blueprint, Sanic
from sanic.exceptions import Forbidden, NotFound
from sanic.response import json, text

app = Sanic("websockets")
bp = Blueprint("bp", url_prefix="/bp")


@app.websocket("/echo")
async def echo(request, ws):
    async for message in ws:
        await ws.send(message)


@app.websocket("/once")
async def once(request, ws):
    await ws.send(f"{type(await ws.recv()).__name__}")


@app.websocket("/nothing")
async def nothing(request, ws):
    pass


@app.websocket("/returns")
async def returns(request, ws):
    return text("ignored")


@app.websocket("/params/<x:int>/<y>", name="params")
async def params(request, ws, x, y):
    await ws.send(f"{x} {y} {request.name} {request.path} {request.args.get('q')}")


@app.websocket("/protocols", subprotocols=["one", "two"])
async def protocols(request, ws):
    await ws.send(str(ws.subprotocol))


@app.websocket("/close")
async def close(request, ws):
    await ws.close(4001, "own reason")


@app.websocket("/raises")
async def raises(request, ws):
    raise ValueError("in the handler")


@app.websocket("/raises-sanic")
async def raises_sanic(request, ws):
    raise Forbidden("in the handler")


@app.websocket("/kinds")
async def kinds(request, ws):
    await ws.send("text é")
    await ws.send(b"\x00\xff")
    await ws.send("")
    for wrong in ({"a": 1}, 5, None):
        try:
            await ws.send(wrong)
        except Exception as error:
            await ws.send(f"{type(error).__name__}: {error}")
    await ws.ping("p")
    await ws.pong(b"q")


@app.websocket("/timeout")
async def timeout(request, ws):
    await ws.send(str(await ws.recv(timeout=0.01)))


@app.websocket("/after-close")
async def after_close(request, ws):
    await ws.close()
    try:
        await ws.send("late")
    except Exception as error:
        app.ctx.seen = [type(error).__name__, str(error)]


@app.get("/seen")
async def seen(request):
    return json(app.ctx.seen)


@app.websocket("/burst")
async def burst(request, ws):
    first = await ws.recv()
    await asyncio.sleep(0.05)
    await ws.send(f"{first} {await ws.recv_burst()}")


@bp.websocket("/ws")
async def of_blueprint(request, ws):
    await ws.send(request.scheme + " " + request.url)


@app.get("/echo-http")
async def http(request):
    return json([request.scheme, app.url_for("echo", _external=True), app.websocket_enabled])


async def added(request, ws):
    await ws.send("added")


app.add_websocket_route(added, "/added")
app.blueprint(bp)


@app.on_request
async def on_request(request):
    if "stop" in request.args:
        return text("stopped", status=401)
    if "raise" in request.args:
        raise NotFound("from middleware")


@app.on_response
async def on_response(request, response):
    response.headers["x-middleware"] = "yes"
