"""Responses: the compiled classes and helpers, and the file helpers written in Python."""

from __future__ import annotations

from typing import Any

from sanic_fast._core.response import (
    BaseHTTPResponse,
    HTTPResponse,
    JSONResponse,
    empty,
    html,
    install_hooks,
    json,
    json_dumps,
    raw,
    redirect,
    text,
)
from sanic_fast.response.convenience import file, file_stream, validate_file
from sanic_fast.response.types import ResponseStream


def _cookie_jar(headers: Any) -> Any:
    from sanic_fast.cookies.response import CookieJar  # most responses set no cookie

    return CookieJar(headers)


install_hooks(cookie_jar=_cookie_jar)

# In the order in which the original lists them.
__all__ = (  # noqa: RUF022
    "BaseHTTPResponse",
    "HTTPResponse",
    "JSONResponse",
    "ResponseStream",
    "empty",
    "json",
    "text",
    "raw",
    "html",
    "validate_file",
    "file",
    "redirect",
    "file_stream",
    "json_dumps",
)
