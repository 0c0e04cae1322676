"""Cookies of a request."""

from __future__ import annotations

import re
from typing import Any

from sanic_fast.request.parameters import RequestParameters

# RFC 6265 4.1.1 with RFC 9110 5.6.2: a name is a token. One character class, no backtracking.
_not_in_name = re.compile(r"[^!#$%&'*+\-.0-9A-Z^_`a-z|~]").search
# Bounded alternatives of fixed length: linear.
_unquote = re.compile(r"\\(?:([0-3][0-7][0-7])|(.))", re.DOTALL).sub
COOKIE_PREFIXES = ("__Host-", "__Secure-")


def parse_cookie(raw: str) -> dict[str, list[str]]:
    r"""Parse a Cookie header into name -> values, in order.

        >>> parse_cookie('a=1; a=2; b="x\054y"; bare')
        {'a': ['1', '2'], 'b': ['x,y'], '': ['bare']}

    Text without `=` is a value without a name. Cookies whose name is not a token are skipped.
    Values are not percent-decoded.
    """
    cookies: dict[str, list[str]] = {}
    for token in raw.split(";"):
        name, equals, value = token.partition("=")
        name = name.strip()
        if not equals:
            if not name:
                continue
            name, value = "", name
        elif _not_in_name(name):
            continue
        value = value.strip()
        if len(value) > 2 and value[0] == '"' == value[-1]:
            value = value[1:-1]
            if "\\" in value:
                value = _unquote(_unescape, value)
        cookies.setdefault(name, []).append(value)
    return cookies


def _unescape(match: re.Match[str]) -> str:
    octal, literal = match.groups()
    return chr(int(octal, 8)) if octal else literal


class CookieRequestParameters(RequestParameters):
    """The cookies of a request.

    A name finds the cookie that carries it with the prefix `__Host-`, else with `__Secure-`,
    else without. Names also read as attributes, with underscores for dashes.
    """

    def __getitem__(self, key: str) -> list[Any]:
        """All values of the cookie.

        Raises:
            KeyError: there is no such cookie.
        """
        for prefix in COOKIE_PREFIXES:
            if (found := dict.get(self, prefix + key)) is not None:
                return found  # type: ignore[no-any-return]
        return super().__getitem__(key)  # type: ignore[no-any-return]

    def __getattr__(self, key: str) -> str:
        """First value of the cookie; "" if there is none."""
        if key.startswith("_"):
            # Looked up by copy and pickle; prefixed cookies are found without their prefix.
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {key!r}")
        return str(self.get(key.rstrip("_").replace("_", "-"), ""))

    def get(self, name: str, default: Any | None = None) -> Any | None:
        """First value of the cookie, or the default."""
        try:
            values = self[name]
        except KeyError:
            return default
        return values[0] if values else default

    def getlist(self, name: str, default: list[Any] | None = None) -> list[Any]:
        """All values of the cookie, or the default, or an empty list."""
        try:
            return self[name]
        except KeyError:
            return default or []
