"""The exception tree; values measured on the original."""

import asyncio
import pickle
from types import SimpleNamespace

import pytest

from sanic_fast import exceptions as ex


@pytest.mark.parametrize(
    ("cls", "status", "quiet", "message"),
    [
        (ex.SanicException, 500, False, "Internal Server Error"),
        (ex.HTTPException, 500, False, "Internal Server Error"),
        (ex.NotFound, 404, True, "Not Found"),
        (ex.FileNotFound, 404, True, "Not Found"),
        (ex.BadRequest, 400, True, "Bad Request"),
        (ex.HeaderNotFound, 400, True, "Bad Request"),
        (ex.InvalidHeader, 400, True, "Bad Request"),
        (ex.MethodNotAllowed, 405, True, "Method Not Allowed"),
        (ex.ServerError, 500, False, "Internal Server Error"),
        (ex.ServiceUnavailable, 503, True, "Service Unavailable"),
        (ex.URLBuildError, 500, False, "Internal Server Error"),
        (ex.RequestTimeout, 408, True, "Request Timeout"),
        (ex.PayloadTooLarge, 413, True, "Request Entity Too Large"),
        (ex.URITooLong, 414, True, "Request-URI Too Long"),
        (ex.RangeNotSatisfiable, 416, True, "Requested Range Not Satisfiable"),
        (ex.InvalidRangeType, 416, True, "Requested Range Not Satisfiable"),
        (ex.ExpectationFailed, 417, True, "Expectation Failed"),
        (ex.Forbidden, 403, True, "Forbidden"),
        (ex.Unauthorized, 401, True, "Unauthorized"),
        (ex.LoadFileException, 500, False, "Internal Server Error"),
        (ex.InvalidSignal, 500, False, "Internal Server Error"),
        (ex.WebsocketClosed, 500, True, "Client has closed the websocket connection"),
    ],
)
def test_defaults_of_each_class(cls, status, quiet, message):
    error = cls()
    assert (error.status_code, error.quiet) == (status, quiet)
    assert error.message == str(error) == message
    assert error.headers == {}
    assert error.context is None and error.extra is None
    assert isinstance(error, ex.SanicException)


def test_aliases_are_the_same_class():
    assert ex.InvalidUsage is ex.BadURL is ex.BadRequest
    assert ex.MethodNotSupported is ex.MethodNotAllowed
    assert ex.InternalServerError is ex.ServerError
    assert ex.ContentRangeError is ex.RangeNotSatisfiable
    assert ex.HeaderExpectationFailed is ex.ExpectationFailed


@pytest.mark.parametrize(
    ("arguments", "message", "status"),
    [
        (dict(), "Internal Server Error", 500),
        (dict(message=""), "", 500),
        (dict(message=b"abc"), "abc", 500),
        (dict(status_code=418), "I'm a teapot", 418),
        (dict(status_code=0), "Internal Server Error", 500),
        (dict(status_code=799), "", 799),
    ],
)
def test_message_and_status_of_the_base(arguments, message, status):
    error = ex.SanicException(**arguments)
    assert (error.message, error.status_code) == (message, status)
    assert str(error) == message


class Custom(ex.SanicException):
    message = "hello"
    status_code = 404
    quiet = True
    headers = {"q": "z"}


def test_subclass_gives_defaults_by_class_attributes():
    error = Custom()
    assert (error.message, error.status_code, error.quiet) == ("hello", 404, True)
    assert error.headers is Custom.headers
    assert Custom("").message == ""
    assert Custom(quiet=False).quiet is False
    assert Custom(status_code=500).status_code == 500
    assert Custom(headers={}).headers == {"q": "z"}


def test_context_extra_and_headers_are_kept():
    headers = {"x": "y"}
    error = ex.SanicException("a", context={"a": 1}, extra={"b": 2}, headers=headers)
    assert (error.context, error.extra) == ({"a": 1}, {"b": 2})
    assert error.headers is headers


def test_http_exception_takes_no_status():
    with pytest.raises(TypeError):
        ex.NotFound("x", status_code=400)


def test_method_not_allowed_sets_allow():
    error = ex.MethodNotAllowed("m", "GET", ["POST", "PUT"])
    assert error.headers == {"Allow": "POST, PUT"}
    assert (error.method, error.allowed_methods) == ("GET", ["POST", "PUT"])
    assert ex.MethodNotAllowed("m", "GET", []).headers == {}
    mine = {"x": "1", "Allow": "q"}
    assert ex.MethodNotAllowed(allowed_methods=("A",), headers=mine).headers["Allow"] == "A"
    assert mine == {"x": "1", "Allow": "q"}


def test_range_not_satisfiable_sets_content_range():
    error = ex.RangeNotSatisfiable("m", SimpleNamespace(total=7), headers={"a": "1"})
    assert error.headers == {"a": "1", "Content-Range": "bytes */7"}
    assert ex.RangeNotSatisfiable().headers == {}


def test_file_not_found_keeps_where():
    error = ex.FileNotFound("m", "p", "r")
    assert (error.path, error.relative_url) == ("p", "r")


@pytest.mark.parametrize(
    ("arguments", "header"),
    [
        (dict(), None),
        (dict(realm="x"), None),
        (dict(scheme="Bearer"), "Bearer"),
        (dict(scheme="Basic", realm="R"), 'Basic realm="R"'),
        (dict(scheme="Digest", realm="R", b=3), 'Digest realm="R", b="3"'),
    ],
)
def test_unauthorized_sets_challenge(arguments, header):
    error = ex.Unauthorized("m", headers={"a": "b"}, **arguments)
    expected = {"a": "b"} if header is None else {"a": "b", "WWW-Authenticate": header}
    assert error.headers == expected


def test_py_file_error_names_the_file():
    error = ex.PyFileError("f.py", quiet=True)
    assert str(error) == "could not execute config file f.py"
    assert (error.status_code, error.quiet) == (500, True)


def test_cancelled_is_no_exception():
    assert issubclass(ex.RequestCancelled, asyncio.CancelledError)
    assert not issubclass(ex.RequestCancelled, Exception)
    assert ex.RequestCancelled.quiet is ex.ServerKilled.quiet is True
    assert not issubclass(ex.ServerKilled, ex.SanicException)


def test_exceptions_survive_pickle():
    error = pickle.loads(pickle.dumps(ex.MethodNotAllowed("m", "GET", ["A"])))
    assert (error.message, error.headers) == ("m", {"Allow": "A"})
