"""Signals, the server's own and ours; reports of exceptions."""

from __future__ import annotations

from typing import Any

from sanic_fast import HTTPResponse, Request
from sanic_fast.signals import Event

from .journal import App, note


def install(app: App) -> None:
    """Add all handlers to an app."""
    follow_requests(app)
    follow_orders(app)
    follow_errors(app)


def follow_requests(app: App) -> None:
    """Events of the server: they cost nothing unless something listens."""

    @app.signal(Event.HTTP_LIFECYCLE_BEGIN)
    async def begin(conn_info: Any) -> None:
        note(app, "signal: a connection")

    @app.signal(Event.HTTP_ROUTING_AFTER)
    async def routed(request: Request, route: Any, kwargs: dict[str, Any], handler: Any) -> None:
        note(app, f"signal: routed to {route.name}")

    # Those of middleware fire for one condition each.
    @app.signal(Event.HTTP_MIDDLEWARE_BEFORE, condition={"attach_to": "request"})
    async def middleware(request: Request, response: HTTPResponse | None) -> None:
        note(app, "signal: request middleware")

    @app.signal(Event.HTTP_HANDLER_BEFORE)
    async def before(request: Request) -> None:
        note(app, "signal: handler begins")

    @app.signal(Event.HTTP_HANDLER_AFTER)
    async def after(request: Request) -> None:
        note(app, "signal: handler is done")

    @app.signal(Event.HTTP_LIFECYCLE_RESPONSE)
    async def response(request: Request, response: HTTPResponse) -> None:
        note(app, f"signal: response {response.status}")

    @app.signal(Event.HTTP_LIFECYCLE_EXCEPTION)
    async def exception(request: Request, exception: Exception) -> None:
        note(app, f"signal: exception {type(exception).__name__}")


def follow_orders(app: App) -> None:
    """Events of our own: three words with dots, the last may be a parameter."""

    @app.signal("shop.order.placed", priority=1)
    async def placed(item: str, count: int, **_: Any) -> None:
        note(app, f"signal: ordered {count} {item}")
        # inline: goes on when all handlers are done.
        await app.dispatch("shop.stock.taken", context={"item": item, "count": count}, inline=True)
        if count > 10:
            await app.dispatch("shop.stock.low", condition={"item": item}, inline=True)

    @app.signal("shop.order.<step>")
    async def any_step(step: str, **_: Any) -> None:
        note(app, f"signal: an order is {step}")

    @app.signal("shop.stock.taken")
    async def taken(item: str, count: int) -> None:
        app.ctx.sold[item] = app.ctx.sold.get(item, 0) + count

    @app.signal("shop.stock.low", condition={"item": "tea"})
    async def tea_is_low() -> None:
        note(app, "signal: little tea left")


def follow_errors(app: App) -> None:
    """All exceptions come by here: of handlers, of signals, of background tasks."""

    @app.report_exception
    async def report(app: App, exception: Exception) -> None:
        note(app, f"report: {type(exception).__name__}: {exception}")

    @app.exception(ZeroDivisionError)
    def on_division(request: Request, exception: ZeroDivisionError) -> None:
        # None: the usual page. (A coroutine must return a response in Sanic.)
        note(app, "exception handler")
