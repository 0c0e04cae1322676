"""Error pages: choice of the format, and the text, JSON and HTML renderers."""

from __future__ import annotations

import json
import warnings
from types import SimpleNamespace
from urllib.parse import parse_qs

import pytest

from sanic_fast.compat import Header
from sanic_fast.errorpages import (
    CONFIG_BY_MIME,
    FALLBACK_TEXT,
    MIME_BY_CONFIG,
    RENDERERS_BY_CONTENT_TYPE,
    RESPONSE_MAPPING,
    BaseRenderer,
    HTMLRenderer,
    JSONRenderer,
    TextRenderer,
    check_error_format,
    escape,
    exception_response,
    guess_mime,
)
from sanic_fast.exceptions import BadRequest, NotFound, SanicException, ServerError, Unauthorized
from sanic_fast.headers import parse_accept
from sanic_fast.response import text

JSON_TYPE = "application/json"


class FakeRequest:
    """What the renderers read of a request."""

    method = "GET"

    def __init__(self, accept=None, content_type=None, body=b"", error_format=None, path="/p/x"):
        self.headers = Header()
        if accept is not None:
            self.headers["accept"] = accept
        if content_type is not None:
            self.headers["content-type"] = content_type
        self.body = body
        self.path = path
        self.args = parse_qs("q=1&q=2&b=%3Cb")
        self.app = SimpleNamespace(name="my_test_app")
        self.route = None
        if error_format is not None:
            extra = SimpleNamespace(error_format=error_format)
            self.route = SimpleNamespace(extra=extra, name="my_test_app.handler")

    @property
    def accept(self):
        return parse_accept(self.headers.get("accept"))

    @property
    def json(self):
        if not self.body:
            return None
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise BadRequest("Failed when parsing body as json") from error


def render(exception, renderer, debug=False, request=None):
    return exception_response(
        request or FakeRequest(), exception, debug, "auto", TextRenderer, renderer
    )


# -- choice of the format; measured on the original -------------------------------------------


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, "text/plain"),
        ("*/*", "text/plain"),
        ("text/html", "text/html"),
        ("application/json", JSON_TYPE),
        ("image/png", ""),
        ("", ""),
        ("text/*", "text/plain"),
        ("application/*", JSON_TYPE),
        ("text/html,application/json;q=0.5", "text/html"),
        ("application/json;q=0.1,text/html", "text/html"),
        ("text/html,*/*;q=0.8", "text/html"),
        ("application/vnd.api+json", ""),
    ],
)
def test_accept_header_chooses_among_all_formats(accept, expected):
    assert guess_mime(FakeRequest(accept), "auto") == expected


@pytest.mark.parametrize(
    ("accept", "content_type", "body", "expected"),
    [
        ("*/*", "application/json; charset=utf-8", b"", JSON_TYPE),
        (None, "application/json", b"", JSON_TYPE),
        ("*/*", "text/html", b"", "text/plain"),
        ("*/*", None, b"{}", "text/plain"),
        ("*/*", None, b"nope", "text/plain"),
        ("text/html", "application/json", b'{"a":1}', "text/html"),
    ],
)
def test_json_hints_of_the_request(accept, content_type, body, expected):
    assert guess_mime(FakeRequest(accept, content_type, body), "auto") == expected


def test_json_body_chooses_json_with_a_deprecation_warning():
    with pytest.warns(DeprecationWarning, match=r"v24\.3.*application/json"):
        assert guess_mime(FakeRequest(None, None, b'{"a":1}'), "auto") == JSON_TYPE


@pytest.mark.parametrize(
    ("route_format", "fallback", "accept", "expected"),
    [
        ("json", "auto", None, JSON_TYPE),
        ("html", "text", None, "text/html"),
        ("json", "html", "text/html", ""),
        ("", "json", None, JSON_TYPE),
        ("auto", "html", None, "text/html"),
        (None, "json", "text/html", ""),
        ("json", "auto", "text/html", "text/html"),
        ("html", "auto", "text/*", "text/html"),
    ],
)
def test_route_comes_before_fallback(route_format, fallback, accept, expected):
    assert guess_mime(FakeRequest(accept, error_format=route_format), fallback) == expected


def test_nothing_acceptable_takes_the_base_renderer():
    request = FakeRequest("image/png")
    response = exception_response(request, NotFound("x"), False, "auto", JSONRenderer)
    assert response.content_type == JSON_TYPE


def test_malformed_accept_does_not_hide_the_error():
    request = FakeRequest("text/html;q=oops")
    response = exception_response(request, NotFound("gone"), False, "auto", TextRenderer)
    assert response.status == 404
    assert response.body.decode().endswith("\ngone\n\n")


def test_constants():
    assert MIME_BY_CONFIG == {"text": "text/plain", "json": JSON_TYPE, "html": "text/html"}
    assert CONFIG_BY_MIME == {"text/plain": "text", JSON_TYPE: "json", "text/html": "html"}
    assert RENDERERS_BY_CONTENT_TYPE == {
        "text/plain": TextRenderer,
        JSON_TYPE: JSONRenderer,
        "multipart/form-data": HTMLRenderer,
        "text/html": HTMLRenderer,
    }
    assert RESPONSE_MAPPING["JSONResponse"] == "json"


@pytest.mark.parametrize("name", ["html", "text", "json", "auto"])
def test_check_error_format_accepts(name):
    assert check_error_format(name) is None


@pytest.mark.parametrize("name", ["", None, "HTML", "xml"])
def test_check_error_format_refuses(name):
    with pytest.raises(SanicException, match=f"Unknown format: {name}"):
        check_error_format(name)


def test_escape():
    assert escape('<a href="x">&\'</a>') == '&lt;a href="x">&amp;\'&lt;/a>'
    assert escape(None) == "None"


# -- text ------------------------------------------------------------------------------------


def test_text_minimal():
    response = render(NotFound("Requested URL /x not found"), TextRenderer)
    assert response.status == 404
    assert response.content_type == "text/plain; charset=utf-8"
    assert response.body.decode() == (
        "⚠️ 404 — Not Found\n==================\nRequested URL /x not found\n\n"
    )


def test_text_hides_the_message_of_other_exceptions():
    response = render(ValueError("password is hunter2"), TextRenderer)
    assert len(response.body) == 141
    assert response.body.decode() == (
        f"⚠️ 500 — Internal Server Error\n{'=' * 30}\n{FALLBACK_TEXT}\n\n"
    )


def test_text_minimal_shows_context_but_not_extra():
    exception = SanicException("m", context={"a": 1, "b": ["é"]}, extra={"secret": 1})
    assert render(exception, TextRenderer).body.decode() == (
        f'⚠️ 500 — Internal Server Error\n{"=" * 30}\nm\n\n\nContext\n    a: 1\n    b: ["\\u00e9"]'
    )


def raised_with_cause():
    try:
        try:
            raise KeyError("k")
        except KeyError as error:
            raise SanicException("outer", context={"k": [1]}, extra={"e": {"f": 1.5}}) from error
    except SanicException as error:
        return error


def test_text_full():
    exception = raised_with_cause()
    inner, outer = (e.__traceback__.tb_lineno for e in (exception.__cause__, exception))
    assert render(exception, TextRenderer, debug=True).body.decode() == (
        f"⚠️ 500 — Internal Server Error\n{'=' * 30}\nouter\n\n"
        "SanicException: outer while handling path /p/x\n"
        "Traceback of my_test_app (most recent call last):\n\n"
        "  KeyError: 'k'\n"
        f"    File {__file__}, line {inner}, in raised_with_cause\n"
        '    raise KeyError("k")\n'
        "  SanicException: outer\n"
        f"    File {__file__}, line {outer}, in raised_with_cause\n"
        '    raise SanicException("outer", context={"k": [1]}, extra={"e": {"f": 1.5}}) '
        "from error\n"
        '\nContext\n    k: [1]\n\nExtra\n    e: {"f":1.5}'
    )


def test_text_frames_of_one_exception_are_apart():
    def fail():
        raise RuntimeError("deep")

    try:
        fail()
    except RuntimeError as error:
        body = render(error, TextRenderer, debug=True).body.decode()
    assert "    fail()\n\n    File " in body


def test_a_loop_of_causes_ends():
    first, second = ValueError("1"), ValueError("2")
    first.__cause__, second.__cause__ = second, first
    assert json.loads(render(first, JSONRenderer, debug=True).body)["exceptions"] == [
        {"type": "ValueError", "exception": "2", "frames": []},
        {"type": "ValueError", "exception": "1", "frames": []},
    ]


# -- JSON ------------------------------------------------------------------------------------


def test_json_minimal():
    response = render(NotFound("Requested URL /nope not found"), JSONRenderer)
    assert response.content_type == JSON_TYPE
    assert response.body == (
        b'{"description":"Not Found","status":404,"message":"Requested URL /nope not found"}'
    )


def test_json_full_keys_in_order():
    output = json.loads(render(raised_with_cause(), JSONRenderer, debug=True).body)
    assert list(output) == [
        "description", "status", "message", "context", "extra", "path", "args", "exceptions",
    ]  # fmt: skip
    assert output["args"] == {"q": ["1", "2"], "b": ["<b"]}
    assert [e["type"] for e in output["exceptions"]] == ["KeyError", "SanicException"]
    frame = output["exceptions"][0]["frames"][0]
    assert list(frame) == ["file", "line", "name", "src"]
    assert frame["src"] == 'raise KeyError("k")'


def test_quiet_exceptions_stay_minimal_in_debug_mode():
    exception = NotFound("m", context={"a": 1}, extra={"b": 2})
    assert list(json.loads(render(exception, JSONRenderer, debug=True).body)) == [
        "description", "status", "message", "context",
    ]  # fmt: skip


def test_unknown_status():
    response = render(SanicException("m", status_code=600), JSONRenderer)
    assert response.body == b'{"description":"Error Occurred","status":600,"message":"m"}'


def test_context_that_json_cannot_hold_is_shown_as_text():
    exception = SanicException("m", context={"o": b"x", "d": 1})
    assert json.loads(render(exception, JSONRenderer).body)["context"] == {"o": "b'x'", "d": 1}
    assert render(exception, TextRenderer).body.decode().endswith("    o: \"b'x'\"\n    d: 1")


# -- all -------------------------------------------------------------------------------------


@pytest.mark.parametrize("renderer", [TextRenderer, JSONRenderer, HTMLRenderer])
def test_headers_of_the_exception(renderer):
    exception = Unauthorized("m", scheme="Basic", realm="r")
    response = render(exception, renderer)
    assert response.status == 401
    assert response.headers["WWW-Authenticate"] == 'Basic realm="r"'


@pytest.mark.parametrize("renderer", [TextRenderer, JSONRenderer, HTMLRenderer])
@pytest.mark.parametrize("debug", [False, True])
def test_surrogates_do_not_break_the_page(renderer, debug):
    request = FakeRequest()
    request.headers["x"] = "caf\udce9"
    exception = ServerError("bad \udcff byte", context={"c": "\udc80"})
    response = render(exception, renderer, debug, request)
    assert response.status == 500
    assert b"byte" in bytes(response.body)


def test_custom_renderer():
    class Custom(BaseRenderer):
        def minimal(self):
            return text("short", headers={"z": "1"})

        def full(self):
            return text("long")

    exception = ServerError("x", headers={"a": "b"})
    response = render(exception, Custom)
    assert (response.status, response.body) == (500, b"short")
    assert dict(response.headers) == {"z": "1", "a": "b"}
    assert render(exception, Custom, debug=True).body == b"long"
    assert BaseRenderer(FakeRequest(), exception, False).title == "500 — Internal Server Error"


# -- HTML ------------------------------------------------------------------------------------


def page(exception, debug=False, request=None):
    response = render(exception, HTMLRenderer, debug, request)
    assert response.content_type == "text/html; charset=utf-8"
    return response.body.decode()


def test_html_for_users():
    body = page(NotFound("Requested <b>&amp; URL", context={"<k>": "<v>"}))
    assert "<title>Application My Test App cannot handle your request</title>" in body
    assert "<main><h1>⚠️ 404 — Not Found</h1><p>Requested &lt;b>&amp;amp; URL" in body
    assert '<dl id="exception-context" class="key-value-table smalltext">' in body
    assert "&lt;k>" in body
    assert "<dd>&lt;v>" in body
    assert "<div id=enduser>" in body
    assert '<a href="/">Front Page</a>' in body
    assert "powered by" in body
    assert "<details" not in body
    assert "<script" not in body
    assert len(body) < 10_000


def test_html_for_developers():
    request = FakeRequest(error_format="html", path="/<x>")
    request.headers["x-evil"] = "<script>alert(1)</script>"
    exception = raised_with_cause()
    body = page(exception, True, request)
    assert "<details open class=smalltext>" in body
    assert "Details for developers (Sanic debug mode only)" in body
    assert "Issue extra data" in body
    assert "Exception in my_test_app.handler:" in body
    assert "<h2>GET /&lt;x></h2>" in body
    assert "<dd>&lt;script>alert(1)&lt;/script>" in body
    assert "DEBUG mode" in body
    assert "KeyError" in body


def test_html_of_quiet_exceptions_keeps_details_closed():
    body = page(NotFound("m"), True)
    assert "<details class=smalltext>" in body
    assert "Exception in [route not found]:" in body


def test_html_context_with_a_broken_str():
    class Broken:
        def __str__(self):
            raise RuntimeError("no")

    assert "[cannot be shown: RuntimeError]" in page(SanicException("m", context={"a": Broken()}))


def test_rendering_does_not_warn():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        page(raised_with_cause(), True)
        render(raised_with_cause(), TextRenderer, True)
