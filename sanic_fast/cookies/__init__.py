"""Cookies: what requests bring (`cookies.request`) and responses set (`cookies.response`)."""

from sanic_fast.cookies.response import Cookie, CookieJar

__all__ = ("Cookie", "CookieJar")
