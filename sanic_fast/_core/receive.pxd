"""The receiving half of a connection: bytes become complete requests, bodies are metered."""

from sanic_fast._core.loopstate cimport LoopState
from sanic_fast._core.parser cimport Fault, Head
from sanic_fast._core.pyhttp cimport pyhttp_chunked
from sanic_fast._core.request cimport Request
from sanic_fast._core.response cimport BaseHTTPResponse, Framing
from sanic_fast._core.stream cimport HttpStream
from sanic_fast._core.task cimport TaskRunner

cdef enum BodyMode:
    BODY_NONE = 0           # no body, or all of it was taken
    BODY_LENGTH = 1
    BODY_CHUNKED = 2

cdef enum Life:
    LIFE_OPEN = 0
    LIFE_LINGERING = 1      # our side is closed; input is thrown away until the client closes too
    LIFE_CLOSING = 2        # transport.close() was called
    LIFE_UPGRADED = 3       # another protocol owns the transport
    LIFE_LOST = 4

cdef class Receiver(TaskRunner):
    # given
    cdef readonly object app
    cdef readonly object signal
    cdef readonly object connections
    cdef readonly object state
    cdef readonly object _unix
    cdef LoopState shared
    # the connection
    cdef readonly object wire                  # the transport
    cdef int descriptor                 # of the transport's socket if we may send on it, else -1
    cdef bint queued                    # the transport may hold unsent bytes of ours
    cdef bint exposed                   # an application has the transport and may write to it
    cdef object is_closing              # the transport's bound method
    cdef object _conn_info
    cdef str log_host                   # "ip:port" for the access log, made once
    cdef Life life
    cdef readonly bint stopping         # the server drains: close after the last request here
    cdef bint last_call                 # ... or even after the current one
    cdef bint write_paused
    cdef bint read_paused
    cdef object drain_waiter            # future of a sender waiting for a slow reader
    cdef object body_waiter_future      # future of a handler waiting for body bytes
    cdef object upgraded                # takes the bytes once HTTP was left
    cdef readonly object opening        # task of http.lifecycle.begin
    # input not parsed yet: either lent from the loop's buffer or our own block
    cdef bytearray spare                # lent instead of the loop's buffer while that one is in use
    cdef const char* view
    cdef Py_ssize_t view_len
    cdef bint view_lent
    cdef char* block
    cdef Py_ssize_t block_cap
    cdef Py_ssize_t head_seen           # bytes of an incomplete head that were scanned
    cdef int empty_lines
    # deadlines, in seconds of the coarse clock; 0: not running
    cdef double last_read
    cdef double last_write
    cdef double head_began
    cdef double cancelled_at
    cdef double closing_at
    cdef double stopping_at
    cdef Py_ssize_t unsent              # write buffer at the last look while the reader was slow
    # the request being received or answered
    cdef Request ready                  # complete, waiting for the task
    cdef Request collecting             # its body is still coming in
    cdef bytes body_block               # the body being collected, filled up to body_filled
    cdef Py_ssize_t body_filled
    cdef bint reading_body              # the transport was lent body_block's memory
    cdef BodyMode body_mode
    cdef long long body_left
    cdef long long body_total
    cdef long long body_limit           # -1: none
    cdef pyhttp_chunked chunks
    cdef Py_ssize_t chunk_consumed      # input bytes the last decode_chunks used
    cdef bint had_body
    cdef bint expect_continue           # the client waits for 100 Continue
    cdef bint keep_alive
    # the response being sent
    cdef bint response_started
    cdef bint response_complete
    cdef bint keep_output               # what is sent stays in the buffer until it was looked at
    cdef Framing framing
    cdef long long response_left
    cdef int response_status
    cdef double began                   # seconds, only while the access log is on
    # fairness
    cdef int turn_count
    cdef bint turn_marked
    cdef bint yielded_turn
    cdef readonly unsigned long long requests_count

    cdef int feed(self, const char* data, Py_ssize_t size) except -1
    cdef int keep_rest(self) except -1
    cdef inline void consume(self, Py_ssize_t size) noexcept
    cdef int append_input(self, const char* data, Py_ssize_t size) except -1
    cdef int proceed(self) except -1
    cdef Request parse_next(self)
    cdef Request head_complete(self, Head* head, Py_ssize_t size)
    cdef Request refuse(self, int status, object message, Head* head)
    cdef Request collect(self)
    cdef int decode_chunks(self, Py_ssize_t* decoded) noexcept
    cdef int grow_body(self, Py_ssize_t wanted) except -1
    cdef bint discard_body(self) except -1
    cdef bint more_input(self) except -1
    cdef bint is_quiet(self, double at, double idle, double fresh) noexcept
    # to be implemented by the sending half
    cdef int send_continue(self) except -1
    cdef int close_after_answer(self) except -1
