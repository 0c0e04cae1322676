"""Response objects and the one place that turns a response head into bytes."""

cdef struct Out:
    char* data          # owned by who embeds the struct; grown by out_reserve, freed by out_free
    Py_ssize_t len
    Py_ssize_t cap

cdef enum Framing:
    FRAME_LENGTH = 0    # content-length: n
    FRAME_CHUNKED = 1   # transfer-encoding: chunked
    FRAME_CLOSE = 2     # HTTP/1.0 stream: the end of the connection ends the body
    FRAME_NONE = 3      # 204, 304: no body and no header that describes one

cdef int out_reserve(Out* out, Py_ssize_t extra) except -1
cdef void out_free(Out* out) noexcept
cdef int out_put(Out* out, const char* data, Py_ssize_t size) except -1
cdef int out_chunk_size(Out* out, Py_ssize_t size) except -1

cdef class BaseHTTPResponse:
    cdef public object asgi
    cdef public object stream           # HttpStream once attached by request.respond(), or None
    cdef public object status
    cdef public object content_type
    cdef object _body                   # bytes; a subclass may override the `body` property
    cdef object _headers                # compat.Header, built on first touch, or None
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

cdef object body_bytes(BaseHTTPResponse response)
cdef int status_code(BaseHTTPResponse response) except -1
cdef bint status_has_body(int status) noexcept
cdef object user_content_length(BaseHTTPResponse response)
cdef int write_head(
    Out* out, BaseHTTPResponse response, int status, Framing framing, long long length,
    bint keep_alive,
) except -1
