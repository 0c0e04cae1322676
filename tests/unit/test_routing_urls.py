"""`url_for`: measured answers and corner cases."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from sanic_fast.exceptions import URLBuildError
from sanic_fast.router import Router
from sanic_fast.routing.urls import url_for

ID = UUID("123e4567-e89b-12d3-a456-426655440000")


def handler(request: Any) -> None:
    """Stand in for a handler."""


@pytest.fixture(scope="module")
def app() -> Any:
    app = SimpleNamespace(name="app", config={})
    app.router = router = Router()
    router.ctx.app = app

    def add(name: str, path: str, **options: Any) -> Any:
        return router.add(path, ["GET"], handler, name=f"app.{name}", **options)

    add("x", "/x/<a:int>/<b>")
    add("y", "/y/<p:path>")
    add("hh", "/h", host="h.com")
    add("h2", "/h2", host=["h2.com", "h1.com"])
    add("re", "/re/<z:[a-z]{3}>")
    add("either", "/either/<z:a|bc>")
    add("group", "/group/<z:(?P<z>[a-z]+)-x>")
    add("sl", "/sl/")
    add("ss", "/ss/", strict_slashes=True)
    add("ws", "/ws").extra.websocket = True
    add("root", "/")
    add("static", "/st/<__file_uri__:path>", static=True)
    add("other", "/st2/<__file_uri__:path>", static=True)
    add("fi", "/fi", static=True)
    add("bp.static", "/bp/st/<__file_uri__:path>", static=True)
    add("bp.more", "/bp/more/<__file_uri__:path>", static=True)
    add("bp.r", "/bp/r")
    add("ver", "/ver", version=2)
    add("ext", "/e/<f:ext>")
    add("types", "/t/<u:uuid>/<d:ymd>/<f:float>/<s:strorempty>")
    add("enc", "/é/a b")
    return app


URLS = [
    ("x", {"a": 1, "b": "q"}, "/x/1/q"),
    ("app.x", {"a": -1, "b": None}, "/x/-1/None"),
    (
        "x",
        {"a": 1, "b": "a b", "c": [1, 2], "d": "x y", "e": None},
        "/x/1/a b?c=1&c=2&d=x+y&e=None",
    ),
    ("x", {"a": 1, "b": 2, "l": [], "_method": "POST", "_anchor": "z"}, "/x/1/2#z"),
    ("x", {"a": 1, "b": 2, "filename": "z", "name": "n"}, "/x/1/2?filename=z&name=n"),
    ("y", {"p": "a/b"}, "/y/a/b"),
    ("y", {"p": ""}, "/y/"),
    ("hh", {}, "/h"),
    ("hh", {"_external": True}, "http://h.com/h"),
    ("hh", {"_external": True, "_server": "s"}, "http://s/h"),
    ("h2", {}, "/h2"),
    ("h2", {"_host": "h2.com"}, "http://h2.com/h2"),
    ("re", {"z": "abc"}, "/re/abc"),
    ("either", {"z": "bc"}, "/either/bc"),
    ("group", {"z": "abc-x"}, "/group/abc-x"),
    ("sl", {}, "/sl"),
    ("ss", {}, "/ss/"),
    ("ws", {}, "/ws"),
    ("ws", {"_external": True}, "ws:///ws"),
    ("ws", {"_external": True, "_server": "s.com"}, "ws://s.com/ws"),
    ("ws", {"_external": True, "_server": "https://s.com"}, "wss://s.com/ws"),
    ("ws", {"_external": True, "_server": "q", "_scheme": "https"}, "https://q/ws"),
    ("root", {"_external": True}, "http:///"),
    ("root", {"_scheme": ""}, "/"),
    ("root", {"_server": "a.b"}, "//a.b/"),
    ("root", {"_external": True, "_server": "http://a.b", "_scheme": "https"}, "https://a.b/"),
    (
        "root",
        {"_external": True, "_server": "s.com", "_scheme": "https", "_anchor": "an"},
        "https://s.com/#an",
    ),
    ("ver", {}, "/v2/ver"),
    ("static", {"filename": "/a b.txt"}, "/st/a b.txt"),
    ("static", {"filename": "//x", "q": 1}, "/st//x?q=1"),
    ("static", {"name": "other", "filename": "z"}, "/st2/z"),
    ("other", {"filename": "q/z"}, "/st2/q/z"),
    ("static", {"name": "bp.more", "filename": "x"}, "/bp/more/x"),
    ("bp.static", {"filename": "x"}, "/bp/st/x"),
    ("bp.static", {"name": "more", "filename": "x"}, "/bp/more/x"),
    ("fi", {}, "/fi"),
    ("fi", {"filename": "q"}, "/fi"),
    ("static", {}, "/st/"),
    ("bp.r", {}, "/bp/r"),
    ("app.bp.r", {}, "/bp/r"),
    ("ext", {"f": "a.txt"}, "/e/a.txt"),
    ("types", {"u": ID, "d": date(2021, 1, 2), "f": 1.5, "s": ""}, f"/t/{ID}/2021-01-02/1.5/"),
    ("enc", {}, "/%C3%A9/a%20b"),
]


@pytest.mark.parametrize(("view", "values", "url"), URLS)
@pytest.mark.parametrize("final", [False, True])
def test_url_for_gives(app: Any, view: str, values: dict[str, Any], url: str, final: bool) -> None:
    if final and not app.router.finalized:
        app.router.finalize()
    assert url_for(app, view, **values) == url


INT = r"for type `int`: ^-?\d+$"
ERRORS = [
    ("x", {"a": "z", "b": "q"}, f'Value "z" for parameter `a` does not match pattern {INT}'),
    ("x", {"a": True, "b": 1}, f'Value "True" for parameter `a` does not match pattern {INT}'),
    (
        "x",
        {"a": 1, "b": "é/ü"},
        'Value "é/ü" for parameter `b` does not match pattern for type `nonemptystr`: ^[^/]+$',
    ),
    ("x", {"a": 1}, "Required parameter `b` was not passed to url_for"),
    ("nope", {}, "Endpoint with name `app.nope` was not found"),
    ("bp.nope", {}, "Endpoint with name `bp.nope` was not found"),
    ("", {}, "Endpoint with name `app.` was not found"),
    ("static", {"name": "nope"}, "Endpoint with name `app.nope` was not found"),
    ("re", {"z": "abcd"}, 'Value "abcd" for parameter `z` does not satisfy pattern ^[a-z]{3}$'),
    ("either", {"z": "ab"}, 'Value "ab" for parameter `z` does not satisfy pattern ^a|bc$'),
]


@pytest.mark.parametrize(("view", "values", "message"), ERRORS)
def test_url_for_refuses(app: Any, view: str, values: dict[str, Any], message: str) -> None:
    with pytest.raises(URLBuildError) as caught:
        url_for(app, view, **values)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("view", "values", "message"),
    [
        ("h2", {"_external": True}, "Host is ambiguous: h2.com, h1.com"),
        (
            "h2",
            {"_host": "q"},
            "Requested host (q) is not available for this route: ['h2.com', 'h1.com']",
        ),
        ("root", {"_host": "q"}, "Requested host (q) is not available for this route: [None]"),
        ("root", {"_scheme": "https"}, "When specifying _scheme, _external must be True"),
    ],
)
def test_url_for_contradictions(app: Any, view: str, values: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError) as caught:
        url_for(app, view, **values)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("server", "view", "url"),
    [
        ("srv.com:80", "root", "http://srv.com:80/"),
        ("https://srv.com", "root", "https://srv.com/"),
        ("https://srv.com", "ws", "wss://srv.com/ws"),
        ("https://srv.com", "hh", "http://h.com/h"),
    ],
)
def test_url_for_external_uses_the_configured_server(
    app: Any, server: str, view: str, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "SERVER_NAME", server)
    assert url_for(app, view, _external=True) == url
    assert url_for(app, "root", _external=True, _server="") == "http:///"
