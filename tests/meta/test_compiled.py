"""The compiled modules are really the ones in use, and fit one another."""

from __future__ import annotations

import importlib
import importlib.machinery
import inspect
import re

import pytest

from tests.meta.modules import PACKAGE, ROOT

MODULES = sorted(path.stem for path in (PACKAGE / "_core").glob("*.pyx"))


@pytest.mark.parametrize("name", MODULES)
def test_module_is_an_extension(name: str) -> None:
    module = importlib.import_module(f"sanic_fast._core.{name}")
    assert isinstance(module.__loader__, importlib.machinery.ExtensionFileLoader)


@pytest.mark.parametrize("name", MODULES)
def test_module_is_in_the_build_table(name: str) -> None:
    table = re.search(r"MODULES = \((.*?)\)", (ROOT / "setup.py").read_text(), re.DOTALL)
    assert table is not None
    assert f'"{name}"' in table[1]


@pytest.mark.parametrize("name", MODULES)
def test_module_has_a_stub(name: str) -> None:
    assert (PACKAGE / "_core" / f"{name}.pyi").exists()


def test_hot_classes_are_compiled() -> None:
    from sanic_fast import HTTPResponse, Request
    from sanic_fast.server import HttpProtocol

    for hot in (Request, HTTPResponse, HttpProtocol.__mro__[2]):
        assert hot.__module__.startswith("sanic_fast._core.")
        assert not inspect.isfunction(hot.__init__)


def test_protocol_takes_bytes_without_python_code() -> None:
    from sanic_fast.server import HttpProtocol

    for name in ("get_buffer", "buffer_updated"):
        assert name not in vars(HttpProtocol)
        assert not inspect.isfunction(getattr(HttpProtocol, name))
