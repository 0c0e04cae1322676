"""Sanic Extensions, where that package is installed."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

__all__ = ("setup_ext",)


def setup_ext(app: Any, *, fail: bool = False, **kwargs: Any) -> Any:
    """Attach `sanic_ext.Extend` to an app, once.

    Args:
        app: the application.
        fail: raise where the package is missing, instead of doing without.
        kwargs: passed on to `Extend`.

    Raises:
        RuntimeError: `fail` is set, and the package cannot be used or is switched off.
    """
    extend = _find_extend(app) if app.config.AUTO_EXTEND else None
    if extend is None:
        if fail:
            raise RuntimeError(
                "Sanic Extensions is not installed. You can add it to your environment using:\n"
                "$ pip install sanic[ext]\nor\n$ pip install sanic-ext"
            )
        return None
    if not getattr(app, "_ext", None):
        app._ext = extend(app, **kwargs)
    return app.ext


def _find_extend(app: Any) -> Any:
    """`sanic_ext.Extend`, if it is installed and extends this kind of app.

    It extends what is importable as `sanic`, which may be the original beside this package.
    """
    if find_spec("sanic_ext") is None:
        return None
    try:
        if getattr(import_module("sanic"), "Sanic", None) not in type(app).__mro__:
            return None
        return import_module("sanic_ext").Extend
    except ModuleNotFoundError:
        return None
