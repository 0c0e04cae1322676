"""What type checkers and editors know of this app: `request.app.ctx.database` is a Database."""

from __future__ import annotations

from types import SimpleNamespace

from sanic_fast import Config, Request, Sanic

from .database import Database


class Context:
    """What handlers share.

    Attributes:
        database: open while the app serves.
    """

    database: Database


App = Sanic[Config, Context]
AppRequest = Request[App, SimpleNamespace]
