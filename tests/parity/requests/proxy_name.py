"""Requests of `apps/proxy_name.py`."""

from tests.parity.proxied import CASES

__all__ = ["CASES"]
