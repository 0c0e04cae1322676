"""The request object: cheap fields at once, everything else when somebody asks.

The head is copied once; path, query string and headers are cut out of that copy on first touch.
What needs longer parsing (forms, cookies, Accept, proxy headers) lives in `sanic_fast.request` and
is handed in by `install_hooks`.
"""

cimport cython

from contextvars import ContextVar
from types import SimpleNamespace

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_GET_SIZE
from sanic_fast._core.debug cimport SF_DEBUG
from sanic_fast._core.headers cimport build_headers, find_header
from sanic_fast._core.ids cimport parse_id, random_uuid
from sanic_fast._core.plan cimport AppPlan
from sanic_fast._core.query cimport query_parameters
from sanic_fast._core.response cimport BaseHTTPResponse, HTTPResponse
from sanic_fast._core.stream cimport HttpStream, Sink
from sanic_fast._core.target cimport Target, bad_target_char, split_target
from sanic_fast._core.typeattr cimport sf_set_type_attr

from sanic_fast.compat import Header
from sanic_fast.constants import (
    CACHEABLE_HTTP_METHODS,
    DEFAULT_HTTP_CONTENT_TYPE,
    IDEMPOTENT_HTTP_METHODS,
    SAFE_HTTP_METHODS,
)
from sanic_fast.exceptions import BadRequest, BadURL, ServerError, URITooLong

try:
    from ujson import loads as default_loads
except ImportError:
    from json import loads as default_loads

cdef extern from "Python.h":
    object PyUnicode_DecodeASCII(const char* data, Py_ssize_t size, const char* errors)
    object PyUnicode_DecodeLatin1(const char* data, Py_ssize_t size, const char* errors)

current_request = ContextVar("request")
cdef object loads = default_loads
cdef dict hooks = {}
cdef object parameters = dict       # RequestParameters
cdef Py_ssize_t URL_LIMIT = 65535
cdef tuple DEFAULT_QUERY = (False, False, "utf-8", "replace")


def install_hooks(**callables):
    """Called once by `sanic_fast.request.lazy`: the parsers of forms, cookies, Accept, ..."""
    global parameters
    hooks.update(callables)
    parameters = hooks.get("parameters", parameters)


def set_loads(function):
    """Set the process-wide JSON parser, shown as `Request._loads`."""
    global loads
    loads = function
    sf_set_type_attr(Request, b"_loads", staticmethod(function))


cdef Request new_request(object app, Sink sink, object head, object method, object version):
    cdef Request request = Request.__new__(Request)
    if SF_DEBUG:        # nothing of an earlier request in reused memory
        assert request._headers is request._stream is request._match_info is request._ctx is None
        assert request.compiled is None and not request.responded and not request.stream_off
    request.app = app
    request.sink = sink
    request.head = head
    request.method = method
    request.version = version
    return request


# PERF: saves an allocation and its share of the collector's work per request.
@cython.freelist(64)
cdef class Request:
    """A request, as a handler gets it.

    Args:
        url_bytes: the request target as received.
        headers: a `Header` multidict.
        version: "1.0", "1.1" or "3".
        method: the method token.
        transport: the transport, or None.
        app: the application.
        head: the raw head.
        stream_id: stream of an HTTP/3 request.

    Raises:
        BadURL: the target is not of a form that RFC 9112 3.2 lists.
        URITooLong: the target is longer than 65535 bytes.
    """

    _current = current_request
    _loads = staticmethod(default_loads)
    _sf_plain = True

    def __cinit__(self, *args, **kwargs):
        self.body = b""
        self.target.query_len = -1

    def __init__(
        self, url_bytes, headers, version, method, transport, app, head=b"", stream_id=0,
    ):
        self.app = app
        self.head = head
        self.method = method
        self.version = version
        self._raw_url = url_bytes
        self.target_len = len(url_bytes)
        self._headers = headers if isinstance(headers, Header) else Header(headers)
        self._transport = transport
        self._stream_id = stream_id
        if self.target_len > URL_LIMIT:
            raise URITooLong(f"URL exceeds the maximum size of {URL_LIMIT} bytes")
        connect = method == "CONNECT"
        if (
            split_target(url_bytes, self.target_len, connect, &self.target) < 0
            or bad_target_char(url_bytes)
        ):
            raise BadURL(f"Bad URL: {url_bytes.decode('ascii', 'backslashreplace')}")

    @classmethod
    def __class_getitem__(cls, item):
        import types

        return types.GenericAlias(cls, item)

    def __repr__(self):
        return f"<{type(self).__name__}: {self.method} {self.path}>"

    # -- what the carrier knows ------------------------------------------------------------------

    cdef HttpStream get_stream(self):
        if self._stream is None and self.sink is not None and not self.stream_off:
            self._stream = HttpStream(self.sink, self)
        return self._stream

    @property
    def stream(self):
        """The exchange's stream (`read()`, `async for`, `send()`), or None without a connection."""
        return self.get_stream()

    @stream.setter
    def stream(self, value):
        self._stream = value

    @property
    def transport(self):
        if self._transport is None and self.sink is not None:
            return self.sink.transport
        return self._transport

    @transport.setter
    def transport(self, value):
        self._transport = value

    @property
    def conn_info(self):
        """The connection's `ConnInfo`, or None."""
        if self._conn_info is None and self.sink is not None:
            self._conn_info = self.sink.conn_info
        return self._conn_info

    @conn_info.setter
    def conn_info(self, value):
        self._conn_info = value

    @property
    def protocol(self):
        if self._protocol is None:
            self._protocol = self.transport.get_protocol()
        return self._protocol

    @property
    def stream_id(self):
        """The stream of an HTTP/3 request.

        Raises:
            ServerError: the request came over another version.
        """
        if self.version != "3":
            raise ServerError("Stream ID is only a property of a HTTP/3 request")
        return self._stream_id

    @property
    def scope(self):
        """The ASGI scope.

        Raises:
            NotImplementedError: the application does not run under an ASGI server.
        """
        if not self.app.asgi:
            raise NotImplementedError(
                "App isn't running in ASGI mode. Scope property is only available for ASGI apps."
            )
        return self.transport.scope

    # -- context ---------------------------------------------------------------------------------

    @classmethod
    def get_current(cls):
        """The request that the running task handles.

        Raises:
            ServerError: there is none.
        """
        try:
            request = cls._current.get()
        except LookupError:
            request = None
        if request is None:
            raise ServerError("No current request")
        return request

    @classmethod
    def generate_id(cls, *_):
        """The id of a request without an id header; override it to choose another kind."""
        return random_uuid()

    @staticmethod
    def make_context():
        """The object behind `ctx`; override it to choose another type."""
        return SimpleNamespace()

    @property
    def ctx(self):
        """A place for the application's own data on this request."""
        if not self._ctx:
            # PERF: not by way of the method's Python face
            self._ctx = SimpleNamespace() if type(self) is Request else self.make_context()
        return self._ctx

    @property
    def id(self):
        """The id header as UUID, int or str, else `generate_id()`."""
        if not self._id:
            # Called in any case: a generator of somebody's own may count.
            made = random_uuid() if type(self) is Request else type(self).generate_id(self)
            if self.sink is None:
                given = self.headers.get(self.app.config.REQUEST_ID_HEADER)
            else:
                given = self.header(self.settings().id_header)
            self._id = parse_id(made if given is None else given)
        return self._id

    # -- target ----------------------------------------------------------------------------------

    cdef const char* target_data(self) noexcept:
        if self._raw_url is not None:
            return PyBytes_AS_STRING(self._raw_url)
        return PyBytes_AS_STRING(self.head) + self.target_off

    @property
    def raw_url(self):
        """The request target as received, bytes."""
        if self._raw_url is None:
            self._raw_url = self.target_data()[:self.target_len]
        return self._raw_url

    @raw_url.setter
    def raw_url(self, value):
        cdef Target parts
        if split_target(value, len(value), False, &parts) < 0:
            raise BadURL(f"Bad URL: {value.decode('latin-1')}")
        self.target = parts
        self._raw_url = value
        self.target_len = len(value)
        self._path = self._query = None

    cdef object get_path(self):
        if self._path is None:
            if self.target.path_len == 0:
                self._path = "/"
            else:
                self._path = PyUnicode_DecodeLatin1(
                    self.target_data() + self.target.path, self.target.path_len, NULL
                )
        return self._path

    cdef object get_query(self):
        if self._query is None:
            if self.target.query_len <= 0:
                self._query = ""
            else:
                self._query = PyUnicode_DecodeLatin1(
                    self.target_data() + self.target.query, self.target.query_len, NULL
                )
        return self._query

    @property
    def path(self):
        """The path of the target, not percent-decoded."""
        return self.get_path()

    @property
    def query_string(self):
        """The part after `?`, not percent-decoded; empty without one."""
        return self.get_query()

    @property
    def url(self):
        """The whole URL."""
        cdef object query = self.get_query()
        return f"{self.scheme}://{self.host}{self.get_path()}{'?' + query if query else ''}"

    # -- head ------------------------------------------------------------------------------------

    cdef object get_headers(self):
        if self._headers is None:
            self._headers = build_headers(PyBytes_AS_STRING(self.head), PyBytes_GET_SIZE(self.head))
        return self._headers

    @property
    def headers(self):
        """The header fields, a case-insensitive multidict."""
        return self.get_headers()

    @headers.setter
    def headers(self, value):
        self._headers = value

    cdef object header(self, bytes name):
        """First value of a header, from the multidict if somebody built (and maybe changed) it."""
        if self._headers is not None:
            return self._headers.get(name.decode())
        return find_header(
            PyBytes_AS_STRING(self.head), PyBytes_GET_SIZE(self.head), name, len(name)
        )

    cdef bytes host_bytes(self):
        """What a route's host is compared with: the target's authority, else the `Host` header."""
        if self.target.authority_len:
            return self.target_data()[
                self.target.authority:self.target.authority + self.target.authority_len
            ]
        value = self.header(b"host")
        return b"" if value is None else value.encode("utf-8", "surrogateescape")

    @property
    def request_line(self):
        """The first line of the head, bytes."""
        return bytes(self.head).partition(b"\r\n")[0]

    @property
    def raw_headers(self):
        """The head after its first line, bytes."""
        return bytes(self.head).partition(b"\r\n")[2]

    @property
    def content_type(self):
        """The `content-type` header, or `application/octet-stream`."""
        value = self.header(b"content-type")
        return DEFAULT_HTTP_CONTENT_TYPE if value is None else value

    @property
    def accept(self):
        """The parsed `accept` header, an `AcceptList`."""
        if self.parsed_accept is None:
            self.parsed_accept = hooks["parse_accept"](self.header(b"accept"))
        return self.parsed_accept

    @property
    def token(self):
        """The credentials of the `authorization` header after `Bearer` or `Token`, or None."""
        if self.parsed_token is None:
            value = self.headers.getone("authorization", None)
            self.parsed_token = hooks["parse_credentials"](value, ("Bearer", "Token"))[1]
        return self.parsed_token

    @property
    def credentials(self):
        """The parsed `authorization` header, or None."""
        if self.parsed_credentials is None:
            self.parsed_credentials = hooks["make_credentials"](self)
        return self.parsed_credentials

    @property
    def cookies(self):
        """The request's cookies."""
        if self.parsed_cookies is None:
            self.get_cookies()
        return self.parsed_cookies

    def get_cookies(self):
        """Parse the first `cookie` header."""
        self.parsed_cookies = hooks["parse_cookies"](self.header(b"cookie") or "")
        return self.parsed_cookies

    # -- query -----------------------------------------------------------------------------------

    def get_args(
        self, keep_blank_values=False, strict_parsing=False, encoding="utf-8", errors="replace"
    ):
        """The query string as `RequestParameters`; see `urllib.parse.parse_qs` for the options."""
        key = (keep_blank_values, strict_parsing, encoding, errors)
        if self.parsed_args is None:
            self.parsed_args = {}
            if self._args is not None:
                self.parsed_args[DEFAULT_QUERY] = self._args
        if key not in self.parsed_args:
            self.parsed_args[key] = hooks["parse_args"](self, *key)
        return self.parsed_args[key]

    def get_query_args(
        self, keep_blank_values=False, strict_parsing=False, encoding="utf-8", errors="replace"
    ):
        """The query string as a list of pairs."""
        key = (keep_blank_values, strict_parsing, encoding, errors)
        if self.parsed_not_grouped_args is None:
            self.parsed_not_grouped_args = {}
        if key not in self.parsed_not_grouped_args:
            self.parsed_not_grouped_args[key] = hooks["parse_query_args"](self, *key)
        return self.parsed_not_grouped_args[key]

    @property
    def args(self):
        """The query string as `RequestParameters`, fields without a value left out."""
        if self._args is None:
            self._args = query_parameters(
                self.target_data() + self.target.query, max(self.target.query_len, 0),
                parameters,
            )
        return self._args

    @property
    def query_args(self):
        return self.get_query_args()

    # -- body ------------------------------------------------------------------------------------

    async def receive_body(self):
        """Read the rest of the body into `body`, unless that was done."""
        if not self.body:
            pieces = []
            async for piece in self.stream:
                pieces.append(piece)
            self.body = b"".join(pieces)

    @property
    def json(self):
        """The body parsed as JSON; None if it is empty.

        Raises:
            BadRequest: the body is not JSON.
        """
        if self.parsed_json is None:
            self.load_json()
        return self.parsed_json

    def load_json(self, loads=None):
        """Parse the body with `loads`, or the application's JSON parser."""
        try:
            if loads is None:
                loads = module_loads() if type(self) is Request else self._loads
            self.parsed_json = loads(self.body)
        except Exception as error:
            if not self.body:
                return None
            raise BadRequest("Failed when parsing body as json") from error
        return self.parsed_json

    def get_form(self, keep_blank_values=False):
        """Parse the body as a form, urlencoded or multipart; sets `files` too."""
        self.parsed_form, self.parsed_files = hooks["parse_form"](self, keep_blank_values)
        return self.parsed_form

    @property
    def form(self):
        if self.parsed_form is None:
            self.get_form()
        return self.parsed_form

    @property
    def files(self):
        if self.parsed_files is None:
            self.get_form()
        return self.parsed_files

    cdef bint trusts_proxy(self) except -1:
        """Whether the config names a proxy header to believe; the plan has it as a C bint."""
        if self.sink is None:
            return True
        return self.settings().trusts_proxy

    cdef object own_name(self):
        """`config.SERVER_NAME` or None."""
        if self.sink is None:
            return self.app.config.get("SERVER_NAME")
        return self.settings().server_name

    cdef AppPlan settings(self):
        cdef AppPlan plan = self.sink.plan
        if plan.config_cell.value != plan.config_seen:
            plan.refresh_config()
        return plan

    # -- peer and proxies ------------------------------------------------------------------------

    @property
    def ip(self):
        return self.conn_info.client_ip if self.conn_info else ""

    @property
    def port(self):
        return self.conn_info.client_port if self.conn_info else 0

    @property
    def socket(self):
        return (self.conn_info.peername if self.conn_info else (None, None))

    @property
    def network_paths(self):
        return self.conn_info.network_paths if self.conn_info else None

    @property
    def forwarded(self):
        """What trusted proxies say of the client, a dict (possibly empty)."""
        if self.parsed_forwarded is None:
            if self.trusts_proxy():
                config = self.app.config
                headers = self.get_headers()
                self.parsed_forwarded = (
                    hooks["parse_forwarded"](headers, config)
                    or hooks["parse_xforwarded"](headers, config)
                    or {}
                )
            else:
                self.parsed_forwarded = {}      # no proxy is trusted
        return self.parsed_forwarded

    @property
    def remote_addr(self):
        """The client's address as trusted proxies give it, or an empty string."""
        if self._remote_addr is None:
            self._remote_addr = str(self.forwarded.get("for", ""))
        return self._remote_addr

    @property
    def client_ip(self):
        """`remote_addr`, else the peer's address."""
        return self.remote_addr or self.ip

    @property
    def scheme(self):
        """`http`, `https`, `ws` or `wss`."""
        if self._scheme is None:
            scheme = "http"
            upgrade = self.header(b"upgrade") if self.app.websocket_enabled else None
            if upgrade is not None and upgrade.lower() == "websocket":
                scheme = "ws"
            server_name = self.own_name()
            if server_name and "://" in server_name:
                scheme = server_name.split("://", 1)[0]
            else:
                proto = self.forwarded.get("proto") if self.trusts_proxy() else None
                if proto:
                    scheme = proto.replace("http", scheme, 1) if proto.startswith("http") else proto
                elif self.conn_info is not None and self.conn_info.ssl:
                    scheme += "s"
            self._scheme = scheme
        return self._scheme

    @property
    def host(self):
        """SERVER_NAME, else the forwarded host, else the authority of the target, else `Host`."""
        server_name = self.app.config.get("SERVER_NAME")
        if server_name:
            head, slashes, rest = server_name.partition("//")
            return (rest if slashes else head).partition("/")[0]
        forwarded = self.forwarded.get("host") if self.trusts_proxy() else None
        if forwarded:
            return str(forwarded)
        if self.target.authority_len and self.method != "CONNECT":
            return self.host_bytes().decode("latin-1")
        return self.header(b"host") or ""

    @property
    def server_name(self):
        """The host without its port, lower-case."""
        return hooks["parse_host"](self.host)[0] or ""

    @property
    def server_port(self):
        """The port the client used."""
        port = self.forwarded.get("port") or hooks["parse_host"](self.host)[1]
        return int(port or (80 if self.scheme in ("http", "ws") else 443))

    @property
    def server_path(self):
        """The path the client used, before a proxy changed it."""
        return str(self.forwarded.get("path", self.path))

    # -- route -----------------------------------------------------------------------------------

    @property
    def route(self):
        """The matched `Route`, or None."""
        if self._route is None and self.compiled is not None:
            self._route = self.compiled.route
        return self._route

    @route.setter
    def route(self, value):
        self._route = value
        self.compiled = None if value is None else getattr(value, "compiled", None)

    @property
    def match_info(self):
        """The path parameters, a dict that the handler is called with."""
        if self._match_info is None:
            self._match_info = {}
        return self._match_info

    @match_info.setter
    def match_info(self, value):
        self._match_info = value

    @property
    def name(self):
        """The route's name, or None."""
        if self._name is not None:
            return self._name
        return self.route.name if self.route else None

    @property
    def endpoint(self):
        return self.name

    @property
    def uri_template(self):
        """The route's path with its parameters in angle brackets, or None."""
        return f"/{self.route.path}" if self.route else None

    @property
    def is_safe(self):
        return self.method in SAFE_HTTP_METHODS

    @property
    def is_idempotent(self):
        return self.method in IDEMPOTENT_HTTP_METHODS

    @property
    def is_cacheable(self):
        return self.method in CACHEABLE_HTTP_METHODS

    def url_for(self, view_name, **kwargs):
        """An external URL of a route, with this request's scheme and host."""
        return hooks["url_for"](self, self.own_name(), view_name, kwargs)

    # -- response --------------------------------------------------------------------------------

    async def respond(self, response=None, *, status=200, headers=None, content_type=None):
        """Attach a response and run the response middleware on it; stream with its `send()`.

        Raises:
            ServerError: the request was responded to already.
        """
        cdef HttpStream stream = self.get_stream()
        if stream is None:
            refused = self.sink is not None or self.responded
        else:
            refused = stream.response is not None or stream.ended
        if refused:
            raise ServerError("Second respond call is not allowed.")
        if response is None:
            response = HTTPResponse(status=status, headers=headers, content_type=content_type)
        if stream is not None and isinstance(response, BaseHTTPResponse):
            response = stream.respond(response)
        self.responded = True
        if not self._response_middleware_started:
            self._response_middleware_started = True
            changed = await hooks["run_response_middleware"](self, response)
            if changed is not None:
                if stream is not None and isinstance(changed, BaseHTTPResponse):
                    changed = stream.respond(changed)
                response = changed
        return response

    def reset_response(self):
        """Detach a response that was prepared and not sent.

        Raises:
            ServerError: it was sent, at least in part.
        """
        cdef HttpStream stream = self.get_stream()
        if stream is not None:
            if stream.started or stream.ended:
                raise ServerError("Cannot reset response because previous response was sent.")
            if stream.response is not None:
                stream.response.stream = None
                stream.response = None
        self.responded = False


cdef object module_loads():
    return loads
