"""Which message a head announces, and whether it is legal: the framing rules of RFC 9112.

This is the security file. The C parser finds tokens; each rule below decides one point of legality,
is named after the section that gives it, and has its cases in `tests/cases`. A request that breaks
one is answered with the status here and its connection is closed: nothing after it is parsed, for
where it ends is no longer certain (RFC 9112 11.2).
"""

from libc.string cimport memchr
from sanic_fast._core cimport capi
from sanic_fast._core.bytes_ cimport hex_value
from sanic_fast._core.headers cimport equals_lower
from sanic_fast._core.pyhttp cimport (
    PYHTTP_BAD_TARGET,
    PYHTTP_INCOMPLETE,
    PYHTTP_TOO_MANY,
    pyhttp_header,
)
from sanic_fast._core.target cimport split_target

cdef pyhttp_header fields[MAX_HEADERS]      # scratch: its content ends with the call that filled it
cdef char host_char[256]
cdef char token_char[256]


def _fill_tables():
    # RFC 3986 3.2.2: unreserved, percent-encoded and sub-delims of a registered name or IPv4
    # address.
    for code in range(256):
        char = chr(code)
        token_char[code] = char.isascii() and (char.isalnum() or char in "!#$%&'*+-.^_`|~")
        host_char[code] = char.isascii() and (char.isalnum() or char in "-._~%!$&'()*+,;=")


_fill_tables()


cdef inline int fault(Head* head, int status, const char* reason) noexcept nogil:
    head.fault.status = status
    head.fault.reason = reason
    return -1


cdef int rfc9112_6_3_content_length(Head* head, pyhttp_header* field) noexcept nogil:
    """Digits only, no sign, no list, within 2^62; a second one is refused even if equal."""
    cdef size_t at
    cdef long long number = 0
    cdef char c
    if head.content_length >= 0:
        return fault(head, 400, b"Bad Request")
    if field.value_len == 0 or field.value_len > 18:
        return fault(head, 400, b"Bad content-length")
    for at in range(field.value_len):
        c = field.value[at]
        if c < 48 or c > 57:
            return fault(head, 400, b"Bad content-length")
        number = number * 10 + (c - 48)
    head.content_length = number
    return 0


cdef int rfc9112_6_1_transfer_encoding(Head* head, pyhttp_header* field) noexcept nogil:
    """`chunked`, once and alone; another coding is 501, and never falls back to Content-Length."""
    if head.chunked or head.fault.status:
        return fault(head, 400, b"Bad Request")
    if field.value_len == 7 and equals_lower(field.value, b"chunked", 7):
        head.chunked = True
        return 0
    # "identity" is no coding any more, and a list that holds chunked twice or not last is
    # malformed; a sound list of codings we do not decode is 501, unless a worse fault is found.
    if not coding_list(field.value, field.value_len):
        return fault(head, 400, b"Bad Request")
    fault(head, 501, b"Unsupported transfer coding")
    return 0


cdef bint coding_list(const char* data, size_t size) noexcept nogil:
    """Whether this is a list of plain tokens with `chunked`, if at all, once and last."""
    cdef size_t at
    cdef size_t start = 0
    cdef size_t stop
    cdef bint ended = False
    for at in range(size + 1):
        if at < size and data[at] != 44:
            continue
        stop = at
        while start < stop and (data[start] == 32 or data[start] == 9):
            start += 1
        while stop > start and (data[stop - 1] == 32 or data[stop - 1] == 9):
            stop -= 1
        if start == stop or ended or not token(data + start, stop - start):
            return False
        ended = stop - start == 7 and equals_lower(data + start, b"chunked", 7)
        start = at + 1
    return True


cdef bint token(const char* data, size_t size) noexcept nogil:
    cdef size_t at
    for at in range(size):
        if not token_char[<unsigned char>data[at]]:
            return False
    return True


cdef bint has_token(
    const char* data, size_t size, const char* token, size_t token_len
) noexcept nogil:
    """Whether a comma-separated list holds a token, case-blind (RFC 9110 5.6.1)."""
    cdef size_t at = 0
    cdef size_t start, stop
    while at < size:
        while at < size and (data[at] == 32 or data[at] == 9 or data[at] == 44):
            at += 1
        start = at
        while at < size and data[at] != 44:
            at += 1
        stop = at
        while stop > start and (data[stop - 1] == 32 or data[stop - 1] == 9):
            stop -= 1
        if stop - start == token_len and equals_lower(data + start, token, token_len):
            return True
    return False


cdef int rfc9112_9_3_connection(
    Head* head, pyhttp_header* field, bint* close, bint* keep
) noexcept nogil:
    """Any `close` closes; `keep-alive` only matters to HTTP/1.0."""
    if field.value_len == 10 and equals_lower(field.value, b"keep-alive", 10):
        keep[0] = True
        return 0
    if has_token(field.value, field.value_len, b"close", 5):
        close[0] = True
    elif has_token(field.value, field.value_len, b"keep-alive", 10):
        keep[0] = True
    return 0


cdef int rfc9110_10_1_1_expect(Head* head, pyhttp_header* field) noexcept nogil:
    if field.value_len == 12 and equals_lower(field.value, b"100-continue", 12):
        head.expect_continue = True
    else:
        head.expect_unknown = True
        head.expect = field.value
        head.expect_len = field.value_len
    return 0


cdef bint valid_host(const char* host, size_t size) noexcept nogil:
    """`uri-host [ ":" port ]` (RFC 9110 7.2, RFC 3986 3.2.2); the empty host is valid."""
    cdef size_t at = 0
    cdef size_t digits = 0
    if size and host[0] == 91:                          # [IPv6] or [vFuture]
        at = 1
        while at < size and host[at] != 93:
            if host[1] | 32 == 118:
                if not (host_char[<unsigned char>host[at]] or host[at] == 58) or host[at] == 37:
                    return False
            elif hex_value(host[at]) < 0 and host[at] != 58 and host[at] != 46:
                return False
            at += 1
        if at == size or at == 1:
            return False
        at += 1
        if at < size and host[at] != 58:
            return False
    else:
        while at < size and host[at] != 58:
            if not host_char[<unsigned char>host[at]]:
                return False
            if host[at] == 37 and (
                at + 2 >= size or hex_value(host[at + 1]) < 0 or hex_value(host[at + 2]) < 0
            ):
                return False
            at += 1
    if at < size:
        at += 1
        while at < size:
            if host[at] < 48 or host[at] > 57:
                return False
            at += 1
            digits += 1
        if digits > 5:
            return False
    return True


cdef int rfc9112_3_2_host(Head* head, int hosts) noexcept nogil:
    """Exactly one valid Host in HTTP/1.1; the authority of an absolute-form target wins over it."""
    if hosts > 1 or (hosts == 0 and head.minor_version == 1):
        return fault(head, 400, b"Bad Request")
    if hosts and not valid_host(head.host, head.host_len):
        return fault(head, 400, b"Bad Request")
    if head.parts.authority_len:
        head.host = head.target + head.parts.authority
        head.host_len = head.parts.authority_len
        if not valid_host(head.host, head.host_len):
            return fault(head, 400, b"Bad Request")
    return 0


cdef int rfc9112_6_framing(Head* head) noexcept nogil:
    """No Content-Length beside Transfer-Encoding, and none of the latter from HTTP/1.0."""
    if head.chunked or head.fault.status:
        if head.content_length >= 0 or head.minor_version == 0:
            return fault(head, 400, b"Bad Request")
    return -1 if head.fault.status else 0


cdef int classify(Head* head, pyhttp_header* fields, size_t count) noexcept nogil:  # HOT
    """Apply the rules to the fields that decide framing; all others pass by on their length."""
    cdef size_t at
    cdef pyhttp_header* field
    cdef int hosts = 0
    cdef bint close = False
    cdef bint keep = False
    cdef bint framed = False
    for at in range(count):
        field = &fields[at]
        if field.name_len == 4:
            if equals_lower(field.name, b"host", 4):
                hosts += 1
                head.host = field.value
                head.host_len = field.value_len
        elif field.name_len == 6:
            if equals_lower(field.name, b"expect", 6):
                rfc9110_10_1_1_expect(head, field)
        elif field.name_len == 7:
            if equals_lower(field.name, b"upgrade", 7):
                head.upgrade_websocket = (
                    field.value_len == 9 and equals_lower(field.value, b"websocket", 9)
                )
        elif field.name_len == 10:
            if equals_lower(field.name, b"connection", 10):
                rfc9112_9_3_connection(head, field, &close, &keep)
        elif field.name_len == 14:
            if equals_lower(field.name, b"content-length", 14):
                framed = True
                if rfc9112_6_3_content_length(head, field) < 0:
                    return -1
        elif field.name_len == 17:
            if equals_lower(field.name, b"transfer-encoding", 17):
                framed = True
                if rfc9112_6_1_transfer_encoding(head, field) < 0:
                    return -1
    head.keep_alive = not close if head.minor_version == 1 else (keep and not close)
    if framed and rfc9112_6_framing(head) < 0:
        return -1
    return rfc9112_3_2_host(head, hosts)


cdef int head_too_large(const char* data, Py_ssize_t size, Head* out) noexcept nogil:
    """414 while the request line alone is over the limit, else 431 (RFC 9112 3, RFC 6585 5)."""
    if memchr(data, 10, size) is NULL:
        return fault(out, 414, b"Request target exceeds the size limit")
    return fault(out, 431, b"Request header exceeds the size limit")


cdef Py_ssize_t skip_empty_lines(const char* data, Py_ssize_t size, int* lines) noexcept nogil:
    """Bytes of CRLF before a request line (RFC 9112 2.2), at most MAX_EMPTY_LINES in all."""
    cdef Py_ssize_t at = 0
    while at + 1 < size and data[at] == 13 and data[at + 1] == 10 and lines[0] < MAX_EMPTY_LINES:
        at += 2
        lines[0] += 1
    return at


cdef Py_ssize_t parse_head(
    const char* data, Py_ssize_t size, Py_ssize_t last_size, Py_ssize_t max_head, Head* out,
) noexcept nogil:  # HOT
    cdef size_t count = MAX_HEADERS
    cdef Py_ssize_t limited = size if size < max_head + 4 else max_head + 4
    cdef int code
    out.fault.status = 0
    code = capi.parse_request(
        data, limited, &out.method, &out.method_len, &out.target, &out.target_len,
        &out.minor_version, fields, &count, last_size,
    )
    if code < 0:
        if code == PYHTTP_INCOMPLETE:
            if size < max_head + 4:
                return PYHTTP_INCOMPLETE
            return head_too_large(data, limited, out)
        if code == PYHTTP_TOO_MANY:
            return fault(out, 431, b"Request has too many header fields")
        if size == 1 and data[0] == 13:                     # of an empty line (RFC 9112 2.2)
            return PYHTTP_INCOMPLETE
        if code == PYHTTP_BAD_TARGET:
            return fault(out, 400, b"URL may only contain US-ASCII characters.")
        # Another version too, as with the original: 505 may be sent, not must (RFC 9110 2.5).
        return fault(out, 400, b"Bad Request")
    if code - 4 >= max_head:
        return head_too_large(data, max_head, out)
    out.host = out.expect = NULL
    out.host_len = out.expect_len = 0
    out.content_length = -1
    out.chunked = out.expect_continue = out.expect_unknown = out.upgrade_websocket = False
    if split_target(
        out.target, out.target_len,
        out.method_len == 7 and equals_lower(out.method, b"connect", 7), &out.parts,
    ) < 0:
        return fault(out, 400, b"Bad URL")
    if classify(out, fields, count) < 0:
        return -1
    return code


def inspect_head(bytes data not None, max_head=8192, last_size=0):
    """What the compiled parser makes of the bytes of a head; for tests and tools.

    Returns:
        None while the head is incomplete, else a dict: either `status` and `reason` of the refusal,
        or `size`, `method`, `target`, `path`, `query`, `version`, `host`, `content_length` (None
        without one), `chunked`, `keep_alive`, `expect_continue`.
    """
    cdef Head head
    cdef Py_ssize_t size = parse_head(data, len(data), last_size, max_head, &head)
    cdef Py_ssize_t query_len
    if size == -2:
        return None
    if size < 0:
        return {"status": head.fault.status, "reason": head.fault.reason.decode()}
    query_len = head.parts.query_len
    return {
        "size": size,
        "method": head.method[:head.method_len],
        "target": head.target[:head.target_len],
        "path": head.target[head.parts.path:head.parts.path + head.parts.path_len] or b"/",
        "query": (
            None if query_len < 0 else head.target[head.parts.query:head.parts.query + query_len]
        ),
        "version": f"1.{head.minor_version}",
        "host": None if head.host is NULL else head.host[:head.host_len],
        "content_length": None if head.content_length < 0 else head.content_length,
        "chunked": bool(head.chunked),
        "keep_alive": bool(head.keep_alive),
        "expect_continue": bool(head.expect_continue),
    }
