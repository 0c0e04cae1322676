"""The parts of a request target, found where they lie."""

from libc.string cimport memchr
from sanic_fast._core.headers cimport equals_lower


cdef int split_target(
    const char* target, Py_ssize_t size, bint connect, Target* out
) noexcept nogil:
    """Find path, query and authority; -1 if the target has none of the forms of RFC 9112 3.2."""
    cdef const char* at = target
    cdef const char* end = target + size
    cdef const char* mark
    cdef const char* fragment
    out.authority = out.authority_len = 0
    out.query = 0
    out.query_len = -1
    out.path = 0
    if connect:
        # authority-form: host ":" port
        out.path_len = size
        out.authority_len = size
        if size == 0 or target[0] == 47 or memchr(target, 58, size) is NULL:
            return -1
        return 0
    if size == 1 and target[0] == 42:
        out.path_len = 1
        return 0
    if size and target[0] != 47:
        # absolute-form: "http" ["s"] "://" authority path-abempty
        if size > 7 and equals_lower(target, b"http://", 7):
            at = target + 7
        elif size > 8 and equals_lower(target, b"https://", 8):
            at = target + 8
        else:
            return -1
        mark = at
        while mark < end and mark[0] != 47 and mark[0] != 63 and mark[0] != 35:
            mark += 1
        out.authority = at - target
        out.authority_len = mark - at
        if out.authority_len == 0:
            return -1
        at = mark
    elif size == 0:
        return -1
    out.path = at - target
    fragment = <const char*>memchr(at, 35, end - at)
    if fragment is not NULL:
        end = fragment
    mark = <const char*>memchr(at, 63, end - at)
    if mark is NULL:
        out.path_len = end - at
    else:
        out.path_len = mark - at
        out.query = mark + 1 - target
        out.query_len = end - mark - 1
    return 0


cdef bint bad_target_char(bytes target) except -1:
    """Whether a target has bytes that RFC 3986 2 has no place for: controls, space, 8-bit.

    For targets that no parser has seen.
    """
    cdef unsigned char byte
    for byte in target:
        if byte <= 32 or byte >= 127:
            return True
    return False
