"""Inline byte helpers: no objects, no allocation, no error."""

from libc.stdint cimport uint16_t, uint32_t, uint64_t
from libc.string cimport memchr, memcpy

cdef inline uint64_t load_word(const char* p, Py_ssize_t n) noexcept nogil:
    """Return `n` bytes, at most 8, as one integer: different for different bytes of one length."""
    cdef uint32_t low4, high4
    cdef uint16_t low2, high2
    if n >= 4:
        memcpy(&low4, p, 4)
        memcpy(&high4, p + n - 4, 4)
        return low4 | (<uint64_t>high4 << 32)
    if n >= 2:
        memcpy(&low2, p, 2)
        memcpy(&high2, p + n - 2, 2)
        return low2 | (<uint64_t>high2 << 16)
    return <unsigned char>p[0] if n == 1 else 0


cdef inline uint64_t hash_bytes(const char* p, Py_ssize_t n, uint64_t seed) noexcept nogil:
    """Mix `n` bytes into a hash.

    Not keyed: the tables that use it hold only what the programmer registered, so a client cannot
    make chains grow.
    """
    cdef uint64_t h = (seed ^ <uint64_t>n) * <uint64_t>0x9E3779B97F4A7C15
    cdef uint64_t word = 0
    while n >= 8:
        memcpy(&word, p, 8)
        h = (h ^ word) * <uint64_t>0xFF51AFD7ED558CCD
        h ^= h >> 32
        p += 8
        n -= 8
    if n > 0:
        h = (h ^ load_word(p, n)) * <uint64_t>0xFF51AFD7ED558CCD
        h ^= h >> 32
    h *= <uint64_t>0xC4CEB9FE1A85EC53
    return h ^ (h >> 29)


cdef inline Py_ssize_t find_byte(
    const char* p, Py_ssize_t start, Py_ssize_t end, char wanted
) noexcept nogil:
    """Return the offset of the first `wanted` in `p[start:end]`, or `end`."""
    cdef const char* hit
    if start >= end:
        return end
    hit = <const char*>memchr(p + start, wanted, <size_t>(end - start))
    return end if hit is NULL else hit - p


cdef inline bint is_digit(char c) noexcept nogil:
    return c'0' <= c <= c'9'


cdef inline bint is_alpha(char c) noexcept nogil:
    return c'a' <= (c | 0x20) <= c'z'


cdef inline bint is_lower_alnum(char c) noexcept nogil:
    return c'a' <= c <= c'z' or c'0' <= c <= c'9'


cdef inline int hex_value(char c) noexcept nogil:
    """Return the value of one hex digit, -1 for anything else."""
    if c'0' <= c <= c'9':
        return c - c'0'
    if c'a' <= (c | 0x20) <= c'f':
        return (c | 0x20) - c'a' + 10
    return -1


cdef inline Py_ssize_t percent_decode(const char* p, Py_ssize_t n, char* out) noexcept nogil:
    """Decode `%XX` of `p[:n]` into `out` (room for `n`); return the bytes written.

    A `%` without two hex digits stays as it is (RFC 3986 2.1 leaves it undefined).
    """
    cdef Py_ssize_t i = 0, made = 0
    cdef int high, low
    while i < n:
        if p[i] == c'%' and i + 2 < n:
            high = hex_value(p[i + 1])
            low = hex_value(p[i + 2])
            if high >= 0 and low >= 0:
                out[made] = <char>(high * 16 + low)
                made += 1
                i += 3
                continue
        out[made] = p[i]
        made += 1
        i += 1
    return made
