"""The hooks that parse parts of a request on demand."""

from base64 import b64encode
from types import SimpleNamespace

import pytest

from sanic_fast.app import Sanic
from sanic_fast.compat import Header
from sanic_fast.config import Config
from sanic_fast.cookies.request import CookieRequestParameters
from sanic_fast.exceptions import InvalidHeader
from sanic_fast.headers import parse_accept
from sanic_fast.models.http_types import Credentials
from sanic_fast.request import Request, RequestParameters, lazy


def asked(query="", **headers):
    return SimpleNamespace(query_string=query, headers=Header(headers))


def test_query_arguments_are_grouped():
    args = lazy.parse_args(asked("a=1&b=2&a=3&c="))
    assert type(args) is RequestParameters
    assert args == {"a": ["1", "3"], "b": ["2"]}
    assert lazy.parse_args(asked()) == {}
    assert type(lazy.parse_args(asked())) is RequestParameters


def test_query_options():
    assert lazy.parse_args(asked("a=&b=%E9"), True, False, "latin-1") == {"a": [""], "b": ["é"]}
    assert lazy.parse_args(asked("b=%E9")) == {"b": ["\ufffd"]}
    with pytest.raises(ValueError):
        lazy.parse_args(asked("a"), strict_parsing=True)
    with pytest.raises(UnicodeDecodeError):
        lazy.parse_args(asked("b=%E9"), errors="strict")


def test_query_pairs_keep_their_order():
    pairs = [("a", "1"), ("b", "x y"), ("a", "3")]
    assert lazy.parse_query_args(asked("a=1&b=x+y&a=3&c=")) == pairs
    assert lazy.parse_query_args(asked("c=&a"), True) == [("c", ""), ("a", "")]
    assert lazy.parse_query_args(asked()) == []


def test_cookies():
    cookies = lazy.parse_cookies("a=1; a=2")
    assert type(cookies) is CookieRequestParameters
    assert cookies == {"a": ["1", "2"]}


def basic(text):
    return "Basic " + b64encode(text).decode()


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (basic(b"u:p"), ("Basic", "u", "p")),
        (basic(b":"), ("Basic", "", "")),
        ("Bearer x", ("Bearer", None, None)),
        ("Token x", ("Token", None, None)),
        ("Digest x", (None, None, None)),
        (basic(b"u"), None),
        (basic(b"u:p:q"), None),
        (basic(b"u:\xff"), None),
        ("Basic !!!", None),
        ("Basic x", None),
        ("Basic é", None),
        ("Bearer", None),
        ("Bearer ", None),
        ("", None),
    ],
)
def test_credentials(header, expected):
    found = lazy.make_credentials(asked(authorization=header))
    if expected is None:
        assert found is None
    else:
        assert (found.auth_type, found._username, found._password) == expected


def test_credentials_without_header():
    assert lazy.make_credentials(asked()) is None


def test_credentials_of_another_scheme_keep_the_whole_header():
    found = lazy.make_credentials(asked(authorization="Digest x=y"))
    assert found == Credentials(None, "Digest x=y")


def test_name_and_password_are_for_basic_only():
    found = Credentials("Basic", b64encode(b"u:p").decode(), "ignored", "ignored")
    assert (found.username, found.password) == ("u", "p")
    other = Credentials("Bearer", "x")
    with pytest.raises(AttributeError, match="Username is available for Basic Auth only"):
        other.username  # noqa: B018
    with pytest.raises(AttributeError, match="Password is available for Basic Auth only"):
        other.password  # noqa: B018


@pytest.mark.parametrize("token", [None, "", "!!!", "dQ=="])
def test_basic_credentials_that_are_malformed(token):
    with pytest.raises(ValueError):
        Credentials("Basic", token)


@pytest.fixture
def make_request():
    config = Config({"FORWARDED_SECRET": "s3", "PROXIES_COUNT": 1}, env_prefix=None)
    app = Sanic("test_request_lazy", config=config, configure_logging=False)

    def make(target=b"/", headers=(), body=b""):
        request = Request(target, Header(headers), "1.1", "GET", None, app)
        request.body = body
        return request

    yield make
    Sanic.unregister_app(app)


def test_hooks_are_installed_in_the_request_class(make_request):
    request = make_request(
        b"/p?a=1&a=2",
        [
            ("accept", "text/html, text/*;q=0.1"),
            ("cookie", "c=1; __Host-d=2"),
            ("authorization", "Bearer t"),
            ("content-type", "application/x-www-form-urlencoded"),
            ("forwarded", "for=9.9.9.9;secret=s3"),
        ],
        b"f=1&f=2",
    )
    assert request.args == {"a": ["1", "2"]} and request.args is request.args
    assert request.query_args == [("a", "1"), ("a", "2")]
    assert str(request.accept) == "text/html, text/*;q=0.1"
    assert request.cookies.d == "2"
    assert (request.token, request.credentials.token) == ("t", "t")
    assert request.form == {"f": ["1", "2"]} and request.files == {}
    assert request.remote_addr == "9.9.9.9"


def test_forwarded_falls_back_to_the_older_headers(make_request):
    request = make_request(headers=[("x-forwarded-for", "1.1.1.1, 2.2.2.2")])
    assert request.forwarded == {"for": "2.2.2.2"}
    assert make_request().forwarded == {}


def test_accept_lists_of_equal_headers_are_not_shared():
    header = "text/html, application/json;q=0.9"
    first, second = lazy.parse_accept(header), lazy.parse_accept(header)
    assert first == second == parse_accept(header)
    first.clear()
    assert str(lazy.parse_accept(header)) == header


def test_accept_memory_is_bounded():
    for number in range(2000):
        lazy.parse_accept(f"text/x{number}")
    lazy.parse_accept("text/html, " + "a/b," * 1000)
    assert len(lazy._accepted) <= 256
    assert max(map(len, lazy._accepted)) <= 512
    with pytest.raises(InvalidHeader):
        lazy.parse_accept("garbage")
    assert "garbage" not in lazy._accepted


def test_accept_missing_and_empty():
    assert str(lazy.parse_accept(None)) == "*/*"
    assert lazy.parse_accept("") == []
