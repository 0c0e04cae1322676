"""Response objects and the one place that turns a response head into bytes."""

from sanic_fast._core.out cimport Out

cdef enum Framing:
    FRAME_LENGTH = 0    # content-length: n
    FRAME_CHUNKED = 1   # transfer-encoding: chunked
    FRAME_CLOSE = 2     # HTTP/1.0 stream: the end of the connection ends the body
    FRAME_NONE = 3      # 204, 304: no body and no header that describes one

cdef class Prepared:
    """Headers made once for many responses that are alike."""
    cdef tuple pairs                    # names and values, for who reads or changes `headers`
    cdef bytes head                     # status line and header lines of a 200 of this length
    cdef long long length
    cdef object content_type

cdef class BaseHTTPResponse:
    cdef public object asgi
    cdef public object stream           # HttpStream once attached by request.respond(), or None
    cdef public object status
    cdef public object content_type
    cdef object _body                   # bytes; a subclass may override the `body` property
    cdef object _headers                # compat.Header, built on first touch, or None
    cdef Prepared _prepared             # stands for `_headers` until somebody touches them, or None
    cdef object _cookies                # CookieJar, built on first touch, or None
    cdef object __weakref__
    cdef object get_headers(self)
    cdef tuple state(self)

cdef class HTTPResponse(BaseHTTPResponse):
    pass

cdef class JSONResponse(HTTPResponse):
    cdef object _raw_body
    cdef object _use_dumps
    cdef object _use_dumps_kwargs
    cdef bint _body_manually_set
    cdef int serialise(self, object function=*, object options=*) except -1

cdef Prepared prepare_head(tuple pairs, long long length)
cdef object body_bytes(BaseHTTPResponse response)
cdef int status_code(BaseHTTPResponse response) except -1
cdef bint status_has_body(int status) noexcept
cdef object user_content_length(BaseHTTPResponse response)
cdef int write_head(
    Out* out, BaseHTTPResponse response, int status, Framing framing, long long length,
    bint keep_alive,
) except -1
