"""The carrier of an exchange, as requests and responses see it."""

from sanic_fast._core.plan cimport AppPlan
from sanic_fast._core.response cimport BaseHTTPResponse

cdef enum Stage:
    ST_IDLE = 0
    ST_REQUEST = 1
    ST_HANDLER = 3
    ST_RESPONSE = 4
    ST_FAILED = 100

cdef object WAIT        # take_body's answer when nothing is here yet

cdef class Sink:
    """Base of what can carry exchanges: the HTTP/1.1 protocol, later ASGI and others."""
    cdef readonly object loop
    cdef readonly AppPlan plan
    # One complete response at once; the exchange is over when it returns.
    cdef int send_response(self, object request, BaseHTTPResponse response) except -1
    # A piece of a streamed response: None, or an awaitable to wait for while the peer is slow.
    cdef object write_part(self, HttpStream stream, bytes data, bint end)
    # Body bytes that are here, None at the end of the body, or WAIT.
    cdef object take_body(self, HttpStream stream)
    cdef object body_waiter(self, HttpStream stream)
    # The route reads its body itself: no limit on its size.
    cdef int lift_body_limit(self) except -1

cdef class HttpStream:
    """One exchange's handle on its carrier, made when a handler first asks for it."""
    cdef readonly Sink sink
    cdef readonly object request
    cdef public object response     # the response attached by respond(), or None
    cdef readonly bint ended        # the response's last byte was handed over, or all is over
    cdef readonly bint started      # the response's head was handed over
    cdef bint body_taken            # the body was read to its end
    cdef readonly bint read_started
    cdef int stage_now
    cdef bytes wire                 # the bytes of the last piece, if a signal wants them
