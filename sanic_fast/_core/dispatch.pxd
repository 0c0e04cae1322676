"""The general way of a request: every signal, every override, and the error path."""

from sanic_fast._core.plan cimport AppPlan
from sanic_fast._core.request cimport Request
from sanic_fast._core.stream cimport Sink

cdef object exchange(Sink sink, Request request)
cdef object fail_exchange(Sink sink, Request request, object error)
cdef object stream_response(Request request, object response)
cdef bint is_stream_response(object response) except -1
cdef int match_route(AppPlan plan, Request request) except -1
cdef object routing_error(AppPlan plan, Request request)
