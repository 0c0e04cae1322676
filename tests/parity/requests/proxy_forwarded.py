"""Requests of `apps/proxy_forwarded.py`."""

from tests.parity.proxied import CASES

__all__ = ["CASES"]
