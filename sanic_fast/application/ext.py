"""Sanic Extensions, where that package is installed."""

from __future__ import annotations

from importlib import import_module
from typing import Any

__all__ = ("setup_ext",)


def setup_ext(app: Any, *, fail: bool = False, **kwargs: Any) -> Any:
    """Attach `sanic_ext.Extend` to an app, once.

    Does nothing with `config.AUTO_EXTEND` off.

    Args:
        app: the application.
        fail: raise where the package is missing, instead of doing without.
        kwargs: passed on to `Extend`.

    Raises:
        RuntimeError: `fail` is set and the package cannot be used.
    """
    if not app.config.AUTO_EXTEND:
        return None
    try:
        extend = import_module("sanic_ext").Extend
    except ModuleNotFoundError:
        if fail:
            raise RuntimeError(
                "Sanic Extensions is not installed. You can add it to your environment using:\n"
                "$ pip install sanic[ext]\nor\n$ pip install sanic-ext"
            ) from None
        return None
    if not getattr(app, "_ext", None):
        app._ext = extend(app, **kwargs)
    return app.ext
