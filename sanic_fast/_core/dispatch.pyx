"""The general way of a request: every signal, every override, and the error path.

`TaskRunner` walks a request through the same stations without a coroutine of its own where nobody
listens and nothing is overridden; this module is what it falls back to, what
`Sanic.handle_request` and `Sanic.handle_exception` do by default, and what other carriers use.
"""

import logging
import traceback
from asyncio import CancelledError
from inspect import isawaitable

from cpython.bytes cimport PyBytes_AS_STRING
from sanic_fast._core.plan cimport (
    SIG_EXCEPTION,
    SIG_EXCEPTION_REPORT,
    SIG_HANDLE,
    SIG_HANDLER_AFTER,
    SIG_HANDLER_BEFORE,
    SIG_MIDDLEWARE_AFTER,
    SIG_MIDDLEWARE_BEFORE,
    SIG_READ_HEAD,
    SIG_REQUEST,
    SIG_RESPONSE,
    SIG_ROUTING_AFTER,
    SIG_ROUTING_BEFORE,
    AppPlan,
)
from sanic_fast._core.request cimport Request
from sanic_fast._core.response cimport BaseHTTPResponse, HTTPResponse, status_code
from sanic_fast._core.router cimport CompiledRoute
from sanic_fast._core.stream cimport HttpStream, Sink

from sanic_fast._core.request import install_hooks
from sanic_fast.exceptions import (
    MethodNotAllowed,
    NotFound,
    RequestCancelled,
    SanicException,
    ServerError,
    ServiceUnavailable,
)

cdef extern from "Python.h":
    const char* PyUnicode_AsUTF8AndSize(object text, Py_ssize_t* size) except NULL

cdef object logger = logging.getLogger("sanic.root")
cdef object error_logger = logging.getLogger("sanic.error")


# -- routing ---------------------------------------------------------------------------------------


cdef int match_route(AppPlan plan, Request request) except -1:
    """Match by the compiled table: sets the route and parameters; 0, or -2 on a miss."""
    cdef Py_ssize_t method_len, host_len
    cdef const char* method = PyUnicode_AsUTF8AndSize(request.method, &method_len)
    cdef bytes host_value = request.host_bytes()
    cdef const char* host = PyBytes_AS_STRING(host_value)
    cdef const char* path = request.target_data() + request.target.path
    cdef Py_ssize_t path_len = request.target.path_len
    cdef CompiledRoute route
    if path_len == 0 or (path_len == 1 and path[0] == 42):     # "*" is the server itself
        path = b"/"
        path_len = 1
    host_len = len(host_value)
    route = plan.table.match(method, method_len, path, path_len, host, host_len)
    if route is None:
        return -2
    set_route(request, route, plan.table.params)
    return 0


cdef int set_route(Request request, CompiledRoute route, object params) except -1:
    if route.cell.value != route.seen:
        route.refresh()
    request.compiled = route
    request._route = None
    request._match_info = params
    return 0


cdef object routing_error(AppPlan plan, Request request):
    """The exception for a failed match: 405 with `Allow` where the path exists, else 404."""
    cdef object path = "*" if request.get_path() == "*" else plan.table.missed_path
    if plan.table.miss == 405:
        return MethodNotAllowed(
            f"Method {request.method} not allowed for URL {path}",
            method=request.method, allowed_methods=tuple(plan.table.allowed),
        )
    return NotFound(f"Requested URL {path} not found")


cdef int find_route(AppPlan plan, Request request) except -1:
    """Set the request's route, by the user's own `Router.get` if there is one.

    Raises:
        NotFound, MethodNotAllowed: no route matches.
    """
    if plan.router_get is not None:
        route, _, params = plan.router_get(
            request.get_path(), request.method, request.get_headers().get("host")
        )
        request.route = route
        if request.compiled is not None and request.compiled.cell.value != request.compiled.seen:
            request.compiled.refresh()
        request._match_info = {**params}
    elif match_route(plan, request) < 0:
        raise routing_error(plan, request)
    return 0


# -- stations --------------------------------------------------------------------------------------


cdef tuple request_middleware_of(AppPlan plan, Request request):
    if request.compiled is not None:
        return request.compiled.request_middleware
    return plan.app_request_middleware()


cdef tuple response_middleware_of(AppPlan plan, Request request):
    if request.compiled is not None:
        return request.compiled.response_middleware
    return plan.app_response_middleware()


async def run_request_middleware(Request request):
    """Run the request middleware that applies; the first truthy answer ends the run."""
    cdef AppPlan plan = request.app._plan
    cdef unsigned long long mask
    request._request_middleware_started = True
    for middleware in request_middleware_of(plan, request):
        mask = plan.signals.bits
        context = {"request": request, "response": None}
        condition = {"attach_to": "request"}
        if mask & SIG_MIDDLEWARE_BEFORE:
            await request.app.dispatch(
                "http.middleware.before", inline=True, context=context, condition=condition
            )
        response = middleware(request)
        if isawaitable(response):
            response = await response
        if mask & SIG_MIDDLEWARE_AFTER:
            await request.app.dispatch(
                "http.middleware.after", inline=True, context=context, condition=condition
            )
        if response:
            return response
    return None


async def run_response_middleware(Request request, response):
    """Run the response middleware; returns a replacing response or None, logs its exceptions."""
    cdef AppPlan plan = request.app._plan
    cdef unsigned long long mask
    try:
        for middleware in response_middleware_of(plan, request):
            mask = plan.signals.bits
            context = {"request": request, "response": response}
            condition = {"attach_to": "response"}
            if mask & SIG_MIDDLEWARE_BEFORE:
                await request.app.dispatch(
                    "http.middleware.before", inline=True, context=context, condition=condition
                )
            changed = middleware(request, response)
            if isawaitable(changed):
                changed = await changed
            if mask & SIG_MIDDLEWARE_AFTER:
                await request.app.dispatch(
                    "http.middleware.after", inline=True, context=context, condition=condition
                )
            if changed:
                return changed
    except CancelledError:
        raise
    except Exception:
        error_logger.exception("Exception occurred in one of response middleware handlers")
    return None


install_hooks(run_response_middleware=run_response_middleware)


cdef bint is_stream_response(object response) except -1:
    """Whether a handler returned a `ResponseStream`: called with the request, then awaited."""
    return response is not None and hasattr(response, "streaming_fn")


cdef object stream_response(Request request, object response):
    return conclude(request, response)


async def run_stream_response(Request request, response):
    resp = await response(request)
    if request.app._plan.signals.bits & SIG_RESPONSE:
        await request.app.dispatch(
            "http.lifecycle.response", inline=True, context={"request": request, "response": resp}
        )
    await response.eof()


async def conclude(Request request, response):
    """Send what the handler returned, or end what it began."""
    cdef HttpStream stream = request.get_stream()
    if request.responded:
        if response is not None and response is not stream.response:
            error_logger.error(
                "The response object returned by the route handler will not be sent to client. "
                "The request has already been responded to."
            )
        if stream is not None:
            response = stream.response
    elif isinstance(response, BaseHTTPResponse) or is_stream_response(response):
        # Middleware sees a stream before it begins, and may replace it.
        response = await request.respond(response)
    if isinstance(response, BaseHTTPResponse):
        if request.app._plan.signals.bits & SIG_RESPONSE:
            await request.app.dispatch(
                "http.lifecycle.response", inline=True,
                context={"request": request, "response": response},
            )
        await response.send(end_stream=True)
    elif is_stream_response(response):
        await run_stream_response(request, response)
    elif request.compiled is None or not request.compiled.websocket:
        raise ServerError(f"Invalid response type {response!r} (need HTTPResponse)")


async def handle_request(app, Request request not None):
    """Route a request, read its body, run middleware and handler, send the response.

    This is `Sanic.handle_request`. All events of a request are dispatched from here on.
    """
    cdef AppPlan plan = app._plan
    cdef unsigned long long mask = plan.signals.bits
    if mask & SIG_HANDLE:
        await app.dispatch("http.lifecycle.handle", inline=True, context={"request": request})
    if mask & SIG_ROUTING_BEFORE:
        await app.dispatch("http.routing.before", inline=True, context={"request": request})
    if request.compiled is None:
        find_route(plan, request)
    if request._match_info is None:
        request._match_info = {}
    if mask & SIG_ROUTING_AFTER:
        await app.dispatch(
            "http.routing.after", inline=True,
            context={
                "request": request, "route": request.route, "kwargs": request._match_info,
                "handler": request.route.handler,
            },
        )
    if request.compiled.stream and request.sink is not None:
        request.sink.lift_body_limit()
    if not (request.compiled.stream or request.compiled.ignore_body) and request.stream is not None:
        await request.receive_body()
    response = await run_request_middleware(request)
    if not response:
        if mask & SIG_HANDLER_BEFORE:
            await app.dispatch("http.handler.before", inline=True, context={"request": request})
        response = request.compiled.handler(request, **request.match_info)
        if not isinstance(response, BaseHTTPResponse) and isawaitable(response):
            response = await response
        if mask & SIG_HANDLER_AFTER:
            await app.dispatch("http.handler.after", inline=True, context={"request": request})
    await conclude(request, response)


async def error_response(app, Request request, exception):
    """What `app.error_handler` makes of an exception; never raises an Exception."""
    try:
        response = app.error_handler.response(request, exception)
        if isawaitable(response):
            response = await response
        return response
    except CancelledError:
        raise
    except SanicException as again:
        return app.error_handler.default(request, again)
    except Exception as again:
        if app.debug:
            message = f"Error while handling error: {again}\nStack: {traceback.format_exc()}"
        else:
            message = "An error occurred while handling an error"
            error_logger.exception("Exception raised while an error was handled")
        return HTTPResponse(message, status=500, content_type="text/plain; charset=utf-8")


async def handle_exception(app, Request request not None, exception, run_middleware=True):
    """Answer a request whose handling raised. This is `Sanic.handle_exception`."""
    cdef AppPlan plan = app._plan
    cdef HttpStream stream = request.get_stream()
    response = None
    if plan.signals.bits & SIG_EXCEPTION_REPORT and not getattr(exception, "__dispatched__", False):
        await app.dispatch("server.exception.report", context={"exception": exception})
    if plan.signals.bits & SIG_EXCEPTION:
        await app.dispatch(
            "http.lifecycle.exception", inline=True,
            context={"request": request, "exception": exception},
        )
    if stream is not None and (stream.started or stream.ended):
        if isinstance(exception, RequestCancelled):
            return      # the client has left: no fault of the application
        error_logger.error("Exception after the response was started", exc_info=exception)
        logger.error(
            "The error response will not be sent to the client for the following exception:"
            f'"{exception}". A previous response has at least partially been sent.'
        )
        return
    if (
        run_middleware and not request._request_middleware_started
        and not isinstance(exception, (ServiceUnavailable, RequestCancelled))
    ):
        try:
            response = await run_request_middleware(request)
        except Exception as raised:
            # Its own exception is answered then, as that of middleware after routing is.
            await app.handle_exception(request, raised, False)
            return
    if not response:
        response = await error_response(app, request, exception)
    if response is None:
        response = app.error_handler.default(request, exception)
    if stream is not None:
        request.reset_response()
    if not isinstance(response, BaseHTTPResponse) and not is_stream_response(response):
        # What an exception handler returned by mistake has a page of its own, once.
        wrong = ServerError(f"Invalid response type {response!r} (need HTTPResponse)")
        response = app.error_handler.default(request, wrong)
    response = await request.respond(response)
    if is_stream_response(response):
        await run_stream_response(request, response)
        return
    if plan.signals.bits & SIG_RESPONSE:
        await app.dispatch(
            "http.lifecycle.response", inline=True,
            context={"request": request, "response": response},
        )
    await response.send(end_stream=True)


# -- entries ---------------------------------------------------------------------------------------


cdef object exchange(Sink sink, Request request):
    return run_exchange(sink, request)


async def run_exchange(Sink sink, Request request):
    """One request from its head on, with the events that come before `handle_request`."""
    cdef unsigned long long mask = sink.plan.signals.bits
    app = request.app
    opening = sink.opening
    if opening is not None and not opening.done():
        await opening
    if mask & SIG_READ_HEAD:
        await app.dispatch("http.lifecycle.read_head", inline=True, context={"head": request.head})
    if mask & SIG_REQUEST:
        await app.dispatch("http.lifecycle.request", inline=True, context={"request": request})
    await app.handle_request(request)


cdef object fail_exchange(Sink sink, Request request, object error):
    return run_fail_exchange(sink, request, error)


cdef object last_response(Request request, object error):
    """The page of an error that came while another one was answered; plain where that fails too."""
    try:
        response = request.app.error_handler.default(request, error)
        if isinstance(response, HTTPResponse):
            status_code(response)       # raises where it cannot be sent
            return response
    except Exception:
        error_logger.exception("Exception raised while an error page was made")
    return HTTPResponse(
        "An error occurred while handling an error", status=500,
        content_type="text/plain; charset=utf-8",
    )


async def run_fail_exchange(Sink sink, Request request, error):
    """Answer an exception: by the application, else by a fixed 500; a started response is cut."""
    cdef HttpStream stream
    try:
        await request.app.handle_exception(request, error)
    except CancelledError:
        raise
    except Exception as again:
        if not isinstance(again, RequestCancelled):
            error_logger.exception("Exception while an exception was handled: %r", again)
        stream = request.get_stream()
        if stream is None or stream.started or stream.ended:
            return
        stream.response = None
        response = stream.respond(last_response(request, again))
        await response.send(end_stream=True)
