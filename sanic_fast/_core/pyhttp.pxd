"""Types of cext/pyhttp/pyhttp.h. The functions themselves come from `capi`, by address."""

from libc.stdint cimport uint8_t, uint32_t, uint64_t


cdef extern from "pyhttp.h" nogil:
    enum:
        PYHTTP_DONE
        PYHTTP_BAD
        PYHTTP_INCOMPLETE
        PYHTTP_TOO_MANY
        PYHTTP_BAD_VERSION
        PYHTTP_BAD_TARGET

    const uint64_t PYHTTP_ABI

    ctypedef struct pyhttp_header:
        const char *name
        size_t name_len
        const char *value
        size_t value_len

    # Zero it to start; see the header file for each field.
    ctypedef struct pyhttp_chunked:
        uint64_t bytes_left
        uint32_t max_ext
        uint32_t max_ext_total
        uint32_t max_trailer
        uint32_t max_trailer_lines
        uint32_t ext
        uint32_t ext_total
        uint32_t trailer
        uint32_t trailer_lines
        uint8_t state
        uint8_t digits

    # buf, len, method, method_len, target, target_len, minor_version, headers, num_headers,
    # last_len
    ctypedef int (*pyhttp_parse_request_t)(
        const char *, size_t, const char **, size_t *, const char **, size_t *, int *,
        pyhttp_header *, size_t *, size_t) noexcept nogil
    # buf, len, minor_version, status, reason, reason_len, headers, num_headers, last_len
    ctypedef int (*pyhttp_parse_response_t)(
        const char *, size_t, int *, int *, const char **, size_t *,
        pyhttp_header *, size_t *, size_t) noexcept nogil
    # buf, len, headers, num_headers, last_len
    ctypedef int (*pyhttp_parse_headers_t)(
        const char *, size_t, pyhttp_header *, size_t *, size_t) noexcept nogil
    # decoder, src, len, dst, consumed, decoded
    ctypedef int (*pyhttp_decode_chunked_t)(
        pyhttp_chunked *, const char *, size_t, char *, size_t *, size_t *) noexcept nogil
    ctypedef uint64_t (*pyhttp_abi_t)() noexcept nogil
