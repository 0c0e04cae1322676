"""One real asyncio task per connection, entered synchronously when a request is complete.

A connection's task is an ordinary `asyncio.Task` over `ConnectionCoroutine`; between requests it
awaits an `IdleFuture`. When bytes complete a request, the read callback does not wait for the loop
to step the task: it declares the task current (`_enter_task`), enters the task's context and runs
the handler's first step at once. A handler that does not suspend never costs a step of the task, a
future or a loop turn. If it suspends, the future it waits for is kept in `pending`, the idle wait
is ended, and the task's own next step hands that future to asyncio; the rest is asyncio's.

Rules, each with its tests in tests/core/test_task_contract.py:
 1. The handler always runs inside the task's context: `IdleFuture.context`, which asyncio passes
    to `add_done_callback`.
 2. Never inside another task's step: `_enter_task` refuses, and the work is put off by `call_soon`.
 3. Cancelling the idle task closes the connection; a connection that closes while idle ends its
    task normally.
 4. Context variables that a handler leaves behind end with its request: the task is replaced.
 5. A task that was cancelled while it served a request serves no other one.
"""

import asyncio
import logging
from asyncio import CancelledError
from asyncio.tasks import _enter_task, _leave_task, current_task
from collections.abc import Coroutine
from contextvars import copy_context
from functools import partial
from inspect import isawaitable

from cpython.object cimport PyObject, PyObject_IsTrue
from sanic_fast._core.debug cimport SF_DEBUG
from sanic_fast._core.dispatch cimport exchange, fail_exchange, is_stream_response, stream_response
from sanic_fast._core.request cimport Request, current_request
from sanic_fast._core.response cimport BaseHTTPResponse
from sanic_fast._core.stream cimport HttpStream, Sink

from sanic_fast.exceptions import RequestCancelled, RequestTimeout, ServerError, ServiceUnavailable

cdef extern from "Python.h":
    int PyContext_Enter(object context) except -1
    int PyContext_Exit(object context) except -1
    object PyContextVar_Set(object var, object value)
    int PyContextVar_Reset(object var, object token) except -1
    Py_ssize_t PyObject_Size(object o) except -1
    bint PyCoro_CheckExact(object o) noexcept
    object PyObject_VectorcallDict(object callable, PyObject** args, size_t nargs, PyObject* kwargs)
    object PyObject_CallOneArg(object callable, object arg)
    object PyObject_CallFunctionObjArgs(object callable, ...)

cdef extern from *:
    """
    /* One step of an iterator; on an exception the error is set and -1 returned. */
    static int sf_send(PyObject *iter, PyObject **result) {
        return (int)PyIter_Send(iter, Py_None, result);
    }
    /* Throw into an iterator: 1 yielded, 0 returned, -1 raised. */
    static int sf_throw(PyObject *iter, PyObject *error, PyObject **result) {
        *result = PyObject_CallMethod(iter, "throw", "O", error);
        if (*result != NULL) return 1;
        if (!PyErr_ExceptionMatches(PyExc_StopIteration)) return -1;
        PyObject *type, *value, *tb;
        PyErr_Fetch(&type, &value, &tb);
        PyErr_NormalizeException(&type, &value, &tb);
        *result = PyObject_GetAttrString(value, "value");
        Py_XDECREF(type); Py_XDECREF(value); Py_XDECREF(tb);
        return *result == NULL ? -1 : 0;
    }
    """
    int sf_send(object iter, PyObject** result) except? -1
    int sf_throw(object iter, object error, PyObject** result) except? -1
    void Py_DECREF(PyObject* o)

cdef object Task = asyncio.Task
if Task.__module__ != "_asyncio":
    raise ImportError(
        "sanic_fast needs asyncio's C accelerator (_asyncio), which this Python lacks."
    )
cdef object END = object()
cdef object error_logger = logging.getLogger("sanic.error")
cdef bint HAS_UNCANCEL = hasattr(Task, "uncancel")


def waiting_for_request():
    """A suspended generator whose frame stands for a connection's task in stack dumps."""
    yield


cdef object idle_generator = waiting_for_request()
next(idle_generator)


cdef class IdleFuture:
    """What the task awaits between requests.

    It follows the future protocol that asyncio documents for foreign futures
    (`_asyncio_future_blocking`, `get_loop`, `add_done_callback`, `result`, `cancel`, ...).
    """

    def __cinit__(self, TaskRunner runner not None, loop):
        self.runner = runner
        self.loop = loop

    @property
    def _asyncio_future_blocking(self):
        return self.blocking

    @_asyncio_future_blocking.setter
    def _asyncio_future_blocking(self, value):
        self.blocking = value

    def get_loop(self):
        return self.loop

    def add_done_callback(self, callback, *, context=None):
        self.waker = callback
        self.context = context

    def remove_done_callback(self, callback):
        if self.waker is not None and self.waker == callback:
            self.waker = None
            return 1
        return 0

    def done(self):
        return self.waker is None

    def cancelled(self):
        return self.cancelled_flag

    def exception(self):
        return None

    def result(self):
        if self.cancelled_flag:
            self.cancelled_flag = False
            raise CancelledError(*(() if self.cancel_message is None else (self.cancel_message,)))
        return None

    def cancel(self, msg=None):
        """Called by `Task.cancel()`: True if the task is really waiting here.

        While a handler runs its first step the task only seems to wait: then the answer is False,
        and asyncio raises CancelledError at the handler's next suspension, as in any task.
        """
        if self.runner is not None and self.runner.stepping:
            self.runner.cancel_in_step = True
            return False
        if self.waker is None or self.cancelled_flag:
            return False
        self.cancelled_flag = True
        self.cancel_message = msg
        waker, self.waker = self.waker, None
        self.loop.call_soon(waker, self, context=self.context)
        return True

    def __repr__(self):
        return "<IdleFuture: waiting for a request>"


cdef class ConnectionCoroutine:
    """The coroutine that a connection's task drives; it awaits whatever the handler awaits."""

    def __cinit__(self, TaskRunner runner not None):
        self.runner = runner

    def __await__(self):
        return self

    def __iter__(self):
        return self

    def __next__(self):
        return self.step(None)

    def send(self, value):
        return self.step(None)

    def throw(self, kind, value=None, traceback=None):
        if isinstance(kind, BaseException):
            return self.step(kind)
        return self.step(kind() if value is None else value)

    def step(self, error):
        cdef TaskRunner runner = self.runner
        cdef object yielded
        if runner is None:
            if error is not None:
                raise error
            raise StopIteration
        self.running = True
        try:
            yielded = runner.run(error)
        except Exception:
            # A fault of ours, or of a user's request class: no client is left hanging for it.
            error_logger.exception("A connection failed outside of its handlers; it is closed")
            self.runner = None
            runner.close_transport()
            raise StopIteration
        finally:
            self.running = False
        if yielded is END:
            self.runner = None
            raise StopIteration
        if yielded is runner.idle:
            runner.idle.blocking = True
        return yielded

    def close(self):
        cdef TaskRunner runner = self.runner
        self.runner = None
        if runner is not None and runner.inner is not None:
            inner, runner.inner = runner.inner, None
            inner.close()

    @property
    def cr_await(self):
        return None if self.runner is None else self.runner.inner

    @property
    def cr_running(self):
        return self.running or (self.runner is not None and self.runner.stepping)

    @property
    def cr_suspended(self):
        return self.runner is not None and not self.cr_running

    @property
    def cr_frame(self):
        if self.runner is None:
            return None
        frame = getattr(self.runner.inner, "cr_frame", None)
        return idle_generator.gi_frame if frame is None else frame

    @property
    def cr_code(self):
        return waiting_for_request.__code__

    def __repr__(self):
        return f"<ConnectionCoroutine of {self.runner!r}>"

    __name__ = "ConnectionCoroutine"
    __qualname__ = "ConnectionCoroutine"


Coroutine.register(ConnectionCoroutine)


def raise_error(error):
    raise error


cdef object as_iterator(object awaitable):
    """What drives an awaitable, as `await` would get it."""
    if PyCoro_CheckExact(awaitable):
        return awaitable
    if hasattr(awaitable, "send"):
        return awaitable
    return awaitable.__await__()


cdef class TaskRunner(Sink):
    """The part of a connection that owns its task and walks each request through its stations."""

    # -- the task --------------------------------------------------------------------------------

    cdef int start_task(self) except -1:
        """Make the task; asyncio steps it in the next turn of the loop."""
        self.idle = IdleFuture(self, self.loop)
        self.coroutine = ConnectionCoroutine(self)
        self.base_context = None
        if self.task is None:
            self.task = Task(self.coroutine, loop=self.loop)
        return 0

    cdef int renew_task(self) except -1:
        """Go on in a new task, in the context as it was when the old one began (rule 4)."""
        cdef object base = self.base_context
        self.coroutine.runner = None
        self.idle.runner = None
        self.idle = IdleFuture(self, self.loop)
        self.coroutine = ConnectionCoroutine(self)
        self.base_context = None
        self.renewed = True
        self.task = base.copy().run(partial(Task, self.coroutine, loop=self.loop))
        return 0

    cdef int finish_task(self) except -1:
        """End an idle task normally: its connection is gone."""
        if self.task is None or self.stepping:
            return 0
        self.coroutine.runner = None
        self.idle.runner = None
        return self.wake()

    cdef int wake(self) except -1:
        """Step the waiting task now, in its context; by `call_soon` inside another task's step."""
        cdef object waker = self.idle.waker
        cdef object context = self.idle.context
        if waker is None:
            return 0
        self.idle.waker = None
        if current_task(self.loop) is not None:
            self.loop.call_soon(waker, self.idle, context=context)
            return 0
        PyContext_Enter(context)
        try:
            PyObject_CallOneArg(waker, self.idle)
        finally:
            PyContext_Exit(context)
        return 0

    def _enter_later(self):
        self.put_off = True
        try:
            self.enter()
        finally:
            self.put_off = False

    cdef int enter(self) except -1:  # HOT
        """Run the task's next step from a callback of the loop (rules 1 and 2)."""
        cdef object yielded
        cdef object task = self.task        # run() may put another in its place
        cdef IdleFuture idle = self.idle
        if self.stepping or idle is None or idle.waker is None:
            return 0
        try:
            PyObject_CallFunctionObjArgs(_enter_task, <PyObject*>self.loop, <PyObject*>task, NULL)
        except RuntimeError:
            self.loop.call_soon(self._enter_later)
            return 0
        try:
            PyContext_Enter(idle.context)
            try:
                self.entered = True
                yielded = self.run(None)
            except (KeyboardInterrupt, SystemExit) as error:
                # uvloop takes exceptions of a read callback for the connection's; this leaves it.
                self.loop.call_soon(raise_error, error)
                return 0
            finally:
                self.entered = False
                PyContext_Exit(idle.context)
        finally:
            PyObject_CallFunctionObjArgs(_leave_task, <PyObject*>self.loop, <PyObject*>task, NULL)
        if yielded is idle:
            return 0
        if yielded is None and not self.cancel_in_step and not self.cancel_told:
            # PERF: a bare `yield`, as `sleep(0)` does, needs nothing of asyncio but another turn.
            # The task goes on waiting for `idle`, so cancelling it works as ever.
            self.loop.call_soon(self._enter_later)
            return 0
        if yielded is END:
            # The coroutine that yielded it is over; its task finds that out at its last step.
            waker = idle.waker
            idle.waker = None
            PyContext_Enter(idle.context)
            try:
                PyObject_CallOneArg(waker, idle)
            finally:
                PyContext_Exit(idle.context)
            return 0
        self.pending = yielded
        self.has_pending = True
        return self.wake()

    cdef int cancel_exchange(self, Cancel reason, str message) except -1:
        """Cancel the request in progress; while its own step runs, the next send raises instead."""
        self.cancel_reason = reason
        if self.stepping or self.current is None or self.task is None:
            return 0
        self.task.cancel(message)
        return 0

    cdef bint context_changed(self) except -1:
        """Whether the handler left context variables behind: by count, then by identity."""
        cdef object context = self.idle.context
        if context is None:
            context = copy_context()
        if PyObject_Size(context) != self.base_size:
            return True
        if self.base_size:
            for var, value in self.base_context.items():
                if context.get(var) is not value:
                    return True
        return False

    cdef object run(self, object thrown):  # HOT
        """Work until something has to be awaited; the answer is what the task awaits next."""
        cdef PyObject* result = NULL
        cdef int code
        cdef Request request
        cdef object value
        if self.has_pending:
            value = self.pending
            self.pending = None
            self.has_pending = False
            self.cancel_in_step = False     # it arrived now, or `uncancel` took it back
            if thrown is None or self.cancel_told:
                self.cancel_told = False
                return value
            # Cancelled during the handler's first step: cancel what it waits for, as asyncio does.
            if getattr(value, "_asyncio_future_blocking", None) and value.cancel(*thrown.args):
                return value
        if self.base_context is None:
            self.base_context = copy_context()
            self.base_size = PyObject_Size(self.base_context)
        self.stepping = True
        try:
            if thrown is not None and self.inner is None:
                self.close_transport()
                self.coroutine.runner = None
                raise thrown
            while True:
                if self.inner is not None:
                    try:
                        if thrown is None:
                            code = sf_send(self.inner, &result)
                        else:
                            error, thrown = thrown, None
                            code = sf_throw(self.inner, error, &result)
                    except (KeyboardInterrupt, SystemExit):
                        self.inner = None
                        self.close_transport()
                        raise
                    except BaseException as error:
                        self.inner = None
                        self.inner_raised(error)
                        continue
                    value = <object>result
                    Py_DECREF(result)
                    if code == 1:
                        self.flush()
                        return value
                    self.inner = None
                    self.inner_returned(value)
                    continue
                if self.renewed or self.coroutine.runner is None:
                    self.renewed = False
                    self.flush()
                    return END
                request = self.take_ready()
                if request is None:
                    self.flush()
                    return self.idle
                self.begin(request)
        finally:
            self.stepping = False

    # -- one request, station by station ---------------------------------------------------------

    cdef int begin(self, Request request) except -1:  # HOT
        if SF_DEBUG:
            assert self.current is None and self.token is None, "the last request has not ended"
            assert self.inner is None and self.response is None and self.middleware is None
        self.current = request
        self.cancel_reason = CANCEL_NONE
        self.cancel_in_step = self.cancel_told = self.failing_again = False
        self.token = PyContextVar_Set(current_request, request)
        if self.preset_error is not None:
            error, self.preset_error = self.preset_error, None
            return self.fail(error)
        if self.general:
            self.inner = exchange(self, request)
            self.inner_kind = IN_GENERAL
            return 0
        self.compiled = request.compiled
        self.middleware = self.compiled.request_middleware
        self.middleware_at = 0
        request._request_middleware_started = True
        try:
            return self.advance_request_middleware()
        except (KeyboardInterrupt, SystemExit):
            self.close_transport()
            raise
        except BaseException as error:
            return self.inner_raised(error)

    cdef int advance_request_middleware(self) except -1:
        cdef object result
        while self.middleware_at < len(self.middleware):
            result = PyObject_CallOneArg(self.middleware[self.middleware_at], self.current)
            self.middleware_at += 1
            if result is None:
                continue
            if PyCoro_CheckExact(result) or isawaitable(result):
                self.inner = as_iterator(result)
                self.inner_kind = IN_REQUEST_MIDDLEWARE
                return 0
            if PyObject_IsTrue(result):
                return self.after_handler(result)
        return self.call_handler()

    cdef int call_handler(self) except -1:  # HOT
        cdef Request request = self.current
        cdef PyObject* args[1]
        cdef object result
        args[0] = <PyObject*>request
        if request._match_info is None:
            result = PyObject_VectorcallDict(self.compiled.handler, args, 1, NULL)
        else:
            result = PyObject_VectorcallDict(
                self.compiled.handler, args, 1, <PyObject*>request._match_info
            )
        if PyCoro_CheckExact(result):
            self.inner = result
            self.inner_kind = IN_HANDLER
            return 0
        if not isinstance(result, BaseHTTPResponse) and isawaitable(result):
            self.inner = as_iterator(result)
            self.inner_kind = IN_HANDLER
            return 0
        return self.after_handler(result)

    cdef int after_handler(self, object result) except -1:  # HOT
        cdef Request request = self.current
        cdef HttpStream stream
        if request.responded:
            stream = request.get_stream()
            if result is not None and result is not stream.response:
                error_logger.error(
                    "The response object returned by the route handler will not be sent to client. "
                    "The request has already been responded to."
                )
            if stream.response is not None and not stream.ended:
                if is_stream_response(stream.response):
                    self.inner = stream_response(request, stream.response)
                    self.inner_kind = IN_GENERAL
                    return 0
                self.inner = stream.response.send(b"", True)
                self.inner_kind = IN_GENERAL
                return 0
            return self.end_exchange(False)
        if isinstance(result, BaseHTTPResponse):
            return self.start_response(result)
        if is_stream_response(result):
            self.inner = stream_response(request, result)
            self.inner_kind = IN_GENERAL
            return 0
        if self.compiled is not None and self.compiled.websocket:
            return self.end_exchange(False)
        raise ServerError(f"Invalid response type {result!r} (need HTTPResponse)")

    cdef int start_response(self, object response) except -1:
        cdef Request request = self.current
        self.response = response
        self.middleware = self.compiled.response_middleware
        self.middleware_at = 0
        if request._response_middleware_started:
            self.middleware_at = len(self.middleware)
        request._response_middleware_started = True
        return self.advance_response_middleware()

    cdef int advance_response_middleware(self) except -1:  # HOT
        cdef object result
        cdef BaseHTTPResponse response
        cdef PyObject* args[2]
        while self.middleware_at < len(self.middleware):
            args[0] = <PyObject*>self.current
            args[1] = <PyObject*>self.response
            try:
                result = PyObject_VectorcallDict(
                    self.middleware[self.middleware_at], args, 2, NULL
                )
            except Exception:
                error_logger.exception("Exception occurred in one of response middleware handlers")
                break
            self.middleware_at += 1
            if result is None:
                continue
            if PyCoro_CheckExact(result) or (
                not isinstance(result, BaseHTTPResponse) and isawaitable(result)
            ):
                self.inner = as_iterator(result)
                self.inner_kind = IN_RESPONSE_MIDDLEWARE
                return 0
            if PyObject_IsTrue(result):
                self.response = result
                break
        if self.cancel_reason != CANCEL_NONE or (self.cancel_in_step and self.task._must_cancel):
            raise CancelledError
        if not isinstance(self.response, BaseHTTPResponse):
            raise ServerError(f"Invalid response type {self.response!r} (need HTTPResponse)")
        response = self.response
        self.response = None
        self.send_response(self.current, response)
        if self.inner is not None:      # the carrier goes on with it, as for a file
            return 0
        return self.end_exchange(False)

    cdef int inner_returned(self, object value) except -1:  # HOT
        try:
            if self.inner_kind == IN_HANDLER:
                return self.after_handler(value)
            if self.inner_kind == IN_REQUEST_MIDDLEWARE:
                if value is not None and PyObject_IsTrue(value):
                    return self.after_handler(value)
                return self.advance_request_middleware()
            if self.inner_kind == IN_RESPONSE_MIDDLEWARE:
                # What fails from here on, as sending may, is no exception of that middleware.
                self.inner_kind = IN_NOTHING
                if value is not None and PyObject_IsTrue(value):
                    self.response = value
                    self.middleware_at = len(self.middleware)
                return self.advance_response_middleware()
            return self.end_exchange(False)
        except (KeyboardInterrupt, SystemExit):
            self.close_transport()
            raise
        except BaseException as error:
            return self.inner_raised(error)

    cdef int inner_raised(self, object error) except -1:
        """The stations after an exception: the error path once, then a hard end."""
        if self.inner_kind == IN_FAILING and not (
            isinstance(error, CancelledError) and not isinstance(error, RequestCancelled)
            and self.may_fail_again()
        ):
            if not isinstance(error, CancelledError):
                error_logger.error("The error path itself failed", exc_info=error)
            self.close_transport()
            return self.end_exchange(True)
        if self.inner_kind == IN_RESPONSE_MIDDLEWARE and isinstance(error, Exception):
            self.inner_kind = IN_NOTHING
            error_logger.error(
                "Exception occurred in one of response middleware handlers", exc_info=error
            )
            self.middleware_at = len(self.middleware)
            try:
                return self.advance_response_middleware()
            except Exception as again:
                error = again
        if isinstance(error, CancelledError):
            if HAS_UNCANCEL:
                while self.task.cancelling():
                    self.task.uncancel()
            if self.cancel_reason == CANCEL_GONE:
                error = RequestCancelled()
            elif self.cancel_reason == CANCEL_TIMEOUT:
                error = ServiceUnavailable("Response Timeout")
            elif self.cancel_reason == CANCEL_BODY:
                error = RequestTimeout("Request Timeout")
            self.keep_alive_off()
            self.cancel_reason = CANCEL_NONE
            self.cancel_in_step = False
            # The error path may suspend: the same cancellation must not reach it, too.
            self.cancel_told = self.entered and self.task._must_cancel
        return self.fail(error)

    cdef bint may_fail_again(self) except -1:
        """Whether the error path, which somebody else than us cancelled, still owes an answer.

        A handler that cancels its own task and raises leaves the cancellation to the error path.
        """
        cdef HttpStream stream = self.current.get_stream()
        if self.failing_again or self.cancel_reason != CANCEL_NONE:
            return False
        self.failing_again = True
        return stream is not None and not stream.started and not stream.ended

    cdef int fail(self, object error) except -1:
        self.inner = fail_exchange(self, self.current, error)
        self.inner_kind = IN_FAILING
        return 0

    def keep_alive_off(self):
        """This connection closes after the current response."""

    cdef bint cancellation_left(self) except -1:
        """Whether the task was cancelled and nobody took that back (rule 5)."""
        if self.entered and not self.cancel_in_step:
            return False
        return self.task._must_cancel or (HAS_UNCANCEL and self.task.cancelling() > 0)

    cdef int end_exchange(self, bint failed) except -1:  # HOT
        cdef object token = self.token
        if self.cancellation_left():
            self.keep_alive_off()
        self.token = None
        self.response = None
        self.compiled = None
        self.middleware = None
        self.inner_kind = IN_NOTHING
        self.exchange_done(failed)
        self.current = None
        if token is not None:
            PyContextVar_Reset(current_request, token)
        if self.coroutine.runner is not None and self.context_changed():
            self.renew_task()
        return 0

    cdef Request take_ready(self):
        return None

    cdef int exchange_done(self, bint failed) except -1:
        return 0

    cdef int flush(self) except -1:
        return 0

    cdef int close_transport(self) except -1:
        return 0
