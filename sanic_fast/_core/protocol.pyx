"""The life of one HTTP/1.1 connection: answers, keep-alive, deadlines, close.

`Receiver` makes complete requests, `TaskRunner` walks them through the application, this class
writes what comes of it. Answers gather in the loop's output buffer until the connection's turn
ends; each turn ends with a flush, and `own_output` sees to it that the buffer never holds bytes of
two connections.
"""

import logging
from asyncio import CancelledError

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from libc.stdlib cimport free
from libc.string cimport memset
from sanic_fast._core.accesslog cimport log_access
from sanic_fast._core.clock cimport now, precise
from sanic_fast._core.loopstate cimport LoopState, loop_state
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
from sanic_fast._core.response cimport (
    FRAME_CHUNKED,
    FRAME_CLOSE,
    FRAME_LENGTH,
    FRAME_NONE,
    BaseHTTPResponse,
    Framing,
    HTTPResponse,
    JSONResponse,
    body_bytes,
    out_chunk_size,
    out_put,
    status_code,
    status_has_body,
    user_content_length,
    write_head,
)
from sanic_fast._core.stream cimport ST_RESPONSE, HttpStream
from sanic_fast._core.task cimport (
    CANCEL_BODY,
    CANCEL_GONE,
    CANCEL_NONE,
    CANCEL_TIMEOUT,
    IN_GENERAL,
)

from sanic_fast.exceptions import RequestCancelled, RequestTimeout, ServerError

cdef enum:
    SMALL_BODY = 16384      # up to here a body is copied behind its head into one write
    FLUSH_AT = 262144       # gathered answers are written at the latest when they reach this
    STREAM_FLUSH_AT = 65536  # pieces of a streamed answer likewise

cdef extern from "sys/socket.h" nogil:
    struct iovec:
        void* iov_base
        size_t iov_len
    struct msghdr:
        iovec* msg_iov
        size_t msg_iovlen
    ssize_t send(int socket, const void* data, size_t size, int flags)
    ssize_t sendmsg(int socket, const msghdr* message, int flags)
    int MSG_DONTWAIT
    int MSG_NOSIGNAL

cdef object logger = logging.getLogger("sanic.root")
cdef object error_logger = logging.getLogger("sanic.error")
cdef object make_conn_info = None
cdef object send_file = None


def install_hooks(*, conn_info, send_file):
    """What this module needs of later ones: `ConnInfo` and the sender of files."""
    _install(conn_info, send_file)


cdef int _install(object conn_info, object sender) except -1:
    global make_conn_info, send_file
    make_conn_info = conn_info
    send_file = sender
    return 0


def begin_drain(connections):
    """From now on every answer on these connections says `connection: close`."""
    for connection in tuple(connections):
        (<Receiver?>connection).stopping = True


cdef int socket_of(object transport) except -2:
    """The descriptor that `flush` may send on: a plain stream socket of uvloop's, else -1."""
    cdef object kind = type(transport)
    if kind.__module__ == "uvloop.loop" and kind.__name__ in ("TCPTransport", "UnixTransport"):
        return transport.get_extra_info("socket").fileno()
    return -1


cdef class HttpProtocolBase(Receiver):
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
        if self.current is not None:
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
        """asyncio: the client sent its last byte; the transport closes when all is written."""
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
            self.proceed()

    # -- output ----------------------------------------------------------------------------------

    cdef int send_continue(self) except -1:
        if self.expect_continue:
            self.expect_continue = False
            self.own_output()
            out_put(&self.shared.out, b"HTTP/1.1 100 Continue\r\n\r\n", 25)
            if not self.stepping:
                self.flush()
        return 0

    cdef int flush(self) except -1:  # HOT
        """Send what gathered, in one write."""
        if self.shared.owner is not self:
            return 0
        return self.transmit(None)

    cdef int own_output(self) except -1:
        """Make the shared buffer ours. A handler may send on another connection's response, so what
        gathered for its own leaves first."""
        cdef LoopState shared = self.shared
        if shared.owner is not self:
            if shared.owner is not None:
                (<HttpProtocolBase>shared.owner).transmit(None)
            shared.owner = self
        return 0

    cdef int transmit(self, object body) except -1:  # HOT
        """Send what gathered and, behind it, a body.

        What the socket does not take now, the transport queues. PERF: sending on the socket saves
        a bytes object and the transport's own queue.
        """
        cdef LoopState shared = self.shared
        cdef Py_ssize_t head = shared.out.len
        cdef Py_ssize_t size = 0 if body is None else PyBytes_GET_SIZE(body)
        cdef Py_ssize_t sent = 0
        cdef iovec parts[2]
        cdef msghdr message
        shared.out.len = 0
        shared.owner = None
        if self.life != LIFE_OPEN or head + size == 0:
            return 0
        self.last_write = self.last_read
        if self.queued and self.wire.get_write_buffer_size() == 0:
            self.queued = False
        if self.descriptor >= 0 and not self.queued and self.is_closing() is False:
            if size == 0:
                sent = send(self.descriptor, shared.out.data, head, MSG_DONTWAIT | MSG_NOSIGNAL)
            else:
                memset(&message, 0, sizeof(message))
                parts[0].iov_base = shared.out.data
                parts[0].iov_len = head
                parts[1].iov_base = PyBytes_AS_STRING(body)
                parts[1].iov_len = size
                message.msg_iov = parts
                message.msg_iovlen = 2
                sent = sendmsg(self.descriptor, &message, MSG_DONTWAIT | MSG_NOSIGNAL)
            if sent == head + size:
                return 0
            if sent < 0:
                sent = 0        # full, or broken: the transport will find out and tell
        self.queued = True
        if sent < head:
            self.wire.write(PyBytes_FromStringAndSize(shared.out.data + sent, head - sent))
            sent = head
        if size:
            self.wire.write(body if sent == head else memoryview(body)[sent - head:])
        return 0

    cdef int begin_response(
        self, Request request, BaseHTTPResponse response, int status, Framing framing,
        long long length,
    ) except -1:  # HOT
        """Decide on keep-alive and write the head."""
        cdef Py_ssize_t before
        if self.life != LIFE_OPEN:
            raise RequestCancelled
        if self.expect_continue:
            self.send_continue()
        if (
            self.stopping or not (<AppPlan>self.plan).keep_alive or framing == FRAME_CLOSE
            or self.cancellation_left()
        ):
            self.keep_alive = False
        if framing == FRAME_NONE and PyBytes_GET_SIZE(body_bytes(response)):
            logger.warning(
                f"Message body set in response on {request.path}. A {status} response may only "
                "have headers, no body."
            )
        self.own_output()
        before = self.shared.out.len
        try:
            write_head(&self.shared.out, response, status, framing, length, self.keep_alive)
        except BaseException:
            self.shared.out.len = before
            raise
        self.response_started = True
        self.response_status = status
        self.framing = framing
        if (<AppPlan>self.plan).access_log:
            log_access(
                self, request, status,
                length if framing == FRAME_LENGTH else 0 if framing == FRAME_NONE else "chunked",
                precise() - self.began,
            )
        return 0

    cdef int put_body(self, object body) except -1:  # HOT
        cdef Py_ssize_t size = PyBytes_GET_SIZE(body)
        if size <= SMALL_BODY:
            out_put(&self.shared.out, PyBytes_AS_STRING(body), size)
            if self.shared.out.len < FLUSH_AT:
                return 0
            self.flush()
        else:
            self.transmit(body)
        return self.own_output()

    cdef int send_response(self, object request_, BaseHTTPResponse response) except -1:  # HOT
        """Send a complete response."""
        cdef Request request = request_
        cdef int status = status_code(response)
        cdef object body
        cdef object place = None
        cdef object own
        cdef long long length
        if type(response) is not HTTPResponse and type(response) is not JSONResponse:
            place = getattr(response, "_sf_file", None)
        if place is not None and send_file is not None and status_has_body(status):
            self.begin_response(request, response, status, FRAME_LENGTH, place[2])
            if not request.head_only and place[2]:
                self.inner = self.file_sender(place)
                self.inner_kind = IN_GENERAL
            else:
                self.response_complete = True
            return 0
        body = body_bytes(response)
        length = PyBytes_GET_SIZE(body)
        if not status_has_body(status):
            self.begin_response(request, response, status, FRAME_NONE, 0)
        else:
            if request.head_only and response._headers is not None:
                own = user_content_length(response)
                if own is not None:
                    length = own
            self.begin_response(request, response, status, FRAME_LENGTH, length)
            if not request.head_only:
                self.put_body(body)
        self.response_complete = True
        if request._stream is not None:
            request._stream.started = True
            request._stream.ended = True
        return 0

    cdef object write_part(self, HttpStream stream, bytes data, bint end):
        """A piece of a streamed response (RFC 9112 7.1); an awaitable while the peer is slow."""
        cdef Request request = self.current
        cdef BaseHTTPResponse response
        cdef Py_ssize_t size
        if stream.request is not request or stream.ended:
            if end and not data:
                return None
            raise ServerError(
                "Response stream was ended, no more response data is allowed to be sent."
            )
        if self.life != LIFE_OPEN or self.cancel_reason != CANCEL_NONE:
            raise RequestCancelled
        if not stream.started:
            response = stream.response
            if end and not data:
                place = getattr(response, "_sf_file", None)
                self.send_response(request, response)
                stream.started = True
                if self.inner is not None and place is not None:
                    waiter, self.inner = self.inner, None
                    stream.ended = True
                    return waiter
                stream.ended = True
                return self.drained()
            self.begin_stream(request, response, data, end)
            stream.started = True
            stream.stage_now = ST_RESPONSE
        size = PyBytes_GET_SIZE(data)
        self.own_output()
        if request.head_only or self.framing == FRAME_NONE:
            size = 0
        if self.framing == FRAME_LENGTH and not request.head_only:
            if size > self.response_left:
                stream.ended = True
                raise ServerError("Response was bigger than content-length")
            self.response_left -= size
            if size:
                self.put_body(data)
            if end and self.response_left:
                stream.ended = True
                raise ServerError("Response was smaller than content-length")
        elif self.framing == FRAME_CHUNKED and not request.head_only:
            if size:
                out_chunk_size(&self.shared.out, size)
                self.put_body(data)
                if end:
                    out_put(&self.shared.out, b"\r\n0\r\n\r\n", 7)
                else:
                    out_put(&self.shared.out, b"\r\n", 2)
            elif end:
                out_put(&self.shared.out, b"0\r\n\r\n", 5)
        elif size:
            self.put_body(data)
        if end:
            stream.ended = True
            self.response_complete = True
        # Pieces sent within one step of the handler leave together: at its next suspension or end.
        if not self.stepping or self.shared.out.len >= STREAM_FLUSH_AT:
            self.flush()
        return self.drained()

    cdef int begin_stream(
        self, Request request, BaseHTTPResponse response, bytes data, bint end
    ) except -1:
        """Choose the framing of a response that comes in pieces, and write its head."""
        cdef int status = status_code(response)
        cdef object own
        if not status_has_body(status):
            return self.begin_response(request, response, status, FRAME_NONE, 0)
        own = user_content_length(response)
        if own is None and end:
            own = PyBytes_GET_SIZE(data)
        if own is not None:
            self.response_left = own
            return self.begin_response(request, response, status, FRAME_LENGTH, own)
        if request.version == "1.0":
            return self.begin_response(request, response, status, FRAME_CLOSE, 0)
        return self.begin_response(request, response, status, FRAME_CHUNKED, 0)

    cdef object drained(self):
        """None while the peer keeps up, else a future that ends when it has caught up."""
        if not self.write_paused or self.life != LIFE_OPEN:
            return None
        if self.drain_waiter is None:
            self.drain_waiter = self.loop.create_future()
        return self.drain_waiter

    cdef object file_sender(self, object place):
        self.flush()
        return self.send_file_then_finish(place)

    async def send_file_then_finish(self, place):
        """The body of a file response, by the kernel where the transport allows."""
        await send_file(self, *place)
        self.response_complete = True

    def write_queued(self, data):
        """Write behind what the transport may hold; for who sends a body by itself."""
        self.queued = True
        self.wire.write(data)

    async def wait_drained(self):
        """Wait until the transport's write buffer is below its low-water mark."""
        waiter = self.drained()
        if waiter is not None:
            await waiter
        if self.life != LIFE_OPEN:
            raise RequestCancelled

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
        if (self.had_body and self.body_mode != BODY_NONE) or self.response_status >= 400:
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
        """Close the connection if it answers no request now; True if it was idle."""
        if self.current is None and self.ready is None and self.collecting is None:
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

    def upgrade(self, protocol):
        """Give the transport to another protocol; returns the bytes that came behind the head."""
        cdef bytes rest
        self.flush()
        rest = self.view[:self.view_len] if self.view_len else b""
        self.view_len = 0
        self.life = LIFE_UPGRADED
        self.shared.leave(self)
        self.response_complete = True
        self.wire.set_protocol(protocol)
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
            elif self.body_waiter_future is not None:
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
        """The transport. Who has it may write to it, so from now on everything goes through it."""
        self.descriptor = -1
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
