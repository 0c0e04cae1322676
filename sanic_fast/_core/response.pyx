"""Response objects and the one place that turns a response head into bytes.

`write_head` is the only function that formats a head, so what it refuses cannot reach the wire:
control characters in names, values or the content type are dropped there with one warning a head
(RFC 9110 5.5), whatever way they came in.
"""

cimport cython

import copyreg
import logging

from cpython.bytes cimport (
    PyBytes_AS_STRING,
    PyBytes_CheckExact,
    PyBytes_GET_SIZE,
)
from sanic_fast._core.clock cimport HTTP_DATE_LEN, http_date
from sanic_fast._core.out cimport Out, out_free, out_number, out_put, out_reserve
from sanic_fast._core.typeattr cimport sf_set_type_attr

from sanic_fast.compat import Header
from sanic_fast.exceptions import SanicException, ServerError
from sanic_fast.helpers import STATUS_CODES, Default, _default
from sanic_fast.helpers import json_dumps as default_json_dumps

cdef extern from "Python.h":
    const char* PyUnicode_AsUTF8AndSize(object text, Py_ssize_t* size) except NULL
    object PyUnicode_AsUTF8String(object text)
    object PyObject_CallOneArg(object function, object arg)

cdef object error_logger = logging.getLogger("sanic.error")
cdef object dumps = default_json_dumps
# `ujson.dumps` where that is what the default serialiser calls. PERF: parsing its keyword
# arguments costs more than a small document, so the same three are passed by position
# (ensure_ascii, encode_html_chars, escape_forward_slashes).
cdef object bare_dumps = None
if getattr(default_json_dumps, "keywords", None) == {"escape_forward_slashes": False}:
    bare_dumps = default_json_dumps.func
cdef object cookie_jar = None
cdef object header_items = Header.items
cdef object TEXT_TYPE = "text/plain; charset=utf-8"
cdef object HTML_TYPE = "text/html; charset=utf-8"
cdef object JSON_TYPE = "application/json"
cdef object RAW_TYPE = "application/octet-stream"
cdef list status_lines = [None] * 1000
cdef char token_char[256]
cdef char value_char[256]


def _fill_tables():
    cdef int code
    for code in range(200, 1000):
        reason = STATUS_CODES.get(code, b"UNKNOWN")
        status_lines[code] = b"HTTP/1.1 %d %s\r\n" % (code, reason)
    for code in range(256):
        char = chr(code)
        token_char[code] = char.isascii() and (char.isalnum() or char in "!#$%&'*+-.^_`|~")
        value_char[code] = code == 9 or (code >= 32 and code != 127)


_fill_tables()


cdef bint put_clean(Out* out, object text, const char* allowed) except -1:
    """Append text as bytes, leaving out what `allowed` does not list; True if anything was."""
    cdef const char* data
    cdef Py_ssize_t size, at
    cdef char* to
    cdef bint dropped = False
    cdef object encoded
    if type(text) is bytes:
        data = PyBytes_AS_STRING(text)
        size = PyBytes_GET_SIZE(text)
    else:
        if not isinstance(text, str):
            text = str(text)
        try:
            data = PyUnicode_AsUTF8AndSize(text, &size)
        except UnicodeEncodeError:  # surrogates stand for the undecodable bytes of a request
            encoded = text.encode("utf-8", "surrogateescape")
            data = PyBytes_AS_STRING(encoded)
            size = PyBytes_GET_SIZE(encoded)
    out_reserve(out, size)
    to = out.data + out.len
    for at in range(size):
        to[0] = data[at]
        if allowed[<unsigned char>data[at]]:
            to += 1
        else:
            dropped = True
    out.len = to - out.data
    return dropped


cdef bint same_name(
    const char* name, Py_ssize_t size, const char* lower, Py_ssize_t lower_size
) noexcept:
    cdef Py_ssize_t at
    if size != lower_size:
        return False
    for at in range(size):
        if (name[at] | 32) != lower[at]:
            return False
    return True


cdef int put_length(Out* out, Framing framing, long long length) except -1:
    if framing == FRAME_LENGTH:
        out_put(out, b"content-length: ", 16)
        out_number(out, length)
        out_put(out, b"\r\n", 2)
    elif framing == FRAME_CHUNKED:
        out_put(out, b"transfer-encoding: chunked\r\n", 28)
    return 0


cdef int put_connection(Out* out, bint keep_alive) except -1:
    if keep_alive:
        return out_put(out, b"connection: keep-alive\r\n", 24)
    return out_put(out, b"connection: close\r\n", 19)


cdef int put_headers(
    Out* out, object headers, Framing framing, long long length, bint keep_alive, int* seen,
) except -1:
    """The response's own headers in their order; framing and connection keep their place in it."""
    cdef Py_ssize_t start, name_len
    cdef char* name
    cdef bint dropped = False
    # PERF: `Header` looks attributes up by a function of its own.
    cdef object items = (
        PyObject_CallOneArg(header_items, headers) if type(headers) is Header else headers.items()
    )
    for key, value in items:
        start = out.len
        dropped |= put_clean(out, key, token_char)
        name = out.data + start
        name_len = out.len - start
        if name_len == 0:
            continue
        if same_name(name, name_len, b"content-length", 14) or same_name(
            name, name_len, b"transfer-encoding", 17
        ):
            out.len = start
            # In place only where the framing matches the name that stood there.
            if not seen[0] & 1 and (framing == FRAME_LENGTH) == (name_len == 14):
                put_length(out, framing, length)
                seen[0] |= 1
            continue
        if same_name(name, name_len, b"connection", 10):
            out.len = start
            if not seen[0] & 2:
                put_connection(out, keep_alive)
                seen[0] |= 2
            continue
        if same_name(name, name_len, b"content-type", 12):
            if framing == FRAME_NONE or seen[0] & 4:
                out.len = start
                continue
            seen[0] |= 4
        elif same_name(name, name_len, b"date", 4):
            seen[0] |= 8
        out_put(out, b": ", 2)
        dropped |= put_clean(out, value, value_char)
        out_put(out, b"\r\n", 2)
    return dropped


cdef Prepared prepare_head(tuple pairs, long long length):
    """Prepare the head of a 200 with a body of `length` bytes.

    None if these headers have no content-type or say something of the connection or the date.
    """
    cdef Out out
    cdef int seen = 0
    cdef Prepared prepared = Prepared.__new__(Prepared)
    cdef object line = status_lines[200]
    out.data = NULL
    out.len = out.cap = 0
    try:
        out_put(&out, PyBytes_AS_STRING(line), PyBytes_GET_SIZE(line))
        if put_headers(&out, Header(pairs), FRAME_LENGTH, length, True, &seen):
            return None
        if not seen & 4 or seen & (2 | 8):
            return None
        if not seen & 1:
            put_length(&out, FRAME_LENGTH, length)
        prepared.head = out.data[:out.len]
    finally:
        out_free(&out)
    prepared.pairs = pairs
    prepared.length = length
    prepared.content_type = Header(pairs).get("content-type")
    return prepared


cdef bint put_prepared(
    Out* out, Prepared prepared, int status, Framing framing, long long length, bint keep_alive,
) except -1:
    """Append a prepared head, if it is the one for this response."""
    if status != 200 or framing != FRAME_LENGTH or length != prepared.length:
        return False
    out_put(out, PyBytes_AS_STRING(prepared.head), PyBytes_GET_SIZE(prepared.head))
    put_connection(out, keep_alive)
    out_put(out, b"date: ", 6)
    out_put(out, http_date(), HTTP_DATE_LEN)
    out_put(out, b"\r\n\r\n", 4)
    return True


cdef int write_head(
    Out* out, BaseHTTPResponse response, int status, Framing framing, long long length,
    bint keep_alive,
) except -1:  # HOT
    """Append the head: own headers, framing, connection, content-type, date (RFC 9112 4, 5)."""
    cdef int seen = 0
    cdef object line = status_lines[status]
    cdef object kind = response.content_type
    cdef bint dropped = False
    if response._prepared is not None:
        if put_prepared(out, response._prepared, status, framing, length, keep_alive):
            return 0
        response.get_headers()      # it became another response than was prepared
    out_reserve(out, 512)
    out_put(out, PyBytes_AS_STRING(line), PyBytes_GET_SIZE(line))
    if response._headers is not None:
        dropped = put_headers(out, response._headers, framing, length, keep_alive, &seen)
    if not seen & 1:
        put_length(out, framing, length)
    if not seen & 2:
        put_connection(out, keep_alive)
    if kind is not None and not seen & 4 and framing != FRAME_NONE:
        out_put(out, b"content-type: ", 14)
        if kind is TEXT_TYPE:
            out_put(out, b"text/plain; charset=utf-8", 25)
        elif kind is JSON_TYPE:
            out_put(out, b"application/json", 16)
        else:
            dropped |= put_clean(out, kind, value_char)
        out_put(out, b"\r\n", 2)
    if not seen & 8:
        out_put(out, b"date: ", 6)
        out_put(out, http_date(), HTTP_DATE_LEN)
        out_put(out, b"\r\n\r\n", 4)
    else:
        out_put(out, b"\r\n", 2)
    if dropped:
        error_logger.warning(
            "Characters that HTTP does not allow were removed from the response headers "
            "(RFC 9110 5.5): %r", response,
        )
    return 0


cdef bint status_has_body(int status) noexcept:
    return status != 204 and status != 304


cdef int status_code(BaseHTTPResponse response) except -1:
    """The status as an int.

    Raises:
        RuntimeError: it is not an int from 200 to 999 (RFC 9110 15).
    """
    cdef object status = response.status
    if isinstance(status, int) and 200 <= status <= 999:
        return status
    raise RuntimeError(f"Invalid response status {status!r}")


cdef object user_content_length(BaseHTTPResponse response):
    """The `content-length` that the application set, as an int, or None."""
    if response._prepared is not None:
        response.get_headers()
    if response._headers is None:
        return None
    value = response._headers.get("content-length")
    if value is None:
        return None
    text = str(value)
    if not (text.isascii() and text.isdigit()):
        raise ServerError(f"Bad content-length {text!r} in the response headers")
    return int(text)


cdef object body_bytes(BaseHTTPResponse response):
    cdef object body
    if type(response) is HTTPResponse or type(response) is JSONResponse:
        body = response._body
    else:
        body = response.body
    if PyBytes_CheckExact(body):
        return body
    return to_bytes(body)


cdef object to_bytes(object data):
    if data is None:
        return b""
    if isinstance(data, bytes):
        return bytes(data)
    if isinstance(data, str):
        return (<str>data).encode()
    if isinstance(data, (bytearray, memoryview)):
        return bytes(data)
    if hasattr(data, "encode"):
        return data.encode()
    raise TypeError(
        f"A response body must be str or bytes, not {type(data).__name__}: {data!r:.100}"
    )


cdef class Prepared:
    """Headers made once for many responses that are alike."""


@cython.freelist(64)     # HTTPResponse has the same size and shares it
cdef class BaseHTTPResponse:
    """What every response has: status, headers, body, cookies and a way to be sent."""

    _dumps = default_json_dumps

    def __cinit__(self):
        self.asgi = False
        self._body = b""
        self.status = 200

    @classmethod
    def __class_getitem__(cls, item):
        return cls

    @property
    def body(self):
        return self._body

    @body.setter
    def body(self, value):
        self._body = value

    cdef object get_headers(self):
        if self._headers is None:
            if self._prepared is not None:
                self._headers = Header(self._prepared.pairs)
                self._prepared = None
            else:
                self._headers = Header()
        return self._headers

    @property
    def headers(self):
        """The response headers, a `Header` multidict."""
        return self.get_headers()

    @headers.setter
    def headers(self, value):
        self._headers = value if isinstance(value, Header) else Header(value or {})
        self._prepared = None
        self._cookies = None

    def _encode_body(self, data):
        if data is None:
            return b""
        return data.encode() if hasattr(data, "encode") else data

    @property
    def cookies(self):
        """The response's cookies, a `CookieJar` over its headers."""
        if self._cookies is None:
            self._cookies = cookie_jar(self.get_headers())
        return self._cookies

    @property
    def processed_headers(self):
        """Iterator of (name, value) in bytes, as an ASGI server needs them."""
        cdef Out out
        out.data = NULL
        out.len = out.cap = 0
        pairs = []
        has_type = False
        code = self.status
        has_body = not (isinstance(code, int) and (code in (204, 304) or 100 <= code < 200))
        try:
            for key, value in self.get_headers().items():
                out.len = 0
                put_clean(&out, key, token_char)
                name = out.data[:out.len]
                out.len = 0
                put_clean(&out, value, value_char)
                has_type = has_type or name.lower() == b"content-type"
                pairs.append((name, out.data[:out.len]))
            if has_body and not has_type and self.content_type is not None:
                out.len = 0
                put_clean(&out, self.content_type, value_char)
                pairs.append((b"content-type", out.data[:out.len]))
        finally:
            out_free(&out)
        return iter(pairs)

    async def send(self, data=None, end_stream=None):
        """Send a piece of the body; without arguments, end the response.

        Args:
            data: str or bytes to append to the body.
            end_stream: True ends the response with this piece.

        Raises:
            SanicException: the response is not connected to a request.
            ServerError: the response has ended already.
        """
        if data is None and end_stream is None:
            end_stream = True
        if self.stream is None:
            raise SanicException("No stream is connected to the response object instance.")
        if self.stream.response is not self or self.stream.ended:
            if end_stream and not data:
                return
            raise ServerError(
                "Response stream was ended, no more response data is allowed to be sent."
            )
        await self.stream.send(to_bytes(data), end_stream=bool(end_stream))

    def add_cookie(
        self, key, value, *, path="/", domain=None, secure=True, max_age=None, expires=None,
        httponly=False, samesite="Lax", partitioned=False, comment=None, host_prefix=False,
        secure_prefix=False,
    ):
        """Add a `Set-Cookie` header; see `CookieJar.add_cookie` for the arguments."""
        return self.cookies.add_cookie(
            key=key, value=value, path=path, domain=domain, secure=secure, max_age=max_age,
            expires=expires, httponly=httponly, samesite=samesite, partitioned=partitioned,
            comment=comment, host_prefix=host_prefix, secure_prefix=secure_prefix,
        )

    def delete_cookie(self, key, *, path="/", domain=None, host_prefix=False, secure_prefix=False):
        """Ask the client to forget a cookie; see `CookieJar.delete_cookie`."""
        return self.cookies.delete_cookie(
            key=key, path=path, domain=domain, host_prefix=host_prefix, secure_prefix=secure_prefix,
        )

    def __repr__(self):
        return f"<{type(self).__name__}: {self.status} {self.content_type}>"

    def __reduce_ex__(self, protocol):
        """A copy or pickle has all but the connection: caches keep responses."""
        return copyreg.__newobj__, (type(self),), self.state()

    cdef tuple state(self):
        if self._prepared is not None:
            self.get_headers()
        return (
            (self.body, self.status, self.content_type, self._headers),
            getattr(self, "__dict__", None),
        )

    def __setstate__(self, state):
        (self._body, self.status, self.content_type, self._headers), attributes = state[:2]
        if attributes:
            self.__dict__.update(attributes)


cdef class HTTPResponse(BaseHTTPResponse):
    """A response with a body of str or bytes.

    Args:
        body: str or bytes; None is an empty body.
        status: int from 200 to 999.
        headers: mapping or pairs, copied.
        content_type: value of the `content-type` header, or None for none.
    """

    def __init__(self, body=None, status=200, headers=None, content_type=None):
        self._body = b"" if body is None else (body.encode() if hasattr(body, "encode") else body)
        self.status = status
        if headers:
            self._headers = Header(headers)
        self.content_type = content_type

    async def eof(self):
        """End the response."""
        await self.send(b"", True)

    async def __aenter__(self):
        return self.send

    async def __aexit__(self, *_):
        await self.eof()


cdef HTTPResponse make(object body, object status, object headers, object content_type):
    cdef HTTPResponse response = HTTPResponse.__new__(HTTPResponse)
    response._body = body
    response.status = status
    if headers:
        response._headers = Header(headers)
    response.content_type = content_type
    return response


cdef class JSONResponse(HTTPResponse):
    """A response whose body is serialised JSON, kept beside the object it was made from.

    Serialised at construction and at each change through `raw_body`, `append`, `extend`, `update`
    and `pop`; changing the object that was passed has no effect.
    """

    def __init__(
        self, body=None, status=200, headers=None, content_type="application/json", dumps=None,
        **kwargs,
    ):
        self._raw_body = body
        self._use_dumps = dumps
        self._use_dumps_kwargs = kwargs
        self.status = status
        if headers:
            self._headers = Header(headers)
        self.content_type = JSON_TYPE if content_type == JSON_TYPE else content_type
        self.serialise()

    cdef tuple state(self):
        own = (self._raw_body, self._use_dumps, self._use_dumps_kwargs, self._body_manually_set)
        return (*BaseHTTPResponse.state(self), own)

    def __setstate__(self, state):
        HTTPResponse.__setstate__(self, state)
        (
            self._raw_body, self._use_dumps, self._use_dumps_kwargs, self._body_manually_set
        ) = state[2]

    cdef int serialise(self, object function=None, object options=None) except -1:
        if not function:
            function = self._use_dumps
            options = self._use_dumps_kwargs
        if not function:
            function = dumps if type(self) is JSONResponse else self._dumps
            if function is default_json_dumps and bare_dumps is not None and not options:
                self._body = PyUnicode_AsUTF8String(bare_dumps(self._raw_body, True, False, False))
                self._body_manually_set = False
                return 0
        if options:
            text = function(self._raw_body, **options)
        else:
            text = PyObject_CallOneArg(function, self._raw_body)
        self._body = PyUnicode_AsUTF8String(text) if isinstance(text, str) else to_bytes(text)
        self._body_manually_set = False
        return 0

    def _check_body_not_manually_set(self):
        if self._body_manually_set:
            raise SanicException("Cannot use raw_body after body has been manually set.")

    @property
    def raw_body(self):
        """The object that the body was serialised from."""
        self._check_body_not_manually_set()
        return self._raw_body

    @raw_body.setter
    def raw_body(self, value):
        self._raw_body = value
        self.serialise()

    @property
    def body(self):
        return self._body

    @body.setter
    def body(self, value):
        self._body = value
        self._body_manually_set = True

    def set_body(self, body, dumps=None, **dumps_kwargs):
        """Replace the object; `dumps` and its options serialise it this once."""
        self._raw_body = body
        self.serialise(dumps, dumps_kwargs)

    def append(self, value):
        """Append to a list body."""
        self._check_body_not_manually_set()
        if not isinstance(self._raw_body, list):
            raise SanicException("Cannot append to a non-list object.")
        self._raw_body.append(value)
        self.serialise()

    def extend(self, value):
        """Extend a list body."""
        self._check_body_not_manually_set()
        if not isinstance(self._raw_body, list):
            raise SanicException("Cannot extend a non-list object.")
        self._raw_body.extend(value)
        self.serialise()

    def update(self, *args, **kwargs):
        """Update a dict body."""
        self._check_body_not_manually_set()
        if not isinstance(self._raw_body, dict):
            raise SanicException("Cannot update a non-dict object.")
        self._raw_body.update(*args, **kwargs)
        self.serialise()

    def pop(self, key, default=_default):
        """Remove and return an item of a list or dict body."""
        self._check_body_not_manually_set()
        if not isinstance(self._raw_body, (list, dict)):
            raise SanicException("Cannot pop from a non-list and non-dict object.")
        if isinstance(default, Default):
            value = self._raw_body.pop(key)
        elif isinstance(self._raw_body, list):
            raise TypeError("pop doesn't accept a default argument for lists")
        else:
            value = self._raw_body.pop(key, default)
        self.serialise()
        return value


def text(body, status=200, headers=None, content_type="text/plain; charset=utf-8"):
    """A plain-text response.

    Raises:
        TypeError: the body is not a str.
    """
    if not isinstance(body, str):
        raise TypeError(f"Bad body type. Expected str, got {type(body).__name__})")
    return make(
        (<str>body).encode(), status, headers,
        TEXT_TYPE if content_type == TEXT_TYPE else content_type,
    )


def json(body, status=200, headers=None, content_type="application/json", dumps=None, **kwargs):
    """A JSON response; `kwargs` go to `dumps`."""
    cdef JSONResponse response = JSONResponse.__new__(JSONResponse)
    response._raw_body = body
    response._use_dumps = dumps
    response._use_dumps_kwargs = kwargs
    response.status = status
    if headers:
        response._headers = Header(headers)
    response.content_type = JSON_TYPE if content_type == JSON_TYPE else content_type
    response.serialise()
    return response


def html(body, status=200, headers=None):
    """An HTML response of a str, bytes, or an object with `__html__` or `_repr_html_`."""
    if not isinstance(body, (str, bytes)):
        if hasattr(body, "__html__"):
            body = body.__html__()
        elif hasattr(body, "_repr_html_"):
            body = body._repr_html_()
    return make(to_bytes(body), status, headers, HTML_TYPE)


def raw(body, status=200, headers=None, content_type="application/octet-stream"):
    """A response of bytes."""
    return HTTPResponse(body, status, headers, content_type)


def empty(status=204, headers=None):
    """A response without a body."""
    return make(b"", status, headers, None)


def redirect(to, headers=None, status=302, content_type="text/html; charset=utf-8"):
    """A redirect; `Location` is percent-encoded, a space becomes `+`."""
    headers = headers or {}
    headers["Location"] = quote_location(to)
    return make(b"", status, headers, content_type)


cdef str quote_location(object to):
    from urllib.parse import quote_plus

    return quote_plus(to, safe=":/%#?&=@[]!$&'()*+,;")


def json_dumps(value, **kwargs):
    """Serialise with the process-wide serialiser (`Sanic(dumps=)`, else ujson)."""
    return dumps(value, **kwargs)


def set_dumps(function):
    """Set the process-wide JSON serialiser, shown as `BaseHTTPResponse._dumps`."""
    global dumps
    dumps = function
    sf_set_type_attr(BaseHTTPResponse, b"_dumps", staticmethod(function))


def install_hooks(*, cookie_jar):
    """Called once by `sanic_fast.response`: what this module needs of later ones."""
    _set_cookie_jar(cookie_jar)


cdef int _set_cookie_jar(object factory) except -1:
    global cookie_jar
    cookie_jar = factory
    return 0
