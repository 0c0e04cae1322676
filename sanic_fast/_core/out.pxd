"""A buffer of bytes on their way out."""

from libc.stdlib cimport free, realloc
from libc.string cimport memcpy

cdef struct Out:
    char* data          # owned by who embeds the struct; grown by out_reserve, freed by out_free
    Py_ssize_t len
    Py_ssize_t cap

cdef inline int out_reserve(Out* out, Py_ssize_t extra) except -1:
    cdef Py_ssize_t wanted = out.len + extra
    cdef Py_ssize_t cap = out.cap
    cdef char* data
    if wanted <= cap:
        return 0
    cap = cap * 2 if cap else 4096
    if cap < wanted:
        cap = wanted
    data = <char*>realloc(out.data, cap)
    if data is NULL:
        raise MemoryError
    out.data = data
    out.cap = cap
    return 0

cdef inline void out_free(Out* out) noexcept:
    free(out.data)
    out.data = NULL
    out.len = out.cap = 0

cdef inline int out_put(Out* out, const char* data, Py_ssize_t size) except -1:
    out_reserve(out, size)
    memcpy(out.data + out.len, data, size)
    out.len += size
    return 0

cdef inline int out_number(Out* out, long long number) except -1:
    cdef char digits[24]
    cdef int at = 24
    while True:
        at -= 1
        digits[at] = <char>(48 + number % 10)
        number //= 10
        if number == 0:
            break
    return out_put(out, digits + at, 24 - at)

cdef inline int out_chunk_size(Out* out, Py_ssize_t size) except -1:
    """`size CRLF` in hexadecimal (RFC 9112 7.1)."""
    cdef char digits[24]
    cdef int at = 22
    digits[22] = 13
    digits[23] = 10
    while True:
        at -= 1
        digits[at] = b"0123456789abcdef"[size & 15]
        size >>= 4
        if size == 0:
            break
    return out_put(out, digits + at, 24 - at)
