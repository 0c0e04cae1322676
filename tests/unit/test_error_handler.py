"""From exception to response; behaviour measured on the original unless a test says otherwise."""

import logging
from types import SimpleNamespace

import pytest

from sanic_fast.compat import Header
from sanic_fast.errorpages import HTMLRenderer, TextRenderer
from sanic_fast.exceptions import NotFound, SanicException, ServerError
from sanic_fast.handlers import ErrorHandler
from sanic_fast.headers import parse_accept
from sanic_fast.response import text


def one(request, exception):
    return 1


def two(request, exception):
    return 2


class FakeRequest:
    """What the error handler and the renderers read of a request."""

    method = "GET"
    path = "/p"
    url = "http://x/p"
    json = None

    def __init__(self, route=None, noisy=False):
        self.headers = Header()
        self.accept = parse_accept(None)
        self.args = {}
        self.route = route and SimpleNamespace(name=route, extra=SimpleNamespace(error_format=""))
        config = SimpleNamespace(FALLBACK_ERROR_FORMAT="auto", NOISY_EXCEPTIONS=noisy)
        self.app = SimpleNamespace(name="app", config=config)


@pytest.fixture
def handler():
    return ErrorHandler()


@pytest.fixture
def errors(caplog):
    caplog.set_level(logging.DEBUG, "sanic.error")
    return caplog


def test_attributes(handler):
    assert handler.cached_handlers == {} and handler.debug is False
    assert handler.base is TextRenderer
    assert ErrorHandler(HTMLRenderer).base is HTMLRenderer


# -- lookup ------------------------------------------------------------------------------------


def test_exact_class_comes_before_its_bases(handler):
    handler.add(Exception, one)
    handler.add(KeyError, two)
    assert handler.lookup(KeyError()) is two
    assert handler.lookup(IndexError()) is one
    assert handler.lookup(KeyboardInterrupt()) is None


def test_exact_class_for_the_app_comes_before_a_base_for_the_route(handler):
    handler.add(LookupError, one, ["r"])
    handler.add(KeyError, two)
    assert handler.lookup(KeyError(), "r") is two
    assert handler.lookup(IndexError(), "r") is one
    assert handler.lookup(IndexError(), "q") is handler.lookup(IndexError()) is None


def test_any_base_for_the_route_comes_before_a_nearer_one_for_the_app(handler):
    handler.add(Exception, one, ["r"])
    handler.add(LookupError, two)
    assert handler.lookup(KeyError(), "r") is one
    assert handler.lookup(KeyError(), "z") is two


def test_order_of_lookups_does_not_matter(handler):
    # In the original the first lookup, cached, shadowed the route's handler in the second.
    handler.add(LookupError, one, ["r"])
    handler.add(Exception, two)
    assert handler.lookup(KeyError()) is two
    assert handler.lookup(KeyError(), "r") is one


def test_results_are_cached_also_when_there_is_none(handler):
    handler.add(Exception, one)
    handler.lookup(KeyError(), "r")
    handler.lookup(KeyboardInterrupt())
    assert handler.cached_handlers == {
        (Exception, None): one,
        (KeyError, "r"): one,
        (KeyboardInterrupt, None): None,
    }


def test_handler_added_after_a_lookup_counts(handler):
    # In the original this was a duplicate, and the cached None stayed for bases.
    assert handler.lookup(KeyError()) is None
    handler.add(Exception, one)
    assert handler.lookup(KeyError()) is one
    handler.add(KeyError, two)
    assert handler.lookup(KeyError()) is two


def test_duplicates_are_refused(handler):
    handler.add(NotFound, one)
    handler.add(NotFound, two, ["r1", "r2"])
    with pytest.raises(ServerError) as info:
        handler.add(NotFound, two)
    assert str(info.value) == (
        f"Duplicate exception handler definition on: route=__ALL_ROUTES__ and exception={NotFound}"
    )
    with pytest.raises(ServerError, match="route=r2 and exception="):
        handler.add(NotFound, two, ["r2"])
    assert handler.lookup(NotFound()) is one
    assert handler.lookup(NotFound(), "r1") is two


# -- response ----------------------------------------------------------------------------------


def test_response_of_the_handler(handler):
    seen = []
    handler.add(KeyError, lambda request, exception: seen.append(exception) or text("hi", 418))
    error = KeyError("k")
    response = handler.response(FakeRequest(), error)
    assert (response.status, response.body, seen) == (418, b"hi", [error])


def test_handler_for_the_route_of_the_request(handler):
    handler.add(KeyError, one, ["app.r"])
    assert handler.response(FakeRequest("app.r"), KeyError()) == 1
    assert handler.response(FakeRequest("app.q"), KeyError()).status == 500


def test_async_handler_gives_a_coroutine(handler):
    async def handle(request, exception):
        return 5

    handler.add(KeyError, handle)
    coroutine = handler.response(FakeRequest(), KeyError())
    with pytest.raises(StopIteration) as stop:
        coroutine.send(None)
    assert stop.value.value == 5


def test_no_handler_or_none_gives_the_error_page(handler):
    response = handler.response(FakeRequest(), NotFound("gone"))
    assert response.status == 404 and b"gone" in response.body
    handler.add(NotFound, lambda request, exception: None)
    assert handler.response(FakeRequest(), NotFound("gone")).status == 404


def broken(request, exception):
    raise RuntimeError("inner")


@pytest.mark.parametrize(
    ("debug", "body"),
    [
        (False, b"An error occurred while handling an error"),
        (True, b"Exception raised in exception handler \"broken\" for uri: 'http://x/p'"),
    ],
)
def test_handler_that_fails(handler, errors, debug, body):
    handler.debug = debug
    handler.add(KeyError, broken)
    response = handler.response(FakeRequest(), KeyError())
    assert (response.status, response.body) == (500, body)
    (record,) = errors.records
    message = "Exception raised in exception handler \"broken\" for uri: 'http://x/p'"
    assert record.getMessage() == message
    assert record.exc_info[0] is RuntimeError


def test_default_that_fails(errors):
    class Broken(ErrorHandler):
        def default(self, request, exception):
            raise RuntimeError("inner")

    response = Broken().response(FakeRequest(), KeyError())
    assert response.body == b"An error occurred while handling an error"
    assert 'handler "None"' in errors.records[0].getMessage()


def test_default_can_be_overridden():
    class Mine(ErrorHandler):
        def default(self, request, exception):
            return text(type(exception).__name__)

    assert Mine().response(FakeRequest(), KeyError()).body == b"KeyError"


# -- log ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("exception", "noisy", "logged"),
    [
        (KeyError("k"), False, True),
        (ServerError("x"), False, True),
        (NotFound("x"), False, False),
        (NotFound("x"), True, True),
        (SanicException("x", quiet=True), False, False),
        (SanicException("x", quiet=False), False, True),
    ],
)
def test_log(errors, exception, noisy, logged):
    ErrorHandler.log(FakeRequest(noisy=noisy), exception)
    assert [r.getMessage() for r in errors.records] == (
        ["Exception occurred while handling uri: 'http://x/p'"] if logged else []
    )
    if logged:
        assert errors.records[0].levelno == logging.ERROR
        assert errors.records[0].exc_info[1] is exception


def test_log_of_a_subclass_without_opinion_is_silent(errors):
    class Silent(SanicException):
        quiet = None

    ErrorHandler.log(FakeRequest(), Silent())
    assert not errors.records


def test_log_shows_what_the_client_sent_escaped(errors):
    request = FakeRequest()
    request.url = "http://x/\n\x1b[31m"
    ErrorHandler.log(request, KeyError())
    assert errors.records[0].getMessage().endswith(r"'http://x/\n\x1b[31m'")
    errors.clear()

    class NoUrl(FakeRequest):
        @property
        def url(self):
            raise AttributeError

    ErrorHandler.log(NoUrl(), KeyError())
    assert errors.records[0].getMessage() == "Exception occurred while handling uri: unknown"


# -- what the dispatcher looks at --------------------------------------------------------------


@pytest.mark.parametrize("name", ["lookup", "response", "default"])
def test_dispatcher_sees_overrides(name):
    class Mine(ErrorHandler):
        pass

    assert getattr(Mine, name)._sf_default is True
    setattr(Mine, name, lambda self, *args: None)
    assert not hasattr(getattr(Mine, name), "_sf_default")
