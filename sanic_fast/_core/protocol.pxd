"""The life of one HTTP/1.1 connection: answers, keep-alive, deadlines, close."""

from sanic_fast._core.receive cimport Receiver
from sanic_fast._core.request cimport Request
from sanic_fast._core.response cimport BaseHTTPResponse, Framing
from sanic_fast._core.stream cimport HttpStream

cdef class HttpProtocolBase(Receiver):
    cdef int begin_response(
        self, Request request, BaseHTTPResponse response, int status, Framing framing,
        long long length,
    ) except -1
    cdef int begin_stream(
        self, Request request, BaseHTTPResponse response, bytes data, bint end
    ) except -1
    cdef int transmit(self, object body) except -1
    cdef int own_output(self) except -1
    cdef int put_body(self, object body) except -1
    cdef object drained(self)
    cdef object file_sender(self, object place)
    cdef int cut(self) except -1
    cdef int release_waiters(self) except -1
    cdef int give_up(self, object error) except -1
    cdef int time_out(self, int reason, str message) except -1
    cdef bint moving(self, double at) except -1
    cdef int count_requests(self) except -1
