"""Header lines of a validated head, turned into objects only when somebody asks.

A head that reached this module passed the C parser: each line is `name ":" OWS value OWS CRLF` with
a token for a name, so splitting needs no checks of its own.
"""

from libc.string cimport memchr
from multidict import istr

from sanic_fast.compat import Header

cdef extern from "Python.h":
    object PyUnicode_DecodeUTF8(const char* data, Py_ssize_t size, const char* errors)
    object PyUnicode_DecodeASCII(const char* data, Py_ssize_t size, const char* errors)

# Names of requests met in the wild: kept ready as `istr`, which a multidict need not case-fold.
COMMON = (
    "accept accept-charset accept-encoding accept-language access-control-request-headers "
    "access-control-request-method authorization cache-control connection content-disposition "
    "content-encoding content-length content-type cookie date dnt expect forwarded from host "
    "if-match if-modified-since if-none-match if-range if-unmodified-since keep-alive max-forwards "
    "origin pragma priority proxy-authorization range referer sec-ch-ua sec-ch-ua-mobile "
    "sec-ch-ua-platform sec-fetch-dest sec-fetch-mode sec-fetch-site sec-fetch-user "
    "sec-websocket-extensions sec-websocket-key sec-websocket-protocol sec-websocket-version te "
    "traceparent tracestate trailer transfer-encoding upgrade upgrade-insecure-requests user-agent "
    "via x-api-key x-csrf-token x-forwarded-for x-forwarded-host x-forwarded-port "
    "x-forwarded-proto x-real-ip x-request-id x-requested-with x-scheme"
).split()

cdef enum:
    SLOTS = 512

cdef list slot_names = [None] * SLOTS       # istr
cdef list slot_bytes = [None] * SLOTS       # the same in bytes, kept alive for the pointers below
cdef const char* slot_data[SLOTS]
cdef Py_ssize_t slot_size[SLOTS]


cdef inline unsigned int slot_of(const char* name, Py_ssize_t size) noexcept nogil:
    return (
        <unsigned int>size * 37 + (name[0] | 32) * 11 + (name[size - 1] | 32) * 101
        + (name[size >> 1] | 32) * 7
    ) & (SLOTS - 1)


def _fill_slots():
    cdef unsigned int at
    cdef bytes data
    for name in COMMON:
        data = name.encode()
        at = slot_of(data, len(data))
        while slot_bytes[at] is not None:
            at = (at + 1) & (SLOTS - 1)
        slot_names[at] = istr(name)
        slot_bytes[at] = data
        slot_data[at] = data
        slot_size[at] = len(data)


_fill_slots()


cdef bint equals_lower(const char* data, const char* lower, Py_ssize_t size) noexcept nogil:
    """Case-insensitive comparison with a lower-case ASCII text of the same length."""
    cdef Py_ssize_t at
    cdef unsigned char c
    for at in range(size):
        c = data[at]
        if 65 <= c <= 90:
            c += 32
        if c != <unsigned char>lower[at]:
            return False
    return True


cdef object header_name(const char* name, Py_ssize_t size):
    cdef unsigned int at = slot_of(name, size)
    while slot_data[at] is not NULL:
        if slot_size[at] == size and equals_lower(name, slot_data[at], size):
            return slot_names[at]
        at = (at + 1) & (SLOTS - 1)
    return PyUnicode_DecodeASCII(name, size, NULL).lower()


cdef inline const char* next_line(const char* at, const char* end) noexcept nogil:
    cdef const char* found = <const char*>memchr(at, 10, end - at)
    return end if found is NULL else found + 1


cdef inline bint is_ows(char c) noexcept nogil:
    return c == 32 or c == 9


cdef object build_headers(const char* head, Py_ssize_t size):
    """The header lines as a `Header`: names lower-case, values trimmed, decoded as UTF-8 where
    that is possible (RFC 9110 5.5 leaves obs-text opaque; it survives as surrogates)."""
    cdef const char* end = head + size
    cdef const char* at = next_line(head, end)
    cdef const char* stop
    cdef const char* colon
    cdef const char* first
    cdef const char* last
    cdef list pairs = []
    while at < end:
        stop = next_line(at, end)
        colon = <const char*>memchr(at, 58, stop - at)
        if colon is NULL or colon == at:
            break
        first = colon + 1
        last = stop
        while last > first and ((last - 1)[0] in (10, 13) or is_ows((last - 1)[0])):
            last -= 1
        while first < last and is_ows(first[0]):
            first += 1
        pairs.append((
            header_name(at, colon - at),
            PyUnicode_DecodeUTF8(first, last - first, "surrogateescape"),
        ))
        at = stop
    return Header(pairs)


cdef object find_header(const char* head, Py_ssize_t size, const char* name, Py_ssize_t name_len):
    """The first value of a header as str, or None, without building the multidict."""
    cdef const char* end = head + size
    cdef const char* at = next_line(head, end)
    cdef const char* stop
    cdef const char* first
    cdef const char* last
    while at < end:
        stop = next_line(at, end)
        if stop - at > name_len and at[name_len] == 58 and equals_lower(at, name, name_len):
            first = at + name_len + 1
            last = stop
            while last > first and ((last - 1)[0] in (10, 13) or is_ows((last - 1)[0])):
                last -= 1
            while first < last and is_ows(first[0]):
                first += 1
            return PyUnicode_DecodeUTF8(first, last - first, "surrogateescape")
        at = stop
    return None


cdef bint names_conditions(const char* head, Py_ssize_t size) noexcept nogil:
    """Whether a head has a field that begins with `if-`, or `range`: more may make it conditional
    or partial in no other way (RFC 9110 13.1, 14.2)."""
    cdef const char* end = head + size
    cdef const char* at = next_line(head, end)
    while at < end:
        if end - at >= 6 and (
            equals_lower(at, b"if-", 3) or (at[5] == 58 and equals_lower(at, b"range", 5))
        ):
            return True
        at = next_line(at, end)
    return False


def parse_head_headers(bytes head not None):
    """The headers of a raw head (request line included, blank line not) as a `Header`."""
    return build_headers(head, len(head))
