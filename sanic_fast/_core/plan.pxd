"""What the hot path needs to know of an application, read once and refreshed on change."""

from sanic_fast._core.router cimport CompiledRoute, RouteTable, VersionCell

cdef enum Signal:
    # Bit n is the n-th member of sanic_fast.signals.Event.
    SIG_EXCEPTION_REPORT = 1 << 0
    SIG_INIT_AFTER = 1 << 1
    SIG_INIT_BEFORE = 1 << 2
    SIG_SHUTDOWN_AFTER = 1 << 3
    SIG_SHUTDOWN_BEFORE = 1 << 4
    SIG_BEGIN = 1 << 5
    SIG_COMPLETE = 1 << 6
    SIG_EXCEPTION = 1 << 7
    SIG_HANDLE = 1 << 8
    SIG_READ_BODY = 1 << 9
    SIG_READ_HEAD = 1 << 10
    SIG_REQUEST = 1 << 11
    SIG_RESPONSE = 1 << 12
    SIG_ROUTING_AFTER = 1 << 13
    SIG_ROUTING_BEFORE = 1 << 14
    SIG_HANDLER_AFTER = 1 << 15
    SIG_HANDLER_BEFORE = 1 << 16
    SIG_SEND = 1 << 17
    SIG_MIDDLEWARE_AFTER = 1 << 18
    SIG_MIDDLEWARE_BEFORE = 1 << 19
    # Any of these takes a request off the compiled path and through dispatch.handle_request.
    SIG_PER_REQUEST = 0xFFF00

cdef class SignalMask:
    cdef public unsigned long long bits

cdef class AppPlan:
    cdef readonly object app
    cdef readonly SignalMask signals
    cdef VersionCell config_cell            # bumped by Config on every change
    cdef unsigned long long config_seen
    # limits and switches from the config
    cdef readonly Py_ssize_t max_head       # bytes of request line and header lines
    cdef readonly long long max_body
    cdef readonly Py_ssize_t buffer_size    # unread input at which reading pauses
    cdef readonly double request_timeout
    cdef readonly double response_timeout
    cdef readonly double keep_alive_timeout
    cdef readonly bint keep_alive
    cdef readonly bint access_log
    cdef readonly bint trusts_proxy         # some proxy header is configured to be believed
    cdef readonly bytes id_header           # REQUEST_ID_HEADER, lower-case
    cdef readonly object server_name        # SERVER_NAME or None
    # routing
    cdef RouteTable table
    cdef readonly object router_get         # a user's own Router.get, or None: the compiled match
    # application-level middleware, run where no route matched
    cdef object request_deque
    cdef object response_deque
    cdef VersionCell request_cell
    cdef VersionCell response_cell
    cdef unsigned long long request_seen
    cdef unsigned long long response_seen
    cdef tuple request_middleware
    cdef tuple response_middleware
    # overrides
    cdef readonly object request_class
    cdef readonly bint plain_request        # request_class is Request itself
    cdef readonly bint compiled             # nothing the compiled path would bypass is overridden
    cdef int refresh_config(self) except -1
    cdef int refresh_overrides(self) except -1
    cdef tuple app_request_middleware(self)
    cdef tuple app_response_middleware(self)
