"""The request object: cheap fields at once, everything else when somebody asks."""

from sanic_fast._core.plan cimport AppPlan
from sanic_fast._core.router cimport CompiledRoute
from sanic_fast._core.stream cimport HttpStream, Sink
from sanic_fast._core.target cimport Target

cdef class Request:
    # set when the head is complete
    cdef public object app
    cdef public bytes head              # bytes: request line and header lines, no final blank line
    cdef public object method           # str
    cdef public object version          # "1.1", "1.0", "3"
    cdef object _raw_url                # bytes, or None: still inside head at target_off
    cdef Py_ssize_t target_off
    cdef Py_ssize_t target_len
    cdef Target target
    cdef Sink sink                      # carrier; None for a request made by hand
    cdef CompiledRoute compiled         # matched route, or None
    cdef object _route
    cdef object _match_info             # dict of path parameters, or None: not touched and empty
    cdef readonly bint head_only        # a HEAD request: no body in the response
    # set on the way
    cdef public object body             # bytes
    cdef public bint responded
    cdef public bint _request_middleware_started
    cdef public bint _response_middleware_started
    cdef HttpStream _stream
    cdef bint stream_off                # the carrier is gone for this request
    # made on demand
    cdef object _headers, _transport, _conn_info, _ctx, _id, _scheme, _path, _query
    cdef object _cookies_parsed, _remote_addr, _name
    cdef public object _protocol
    cdef public object parsed_accept, parsed_args, parsed_cookies, parsed_credentials, parsed_files
    cdef public object parsed_form, parsed_forwarded, parsed_json, parsed_not_grouped_args
    cdef public object parsed_token
    cdef object _stream_id
    cdef object _args                   # the query string parsed with default options
    cdef object __weakref__
    cdef HttpStream get_stream(self)
    cdef object get_headers(self)
    cdef object header(self, bytes name)
    cdef bytes host_bytes(self)
    cdef bint trusts_proxy(self) except -1
    cdef object own_name(self)
    cdef AppPlan settings(self)
    cdef object get_path(self)
    cdef object get_query(self)
    cdef const char* target_data(self) noexcept

cdef Request new_request(object app, Sink sink, object head, object method, object version)
cdef object current_request     # the ContextVar Request._current
