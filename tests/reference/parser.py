"""The grammar of cext/pyhttp in slow, obvious Python: the oracle of its tests.

A cursor takes one byte after another; running out of bytes is `Incomplete`, a byte that the grammar
does not allow is `Fault`. Nothing here is shared with the C code.
"""

from __future__ import annotations

import re
from typing import NamedTuple

TOKEN = frozenset(b"!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
VISIBLE = frozenset(range(0x21, 0x7F))
VALUE = VISIBLE | frozenset(range(0x80, 0x100)) | frozenset(b" \t")
DIGIT = frozenset(b"0123456789")
HEX = frozenset(b"0123456789abcdefABCDEF")
MAX_CHUNK = 2**63 - 1

# The same grammar once more, as the RFC writes it, for whole heads only.
_TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_FIELDS = rb"(?:" + _TOKEN + rb":[\t\x20-\x7e\x80-\xff]*\r\n)*\r\n"
REQUEST_RE = re.compile(_TOKEN + rb" [\x21-\x7e]+ HTTP/1\.[01]\r\n" + _FIELDS)
RESPONSE_RE = re.compile(rb"HTTP/1\.[01] [1-9][0-9]{2} [\t\x20-\x7e\x80-\xff]*\r\n" + _FIELDS)


class Incomplete(Exception):
    """The data ended before the message did."""


class Fault(Exception):
    """The data cannot be the beginning of a valid message.

    Args:
        kind: "bad", "too_many", "bad_version" or "bad_target".
        at: index of the first wrong byte.
    """

    def __init__(self, kind: str, at: int) -> None:
        super().__init__(kind, at)
        self.kind = kind
        self.at = at


class Head(NamedTuple):
    """`start` is (method, target, minor), (minor, status, reason) or ()."""

    start: tuple
    headers: list[tuple[bytes, bytes]]
    length: int


class Cursor:
    """A position in the data."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def peek(self) -> int:
        """Return the next byte without taking it."""
        if self.at == len(self.data):
            raise Incomplete
        return self.data[self.at]

    def take(self, allowed: frozenset[int], kind: str = "bad") -> int:
        """Take a byte, which must be one of those allowed."""
        byte = self.peek()
        if byte not in allowed:
            raise Fault(kind, self.at)
        self.at += 1
        return byte

    def literal(self, text: bytes) -> None:
        """Take exactly these bytes."""
        for byte in text:
            self.take(frozenset([byte]))

    def run(self, allowed: frozenset[int]) -> bytes:
        """Take as many of the allowed bytes as there are; the run must be seen to end."""
        start = self.at
        rest = self.data[start:]
        self.at += len(rest) - len(rest.lstrip(bytes(allowed)))
        self.peek()
        return self.data[start : self.at]


def version(cursor: Cursor) -> int:
    """Take HTTP-version and return the minor number."""
    cursor.literal(b"HTTP/")
    if cursor.take(DIGIT) != ord("1"):
        raise Fault("bad_version", cursor.at - 1)
    cursor.literal(b".")
    minor = cursor.take(DIGIT) - ord("0")
    if minor > 1:
        raise Fault("bad_version", cursor.at - 1)
    return minor


def fields(cursor: Cursor, limit: int) -> list[tuple[bytes, bytes]]:
    """Take header lines and the empty line."""
    found: list[tuple[bytes, bytes]] = []
    while cursor.peek() != ord("\r"):
        if len(found) == limit:
            raise Fault("too_many", cursor.at)
        cursor.take(TOKEN)
        cursor.at -= 1
        name = cursor.run(TOKEN)
        cursor.literal(b":")
        value = cursor.run(VALUE)
        cursor.literal(b"\r\n")
        found.append((name, value.strip(b" \t")))
    cursor.literal(b"\r\n")
    return found


def parse_request(data: bytes, limit: int = 100) -> Head:
    """Parse the head of a request."""
    cursor = Cursor(data)
    cursor.take(TOKEN)
    cursor.at = 0
    method = cursor.run(TOKEN)
    cursor.literal(b" ")
    if cursor.peek() in b" \r\n":
        raise Fault("bad", cursor.at)
    target = cursor.run(VISIBLE)
    if cursor.peek() not in b" \r\n":
        raise Fault("bad_target", cursor.at)
    cursor.literal(b" ")
    minor = version(cursor)
    cursor.literal(b"\r\n")
    headers = fields(cursor, limit)
    return Head((method, target, minor), headers, cursor.at)


def parse_response(data: bytes, limit: int = 100) -> Head:
    """Parse the head of a response."""
    cursor = Cursor(data)
    minor = version(cursor)
    cursor.literal(b" ")
    digits = [cursor.take(DIGIT - {ord("0")}), cursor.take(DIGIT), cursor.take(DIGIT)]
    cursor.literal(b" ")
    reason = cursor.run(VALUE)
    cursor.literal(b"\r\n")
    headers = fields(cursor, limit)
    return Head((minor, int(bytes(digits)), reason), headers, cursor.at)


def parse_headers(data: bytes, limit: int = 100) -> Head:
    """Parse a header block."""
    cursor = Cursor(data)
    return Head((), fields(cursor, limit), cursor.at)


class Limits(NamedTuple):
    """Limits of a chunked body; the defaults are those of pyhttp.h."""

    max_ext: int = 4096
    max_ext_total: int = 16384
    max_trailer: int = 8192
    max_trailer_lines: int = 100


class Chunked(NamedTuple):
    """What became of a chunked body: `end` is "done", "incomplete" or the kind of fault."""

    body: bytes
    end: str
    length: int


def decode_chunked(data: bytes, limits: Limits | None = None) -> Chunked:
    """Decode a chunked body from its first byte."""
    cursor = Cursor(data)
    body = bytearray()
    try:
        _chunks(cursor, body, limits or Limits())
        _trailers(cursor, limits or Limits())
    except Incomplete:
        return Chunked(bytes(body), "incomplete", cursor.at)
    except Fault as fault:
        return Chunked(bytes(body), fault.kind, fault.at)
    return Chunked(bytes(body), "done", cursor.at)


def _chunks(cursor: Cursor, body: bytearray, limits: Limits) -> None:
    ext_total = 0
    while size := _size(cursor):
        ext_total = _extension(cursor, ext_total, limits)
        cursor.literal(b"\r\n")
        for _ in range(size):
            body.append(cursor.peek())
            cursor.at += 1
            ext_total = max(0, ext_total - 1)
        cursor.literal(b"\r\n")
    _extension(cursor, ext_total, limits)
    cursor.literal(b"\r\n")


def _size(cursor: Cursor) -> int:
    size = digits = 0
    while digits == 0 or cursor.peek() in HEX:
        size = size * 16 + int(chr(cursor.take(HEX)), 16)
        digits += 1
        if digits > 16 or size > MAX_CHUNK:
            raise Fault("bad", cursor.at - 1)
    return size


def _extension(cursor: Cursor, total: int, limits: Limits) -> int:
    """Take [ BWS ";" anything ]; return how many extension bytes there are now in all."""
    count = 0
    started = False
    while started or cursor.peek() in b" \t;" or count:
        if cursor.peek() == ord("\r") and (started or not count):
            break
        byte = cursor.take(VALUE if started else frozenset(b" \t;"))
        started = started or byte == ord(";")
        count += 1
        if count > limits.max_ext or total + count > limits.max_ext_total:
            raise Fault("too_many", cursor.at - 1)
    return total + count


def _trailers(cursor: Cursor, limits: Limits) -> None:
    start = cursor.at
    lines = 0

    def take(allowed: frozenset[int]) -> int:
        byte = cursor.take(allowed)
        if cursor.at - start > limits.max_trailer:
            raise Fault("too_many", cursor.at - 1)
        return byte

    while cursor.peek() != ord("\r"):
        take(TOKEN)
        lines += 1
        if lines > limits.max_trailer_lines:
            raise Fault("too_many", cursor.at - 1)
        while take(TOKEN | {ord(":")}) != ord(":"):
            pass
        while take(VALUE | {ord("\r")}) != ord("\r"):
            pass
        take(frozenset(b"\n"))
    cursor.literal(b"\r\n")
