"""A websocket through the client of `sanic_testing`; each line printed is compared."""

import logging

from sanic import Sanic
from tested_app import make

logging.disable()
Sanic.test_mode = True
app = make("socket")


@app.websocket("/ws")
async def echo(request, ws):
    await ws.send("hello")
    print("server got", await ws.recv())


async def mimic(ws):
    print("client got", await ws.recv())
    await ws.send("echo")


request, response = app.test_client.websocket("/ws", mimic=mimic)
print(request.path, response.client_sent, response.client_received)
