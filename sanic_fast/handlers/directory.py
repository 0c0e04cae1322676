"""What a request for a directory gets: an index file, or a page that lists the directory."""

from __future__ import annotations

import asyncio
import os
import re
import stat as stat_types
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sanic_fast.exceptions import FileNotFound, NotFound
from sanic_fast.handlers.safe_path import locate, may_follow
from sanic_fast.response import file, html, redirect

if TYPE_CHECKING:
    from sanic_fast.pages.directory_page import FileInfo
    from sanic_fast.response import HTTPResponse

_REPEATED_SLASHES = re.compile("/{2,}")


class DirectoryHandler:
    """Serve directories below a static route.

    Args:
        uri: Path under which the directory is mounted.
        directory: The directory.
        directory_view: Whether to list directories that have no index file.
        index: Names of files served in place of a directory; the first that exists is.
        root_path: Limit for symbolic links, default `directory`.
        follow_external_symlink_files: Show links to files outside of `root_path`.
        follow_external_symlink_dirs: Show links to directories outside of `root_path`.
    """

    def __init__(
        self,
        uri: str,
        directory: Path,
        directory_view: bool = False,
        index: str | Sequence[str] | None = None,
        root_path: Path | None = None,
        follow_external_symlink_files: bool = False,
        follow_external_symlink_dirs: bool = False,
    ) -> None:
        if isinstance(index, str):
            index = [index]
        elif index is None:
            index = ()
        self.base = uri.strip("/")
        self.directory = directory
        self.directory_view = directory_view
        self.index = tuple(index)
        self.root_path = root_path if root_path is not None else directory
        self.follow_external_symlink_files = follow_external_symlink_files
        self.follow_external_symlink_dirs = follow_external_symlink_dirs

    async def handle(self, request: Any, path: str) -> HTTPResponse:
        """Answer a request whose `path` (of the URL, percent-encoded) names a directory.

        Raises:
            FileNotFound: There is no such directory.
            NotFound: It has no index file where one is expected.
            IsADirectoryError: Neither index files nor the listing are configured.
        """
        root = os.path.realpath(self.root_path)
        try:
            location, _ = locate(root, self._below_base(request, path), **self._links)
        except OSError:
            raise self._not_found(path) from None
        for name in self.index:
            served = await self._index_file(request, root, location, name)
            if served is not None:
                return served
        if self.directory_view:
            return await self._index(Path(location), path, request.app.debug)
        if self.index:
            raise NotFound("File not found")
        raise IsADirectoryError(f"{self.directory.as_posix()} is a directory")

    @property
    def _links(self) -> dict[str, bool]:
        return {
            "follow_files": self.follow_external_symlink_files,
            "follow_dirs": self.follow_external_symlink_dirs,
        }

    def _below_base(self, request: Any, path: str) -> str:
        """The part of `path` below the mount point, still percent-encoded.

        The route knows it; `base` alone would not do, as a blueprint puts its prefix before it.
        """
        below: str | None = getattr(request, "match_info", {}).get("__file_uri__")
        if below is not None:
            return below
        stripped = path.strip("/")
        return stripped.removeprefix(self.base)

    async def _index_file(
        self, request: Any, root: str, location: str, name: str
    ) -> HTTPResponse | None:
        """Response for the index file `name` of the directory, None if it has none."""
        candidate = os.path.join(location, name)
        if os.path.islink(candidate):
            candidate = may_follow(root, candidate, **self._links) or ""
        if not os.path.isfile(candidate):
            return None
        return await file(candidate, request_headers=request.headers)

    async def _index(self, location: Path, path: str, debug: bool) -> HTTPResponse:
        """The listing, or a redirect to its canonical URL (relative links need the last slash)."""
        if not path.endswith("/") or "//" in path:
            # Built from collapsed slashes: `//host/` would lead to another server.
            return redirect(_REPEATED_SLASHES.sub("/", f"/{path}/"))

        from sanic_fast.pages.directory_page import DirectoryPage

        # A big directory takes many system calls, so they are made off the event loop.
        files = await asyncio.to_thread(lambda: list(self._iter_files(location)))
        return html(DirectoryPage(files, path, debug).render())

    def _iter_files(self, location: Path) -> Iterable[FileInfo]:
        """What the directory holds: directories first, then by name."""
        entries = [info for info in map(self._prepare_file, location.iterdir()) if info]
        entries.sort(key=lambda info: (not info["file_name"].endswith("/"), info["file_name"]))
        return entries

    def _prepare_file(self, path: Path) -> FileInfo | None:
        """Facts about one entry, or None if it must not be shown (or cannot be looked at)."""
        try:
            info = path.lstat()
            if stat_types.S_ISLNK(info.st_mode):
                root = os.path.realpath(self.root_path)
                real = may_follow(root, os.fspath(path), **self._links)
                if real is None:
                    return None
                info = os.stat(real)
        except OSError:
            return None
        is_dir = stat_types.S_ISDIR(info.st_mode)
        modified = datetime.fromtimestamp(info.st_mtime)
        return {
            "icon": "📁" if is_dir else "📄",
            "file_name": f"{path.name}/" if is_dir else path.name,
            "file_access": modified.isoformat(sep=" ", timespec="seconds"),
            "file_size": str(info.st_size),
        }

    def _not_found(self, path: str) -> FileNotFound:
        return FileNotFound("File not found", path=self.directory, relative_url=path)
