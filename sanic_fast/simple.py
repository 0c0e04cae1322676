"""A server for one directory: `sanic-fast ./path --simple`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sanic_fast.app import Sanic
from sanic_fast.exceptions import SanicException

__all__ = ("create_simple_server",)


def create_simple_server(directory: Path) -> Sanic[Any, Any]:
    """An app that serves the files below a directory, with listings.

    Raises:
        SanicException: it is not a directory.
    """
    if not directory.is_dir():
        raise SanicException(
            "Cannot setup Sanic Simple Server without a path to a directory"
        )
    app: Sanic[Any, Any] = Sanic("SimpleServer")
    app.static("/", directory, name="main", directory_view=True, index="index.html")
    return app
