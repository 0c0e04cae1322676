"""Header lines of a validated head, turned into objects only when somebody asks."""

cdef object build_headers(const char* head, Py_ssize_t size)
cdef object find_header(const char* head, Py_ssize_t size, const char* name, Py_ssize_t name_len)
cdef bint equals_lower(const char* data, const char* lower, Py_ssize_t size) noexcept nogil
cdef bint names_conditions(const char* head, Py_ssize_t size) noexcept nogil
