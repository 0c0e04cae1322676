"""Query strings, parsed where they lie."""

cdef object query_parameters(const char* data, Py_ssize_t size, object kind)
