"""Route matching on raw bytes.

Order of use: a request calls `match()`, then reads `params` (or `miss`, `allowed`, `missed_path`)
before anything else can call `match()` again; the `CompiledRoute` it got is refreshed when
`cell.value != seen`.
"""

cimport cython
from cpython.ref cimport PyObject
from libc.stdint cimport int32_t, uint64_t

from sanic_fast._core.convert cimport Span
from sanic_fast._core.routes cimport (
    CompiledRoute, Edge, Element, Leaf, RouteArrays, VersionCell, Whole,
)

cdef enum Why:
    WRONG_METHOD
    WRONG_HOST

cdef struct Search:
    # One call of match(), on its stack.
    const char* path
    Py_ssize_t end        # length of the path as tried now
    Span* spans
    int n_spans           # how many are filled after a successful search
    bint literal          # found by the exact table
    int visited


@cython.final
cdef class RouteTable(RouteArrays):
    # outcome of the last match(); see the module text
    cdef readonly object params
    cdef readonly int miss
    cdef readonly object allowed
    cdef readonly str missed_path
    # tree nodes looked at and expressions tried by the last match()
    cdef readonly int visited

    cdef CompiledRoute match(
        self, const char* method, Py_ssize_t method_len, const char* path, Py_ssize_t path_len,
        const char* host, Py_ssize_t host_len,
    )
    cdef CompiledRoute _match(
        self, uint64_t bit, const char* path, Py_ssize_t path_len,
        const char* host, Py_ssize_t host_len,
    )
    cdef CompiledRoute _try_slashes(
        self, Search* s, uint64_t bit, Py_ssize_t path_len, const char* host, Py_ssize_t host_len,
    )
    cdef void _drop_slash(self, Search* s, Py_ssize_t path_len) noexcept
    cdef int _search(self, Search* s) except -2
    cdef int _walk(self, Search* s, int number, Py_ssize_t at, int n_params) except -2
    cdef int _try_edge(
        self, Search* s, Edge* edge, Py_ssize_t at, Py_ssize_t stop, int n_params
    ) except -2
    cdef bint _forms(self, Search* s, Leaf* leaf, int n_params) except -1
    cdef int _try_wholes(self, Search* s) except -2
    cdef bint _glob(self, Search* s, Whole* whole, Py_ssize_t at) except -1
    cdef int _element(self, Element* element, const char* p, Py_ssize_t n) except -1
    cdef bint _expression(self, Search* s, Whole* whole, Py_ssize_t at) except -1
    cdef int _key(self, int parent, const char* p, Py_ssize_t n) noexcept
    cdef uint64_t _method_bit(self, const char* method, Py_ssize_t n) noexcept
    cdef PyObject* _choose(
        self, int number, uint64_t bit, const char* host, Py_ssize_t host_len, Why* why
    ) noexcept
    cdef bint _fill(self, Search* s, CompiledRoute route) except -1
    cdef int _missed(self, int miss, int leaf, const char* path, Py_ssize_t n) except -1
