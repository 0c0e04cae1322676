"""Requests of `apps/proxy_plain.py`."""

from tests.parity.proxied import CASES

__all__ = ["CASES"]
