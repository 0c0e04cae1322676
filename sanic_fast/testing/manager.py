"""Attaches the clients to an app."""

from __future__ import annotations

from typing import Any

from sanic_fast.testing.client import SanicTestClient

__all__ = ("TestManager",)


class TestManager:
    """Gives an app its test client; `app.test_client` is then this one's."""

    __test__ = False  # not a test, whatever pytest makes of the name

    def __init__(self, app: Any) -> None:
        self.test_client = SanicTestClient(app)
        app._test_manager = self
