"""The life of one HTTP/1.1 connection: answers, keep-alive, deadlines, close.

`Receiver` makes complete requests, `TaskRunner` walks them through the application, `Sender` writes
what comes of it; this class ties them to the transport and to time.
"""

import logging
from asyncio import CancelledError

from libc.stdlib cimport free
from sanic_fast._core.accesslog cimport log_access
from sanic_fast._core.clock cimport now
from sanic_fast._core.loopstate cimport loop_state
from sanic_fast._core.plan cimport SIG_BEGIN, SIG_COMPLETE, AppPlan
from sanic_fast._core.receive cimport (
    BODY_LENGTH,
    BODY_NONE,
    LIFE_CLOSING,
    LIFE_LINGERING,
    LIFE_LOST,
    LIFE_OPEN,
    LIFE_UPGRADED,
    Receiver,
)
from sanic_fast._core.request cimport Request
from sanic_fast._core.send cimport Sender, set_file_sender
from sanic_fast._core.task cimport CANCEL_BODY, CANCEL_GONE, CANCEL_TIMEOUT

from sanic_fast.exceptions import RequestTimeout, ServerError

cdef object logger = logging.getLogger("sanic.root")
cdef object error_logger = logging.getLogger("sanic.error")
cdef object make_conn_info = None


def install_hooks(*, conn_info, send_file):
    """What this module needs of later ones: `ConnInfo` and the sender of files."""
    _install(conn_info)
    set_file_sender(send_file)


cdef int _install(object conn_info) except -1:
    global make_conn_info
    make_conn_info = conn_info
    return 0


cdef enum:
    LINGER = 1      # s for a client to close after its last answer, while the server stops


def begin_drain(connections, bint last_call=False):
    """From now on the last answer on each of these connections says `connection: close`.

    Args:
        last_call: the next one is the last, whatever has been received behind it.
    """
    cdef Receiver each
    for connection in tuple(connections):
        each = connection
        each.last_call = last_call
        if not each.stopping:
            each.stopping = True
            each.stopping_at = now()


def close_idle(connections, double idle, double fresh):
    """Close the connections that have waited long enough for a request; websockets at once.

    Args:
        idle: seconds without a request, counted from `begin_drain` at the earliest.
        fresh: the same for a connection that had none so far, counted from its beginning: a client
            does not repeat the first request of a connection.
    """
    cdef Receiver each
    cdef double at = now()
    for connection in tuple(connections):
        each = connection
        if each.life == LIFE_LINGERING:
            if at - each.closing_at > LINGER:
                each.wire.close()
        elif each.life == LIFE_UPGRADED or each.is_quiet(at, idle, fresh):
            connection.close_if_idle()


cdef int socket_of(object transport) except -2:
    """The descriptor that `flush` may send on: a plain stream socket of uvloop's, else -1."""
    cdef object kind = type(transport)
    if kind.__module__ == "uvloop.loop" and kind.__name__ in ("TCPTransport", "UnixTransport"):
        return transport.get_extra_info("socket").fileno()
    return -1


cdef class HttpProtocolBase(Sender):
    """The compiled protocol; `HttpProtocol` is the class that users name and extend.

    Args:
        loop: the running event loop.
        app: the application.
        connections: the server's set of open connections; it adds and removes itself.
        state: the server's dict; `requests_count` counts requests.
        unix: the path of the unix socket, or None.
    """

    def __cinit__(self, *args, **kwargs):
        self.response_left = -1

    def __init__(
        self, *, loop, app, signal=None, connections=None, state=None, unix=None, **kwargs
    ):
        self.loop = loop
        self.app = app
        self.signal = signal
        self.connections = set() if connections is None else connections
        self.state = {"requests_count": 0} if state is None else state
        self.state.setdefault("requests_count", 0)
        self._unix = unix
        self.plan = app._plan

    def __dealloc__(self):
        free(self.block)

    def __repr__(self):
        return f"<{type(self).__name__} {'closed' if self.life == LIFE_LOST else 'open'}>"

    # -- asyncio callbacks -----------------------------------------------------------------------

    def connection_made(self, transport):
        """asyncio: the connection is open."""
        cdef AppPlan plan = self.plan
        self.wire = transport
        self.descriptor = socket_of(transport)
        self.is_closing = transport.is_closing
        self.shared = loop_state(self.loop)
        self.connections.add(self)
        if getattr(self.signal, "stopped", False):
            self.stopping = True
            self.stopping_at = now()
        plan.refresh_overrides()
        if plan.config_cell.value != plan.config_seen:
            plan.refresh_config()
        self.last_read = self.last_write = now()
        self.shared.join(
            self, min(plan.keep_alive_timeout, plan.request_timeout, plan.response_timeout)
        )
        if plan.signals.bits & SIG_BEGIN:
            self.opening = self.loop.create_task(
                self.app.dispatch(
                    "http.lifecycle.begin", inline=True, context={"conn_info": self.conn_info}
                )
            )

    def connection_lost(self, exc):
        """asyncio: the connection is over."""
        if self.life == LIFE_LOST:
            return
        self.life = LIFE_LOST
        self.connections.discard(self)
        self.shared.leave(self)
        self.count_requests()
        if self._conn_info is not None:
            self._conn_info.lost = True
        self.release_waiters()
        if self.upgraded is not None:
            self.upgraded = None
            if self.current is None:
                self.finish_task()
        elif self.current is not None:
            if self.plan.access_log:
                log_access(
                    self, self.current, self.response_status or "Stage.HANDLER",
                    "DISCONNECTED", -1.0,
                )
            self.cancelled_at = now()
            self.cancel_exchange(CANCEL_GONE, "The client closed the connection")
        else:
            self.finish_task()
        if self.plan.signals.bits & SIG_COMPLETE:
            self.loop.create_task(self.closed_event(self.task))
        self.ready = self.collecting = None
        self.body_block = None
        self.view_len = 0
        free(self.block)
        self.block = NULL

    async def closed_event(self, task):
        """`http.lifecycle.complete`, after everything else of the connection."""
        if task is not None and not task.done():
            try:
                await task
            except (Exception, CancelledError):
                pass
        await self.app.dispatch(
            "http.lifecycle.complete", inline=True, context={"conn_info": self.conn_info}
        )

    def eof_received(self):
        """asyncio: the client sent its last byte; the transport closes when all is written.

        Nothing is parsed or answered any more: the transport takes no new bytes from here on, and
        on asyncio from 3.12 a write would disturb its last ones.
        """
        if self.life == LIFE_OPEN:
            self.life = LIFE_CLOSING
            self.closing_at = now()
        return False

    def pause_writing(self):
        """asyncio: the client reads slower than we write. May come inside a write: flag only."""
        self.write_paused = True
        self.unsent = -1

    def resume_writing(self):
        """asyncio: the client caught up."""
        self.write_paused = False
        self.last_write = now()
        waiter, self.drain_waiter = self.drain_waiter, None
        if waiter is not None and not waiter.done():
            waiter.set_result(None)
        if self.current is None and self.life == LIFE_OPEN:
            self.put_off = True
            try:
                self.proceed()
            finally:
                self.put_off = False

    # -- end of an exchange, end of the connection -----------------------------------------------

    def keep_alive_off(self):
        self.keep_alive = False

    cdef int exchange_done(self, bint failed) except -1:  # HOT
        cdef Request request = self.current
        if request is not None:
            request.stream_off = True
            if request._stream is not None:
                # Request, stream and response hold each other: let go, so that they end by count.
                request._stream.ended = True
                request._stream.request = request._stream.response = None
            if (
                self.body_mode != BODY_NONE and 200 <= self.response_status < 300
                and self.response_complete and not (
                    request.compiled is not None and request.compiled.ignore_body
                )
            ):
                error_logger.error(f"{request!r} body not consumed.")
        self.cancelled_at = 0
        self.body_waiter_future = None
        if self.life == LIFE_LOST:
            self.coroutine.runner = None
            self.idle.runner = None
            return 0
        if not self.response_complete:
            if self.life == LIFE_OPEN:
                self.cut()
        elif not self.keep_alive:
            self.close_after_answer()
        elif self.body_mode != BODY_NONE:
            self.body_total = 0
            if self.body_mode == BODY_LENGTH and self.body_left > (<AppPlan>self.plan).max_body:
                self.close_after_answer()
        if self.life != LIFE_OPEN:
            self.coroutine.runner = None        # no request follows: the task ends now
        self.response_started = self.response_complete = False
        self.response_status = 0
        self.response_left = -1
        if self.read_paused and not self.yielded_turn and self.life == LIFE_OPEN:
            self.read_paused = False
            self.wire.resume_reading()
        return 0

    cdef int cut(self) except -1:
        """End a connection whose answer cannot be completed: no final chunk, no more bytes."""
        self.flush()
        self.life = LIFE_CLOSING
        self.closing_at = now()
        self.view_len = 0
        self.wire.close()
        return 0

    cdef int close_transport(self) except -1:
        if self.life == LIFE_OPEN or self.life == LIFE_LINGERING:
            self.flush()
            self.life = LIFE_CLOSING
            self.closing_at = now()
            self.wire.close()
        return 0

    cdef int close_after_answer(self) except -1:
        """Close in a way that lets the answer arrive (RFC 9112 9.6): our side first, then, if the
        client may still be sending, its side too, thrown away for a short time."""
        self.flush()
        if self.life != LIFE_OPEN:
            return 0
        self.closing_at = now()
        self.view_len = 0
        if (
            (self.had_body and self.body_mode != BODY_NONE) or self.response_status >= 400
            or self.stopping
        ):
            try:
                if self.wire.can_write_eof():
                    self.life = LIFE_LINGERING
                    self.body_total = 0
                    self.wire.write_eof()
                    return 0
            except (NotImplementedError, OSError, RuntimeError):
                pass
        self.life = LIFE_CLOSING
        self.wire.close()
        return 0

    cdef int release_waiters(self) except -1:
        for waiter in (self.drain_waiter, self.body_waiter_future):
            if waiter is not None and not waiter.done():
                waiter.set_result(None)
        self.drain_waiter = self.body_waiter_future = None
        return 0

    def close_if_idle(self):
        """Close the connection if no request is here, or half here; True if it was idle."""
        if (
            self.current is None and self.ready is None and self.collecting is None
            and not self.more_input()
        ):
            if self.body_mode != BODY_NONE:     # the client still sends what nobody wants
                self.close_after_answer()
            else:
                self.close_transport()
            return True
        self.stopping = True
        return False

    def close(self, timeout=None):
        """Close when what was written has been sent; abort after `timeout` seconds."""
        self.close_transport()
        if timeout is not None and self.wire is not None:
            self.loop.call_later(timeout, self.abort)

    def abort(self):
        """Drop the connection at once."""
        if self.wire is not None and self.life != LIFE_LOST:
            self.wire.abort()

    def upgrade(self, receiver):
        """Leave HTTP: `receiver` is called with all bytes to come; returns those behind the head.

        Flow control, deadlines and the end of the connection are then up to who called: a subclass
        that extends `pause_writing`, `resume_writing`, `eof_received` and `connection_lost`. The
        request goes on until its handler ends, even when the connection is lost before.

        Raises:
            ServerError: the connection is closed, or a part of the body was not read.
        """
        cdef bytes rest
        if self.life != LIFE_OPEN or self.body_mode != BODY_NONE or self.response_started:
            raise ServerError("The connection cannot be upgraded now.")
        self.flush()
        rest = self.view[:self.view_len] if self.view_len else b""
        self.view_len = 0
        if not self.view_lent:
            self.keep_rest()
        self.life = LIFE_UPGRADED
        self.upgraded = receiver
        self.shared.leave(self)
        self.response_complete = True
        if self.read_paused:
            self.read_paused = False
            self.wire.resume_reading()
        return rest

    # -- deadlines -------------------------------------------------------------------------------

    def check_timeouts(self):
        """Called once a tick: does whatever is due on this connection."""
        cdef AppPlan plan = self.plan
        cdef double at = now()
        cdef double latest = max(self.last_read, self.last_write)
        self.count_requests()
        if self.life == LIFE_LINGERING or self.life == LIFE_CLOSING:
            if (
                at - self.closing_at > self.app.config.GRACEFUL_TCP_CLOSE_TIMEOUT
                and not self.moving(at)
            ):
                self.wire.abort()
            return
        if self.life != LIFE_OPEN:
            return
        if self.write_paused:
            if self.moving(at):
                self.last_write = at
            elif at - self.last_write > plan.response_timeout:
                logger.debug("Response Timeout. Closing connection.")
                self.wire.abort()
            return
        if self.current is not None:
            if self.cancelled_at:
                if at - self.cancelled_at > 1.0:
                    error_logger.error(
                        f"{self.current!r} ignored its cancellation; connection aborted."
                    )
                    self.wire.abort()
            elif self.body_waiter_future is not None and not self.body_waiter_future.done():
                if at - self.last_read > plan.request_timeout:
                    logger.debug("Request Timeout. Closing connection.")
                    self.time_out(CANCEL_BODY, "Cancel connection task with a timeout")
            elif at - latest > plan.response_timeout:
                logger.debug("Response Timeout. Closing connection.")
                self.time_out(CANCEL_TIMEOUT, "Cancel connection task with a timeout")
        elif self.collecting is not None:
            if at - self.last_read > plan.request_timeout:
                logger.debug("Request Timeout. Closing connection.")
                self.ready, self.collecting = self.collecting, None
                self.body_block = None
                self.give_up(RequestTimeout("Request Timeout"))
        elif self.head_began:
            if at - self.head_began > plan.request_timeout:
                logger.debug("Request Timeout. Closing connection.")
                self.head_began = 0
                self.ready = self.refuse(400, "Request Timeout", NULL)
                self.give_up(RequestTimeout("Request Timeout"))
        elif self.ready is None and at - latest > plan.keep_alive_timeout:
            logger.debug("KeepAlive Timeout. Closing connection.")
            self.close_transport()

    cdef int give_up(self, object error) except -1:
        """Answer a request that never became complete."""
        self.preset_error = error
        self.keep_alive = False
        self.view_len = 0
        if self.task is None:
            self.start_task()
        else:
            self.enter()
        return 0

    cdef int time_out(self, int reason, str message) except -1:
        self.cancelled_at = now()
        self.keep_alive = False
        if reason == CANCEL_BODY:
            self.cancel_exchange(CANCEL_BODY, message)
        else:
            self.cancel_exchange(CANCEL_TIMEOUT, message)
        return 0

    cdef bint moving(self, double at) except -1:
        """Whether the transport's write buffer shrank since the last look."""
        cdef Py_ssize_t unsent = self.wire.get_write_buffer_size()
        cdef bint shrank = unsent < self.unsent or self.unsent < 0
        self.unsent = unsent
        return shrank and unsent > 0

    cdef int count_requests(self) except -1:
        if self.requests_count:
            self.state["requests_count"] += self.requests_count
            self.requests_count = 0
        return 0

    # -- what programs read ----------------------------------------------------------------------

    @property
    def transport(self):
        """The transport. Who has it may write to it: its queue is looked at before each send."""
        self.exposed = True
        return self.wire

    @property
    def conn_info(self):
        """The connection's `ConnInfo`, made on first use."""
        if self._conn_info is None and self.wire is not None:
            self._conn_info = make_conn_info(self.wire, unix=self._unix)
            self._conn_info.lost = self.life == LIFE_LOST
        return self._conn_info

    @property
    def ctx(self):
        """`conn_info.ctx`: the application's own data on this connection."""
        return self.conn_info.ctx if self.wire is not None else None

    @property
    def request(self):
        """The request in progress, or None."""
        return self.current
