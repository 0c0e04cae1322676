"""Requests of `apps/proxy_count.py`."""

from tests.parity.proxied import CASES

__all__ = ["CASES"]
