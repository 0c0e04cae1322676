"""Requests of `apps/proxy_real.py`."""

from tests.parity.proxied import CASES

__all__ = ["CASES"]
