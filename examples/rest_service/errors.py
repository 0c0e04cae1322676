"""What clients see of errors: always JSON, always of one shape."""

from __future__ import annotations

from sanic_fast import HTTPResponse, json

from .database import Conflict
from .fields import Invalid
from .types import App, AppRequest


def install(app: App) -> None:
    """Add the handlers of errors to an app."""
    app.exception(Invalid)(on_invalid)
    app.exception(Conflict)(on_conflict)


async def on_invalid(request: AppRequest, exception: Invalid) -> HTTPResponse:
    """422 for a body, 400 for a query string."""
    body = {"error": str(exception), "fields": dict(sorted(exception.fields.items()))}
    return json(body, status=exception.status_code)


async def on_conflict(request: AppRequest, exception: Conflict) -> HTTPResponse:
    """409; what the database said names tables and is not for clients."""
    return json({"error": "It exists already, or is in use."}, status=409)
