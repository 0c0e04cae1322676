"""Finding apps by what users type, and certificates by what main sends."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sanic_fast import Sanic
from sanic_fast.exceptions import SanicException
from sanic_fast.worker.loader import AppLoader, CertLoader

SOURCE = """
from sanic_fast import Sanic
app = Sanic("loaded", configure_logging=False)
number = 5
def create(): return app
def create_with(args): app.ctx.args = args; return app
class Factory:
    def __call__(self): return app
factory = Factory()
"""
TARGET = SimpleNamespace(target="typed")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    (tmp_path / "loadable.py").write_text(SOURCE)
    (tmp_path / "appless.py").write_text("x = 1\n")
    (tmp_path / "nested").mkdir()
    (tmp_path / "nested" / "__init__.py").write_text("")
    (tmp_path / "nested" / "server.py").write_text("from loadable import app\n")
    monkeypatch.chdir(tmp_path)
    path = list(sys.path)
    yield tmp_path
    sys.path[:] = path
    for name in ("loadable", "appless", "nested", "nested.server"):
        sys.modules.pop(name, None)


@pytest.mark.parametrize(
    "text",
    [
        *("loadable:app", "loadable.app", "loadable", "loadable:create", "loadable:create()"),
        *("nested.server:app", "nested.server"),
    ],
)
def test_load_finds_the_app(text: str) -> None:
    assert AppLoader(text).load().name == "loaded"


def test_load_calls_a_factory_with_the_arguments() -> None:
    app = AppLoader("loadable:create_with", args=TARGET).load()
    assert app.ctx.args is TARGET


def test_load_calls_any_callable_where_told() -> None:
    assert AppLoader("loadable:factory", as_factory=True).load().name == "loaded"


def test_load_prefers_the_factory_given() -> None:
    app = Sanic("given", configure_logging=False)
    assert AppLoader("loadable:app", factory=lambda: app).load() is app


@pytest.mark.parametrize(
    ("text", "kwargs", "message"),
    [
        ("appless", {}, "Looks like you only supplied a module name"),
        ("loadable:none", {}, "Module is not a Sanic app, it is a NoneType"),
        ("loadable:none", {"args": TARGET}, "Perhaps you meant loadable:app?"),
        ("loadable:number", {}, "Module is not a Sanic app, it is a int"),
        ("loadable:factory", {}, "Module is not a Sanic app, it is a Factory"),
        ("loadable:number", {"as_factory": True}, "Expected a callable, but got int."),
    ],
)
def test_load_says_what_is_wrong(text: str, kwargs: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError) as caught:
        AppLoader(text, **kwargs).load()
    assert message in str(caught.value)


def test_load_leaves_import_errors_alone() -> None:
    with pytest.raises(ModuleNotFoundError, match="No module named 'nothing_here'"):
        AppLoader("nothing_here:app").load()


@pytest.mark.parametrize("kwargs", [{}, {"as_simple": True}])
def test_load_serves_a_directory(folder: Path, kwargs: dict[str, Any]) -> None:
    app = AppLoader(f"{folder}/", **kwargs).load()
    assert app.name == "SimpleServer"
    assert app.url_for("main", filename="a.txt").endswith("/a.txt")


def test_load_of_a_missing_directory_raises(folder: Path) -> None:
    with pytest.raises(SanicException, match="Cannot setup Sanic Simple Server without a path"):
        AppLoader(str(folder / "none"), as_simple=True).load()


def test_load_finds_modules_of_the_folder_it_was_made_in(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loader = AppLoader("loadable:app")
    monkeypatch.chdir("/")
    assert loader.load().name == "loaded"


def test_certificate_of_nothing_is_none() -> None:
    assert CertLoader(None).load(None) is None


def test_certificate_of_an_unknown_creator_raises() -> None:
    with pytest.raises(RuntimeError, match="Unknown certificate creator: someone"):
        CertLoader({"creator": "someone"})


def test_certificate_made_here_is_made_again_in_a_worker(tmp_path: Path) -> None:
    app = Sanic("tls", configure_logging=False)
    app.config.LOCAL_CERT_CREATOR = "trustme"
    app.config.LOCAL_TLS_CERT = tmp_path / "c.pem"
    app.config.LOCAL_TLS_KEY = tmp_path / "k.pem"
    app.prepare(debug=True, auto_tls=True, motd=False)
    context = app.state.ssl
    assert app.state.port == 8443
    assert context.sanic["creator"] == "trustme"
    assert "localhost" in context.sanic["names"]
    assert (tmp_path / "k.pem").stat().st_mode & 0o077 == 0
    again = CertLoader(context.sanic).load(app)
    assert again.sanic["names"] == context.sanic["names"]
    (tmp_path / "c.pem").unlink()
    assert CertLoader(context.sanic).load(app).sanic["creator"] == "trustme"
