"""One real asyncio task per connection, entered synchronously when a request is complete."""

from sanic_fast._core.request cimport Request
from sanic_fast._core.response cimport BaseHTTPResponse
from sanic_fast._core.router cimport CompiledRoute
from sanic_fast._core.stream cimport Sink

cdef enum Inner:
    # What the coroutine in `inner` is, and so where its end leads.
    IN_NOTHING = 0
    IN_REQUEST_MIDDLEWARE = 1
    IN_HANDLER = 2
    IN_RESPONSE_MIDDLEWARE = 3
    IN_GENERAL = 4          # a whole way of its own: dispatch.exchange, sendfile
    IN_FAILING = 5          # dispatch.fail_exchange

cdef enum Cancel:
    CANCEL_NONE = 0
    CANCEL_GONE = 1         # the client closed the connection
    CANCEL_TIMEOUT = 2      # RESPONSE_TIMEOUT passed
    CANCEL_BODY = 3         # the body stalled

cdef class IdleFuture:
    """What the task awaits between requests; see task.pyx for the protocol."""
    cdef TaskRunner runner          # cleared when the connection ends
    cdef object loop
    cdef object waker               # the task's wake-up while it waits here, else None
    cdef object context             # the context the task runs in
    cdef bint blocking
    cdef bint cancelled_flag
    cdef object cancel_message

cdef class ConnectionCoroutine:
    """The coroutine of the connection's task: its steps are TaskRunner.run."""
    cdef TaskRunner runner          # None once this coroutine has to end
    cdef bint running

cdef class TaskRunner(Sink):
    cdef readonly object task           # asyncio.Task, made at the first complete head
    cdef IdleFuture idle
    cdef ConnectionCoroutine coroutine
    cdef object inner                   # iterator being driven, or None
    cdef Inner inner_kind
    cdef object pending                 # what a step not the task's own yielded, for its next one
    cdef bint has_pending
    cdef bint stepping                  # run() is on the stack
    cdef bint entered                   # ... and was called from a callback, not by the task itself
    cdef bint put_off                   # ... not that of a read: the clock was read long ago
    cdef bint renewed                   # the running coroutine was replaced and has to end
    cdef bint cancel_in_step
    cdef bint cancel_told               # asyncio will throw a cancellation that was acted on
    cdef bint failing_again             # the error path was cancelled once and runs once more
    cdef Cancel cancel_reason
    cdef object base_context            # context variables as the task began
    cdef Py_ssize_t base_size
    cdef object token                   # of Request._current
    cdef Request current                # request in progress
    cdef CompiledRoute compiled
    cdef tuple middleware
    cdef Py_ssize_t middleware_at
    cdef object preset_error            # an exception to answer instead of calling the handler
    cdef bint general                   # this request goes through dispatch.exchange
    cdef object response                # response on its way through the response middleware

    # to be implemented by the carrier
    cdef Request take_ready(self)                   # the next complete request, or None
    cdef int exchange_done(self, bint failed) except -1
    cdef int flush(self) except -1
    cdef int close_transport(self) except -1

    # for the carrier
    cdef int start_task(self) except -1
    cdef int enter(self) except -1
    cdef int finish_task(self) except -1
    cdef int cancel_exchange(self, Cancel reason, str message) except -1

    cdef int wake(self) except -1
    cdef object run(self, object thrown)
    cdef int begin(self, Request request) except -1
    cdef int advance_request_middleware(self) except -1
    cdef int call_handler(self) except -1
    cdef int after_handler(self, object result) except -1
    cdef int start_response(self, object response) except -1
    cdef int advance_response_middleware(self) except -1
    cdef int inner_returned(self, object value) except -1
    cdef int inner_raised(self, object error) except -1
    cdef int fail(self, object error) except -1
    cdef bint may_fail_again(self) except -1
    cdef int end_exchange(self, bint failed) except -1
    cdef bint cancellation_left(self) except -1
    cdef bint context_changed(self) except -1
    cdef int renew_task(self) except -1
