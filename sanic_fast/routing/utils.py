"""Splitting paths into parts and joining them again."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NoReturn
from urllib.parse import quote, unquote

PLAIN = re.compile(r"[A-Za-z0-9._~-]*")
# What RFC 3986 allows in a path segment besides those.
SEGMENT_SAFE = "!$&'()*+,;=:@"


class Immutable(dict[str, Any]):
    """A dict that refuses item assignment."""

    def __setitem__(self, key: Any, value: Any) -> NoReturn:
        raise TypeError("Cannot change immutable dict")

    def __delitem__(self, key: Any) -> NoReturn:
        raise TypeError("Cannot change immutable dict")


def path_to_parts(path: str, delimiter: str = "/") -> tuple[str, ...]:
    """Split a path at its delimiters, leaving parameters (`<...>`) whole.

    Literal parts are decoded, then percent-encoded with upper-case hex, so every spelling of a
    route gives the same parts.
    """
    path = path.lstrip(delimiter)
    parts = []
    start = 0
    while True:
        end = path.find(delimiter, start)
        if path.startswith("<", start):
            end = _parameter_end(path, start, delimiter)
            parts.append(path[start : end if end >= 0 else None])
        else:
            parts.append(_normalize(path[start : end if end >= 0 else None]))
        if end < 0:
            return tuple(parts)
        start = end + len(delimiter)


def parts_to_path(parts: Iterable[str], delimiter: str = "/") -> str:
    """Join parts to a path without a leading delimiter."""
    return delimiter.join(parts)


def spellings(part: str) -> tuple[bytes, ...]:
    """Return how a client may write a literal part: encoded, and with the marks that need not be.

    A part such as `@me` is stored as `%40me`, while clients send `@me` (RFC 3986 3.3).
    """
    encoded = part.encode("ascii")
    if "%" not in part:
        return (encoded,)
    plain = quote(unquote(part), safe=SEGMENT_SAFE).encode("ascii")
    return (encoded,) if plain == encoded else (encoded, plain)


def _normalize(part: str) -> str:
    return part if PLAIN.fullmatch(part) else quote(unquote(part), safe="")


def _parameter_end(path: str, start: int, delimiter: str) -> int:
    """Return where the delimiter behind the parameter at `start` is, -1 if the path ends first.

    A `>` that closes a named group of the expression does not close the parameter.
    """
    group = False
    for index in range(start + 1, len(path)):
        if path[index] == "<" and path[index - 2 : index] == "?P":
            group = True
        elif path[index] == ">":
            if group:
                group = False
            elif index + 1 == len(path):
                return -1
            elif path.startswith(delimiter, index + 1):
                return index + 1
    return -1
