"""Coarse time for timeouts and the cached `Date` value."""

cdef double now() noexcept nogil
cdef double precise() noexcept nogil
cdef const char* http_date() noexcept
cdef object http_date_str()
cdef enum:
    HTTP_DATE_LEN = 29
