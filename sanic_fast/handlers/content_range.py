"""Byte ranges (RFC 9110, section 14)."""

from __future__ import annotations

import os
from typing import Any

from sanic_fast.exceptions import HeaderNotFound, InvalidRangeType, RangeNotSatisfiable

_MAX_DIGITS = 20  # more than any file size has; int() of a very long text is slow


class ContentRangeHandler:
    """The part of a file that a `Range` header asks for; a `Range` for `file()`.

    Understood are `bytes=a-b`, `bytes=a-` and `bytes=-n`, one range only: several would let a
    short request cost many reads.

    Args:
        request: Its `headers` are read.
        stats: Result of `stat` for the file.

    Attributes:
        start, end: First and last byte, both inside the file.
        size: Number of bytes.
        total: Length of the file.
        headers: `Content-Range` for the response.

    Raises:
        HeaderNotFound: There is no `Range` header.
        InvalidRangeType: The unit is not `bytes` (416).
        RangeNotSatisfiable: The range is malformed or has no byte in the file (416).
    """

    __slots__ = ("end", "headers", "size", "start", "total")

    def __init__(self, request: Any, stats: os.stat_result) -> None:
        total = stats.st_size
        self.total: int | None = total
        value = request.headers.get("range")
        if value is None:
            raise HeaderNotFound("Range Header Not Found")
        unit, _, ranges = value.partition("=")
        unit = unit.strip()
        if unit.lower() != "bytes":
            raise InvalidRangeType(f"{unit} is not a valid Range Type", self)
        first, dash, last = ranges.partition("-")
        start, end = self._number(first), self._number(last)
        if not dash:
            raise self._unsatisfiable()
        if start is None:
            if not end:  # "-" alone, or the last 0 bytes
                raise self._unsatisfiable()
            start, end = max(0, total - end), total - 1
        elif end is None:
            end = total - 1
        elif start > end:
            raise self._unsatisfiable()
        if start >= total:
            raise self._unsatisfiable()
        end = min(end, total - 1)
        self.start: int | None = start
        self.end: int | None = end
        self.size: int | None = end - start + 1
        self.headers: dict[str, str] = {"Content-Range": f"bytes {start}-{end}/{total}"}

    def __bool__(self) -> bool:
        return bool(self.size)

    def _number(self, text: str) -> int | None:
        """A number of ASCII digits, None for nothing."""
        text = text.strip()
        if not text:
            return None
        if not (text.isascii() and text.isdigit()) or len(text) > _MAX_DIGITS:
            raise RangeNotSatisfiable(f"'{text}' is invalid for Content Range", self)
        return int(text)

    def _unsatisfiable(self) -> RangeNotSatisfiable:
        return RangeNotSatisfiable("Invalid for Content Range parameters", self)
