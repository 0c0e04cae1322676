"""What all connections of one event loop share: a receive buffer, an output buffer, one timer."""

from sanic_fast._core.out cimport Out

cdef class LoopState:

    cdef object buffer          # writable memory, lent to the transport for one read
    cdef char* data             # its memory
    cdef bint lent              # between get_buffer and the end of buffer_updated
    cdef Out out                # answers that wait for the end of a connection's step
    cdef object owner           # the connection they belong to, or None while there are none
    cdef set members            # connections with a deadline
    cdef object handle          # the timer, or None
    cdef double tick            # seconds
    cdef int join(self, object connection, double shortest) except -1
    cdef int leave(self, object connection) except -1

cdef enum:
    RECEIVE_SIZE = 262144

cdef LoopState loop_state(object loop)
