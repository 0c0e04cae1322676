"""Which event loop is current before, while and after an application runs in this process."""

import asyncio
import logging
import socket
import warnings

from sanic import Sanic, text

logging.disable()
warnings.simplefilter("ignore")
Sanic.test_mode = True


def state():
    try:
        loop = asyncio.get_event_loop()
    except RuntimeError as error:
        return str(error)
    return loop.is_closed(), loop.is_running()


async def handler(request):
    return text(str(state()))


def make(name):
    app = Sanic(name, configure_logging=False)
    app.config.AUTO_EXTEND = False
    app.add_route(handler, "/")
    return app


app = make("loops")
print("made", state())


@app.after_server_start
async def stop(app):
    print("running", state())
    app.stop()


with socket.create_server(("127.0.0.1", 0)) as listener:
    app.run(sock=listener, single_process=True, motd=False)
print("ran", state())
app = make("tested")
for _ in range(2):
    print("answer", app.test_client.get("/")[1].text, "after", state())
print("asgi", asyncio.run(app.asgi_client.get("/"))[1].text, "after", state())
