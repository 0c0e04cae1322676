"""The sending half of a connection: responses become bytes on the socket."""

from sanic_fast._core.files cimport FileResponse, OpenFile
from sanic_fast._core.receive cimport Receiver
from sanic_fast._core.request cimport Request
from sanic_fast._core.response cimport BaseHTTPResponse, Framing
from sanic_fast._core.stream cimport HttpStream

cdef class Sender(Receiver):
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
    cdef object send_whole(self, Request request, BaseHTTPResponse response)
    cdef object put_part(self, HttpStream stream, bytes data, bint end)
    cdef int flush_stream(self) except -1
    cdef int send_file_response(
        self, Request request, FileResponse response, int status
    ) except -1
    cdef long long send_file_now(
        self, OpenFile opened, long long offset, long long count
    ) except -1
    cdef object drained(self)
    cdef object file_sender(self, object place)

cdef int set_file_sender(object sender) except -1
