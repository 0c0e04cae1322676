"""The life of one HTTP/1.1 connection: answers, keep-alive, deadlines, close."""

from sanic_fast._core.send cimport Sender

cdef class HttpProtocolBase(Sender):
    cdef int cut(self) except -1
    cdef int release_waiters(self) except -1
    cdef int give_up(self, object error) except -1
    cdef int time_out(self, int reason, str message) except -1
    cdef bint moving(self, double at) except -1
    cdef int count_requests(self) except -1
