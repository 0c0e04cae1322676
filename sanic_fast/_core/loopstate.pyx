"""What all connections of one event loop share: a receive buffer, an output buffer, one timer.

A receive buffer per connection would cost a page for each idle one, and a timer per request a heap
operation; both belong to the loop instead.
"""

import logging
from weakref import WeakKeyDictionary

from cpython.bytearray cimport PyByteArray_AS_STRING
from sanic_fast._core.out cimport out_free

cdef object error_logger = logging.getLogger("sanic.error")
cdef object states = WeakKeyDictionary()


cdef class LoopState:
    """Made on first use for each loop; the loop is not kept alive by it."""

    def __cinit__(self):
        cdef bytearray memory = bytearray(RECEIVE_SIZE)
        # A memoryview: asyncio's TLS slices what it is lent, and a slice of a bytearray is a copy.
        self.buffer = memoryview(memory)
        self.data = PyByteArray_AS_STRING(memory)
        self.members = set()
        self.tick = 1.0

    def __dealloc__(self):
        out_free(&self.out)

    cdef int join(self, object connection, double shortest) except -1:
        """Check a connection's deadlines from now on.

        The tick is a quarter of the shortest timeout in use, from 50 ms to 1 s: a deadline is
        noticed at most one tick late and never early.
        """
        cdef double tick = min(max(shortest / 4, 0.05), 1.0)
        self.members.add(connection)
        if tick < self.tick:
            self.tick = tick
            if self.handle is not None:
                self.handle.cancel()
                self.handle = None
        if self.handle is None:
            self.handle = connection.loop.call_later(self.tick, self.sweep, connection.loop)
        return 0

    cdef int leave(self, object connection) except -1:
        self.members.discard(connection)
        if not self.members and self.handle is not None:
            # A pending timer would keep a loop alive that nobody runs any more.
            self.handle.cancel()
            self.handle = None
            self.tick = 1.0
        return 0

    def sweep(self, loop):
        """One pass over all connections; the timer rests while there are none."""
        self.handle = None
        for connection in tuple(self.members):
            try:
                connection.check_timeouts()
            except Exception:
                # The others have deadlines too. This one can no longer be trusted with its own.
                error_logger.exception("The deadlines of a connection failed; it is aborted")
                self.members.discard(connection)
                connection.abort()
        if self.members:
            self.handle = loop.call_later(self.tick, self.sweep, loop)
        else:
            self.tick = 1.0


cdef LoopState loop_state(object loop):
    cdef LoopState state
    state = states.get(loop)
    if state is None:
        state = states[loop] = LoopState()
    return state
