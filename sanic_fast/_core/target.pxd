"""The parts of a request target (RFC 9112 3.2)."""

cdef struct Target:
    # Where they lie, relative to the target's first byte.
    Py_ssize_t path, path_len       # path_len 0: the path is "/"
    Py_ssize_t query, query_len     # query_len -1: there is no "?"
    Py_ssize_t authority, authority_len

# `connect`: the method is CONNECT, whose target is in authority-form. 0, or -1: of no legal form.
cdef int split_target(
    const char* target, Py_ssize_t size, bint connect, Target* out
) noexcept nogil
cdef bint bad_target_char(bytes target) except -1
