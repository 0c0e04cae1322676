"""Clients for tests of applications; need httpx (`pip install sanic-fast[testing]`)."""

from sanic_fast.testing.asgi_client import SanicASGITestClient
from sanic_fast.testing.client import SanicTestClient
from sanic_fast.testing.manager import TestManager
from sanic_fast.testing.response import TestingResponse
from sanic_fast.testing.reusable import ReusableClient

__all__ = (
    "ReusableClient",
    "SanicASGITestClient",
    "SanicTestClient",
    "TestManager",
    "TestingResponse",
)
