"""One access line per response, batched where that loses nothing."""

from sanic_fast._core.receive cimport Receiver
from sanic_fast._core.request cimport Request

cdef int log_access(
    Receiver connection, Request request, object status, object size, double seconds
) except -1
