"""Attaches the clients to an app."""

from __future__ import annotations

from typing import Any

from sanic_fast.testing.asgi_client import SanicASGITestClient
from sanic_fast.testing.client import SanicTestClient

__all__ = ("TestManager",)


class TestManager:
    """Gives an app its test clients; `app.test_client` and `app.asgi_client` are then these."""

    __test__ = False  # not a test, whatever pytest makes of the name

    def __init__(self, app: Any) -> None:
        self.test_client = SanicTestClient(app)
        self.asgi_client = SanicASGITestClient(app)
        app._test_manager = self
