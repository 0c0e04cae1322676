"""Constants, helpers, exceptions, responses and request values."""

import asyncio

from sanic import __version__
from sanic.compat import Header, StartMethod, UpperStrEnum
from sanic.constants import (
    CACHEABLE_HTTP_METHODS,
    DEFAULT_HTTP_CONTENT_TYPE,
    DEFAULT_LOCAL_TLS_CERT,
    DEFAULT_LOCAL_TLS_KEY,
    HTTP_METHODS,
    IDEMPOTENT_HTTP_METHODS,
    SAFE_HTTP_METHODS,
    HTTPMethod,
    LocalCertCreator,
)
from sanic.errorpages import (
    CONFIG_BY_MIME,
    DEFAULT_FORMAT,
    FALLBACK_STATUS,
    FALLBACK_TEXT,
    MIME_BY_CONFIG,
    RENDERERS_BY_CONTENT_TYPE,
    RESPONSE_MAPPING,
    check_error_format,
    escape,
)
from sanic.exceptions import (
    BadRequest,
    FileNotFound,
    MethodNotAllowed,
    NotFound,
    PyFileError,
    RangeNotSatisfiable,
    RequestCancelled,
    SanicException,
    ServerError,
    ServerKilled,
    Unauthorized,
)
from sanic.handlers import ContentRangeHandler, ErrorHandler
from sanic.helpers import (
    STATUS_CODES,
    has_message_body,
    import_string,
    is_entity_header,
    is_hop_by_hop_header,
    json_dumps,
)
from sanic.http.constants import HTTP, Stage
from sanic.models.http_types import Credentials
from sanic.request import File, Request, RequestParameters, parse_multipart_form
from sanic.response import (
    BaseHTTPResponse,
    HTTPResponse,
    JSONResponse,
    ResponseStream,
    empty,
    file,
    html,
    json,
    raw,
    redirect,
    text,
)
from sanic.response.convenience import guess_content_type
from sanic.signals import GENERIC_SIGNAL_FORMAT, RESERVED_NAMESPACES, Event, SignalRouter
from sanic.views import HTTPMethodView, stream

__version__
list(HTTPMethod), [str(m) for m in HTTPMethod], [f"{m}" for m in HTTPMethod]
HTTPMethod.GET == "get", "get" == HTTPMethod.GET, HTTPMethod.GET == "GET", HTTPMethod.GET == "POST"
hash(HTTPMethod.GET) == hash("GET"), HTTPMethod.GET in {"GET"}, "GET" in HTTP_METHODS
HTTPMethod("GET"), isinstance(HTTPMethod.GET, str), HTTPMethod.GET.value
HTTPMethod("get")
HTTPMethod("TRACE")
HTTP_METHODS, SAFE_HTTP_METHODS, IDEMPOTENT_HTTP_METHODS, CACHEABLE_HTTP_METHODS
DEFAULT_HTTP_CONTENT_TYPE, DEFAULT_LOCAL_TLS_KEY, DEFAULT_LOCAL_TLS_CERT
list(LocalCertCreator), LocalCertCreator.AUTO == "auto"
list(Stage), [s.value for s in Stage], list(HTTP), [h.display() for h in HTTP]
StartMethod, UpperStrEnum.__mro__[1].__name__
STATUS_CODES
[has_message_body(s) for s in (100, 199, 200, 204, 205, 304, 404)]
[is_entity_header(h) for h in ("Allow", "content-type", "X-A", "expires")]
[is_hop_by_hop_header(h) for h in ("Connection", "te", "X-A", "upgrade")]
import_string("os.path").__name__
import_string("collections.OrderedDict")
import_string("no.such.module")
import_string("nodots")
json_dumps({"a": [1, None, "/é"]}), json_dumps((1, 2)), json_dumps("</a>")
[(e.name, e.value) for e in Event]
sorted((k, sorted(map(str, v))) for k, v in RESERVED_NAMESPACES.items())
GENERIC_SIGNAL_FORMAT, SignalRouter.format_event("word"), SignalRouter.format_event("a.b.c")
SignalRouter.format_event(Event.SERVER_INIT_AFTER)
DEFAULT_FORMAT, FALLBACK_STATUS, FALLBACK_TEXT
MIME_BY_CONFIG, CONFIG_BY_MIME, sorted(RESPONSE_MAPPING.items())
[(k, v.__name__) for k, v in RENDERERS_BY_CONTENT_TYPE.items()]
[check_error_format(f) for f in ("html", "text", "json", "auto")]
check_error_format("xml")
check_error_format("")
escape("<a>&'\""), escape("")


def attributes(error):
    names = ("message", "status_code", "quiet", "context", "extra", "headers")
    return str(error), [getattr(error, n, "-") for n in names], repr(error)


attributes(SanicException())
attributes(SanicException("m", 404))
attributes(SanicException("m", status_code=404))
attributes(SanicException(b"m", status_code=599))
attributes(SanicException("", quiet=False, context={"a": 1}, extra={"b": 2}, headers={"c": "d"}))
attributes(SanicException(None, 404))
attributes(SanicException(None, 599))
attributes(SanicException(5))
attributes(NotFound())
attributes(NotFound("m", quiet=False))
attributes(NotFound("m", 404))
attributes(FileNotFound("m", "p", "r"))
attributes(MethodNotAllowed("m", "GET", ["B", "A"]))
attributes(MethodNotAllowed())
attributes(RangeNotSatisfiable("m"))
attributes(Unauthorized("m", "Basic", realm="r"))
attributes(Unauthorized("m", scheme=None, realm="r"))
attributes(Unauthorized())
attributes(PyFileError("f"))
attributes(BadRequest())
attributes(ServerError())
attributes(RequestCancelled())
ServerKilled.__mro__[1].__name__, RequestCancelled.__mro__[1].__name__
RequestCancelled.quiet, ServerKilled.quiet


class Own(SanicException):
    status_code = 418
    message = "own"
    quiet = True
    headers = {"a": "b"}


attributes(Own())
attributes(Own("given", status_code=400, headers={"c": "d"}))


class Broken(SanicException):
    status_code = 499


attributes(Broken())
parameters = RequestParameters({"a": ["1", "2"], "b": [""]})
parameters.get("a"), parameters.get("b"), parameters.get("c"), parameters.get("c", 5)
parameters.getlist("a"), parameters.getlist("c"), parameters.getlist("c", [1]), parameters["a"]
parameters["c"]
repr(parameters), isinstance(parameters, dict), list(parameters.items())
File("t", b"b", "n")
File("t", b"b", "n")._fields
parse_multipart_form(b'--X\r\nContent-Disposition: form-data; name="a"\r\n\r\nv\r\n--X--\r\n', b"X")
credentials = Credentials("Basic", "dTpw")
credentials.username, credentials.password, credentials
Credentials("Bearer", "t").username
Credentials("Bearer", "t").password
Credentials(None, "t")
repr(text("a")), repr(json({})), repr(empty()), repr(html("")), repr(raw(b"")), repr(redirect("/"))
text("a").body, json([1]).body, html("é").body, raw(b"x").body, raw("x").body
redirect("/a b").headers
text(5)
text(None)
html(5)
html(b"x").body
raw(5).body
json({1, 2})
json("é").body
json(5, dumps=lambda x: "own").body
json(5, dumps=lambda x, **k: str(k), a=1).body
given = {}
redirect("/a", headers=given).status
given
response = JSONResponse({"a": 1})
response.raw_body, response.body
response.update({"b": 2})
response.pop("a"), response.raw_body, response.body
response.pop("zz")
response.pop("zz", None)
response.append(1)
response.extend([1])
setattr(response, "body", b"x")
response.raw_body
setattr(response, "raw_body", [1])
response.append(2), response.extend([3]), response.body, response.pop(0), response.body
response.pop(9)
response.pop(0, 1)
response.update({})
response.set_body({"z": 1}), response.body
response.set_body({"z": 1}, dumps=lambda b, **k: f"{k}", q=1), response.body
plain = HTTPResponse("abc", 201, {"X-A": "1"}, "x/y")
plain.body, plain.status, plain.headers, plain.content_type, plain.asgi, plain.stream
list(plain.processed_headers)
hasattr(plain, "other")
isinstance(plain.headers, Header), isinstance(plain, BaseHTTPResponse), plain.cookies.cookies
asyncio.run(plain.send("x"))
asyncio.run(plain.eof())
list(HTTPResponse("x", 204, content_type="a/b").processed_headers)
list(HTTPResponse("x", 200, {"Content-Type": "z"}, content_type="a/b").processed_headers)
list(HTTPResponse("x", 200, {"A\r\nb": "c\r\nd\0e"}, content_type="a/b").processed_headers)


async def function(response):
    pass


streamed = ResponseStream(function, 201, {"a": "b"}, "x/y")
streamed.status, streamed.headers, streamed.content_type
[guess_content_type(n) for n in ("a.txt", "a.html", "a.css", "a.js", "a.json")]
[guess_content_type(n) for n in ("a.png", "a", "a.zz", ".hidden", "a/b.txt")]
guess_content_type("a", "x/y"), guess_content_type("a.tar.gz"), guess_content_type("a.svg")
asyncio.run(file("/no/such/file"))
asyncio.run(file("/"))


class FakeRequest:
    def __init__(self, value):
        self.headers = Header({"range": value} if value is not None else {})


class Stats:
    st_size = 11


def ranged(value):
    found = ContentRangeHandler(FakeRequest(value), Stats)
    return found.start, found.end, found.size, found.total, found.headers, bool(found)


ranged("bytes=0-4")
ranged("bytes=5-")
ranged("bytes=-3")
ranged("bytes=4-2")
ranged("bytes=-")
ranged("bytes=a-b")
ranged("bytes=0-1,3-4")
ranged(None)
errors = ErrorHandler()


async def on_error(request, exception):
    pass


async def on_route(request, exception):
    pass


errors.add(LookupError, on_error)
errors.add(KeyError, on_route, ["route"])
errors.add(LookupError, on_error)
errors.add(Exception, on_route, ["other"])
errors.lookup(KeyError()).__name__
errors.lookup(KeyError(), "route").__name__
errors.lookup(IndexError(), "route").__name__
errors.lookup(ValueError())
errors.lookup(ValueError(), "other").__name__
errors.lookup(LookupError(), "other").__name__
errors.lookup(IndexError(), "other").__name__
errors.debug, errors.base.__name__


class View(HTTPMethodView):
    """A view."""

    async def get(self, request):
        return text("")

    @stream
    async def post(self, request):
        return text("")


view = View.as_view()
view.__name__, view.__doc__, view.view_class is View, View.post.is_stream
asyncio.run(View().dispatch_request(type("R", (), {"method": "PATCH"})()))
request = Request(b"/a/b?c=d#e", Header({"host": "h:5"}), "1.1", "GET", None, None)
request.path, request.query_string, request.args, request.raw_url, repr(request), request.version
request.method, request.body, request.ip, request.port, request.socket, request.conn_info
request.is_safe, request.content_type, request.name, request.endpoint, request.uri_template
request.stream, request.transport, request.app, request.head, request.responded, request.route
request.token, request.credentials, request.accept, request.cookies, request.json, request.form
request.match_info
hasattr(request, "unknown")
request.scope
type(request.id).__name__, request.id == request.id
Request(b"a\x00b", Header(), "1.1", "GET", None, None).path
Request(b"/" + b"a" * 70000, Header(), "1.1", "GET", None, None)
Request(b"//", Header(), "1.1", "GET", None, None).path
Request(b"http://h/p?q", Header(), "1.1", "GET", None, None).path
Request(b"", Header(), "1.1", "GET", None, None)
Request.get_current()
