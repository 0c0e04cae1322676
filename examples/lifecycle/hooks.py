"""Listeners, for the steps of the server; middleware, for those of a request."""

from __future__ import annotations

from typing import Any

from sanic_fast import HTTPResponse, Request, text

from .journal import App, note


def install(app: App) -> None:
    """Add all hooks to an app."""
    listen(app)
    add_middleware(app)


def listen(app: App) -> None:
    """One listener for each event, two where their order is of interest."""
    # Once, in the process that was started.
    app.main_process_start(told("main_process_start"))
    app.main_process_ready(told("main_process_ready"))
    app.main_process_stop(told("main_process_stop"))
    # With --reload only: in the process that watches the files, and around each restart.
    app.reload_process_start(told("reload_process_start"))
    app.reload_process_stop(told("reload_process_stop"))
    app.before_reload_trigger(told("before_reload_trigger"))
    app.after_reload_trigger(told("after_reload_trigger"))
    # In each worker. Those of higher priority start first and stop last.
    for event in ("before_server_start", "after_server_start"):
        app.listener(told(f"{event}"), event)
        app.listener(told(f"{event}, priority 5"), event, priority=5)
    for event in ("before_server_stop", "after_server_stop"):
        app.listener(told(f"{event}"), event)
        app.listener(told(f"{event}, priority 5"), event, priority=5)


def told(line: str) -> Any:
    """A listener that writes a line."""

    async def listener(app: App, *changed: Any) -> None:
        note(app, line)

    return listener


def add_middleware(app: App) -> None:
    """Before the handler, high priority first; after it, high priority last."""

    @app.on_request
    async def second(request: Request) -> HTTPResponse | None:
        note(app, "on_request")
        # An answer from here: no further request middleware, no handler.
        return text("Closed.", status=503) if request.args.get("closed") else None

    @app.on_request(priority=5)
    async def first(request: Request) -> None:
        note(app, f"on_request, priority 5: {request.method} {request.path}")
        # Kept for this request only.
        request.ctx.visitor = request.args.get("visitor", "somebody")

    @app.on_response
    async def before_last(request: Request, response: HTTPResponse) -> None:
        note(app, "on_response")
        response.headers["x-visitor"] = request.ctx.visitor

    @app.on_response(priority=5)
    async def last(request: Request, response: HTTPResponse) -> HTTPResponse | None:
        note(app, f"on_response, priority 5: {response.status}")
        # Another response in place of it.
        return text("Out of order.", status=500) if response.status == 500 else None
