"""From the bytes of one path segment to the value of a parameter, and whether there is one."""

from cpython.ref cimport PyObject


cdef struct Span:
    # One parameter of a path being matched.
    const char* at
    Py_ssize_t length
    PyObject* value       # owned; NULL while the bytes say it all
    int kind


cdef bint fits(Span* span, PyObject* thing) except -1
cdef object make_value(Span* span, bint unquote)
cdef void keep(Span* span, value) noexcept
cdef str decode(const char* p, Py_ssize_t n)
