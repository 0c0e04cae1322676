"""A tree of files to serve, and a way to ask for them without a server."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sanic_fast.compat import Header
from sanic_fast.static import make_static_handler

MTIME = 1_700_000_000  # Tue, 14 Nov 2023 22:13:20 GMT
MODIFIED = "Tue, 14 Nov 2023 22:13:20 GMT"


@dataclass(frozen=True)
class Record:
    """The parameters of `app.static` with their defaults."""

    uri: str
    file_or_directory: Any
    use_modified_since: bool = True
    use_content_range: bool = False
    stream_large_files: bool | int = False
    content_type: str | None = None
    index: Any = None
    directory_view: bool = False
    directory_handler: Any = None
    follow_external_symlink_files: bool = False
    follow_external_symlink_dirs: bool = False


@dataclass
class FakeRequest:
    """What static handlers read of a request."""

    path: str
    method: str = "GET"
    headers: Header = field(default_factory=Header)
    match_info: dict[str, str] = field(default_factory=dict)
    app: Any = field(default_factory=lambda: SimpleNamespace(debug=False))


class Site:
    """One static route at `/st`."""

    def __init__(self, root: Path, **options: Any) -> None:
        self.handler = make_static_handler(Record("/st", root, **options))

    def get(self, uri: str | None, method: str = "GET", path: str | None = None, **headers: str):
        """Response for `uri` below the mount point; header names with `_` for `-`."""
        request = FakeRequest(path if path is not None else f"/st/{uri or ''}", method)
        for name, value in headers.items():
            request.headers.add(name.replace("_", "-"), value)
        if uri is not None:
            request.match_info["__file_uri__"] = uri
        return asyncio.run(self.handler(request, **request.match_info))

    def head(self, uri: str | None, **headers: str):
        """Response for a HEAD request."""
        return self.get(uri, "HEAD", **headers)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A directory with files, next to others that must not be reachable."""
    tree = tmp_path / "root"
    (tree / "sub").mkdir(parents=True)
    (tree / "empty").mkdir()
    (tree / "indexed").mkdir()
    (tree / "indexed" / "index.html").write_text("<i>index</i>")
    (tree / "hello.txt").write_text("hello world")
    (tree / "zero").write_text("")
    (tree / "script.js").write_text("1")
    (tree / "sub" / "page.html").write_text("<b>")
    (tree / "a b%.txt").write_text("percent")
    (tmp_path / "root-lateral").mkdir()
    (tmp_path / "root-lateral" / "file.txt").write_text("lateral")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.txt").write_text("secret")
    os.utime(tree / "hello.txt", (MTIME, MTIME))
    return tree
