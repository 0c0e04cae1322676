"""The receiving half of a connection: bytes become complete requests, bodies are metered.

Bytes arrive in the loop's one receive buffer (`get_buffer`/`buffer_updated`) and are parsed where
they lie; only what is left when the callback ends is copied to a block of the connection's own. A
large body of known length is received straight into the bytes object that the request will have.
"""

from cpython.bytearray cimport PyByteArray_AS_STRING, PyByteArray_GET_SIZE
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from cpython.memoryview cimport PyMemoryView_FromMemory
from libc.stdlib cimport abort, free, realloc
from libc.string cimport memcpy, memmove, memset
from sanic_fast._core cimport capi
from sanic_fast._core.clock cimport now, precise
from sanic_fast._core.debug cimport SF_DEBUG
from sanic_fast._core.dispatch cimport routing_error
from sanic_fast._core.loopstate cimport LoopState
from sanic_fast._core.parser cimport Head, parse_head, skip_empty_lines
from sanic_fast._core.plan cimport SIG_PER_REQUEST, AppPlan
from sanic_fast._core.pyhttp cimport PYHTTP_DONE, PYHTTP_INCOMPLETE
from sanic_fast._core.request cimport Request, new_request
from sanic_fast._core.router cimport CompiledRoute
from sanic_fast._core.stream cimport WAIT, HttpStream
from sanic_fast._core.task cimport TaskRunner

from sanic_fast.compat import Header
from sanic_fast.exceptions import (
    BadRequest,
    ExpectationFailed,
    PayloadTooLarge,
    RequestCancelled,
    SanicException,
    URITooLong,
)

cdef extern from "Python.h":
    object PyUnicode_DecodeASCII(const char* data, Py_ssize_t size, const char* errors)
    int PyBUF_WRITE

cdef extern from "sys/socket.h" nogil:
    ssize_t recv(int socket, void* data, size_t size, int flags)
    int MSG_DONTWAIT
    int MSG_PEEK

cdef enum:
    TURN_REQUESTS = 64      # requests one connection may have in one turn of the loop
    TURN_MARK = 8           # requests after which the end of the turn is asked for
    FIRST_BODY_BLOCK = 4194304
    LINGER_BYTES = 16777216

cdef object V11 = "1.1"
cdef object V10 = "1.0"
cdef object GET = "GET"
cdef object POST = "POST"


cdef object method_name(const char* method, Py_ssize_t size):
    if size == 3 and method[0] == 71 and method[1] == 69 and method[2] == 84:
        return GET
    if size == 4 and method[0] == 80 and method[1] == 79 and method[2] == 83 and method[3] == 84:
        return POST
    return PyUnicode_DecodeASCII(method, size, NULL)


# The stations of a complete head. PERF: as functions of this file, called once each, they are
# inlined; as methods they would be calls through the class's table.

cdef Request make_request(Receiver self, AppPlan plan, Head* head, Py_ssize_t size):  # HOT
    """The request of a head at the view's front; its bytes are copied here, once."""
    cdef Request request
    cdef object raw = PyBytes_FromStringAndSize(self.view, size - 4)
    cdef Py_ssize_t target_at = head.target - self.view
    if plan.plain_request:
        request = new_request(
            self.app, self, raw, method_name(head.method, head.method_len),
            V11 if head.minor_version == 1 else V10,
        )
    else:
        request = plan.request_class(
            url_bytes=head.target[:head.target_len],
            headers=new_request(self.app, self, raw, "", V11).get_headers(),
            version=V11 if head.minor_version == 1 else V10,
            method=method_name(head.method, head.method_len),
            transport=self.wire, app=self.app, head=raw,
        )
        request.sink = self
        request._raw_url = None
    request.target_off = target_at
    request.target_len = head.target_len
    request.target = head.parts
    request.head_only = head.method_len == 4 and (head.method[:4] == b"HEAD")
    return request


cdef int begin_message(Receiver self, AppPlan plan, Head* head) except -1:  # HOT
    """Take over what a head says of its body and its connection."""
    self.keep_alive = head.keep_alive
    self.had_body = head.content_length > 0 or head.chunked
    # From HTTP/1.0 it is ignored (RFC 9110 10.1.1).
    self.expect_continue = head.expect_continue and self.had_body and head.minor_version == 1
    self.body_total = 0
    self.body_limit = plan.max_body
    if plan.access_log:
        self.began = precise()
    if head.chunked:
        self.body_mode = BODY_CHUNKED
        memset(&self.chunks, 0, sizeof(self.chunks))
    elif self.had_body:
        self.body_mode = BODY_LENGTH
        self.body_left = head.content_length
    else:
        self.body_mode = BODY_NONE
    self.general = not plan.compiled or plan.signals.bits & SIG_PER_REQUEST
    return 0


cdef CompiledRoute find_route(Receiver self, AppPlan plan, Request request, Head* head):  # HOT
    """The route by the compiled table, or None with the error to answer."""
    cdef const char* path = head.target + head.parts.path
    cdef Py_ssize_t path_len = head.parts.path_len
    cdef CompiledRoute route
    if path_len == 0 or (path_len == 1 and path[0] == 42):    # "*": the server itself
        path = b"/"
        path_len = 1
    route = plan.table.match(
        head.method, head.method_len, path, path_len, head.host, head.host_len
    )
    if route is None:
        self.preset_error = routing_error(plan, request)
        return None
    if route.cell.value != route.seen:
        route.refresh()
    request.compiled = route
    request._match_info = plan.table.params
    return route


cdef class Receiver(TaskRunner):
    """Buffers, heads, bodies, pipelining and fairness of one connection."""

    def get_buffer(self, sizehint):
        """asyncio: memory for the next read."""
        cdef LoopState shared = self.shared
        if self.collecting is not None and self.body_mode == BODY_LENGTH and self.view_len == 0:
            self.reading_body = True
            return PyMemoryView_FromMemory(
                PyBytes_AS_STRING(self.body_block) + self.body_filled,
                min(PyBytes_GET_SIZE(self.body_block) - self.body_filled, self.body_left),
                PyBUF_WRITE,
            )
        self.reading_body = False       # a read may end without `buffer_updated`
        if shared.lent:
            self.spare = bytearray(65536)       # fed from inside a handler
            return memoryview(self.spare)
        return shared.buffer

    def buffer_updated(self, Py_ssize_t size):
        """asyncio: the memory of the last `get_buffer` holds this many bytes."""
        cdef LoopState shared = self.shared
        self.last_read = now()
        if self.reading_body:
            self.reading_body = False
            if self.collecting is None:
                return
            self.body_filled += size
            self.body_left -= size
            self.proceed()
            return
        if self.spare is not None:
            spare, self.spare = self.spare, None
            self.feed(PyByteArray_AS_STRING(spare), size)
            return
        shared.lent = True
        try:
            self.feed(shared.data, size)
        finally:
            shared.lent = False
            if SF_DEBUG:        # whoever kept a pointer reads nonsense from now on
                memset(shared.data, 0xDD, size)

    def data_received(self, data):
        """Bytes not by `get_buffer`: what was left of an upgrade, in-process clients."""
        cdef bytearray piece = bytearray(data)      # a copy: chunks are decoded in place
        self.last_read = now()
        self.feed(PyByteArray_AS_STRING(piece), PyByteArray_GET_SIZE(piece))

    cdef inline void consume(self, Py_ssize_t size) noexcept:
        if SF_DEBUG and not 0 <= size <= self.view_len:
            abort()
        self.view += size
        self.view_len -= size

    cdef int append_input(self, const char* data, Py_ssize_t size) except -1:
        """Add to the connection's own block, moving what is left of it to its front first."""
        cdef Py_ssize_t wanted = self.view_len + size
        cdef Py_ssize_t cap = self.block_cap
        cdef char* grown
        if self.block is not NULL and self.view_len and self.view != self.block:
            memmove(self.block, self.view, self.view_len)
        if wanted > cap or self.block is NULL:
            cap = cap * 2 if cap * 2 > wanted else wanted
            grown = <char*>realloc(self.block, cap)
            if grown is NULL:
                raise MemoryError
            self.block = grown
            self.block_cap = cap
        memcpy(self.block + self.view_len, data, size)
        self.view = self.block
        self.view_len = wanted
        return 0

    cdef int keep_rest(self) except -1:
        """Before the loop's buffer is given back, copy what is still unread."""
        cdef const char* rest = self.view
        cdef Py_ssize_t size = self.view_len
        if self.view_lent:
            self.view_lent = False
            self.view_len = 0
            if size:
                self.append_input(rest, size)
                return 0
        if self.view_len == 0 and self.block is not NULL:
            free(self.block)
            self.block = NULL
            self.block_cap = 0
        if SF_DEBUG and self.view_len:
            assert self.block <= self.view, "unread input outside the connection's own block"
            assert self.view + self.view_len <= self.block + self.block_cap
        return 0

    cdef int feed(self, const char* data, Py_ssize_t size) except -1:  # HOT
        if self.life != LIFE_OPEN:
            if self.life == LIFE_UPGRADED:
                self.upgraded(PyBytes_FromStringAndSize(data, size))
            elif self.life == LIFE_LINGERING:
                self.body_total += size
                if self.body_total > LINGER_BYTES:
                    self.wire.abort()
            return 0
        if self.view_lent:
            self.keep_rest()    # fed again from inside a handler of ours
        if self.view_len:
            self.append_input(data, size)
        else:
            self.view = data
            self.view_len = size
            self.view_lent = True
        try:
            self.proceed()
        finally:
            self.keep_rest()
        return 0

    cdef int proceed(self) except -1:  # HOT
        """Do what the bytes that are here allow."""
        if self.current is not None or self.stepping:
            if self.body_waiter_future is not None and self.view_len:
                waiter, self.body_waiter_future = self.body_waiter_future, None
                if not waiter.done():
                    waiter.set_result(None)
            if self.view_len >= (<AppPlan>self.plan).buffer_size and not self.read_paused:
                self.read_paused = True
                self.wire.pause_reading()
            return 0
        if self.ready is None and not self.write_paused and not self.yielded_turn:
            self.ready = self.parse_next()
        if self.ready is None:
            if self.yielded_turn or self.write_paused:
                if self.view_len >= (<AppPlan>self.plan).buffer_size and not self.read_paused:
                    self.read_paused = True
                    self.wire.pause_reading()
            elif self.read_paused and self.life == LIFE_OPEN:
                self.read_paused = False    # what is missing can only come by reading on
                self.wire.resume_reading()
            return 0
        if self.task is None:
            self.start_task()
        else:
            self.enter()
        return 0

    cdef Request take_ready(self):
        cdef Request request = self.ready
        if request is not None:
            self.ready = None
        elif self.life == LIFE_OPEN and not self.write_paused:
            if self.turn_count >= TURN_REQUESTS:
                self.yield_turn()
                return None
            request = self.parse_next()
            if request is None:
                return None
        else:
            return None
        self.requests_count += 1
        self.turn_count += 1
        if self.turn_count >= TURN_MARK and not self.turn_marked:
            self.turn_marked = True
            self.loop.call_soon(self.turn_over)
        return request

    def turn_over(self):
        """A turn of the loop has passed: the connection may work again."""
        self.turn_marked = False
        self.turn_count = 0
        if self.yielded_turn:
            self.yielded_turn = False
            if self.life == LIFE_OPEN:
                if self.read_paused:
                    self.read_paused = False
                    self.wire.resume_reading()
                self.proceed()
                self.keep_rest()

    def yield_turn(self):
        """Let other connections have this turn of the loop; go on in the next one."""
        self.yielded_turn = True
        if not self.read_paused:
            self.read_paused = True
            self.wire.pause_reading()

    cdef Request parse_next(self):  # HOT
        """The next request that is complete as far as its route wants it, or None."""
        cdef AppPlan plan = self.plan
        cdef Head head
        cdef Py_ssize_t size
        if self.collecting is not None:
            return self.collect()
        if self.life != LIFE_OPEN:
            return None
        if self.body_mode != BODY_NONE and not self.discard_body():
            return None
        if self.view_len == 0:
            return None
        size = skip_empty_lines(self.view, self.view_len, &self.empty_lines)
        if size:
            self.consume(size)
            self.head_seen = 0
            self.head_began = 0
            if self.view_len == 0:
                return None
        if plan.config_cell.value != plan.config_seen:
            plan.refresh_config()
        size = parse_head(self.view, self.view_len, self.head_seen, plan.max_head, &head)
        if size == PYHTTP_INCOMPLETE:
            self.head_seen = self.view_len
            if self.head_began == 0:
                self.head_began = self.last_read
            return None
        self.head_seen = 0
        self.head_began = 0
        self.empty_lines = 0
        if size < 0:
            return self.refuse(head.fault.status, head.fault.reason.decode(), &head)
        return self.head_complete(&head, size)

    cdef Request refuse(self, int status, object message, Head* head):
        """Stand-in request for a head that is no request; its answer ends the connection."""
        cdef AppPlan plan = self.plan
        cdef Request request
        if status in (414, 431) and plan.max_head == plan.max_body:
            status = 413
        if message == "Bad URL":
            message = f"Bad URL: {head.target[:head.target_len].decode('latin-1')}"
        self.preset_error = (
            URITooLong(message) if status == 414
            else PayloadTooLarge(message) if status == 413
            else BadRequest(message) if status == 400
            else SanicException(message, status_code=status, quiet=True)
        )
        # Nothing of this connection is parsed any more (RFC 9112 11.2).
        self.view_len = 0
        self.keep_alive = False
        self.had_body = self.expect_continue = False
        self.general = False
        self.began = precise()
        request = plan.request_class(
            url_bytes=b"*", headers=Header({}), version="1.1", method="NONE",
            transport=self.wire, app=self.app,
        )
        request.sink = self
        return request

    cdef Request head_complete(self, Head* head, Py_ssize_t size):  # HOT
        cdef AppPlan plan = self.plan
        cdef Request request = make_request(self, plan, head, size)
        cdef CompiledRoute route = None
        begin_message(self, plan, head)
        if not self.general:
            route = find_route(self, plan, request, head)
        if self.had_body and head.expect_unknown:
            self.preset_error = ExpectationFailed(
                f"Unknown Expect: {head.expect[:head.expect_len].decode('latin-1')}"
            )
            self.keep_alive = False
        self.consume(size)
        if not self.had_body:
            return request
        if route is not None and route.stream:
            self.body_limit = -1
        elif not self.general and self.body_mode == BODY_LENGTH and self.body_left > plan.max_body:
            self.keep_alive = False
            self.expect_continue = False
            if self.preset_error is None:       # 404 and 405 come before the body
                self.preset_error = PayloadTooLarge("Request body exceeds the size limit")
        if self.preset_error is not None or route is None or route.stream or route.ignore_body:
            return request
        if self.body_mode == BODY_LENGTH and self.view_len >= self.body_left:
            request.body = PyBytes_FromStringAndSize(self.view, self.body_left)
            self.consume(self.body_left)
            self.body_mode = BODY_NONE
            self.expect_continue = False
            return request
        self.collecting = request
        self.body_filled = 0
        if self.body_mode == BODY_LENGTH:
            self.body_block = PyBytes_FromStringAndSize(NULL, min(self.body_left, FIRST_BODY_BLOCK))
        else:
            self.body_block = PyBytes_FromStringAndSize(NULL, 4096)
        self.send_continue()
        return self.collect()

    # -- request bodies --------------------------------------------------------------------------

    cdef int grow_body(self, Py_ssize_t wanted) except -1:
        cdef bytes grown
        cdef Py_ssize_t size = PyBytes_GET_SIZE(self.body_block)
        if wanted <= size:
            return 0
        size = max(size * 2, wanted)
        grown = PyBytes_FromStringAndSize(NULL, size)
        memcpy(PyBytes_AS_STRING(grown), PyBytes_AS_STRING(self.body_block), self.body_filled)
        self.body_block = grown
        return 0

    cdef Request collect(self):
        """Take body bytes of a request whose handler wants the whole body."""
        cdef Request request = self.collecting
        cdef Py_ssize_t size
        cdef int code
        if self.body_mode == BODY_LENGTH:
            size = min(self.view_len, self.body_left)
            if size:
                self.grow_body(self.body_filled + size)
                memcpy(PyBytes_AS_STRING(self.body_block) + self.body_filled, self.view, size)
                self.body_filled += size
                self.body_left -= size
                self.consume(size)
            if self.body_left:
                if self.body_filled == PyBytes_GET_SIZE(self.body_block):
                    self.grow_body(
                        self.body_filled + min(self.body_left, max(self.body_filled, 65536))
                    )
                return None
        else:
            code = self.decode_chunks(&size)
            if size:
                self.grow_body(self.body_filled + size)
                memcpy(PyBytes_AS_STRING(self.body_block) + self.body_filled, self.view, size)
                self.body_filled += size
            self.view += self.chunk_consumed
            self.view_len -= self.chunk_consumed
            if self.body_filled > self.body_limit:
                self.preset_error = PayloadTooLarge("Request body exceeds the size limit")
            elif code != PYHTTP_DONE and code != PYHTTP_INCOMPLETE:
                self.preset_error = BadRequest("Bad chunked encoding")
            elif code != PYHTTP_DONE:
                return None
            if self.preset_error is not None:
                self.keep_alive = False
                self.view_len = 0
        if self.body_filled == PyBytes_GET_SIZE(self.body_block):
            request.body = self.body_block
        else:
            request.body = self.body_block[:self.body_filled]
        self.body_block = None
        self.body_mode = BODY_NONE
        self.collecting = None
        return request

    cdef int decode_chunks(self, Py_ssize_t* decoded) noexcept:
        """Decode what is here in place; `decoded` bytes of body then stand at the view's front."""
        cdef size_t consumed, size
        cdef int code = capi.decode_chunked(
            &self.chunks, self.view, self.view_len, <char*>self.view, &consumed, &size
        )
        decoded[0] = size
        self.chunk_consumed = consumed
        return code

    cdef bint discard_body(self) except -1:
        """Throw away the body of an answered request; True once it is over."""
        cdef Py_ssize_t size
        cdef int code
        if self.body_mode == BODY_LENGTH:
            size = min(self.view_len, self.body_left)
            self.consume(size)
            self.body_left -= size
            if self.body_left:
                return False
        else:
            code = self.decode_chunks(&size)
            self.body_total += size
            self.consume(self.chunk_consumed)
            if code == PYHTTP_INCOMPLETE and self.body_total <= self.plan.max_body:
                return False
            if code != PYHTTP_DONE:
                self.close_after_answer()
                return False
        self.body_mode = BODY_NONE
        return True

    cdef bint more_input(self) except -1:
        """Whether bytes of a further request are here, behind the one being answered if any."""
        cdef char first
        if self.body_mode != BODY_NONE:
            return self.body_mode == BODY_LENGTH and self.view_len > self.body_left
        if self.view_len > 0:
            return True
        # Or in the kernel, where the loop has not come to read them.
        wire = self.wire
        if wire is None or wire.is_closing():
            return False
        socket = wire.get_extra_info("socket")
        if socket is None or socket.fileno() < 0:
            return False
        return recv(socket.fileno(), &first, 1, MSG_PEEK | MSG_DONTWAIT) > 0

    cdef bint is_quiet(self, double at, double idle, double fresh) noexcept:
        """Whether it has waited for a request long enough; see `close_idle`."""
        cdef double latest = max(self.last_read, self.last_write)
        if at - max(latest, self.stopping_at) < idle:
            return False
        return self.task is not None or at - latest >= fresh

    cdef object take_body(self, HttpStream stream):
        """Body bytes that are here, None at the end of the body, or WAIT."""
        cdef Py_ssize_t size
        cdef int code
        cdef object data
        if stream.request is None or stream.request is not self.current:
            return None
        if self.body_mode == BODY_NONE:
            return None
        if self.life == LIFE_LOST:
            raise RequestCancelled
        if self.body_limit >= 0 and self.body_mode == BODY_LENGTH and (
            self.body_total + self.body_left > self.body_limit
        ):
            self.keep_alive = self.expect_continue = False
            raise PayloadTooLarge("Request body exceeds the size limit")
        if self.expect_continue:
            if self.view_len:
                self.expect_continue = False    # the client did not wait for it
            else:
                self.send_continue()
        if self.view_len == 0:
            return WAIT
        if self.body_mode == BODY_LENGTH:
            size = min(self.view_len, self.body_left)
            data = PyBytes_FromStringAndSize(self.view, size)
            self.consume(size)
            self.body_left -= size
            if self.body_left == 0:
                self.body_mode = BODY_NONE
        else:
            code = self.decode_chunks(&size)
            data = PyBytes_FromStringAndSize(self.view, size)
            self.consume(self.chunk_consumed)
            if code == PYHTTP_DONE:
                self.body_mode = BODY_NONE
            elif code != PYHTTP_INCOMPLETE:
                self.keep_alive = False
                self.view_len = 0
                self.body_mode = BODY_NONE
                raise BadRequest("Bad chunked encoding")
        self.body_total += size
        if self.body_limit >= 0 and self.body_total > self.body_limit:
            self.keep_alive = False
            raise PayloadTooLarge("Request body exceeds the size limit")
        if self.read_paused and self.view_len < (<AppPlan>self.plan).buffer_size // 2:
            self.read_paused = False
            self.wire.resume_reading()
        if size == 0:
            return None if self.body_mode == BODY_NONE else WAIT
        return data

    cdef object body_waiter(self, HttpStream stream):
        """A future that ends when body bytes arrive or the connection is lost."""
        self.flush()
        self.last_read = now()
        if self.read_paused:
            self.read_paused = False
            self.wire.resume_reading()
        if self.body_waiter_future is None or self.body_waiter_future.done():
            self.body_waiter_future = self.loop.create_future()
        return self.body_waiter_future

    # -- what programs read ----------------------------------------------------------------------

    @property
    def access_log(self):
        return self.plan.access_log

    @property
    def request_timeout(self):
        return self.plan.request_timeout

    @property
    def response_timeout(self):
        return self.plan.response_timeout

    @property
    def keep_alive_timeout(self):
        return self.plan.keep_alive_timeout

    @property
    def request_max_size(self):
        return self.plan.max_body

    cdef int lift_body_limit(self) except -1:
        self.body_limit = -1
        return 0

    # -- done by the sending half ----------------------------------------------------------------

    cdef int send_continue(self) except -1:
        return 0

    cdef int close_after_answer(self) except -1:
        return 0
