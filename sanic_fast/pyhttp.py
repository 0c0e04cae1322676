"""The C parser from Python: request and response heads, header blocks, chunked bodies.

For tests, tools and debugging; the server calls the same C functions without coming through here.

    >>> head = parse_request(b"GET /hi HTTP/1.1\\r\\nHost: example.com\\r\\n\\r\\n")
    >>> head.method, head.target, head.minor_version, head.headers, head.length
    (b'GET', b'/hi', 1, [(b'Host', b'example.com')], 39)
    >>> parse_request(b"GET /hi HTTP/1.1\\r\\nHos") is None
    True

Every function takes any contiguous buffer of bytes, returns None when the data is a valid beginning
of which the end is missing, and raises ParseError as soon as no further byte could make it valid.
Names and values are bytes as they stood on the wire, values without the white space around them.
The grammar is that of RFC 9112 without its optional leniencies; see cext/README.md.
"""

from __future__ import annotations

from typing import NamedTuple, Union

from sanic_fast._pyhttp import ffi, lib

__all__ = (
    "ChunkedDecoder",
    "HeaderBlock",
    "Headers",
    "ParseError",
    "RequestHead",
    "ResponseHead",
    "parse_headers",
    "parse_request",
    "parse_response",
    "scanner",
    "use_scanner",
)

Buffer = Union[bytes, bytearray, memoryview]
Headers = list[tuple[bytes, bytes]]

MAX_HEADERS = 100

_REASONS = {
    lib.PYHTTP_BAD: ("bad", "not a valid HTTP/1.1 message"),
    lib.PYHTTP_TOO_MANY: ("too_many", "a limit was passed"),
    lib.PYHTTP_BAD_VERSION: ("bad_version", "HTTP version is neither 1.0 nor 1.1"),
    lib.PYHTTP_BAD_TARGET: ("bad_target", "control or non-ASCII byte in the request target"),
}


class ParseError(ValueError):
    """The data breaks the grammar, or passes a limit.

    Attributes:
        kind: "bad", "too_many", "bad_version" or "bad_target".
    """

    def __init__(self, code: int) -> None:
        self.kind, text = _REASONS[code]
        super().__init__(text)


class RequestHead(NamedTuple):
    """Request line and headers (RFC 9112 3 and 5); `length` is what they take up in bytes."""

    method: bytes
    target: bytes
    minor_version: int
    headers: Headers
    length: int


class ResponseHead(NamedTuple):
    """Status line and headers (RFC 9112 4 and 5); `length` is what they take up in bytes."""

    status: int
    reason: bytes
    minor_version: int
    headers: Headers
    length: int


class HeaderBlock(NamedTuple):
    """Header lines up to the empty line; `length` is what they take up in bytes."""

    headers: Headers
    length: int


class _Fields:
    """Room for header lines, and how many came."""

    def __init__(self, room: int) -> None:
        self.array = ffi.new("pyhttp_header[]", room)
        self.count = ffi.new("size_t *", room)

    def read(self) -> Headers:
        """Copy what was found."""
        return [
            (_copy(field.name, field.name_len), _copy(field.value, field.value_len))
            for field in self.array[0 : self.count[0]]
        ]


def _copy(start: object, length: int) -> bytes:
    return bytes(ffi.buffer(start, length))


def _succeeded(code: int) -> bool:
    """Tell success (True) from data that is incomplete (False); raise the rest."""
    if code < 0 and code != lib.PYHTTP_INCOMPLETE:
        raise ParseError(code)
    return code > 0


def parse_request(
    data: Buffer, last_len: int = 0, max_headers: int = MAX_HEADERS
) -> RequestHead | None:
    """Parse the head of a request.

    Args:
        data: bytes from the start of the request line on; what follows the head is not looked at.
        last_len: length of `data` in an earlier call that returned None; makes this one cheaper.
        max_headers: more header lines than this are an error.

    Returns:
        The head, or None when it is not all here.

    Raises:
        ParseError: see the module.
    """
    buf = ffi.from_buffer(data)
    fields = _Fields(max_headers)
    method, target = ffi.new("const char **"), ffi.new("const char **")
    method_len, target_len = ffi.new("size_t *"), ffi.new("size_t *")
    minor = ffi.new("int *")
    code = lib.pyhttp_parse_request(
        *(buf, len(buf), method, method_len, target, target_len, minor),
        *(fields.array, fields.count, last_len),
    )
    if not _succeeded(code):
        return None
    return RequestHead(
        _copy(method[0], method_len[0]),
        _copy(target[0], target_len[0]),
        minor[0],
        fields.read(),
        code,
    )


def parse_response(
    data: Buffer, last_len: int = 0, max_headers: int = MAX_HEADERS
) -> ResponseHead | None:
    """Parse the head of a response; arguments and result as for `parse_request`."""
    buf = ffi.from_buffer(data)
    fields = _Fields(max_headers)
    minor, status = ffi.new("int *"), ffi.new("int *")
    reason, reason_len = ffi.new("const char **"), ffi.new("size_t *")
    code = lib.pyhttp_parse_response(
        *(buf, len(buf), minor, status, reason, reason_len),
        *(fields.array, fields.count, last_len),
    )
    if not _succeeded(code):
        return None
    return ResponseHead(status[0], _copy(reason[0], reason_len[0]), minor[0], fields.read(), code)


def parse_headers(
    data: Buffer, last_len: int = 0, max_headers: int = MAX_HEADERS
) -> HeaderBlock | None:
    """Parse header lines and the empty line; arguments and result as for `parse_request`."""
    buf = ffi.from_buffer(data)
    fields = _Fields(max_headers)
    code = lib.pyhttp_parse_headers(buf, len(buf), fields.array, fields.count, last_len)
    return HeaderBlock(fields.read(), code) if _succeeded(code) else None


class ChunkedDecoder:
    """Decode a chunked body (RFC 9112 7.1) that comes in pieces.

        >>> decoder = ChunkedDecoder()
        >>> decoder.feed(b"5\\r\\nhel"), decoder.feed(b"lo\\r\\n0\\r\\n\\r\\nGET /")
        (b'hel', b'lo')
        >>> decoder.finished, decoder.unused
        (True, b'GET /')

    Chunk extensions and trailers are checked, limited and dropped. Zero for a limit means the
    default named in pyhttp.h.

    Args:
        max_ext: extension bytes in one chunk line.
        max_ext_total: extension bytes not yet balanced by body bytes.
        max_trailer: bytes of the trailer section.
        max_trailer_lines: fields in the trailer section.

    Attributes:
        finished: the end of the body was read.
        unused: bytes that came after the end.
    """

    def __init__(
        self,
        *,
        max_ext: int = 0,
        max_ext_total: int = 0,
        max_trailer: int = 0,
        max_trailer_lines: int = 0,
    ) -> None:
        self.finished = False
        self.unused = b""
        self._state = ffi.new(
            "pyhttp_chunked *",
            {
                "max_ext": max_ext,
                "max_ext_total": max_ext_total,
                "max_trailer": max_trailer,
                "max_trailer_lines": max_trailer_lines,
            },
        )

    def feed(self, data: Buffer) -> bytes:
        """Take the next piece of the wire and return the body bytes in it.

        Raises:
            ParseError: the grammar is broken or a limit passed; the decoder is of no more use.
        """
        source = ffi.from_buffer(data)
        out = ffi.new("char[]", len(source))
        consumed, decoded = ffi.new("size_t *"), ffi.new("size_t *")
        code = lib.pyhttp_decode_chunked(self._state, source, len(source), out, consumed, decoded)
        if _succeeded(code):
            self.finished = True
            self.unused += bytes(memoryview(data)[consumed[0] :])
        return _copy(out, decoded[0])

    @property
    def bytes_left(self) -> int:
        """Data bytes of the current chunk that are still to come."""
        return int(self._state.bytes_left)


def scanner() -> str:
    """Return the name of the scanner in use: "scalar", "neon", "sse42" or "avx2"."""
    return str(ffi.string(lib.pyhttp_scanner()), "ascii")


def use_scanner(name: str) -> bool:
    """Switch to another scanner, for tests; return whether this machine has it."""
    return bool(lib.pyhttp_use_scanner(name.encode()))
