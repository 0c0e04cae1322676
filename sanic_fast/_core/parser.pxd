"""Which message a head announces, and whether it is legal: the framing rules of RFC 9112."""

from sanic_fast._core.pyhttp cimport pyhttp_header
from sanic_fast._core.target cimport Target

cdef enum:
    MAX_HEADERS = 100
    MAX_EMPTY_LINES = 4

cdef struct Fault:
    # Why a message is refused. status 0: no fault. Texts are static.
    int status
    const char* reason

cdef struct Head:
    const char* method
    size_t method_len
    const char* target
    size_t target_len
    Target parts
    int minor_version
    const char* host            # Host, or the authority of an absolute-form target
    size_t host_len
    long long content_length    # -1: none
    bint chunked
    bint keep_alive
    bint expect_continue
    bint expect_unknown         # an Expect other than 100-continue; `expect` is its value
    const char* expect
    size_t expect_len
    bint upgrade_websocket
    Fault fault

# >0: size of a legal head; -2: incomplete; -1: illegal, out.fault tells why.
cdef Py_ssize_t parse_head(
    const char* data, Py_ssize_t size, Py_ssize_t last_size, Py_ssize_t max_head, Head* out,
) noexcept nogil
cdef Py_ssize_t skip_empty_lines(const char* data, Py_ssize_t size, int* lines) noexcept nogil
