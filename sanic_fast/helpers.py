"""Small pure functions: status phrases, header classes, dotted imports, the default sentinel."""

from __future__ import annotations

import decimal  # noqa: F401 - ujson imports it too, and swallows a ctrl+c that comes meanwhile
import sys
from functools import partial
from importlib import import_module
from inspect import ismodule
from typing import Any

try:
    from ujson import dumps as _ujson_dumps

    json_dumps = partial(_ujson_dumps, escape_forward_slashes=False)
except ImportError:  # pragma: no cover - ujson is a dependency, but may be left out by hand
    from json import dumps as _json_dumps

    json_dumps = partial(_json_dumps, separators=(",", ":"))

STATUS_CODES: dict[int, bytes] = {
    100: b"Continue",
    101: b"Switching Protocols",
    102: b"Processing",
    103: b"Early Hints",
    200: b"OK",
    201: b"Created",
    202: b"Accepted",
    203: b"Non-Authoritative Information",
    204: b"No Content",
    205: b"Reset Content",
    206: b"Partial Content",
    207: b"Multi-Status",
    208: b"Already Reported",
    226: b"IM Used",
    300: b"Multiple Choices",
    301: b"Moved Permanently",
    302: b"Found",
    303: b"See Other",
    304: b"Not Modified",
    305: b"Use Proxy",
    307: b"Temporary Redirect",
    308: b"Permanent Redirect",
    400: b"Bad Request",
    401: b"Unauthorized",
    402: b"Payment Required",
    403: b"Forbidden",
    404: b"Not Found",
    405: b"Method Not Allowed",
    406: b"Not Acceptable",
    407: b"Proxy Authentication Required",
    408: b"Request Timeout",
    409: b"Conflict",
    410: b"Gone",
    411: b"Length Required",
    412: b"Precondition Failed",
    413: b"Request Entity Too Large",
    414: b"Request-URI Too Long",
    415: b"Unsupported Media Type",
    416: b"Requested Range Not Satisfiable",
    417: b"Expectation Failed",
    418: b"I'm a teapot",
    422: b"Unprocessable Entity",
    423: b"Locked",
    424: b"Failed Dependency",
    426: b"Upgrade Required",
    428: b"Precondition Required",
    429: b"Too Many Requests",
    431: b"Request Header Fields Too Large",
    451: b"Unavailable For Legal Reasons",
    500: b"Internal Server Error",
    501: b"Not Implemented",
    502: b"Bad Gateway",
    503: b"Service Unavailable",
    504: b"Gateway Timeout",
    505: b"HTTP Version Not Supported",
    506: b"Variant Also Negotiates",
    507: b"Insufficient Storage",
    508: b"Loop Detected",
    510: b"Not Extended",
    511: b"Network Authentication Required",
}

_ENTITY_HEADERS = frozenset(
    (
        "allow",
        "content-encoding",
        "content-language",
        "content-length",
        "content-location",
        "content-md5",
        "content-range",
        "content-type",
        "expires",
        "last-modified",
        "extension-header",
    )
)
# RFC 9110 7.6.1 and RFC 2616 13.5.1
_HOP_BY_HOP_HEADERS = frozenset(
    (
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "trailers",
        "transfer-encoding",
        "upgrade",
    )
)


class Default:
    """Marks "no value given" where None is a value of its own.

    Test with `isinstance(x, Default)`, never by identity: settings cross process
    boundaries, where the instance is another one.
    """

    def __repr__(self) -> str:
        return "<Default>"

    def __str__(self) -> str:
        return self.__repr__()


_default = Default()


def is_atty() -> bool:
    """Whether standard output is a terminal."""
    return bool(sys.stdout and sys.stdout.isatty())


def has_message_body(status: int) -> bool:
    """Whether a response with this status may carry a body (RFC 9110 6.4.1)."""
    return status not in (204, 304) and not (100 <= status < 200)


def is_entity_header(header: str) -> bool:
    """Whether the name belongs to a header that describes the body."""
    return header.lower() in _ENTITY_HEADERS


def is_hop_by_hop_header(header: str) -> bool:
    """Whether the name belongs to a header that concerns one connection only."""
    return header.lower() in _HOP_BY_HOP_HEADERS


def import_string(module_name: str, package: str | None = None) -> Any:
    """Import `module_name`, a dotted path to an attribute.

    A module is returned as it is; anything else is called without arguments and the result
    is returned.

    Raises:
        ImportError: the parent module does not exist.
        AttributeError: the module lacks the attribute.
        ValueError: there is no dot in the path.
    """
    module, klass = module_name.rsplit(".", 1)
    found = getattr(import_module(module, package=package), klass)
    return found if ismodule(found) else found()
