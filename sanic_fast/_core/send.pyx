"""The sending half of a connection: responses become bytes on the socket.

Answers gather in the loop's output buffer until the connection's turn ends; each turn ends with a
flush, and `own_output` sees to it that the buffer never holds bytes of two connections.
"""

import logging

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from libc.string cimport memset
from sanic_fast._core.accesslog cimport log_access
from sanic_fast._core.clock cimport now, precise
from sanic_fast._core.debug cimport SF_DEBUG
from sanic_fast._core.files cimport FileResponse, OpenFile, sf_in_memory, sf_sendfile
from sanic_fast._core.loopstate cimport LoopState
from sanic_fast._core.out cimport out_chunk_size, out_free, out_put
from sanic_fast._core.plan cimport SIG_SEND, AppPlan
from sanic_fast._core.receive cimport LIFE_OPEN, Receiver
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
    status_code,
    status_has_body,
    user_content_length,
    write_head,
)
from sanic_fast._core.stream cimport ST_RESPONSE, HttpStream
from sanic_fast._core.task cimport CANCEL_NONE, IN_GENERAL, Inner

from sanic_fast.exceptions import RequestCancelled, ServerError

cdef enum:
    SMALL_BODY = 16384      # up to here a body is copied behind its head into one write
    FLUSH_AT = 262144       # gathered answers are written at the latest when they reach this
    STREAM_FLUSH_AT = 65536  # pieces of a streamed answer likewise
    FILE_WINDOW = 1048576   # bytes of a file sent at once; then others get their turn

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
    int MSG_MORE
    int MSG_NOSIGNAL

cdef object logger = logging.getLogger("sanic.root")
cdef object send_file = None


cdef int set_file_sender(object sender) except -1:
    """What sends the body of a file response: `server.sendfile.send_file`."""
    global send_file
    send_file = sender
    return 0


cdef class Sender(Receiver):
    """Heads, bodies and streams of one connection on their way to the socket."""

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
                (<Sender>shared.owner).transmit(None)
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
        if SF_DEBUG:
            assert shared.owner is self or (shared.owner is None and head == 0), "another's bytes"
        shared.out.len = 0
        shared.owner = None
        if self.life != LIFE_OPEN or head + size == 0:
            return 0
        # In a step of the read callback the clock has just been read.
        self.last_write = self.last_read if self.entered and not self.put_off else now()
        if self.descriptor >= 0 and (self.queued or self.exposed):
            self.queued = self.wire.get_write_buffer_size() > 0
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
        if SF_DEBUG:
            assert not self.response_started, "two heads for one request"
        if self.life != LIFE_OPEN:
            raise RequestCancelled
        if self.expect_continue:
            self.send_continue()
        if (
            (self.stopping and (self.last_call or not self.more_input()))
            or not (<AppPlan>self.plan).keep_alive or framing == FRAME_CLOSE
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
            self.own_output()   # handlers of logging may have sent elsewhere
        return 0

    cdef int put_body(self, object body) except -1:  # HOT
        cdef Py_ssize_t size = PyBytes_GET_SIZE(body)
        if SF_DEBUG:
            assert self.shared.owner is self, "no head before this body"
        if size <= SMALL_BODY or self.keep_output:
            out_put(&self.shared.out, PyBytes_AS_STRING(body), size)
            if self.shared.out.len < FLUSH_AT or self.keep_output:
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
        cdef object own
        cdef long long length
        if type(response) is not HTTPResponse and type(response) is not JSONResponse and (
            isinstance(response, FileResponse) and (<FileResponse>response).opened is not None
        ) and send_file is not None and status_has_body(status) and not self.keep_output:
            return self.send_file_response(request, response, status)
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

    cdef int send_file_response(
        self, Request request, FileResponse response, int status
    ) except -1:
        """Head and file. What the socket does not take at once is left to `server.sendfile`."""
        cdef long long sent
        cdef HttpStream stream
        self.begin_response(request, response, status, FRAME_LENGTH, response.count)
        if request.head_only or response.count <= 0:
            self.response_complete = True
            return 0
        sent = self.send_file_now(response.opened, response.offset, response.count)
        if sent == response.count:
            self.response_complete = True
            return self.own_output()
        stream = request.get_stream()
        if stream is not None:
            stream.started = True       # if the file fails, nothing else can be answered
        self.inner = self.file_sender(response.place(sent))
        self.inner_kind = IN_GENERAL
        return 0

    cdef long long send_file_now(
        self, OpenFile opened, long long offset, long long count
    ) except -1:
        """Send what gathered and a part of a file on the socket itself, without waiting.

        Returns:
            How many bytes of the file are sent: 0 too where the transport has to do it (TLS, other
            loops, a queue before us), or the file must first be read from the disk.
        """
        cdef LoopState shared = self.shared
        cdef Py_ssize_t head = shared.out.len
        cdef ssize_t sent
        if self.life != LIFE_OPEN or self.descriptor < 0:
            return 0
        if self.queued or self.exposed:
            self.queued = self.wire.get_write_buffer_size() > 0
        if self.queued or self.is_closing() is not False:
            return 0
        count = min(count, FILE_WINDOW)
        # Judged by both ends of the part.
        if not (sf_in_memory(opened.fd, offset) and sf_in_memory(opened.fd, offset + count - 1)):
            return 0
        shared.out.len = 0
        shared.owner = None
        self.last_write = self.last_read if self.entered and not self.put_off else now()
        if head:
            sent = send(
                self.descriptor, shared.out.data, head, MSG_DONTWAIT | MSG_NOSIGNAL | MSG_MORE
            )
            if sent < head:
                sent = max(sent, 0)
                self.queued = True
                self.wire.write(PyBytes_FromStringAndSize(shared.out.data + sent, head - sent))
                return 0
        with nogil:
            sent = sf_sendfile(self.descriptor, opened.fd, offset, count)
        return max(sent, 0)     # whatever the error is, who goes on with the rest meets it again

    cdef object write_part(self, HttpStream stream, bytes data, bint end):
        cdef Py_ssize_t start
        if not (<AppPlan>self.plan).signals.bits & SIG_SEND:
            return self.put_part(stream, data, end)
        # Somebody wants to know the very bytes: they stay in the buffer until they are copied.
        self.own_output()
        start = self.shared.out.len
        self.keep_output = True
        try:
            waiter = self.put_part(stream, data, end)
        finally:
            self.keep_output = False
        if self.shared.owner is self and self.shared.out.len > start:
            stream.wire = PyBytes_FromStringAndSize(
                self.shared.out.data + start, self.shared.out.len - start
            )
        self.flush_stream()
        if self.shared.out.len == 0 and self.shared.out.cap > 2 * FLUSH_AT:
            out_free(&self.shared.out)      # of a whole body; all connections share it for good
        return self.drained() if waiter is None else waiter

    cdef object send_whole(self, Request request, BaseHTTPResponse response):
        """A whole response for a coroutine that goes on; an awaitable for the rest of a file."""
        cdef Inner kind = self.inner_kind
        sending = self.inner
        self.inner = None
        try:
            self.send_response(request, response)
            waiter = self.inner
        finally:
            self.inner = sending
            self.inner_kind = kind
        return self.drained() if waiter is None else waiter

    cdef object put_part(self, HttpStream stream, bytes data, bint end):
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
                waiter = self.send_whole(request, response)
                stream.started = stream.ended = True
                return waiter
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
        if not self.keep_output:
            self.flush_stream()
        return self.drained()

    cdef int flush_stream(self) except -1:
        """Pieces sent within one step of the handler leave together: at its next suspension or
        end."""
        if not self.stepping or self.shared.out.len >= STREAM_FLUSH_AT:
            self.flush()
        return 0

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
        if self.drain_waiter is None or self.drain_waiter.done():
            self.drain_waiter = self.loop.create_future()
        return self.drain_waiter

    cdef object file_sender(self, object place):
        self.flush()
        return self.send_file_then_finish(place)

    async def send_file_then_finish(self, place):
        """The body of a file response, by the kernel where the transport allows."""
        try:
            await send_file(self, *place)
        except RequestCancelled:
            return      # the client left in the middle, which is nobody's fault: cut
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
