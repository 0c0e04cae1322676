"""A small shop that uses every hook of an app's life, and tells each one it passed.

    sanic-fast examples.lifecycle.app:app
    curl -d item=tea -d count=2 http://127.0.0.1:8000/orders
    curl http://127.0.0.1:8000/journal
    sanic-fast examples.lifecycle.app:app exec price --item tea --count 3

`hooks.py` has listeners and middleware, `events.py` signals and reports, `tasks.py`
background tasks.
"""

from __future__ import annotations

from sanic_fast import BadRequest, Config, HTTPResponse, Request, Sanic, json, text

from . import events, hooks, tasks
from .journal import Journal, note

PRICES = {"tea": 3, "cake": 5}

app = Sanic[Config, Journal]("lifecycle", ctx=Journal())
hooks.install(app)
events.install(app)
tasks.install(app)


@app.post("/orders")
async def order(request: Request) -> HTTPResponse:
    """Takes an order; what follows from it happens behind the scenes."""
    note(app, "handler")
    item = request.form.get("item", "")
    if item not in PRICES:
        raise BadRequest(f"We do not sell {item!r}.")
    count = int(request.form.get("count") or "1")
    # Nobody waits for the handlers of this event.
    await app.dispatch("shop.order.placed", context={"item": item, "count": count})
    return json({"item": item, "price": PRICES[item] * count}, status=201)


@app.get("/stream")
async def stream(request: Request) -> None:
    """Two chunks: response middleware and signals run before the first."""
    response = await request.respond(content_type="text/plain")
    await response.send("one ")
    await response.send("two")


@app.get("/fail")
async def fail(request: Request) -> HTTPResponse:
    """A mistake in a handler."""
    raise ZeroDivisionError("in the handler")


@app.get("/count")
async def count(request: Request) -> HTTPResponse:
    """What background tasks have done so far."""
    return json({"sold": app.ctx.sold, "ticking": tasks.ticking(app)})


@app.get("/journal")
async def journal(request: Request) -> HTTPResponse:
    """All that happened before this request."""
    return text("\n".join(app.ctx.lines))


@app.command
async def price(item: str, count: str = "1") -> None:
    """Tell the price of an order."""
    # Options of commands are text.
    print(f"{count} {item}: {PRICES[item] * int(count)}")


@app.command(name="list")
def list_items() -> None:
    """Tell what we sell."""
    for item in sorted(PRICES):
        print(item)


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=8000)
