"""Finding the app in a process that starts from nothing."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from importlib import import_module
from inspect import isfunction, signature
from pathlib import Path
from typing import Any

from sanic_fast.simple import create_simple_server
from sanic_fast.worker.certloader import CertLoader

__all__ = ("DEFAULT_APP_NAME", "AppLoader", "CertLoader", "TargetError")

DEFAULT_APP_NAME = "app"


class TargetError(ValueError):
    """There is no app where the user says; the message is for them, and says it all."""


class AppLoader:
    """Finds the app by a module path, a factory, or a directory.

    `path.to.server:app`, `path.to.server.app` and `path.to.server` name an instance;
    `path.to.server:create()` calls a factory; `./static` serves a directory.

    Args:
        module_input: what the user typed.
        as_factory: the name is that of a callable that returns the app.
        as_simple: the input is a directory to serve.
        args: passed to a factory that takes an argument.
        factory: a callable that returns the app; nothing else is looked at then.
    """

    def __init__(
        self,
        module_input: str = "",
        as_factory: bool = False,
        as_simple: bool = False,
        args: Any = None,
        factory: Callable[[], Any] | None = None,
    ) -> None:
        self.module_input = module_input
        self.module_name = ""
        self.app_name = ""
        self.as_factory = as_factory
        self.as_simple = as_simple
        self.args = args
        self.factory = factory
        # A daemon changes its folder before its workers load the app.
        self.cwd = os.getcwd()
        if module_input:
            self._parse(module_input)

    def _parse(self, text: str) -> None:
        delimiter = ":" if ":" in text else "."
        if delimiter in text and "\\" not in text and "/" not in text:
            self.module_name, self.app_name = text.rsplit(delimiter, 1)
            if self.app_name.endswith("()"):
                self.as_factory = True
                self.app_name = self.app_name[:-2]

    def load(self) -> Any:
        """The app.

        Raises:
            ImportError: the module cannot be imported.
            TargetError: there is no app under that name.
            SanicException: the directory does not exist.
        """
        if self.cwd not in sys.path:
            sys.path.append(self.cwd)
        if self.factory is not None:
            return self.factory()
        if self.as_simple or self._names_directory():
            return create_simple_server(Path(self.cwd, self.module_input))
        return self._load_from_module()

    def _names_directory(self) -> bool:
        text = self.module_input
        return os.path.isdir(os.path.join(self.cwd, text)) and ("/" in text or "\\" in text)

    def _load_from_module(self) -> Any:
        implied = not self.module_name and not self.app_name
        if implied:
            self.module_name, self.app_name = self.module_input, DEFAULT_APP_NAME
        app = getattr(import_module(self.module_name), self.app_name, None)
        if app is None and implied:
            raise TargetError(
                "Looks like you only supplied a module name. Sanic tried to locate an application "
                f"instance named {self.module_name}:app, but was unable to locate an application "
                "instance. Please provide a path to a global instance of Sanic(), or a callable "
                "that will return a Sanic() application instance."
            )
        if self.as_factory or isfunction(app):
            app = self._call(app)
        return app if _is_app(app) else self._as_module(app)

    def _call(self, factory: Any) -> Any:
        """The app a factory makes, with our arguments or without."""
        if _is_app(factory) or not callable(factory):
            raise TargetError(f"Expected a callable, but got {type(factory).__name__}.")
        try:
            signature(factory).bind(self.args)
        except TypeError:
            return factory()
        return factory(self.args)

    def _as_module(self, found: Any) -> Any:
        """For `path.to.server`, whose last part may be a module with an `app`.

        Raises:
            TargetError: it is not.
        """
        try:
            app = getattr(import_module(self.module_input), DEFAULT_APP_NAME, None)
        except ImportError:
            app = None
        if _is_app(app):
            return app
        message = f"Module is not a Sanic app, it is a {type(found).__name__}"
        for name, value in vars(sys.modules[self.module_name]).items():
            if _is_app(value) and not isinstance(value, type):
                message += f"\n  Perhaps you meant {self.module_name}:{name}?"
                break
        raise TargetError(message)


def _is_app(found: Any) -> bool:
    """Whether it looks like an app; the class itself is above this module."""
    return hasattr(found, "signal_router") and hasattr(found, "state")
