"""Serve files below a directory, or one file: what `app.static()` puts behind its route.

Conditions (RFC 9110, 13) and ranges (14) are answered here; which file a URL names is decided in
`handlers.safe_path`; directories are left to a `DirectoryHandler`.
"""

from __future__ import annotations

import errno
import os
import stat as stat_types
from collections.abc import Awaitable, Callable
from datetime import timezone
from email.utils import formatdate, parsedate_to_datetime
from pathlib import Path
from typing import Any

from sanic_fast._core.files import KnownFiles
from sanic_fast.exceptions import (
    FileNotFound,
    Forbidden,
    HeaderNotFound,
    InvalidRangeType,
    SanicException,
)
from sanic_fast.handlers.content_range import ContentRangeHandler
from sanic_fast.handlers.directory import DirectoryHandler
from sanic_fast.handlers.safe_path import locate, plain_path
from sanic_fast.response import HTTPResponse, ResponseStream, file_stream
from sanic_fast.response.convenience import INLINE_LIMIT, guess_content_type, open_file_response

STREAM_THRESHOLD = 1024 * 1024  # bytes from which `stream_large_files=True` streams
_STREAM_CHUNK = 64 * 1024
# The path was resolved before: a symbolic link in the last place now was put there since then.
# Not blocking, as an exchanged file might be a pipe.
_OPEN_FLAGS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_MISSING = (FileNotFoundError, IsADirectoryError, NotADirectoryError)

StaticHandler = Callable[..., Awaitable["HTTPResponse | ResponseStream"]]


def make_static_handler(record: Any, app: Any = None) -> StaticHandler:
    """Make the route handler for one `app.static()` call.

    Args:
        record: Has the parameters of `app.static` as attributes: `uri`, `file_or_directory`,
            `use_modified_since`, `use_content_range`, `stream_large_files`, `content_type`,
            `directory_handler` (or `directory_view` and `index`), `follow_external_symlink_files`
            and `follow_external_symlink_dirs`.
        app: The application (or blueprint) the route belongs to. Unused: all that matters at
            run time comes with the request.

    Returns:
        `async handler(request, __file_uri__=None)`, where `__file_uri__` is the percent-encoded
        path below the directory.
    """
    served = StaticFiles(record)

    async def static_handler(
        request: Any, __file_uri__: str | None = None
    ) -> HTTPResponse | ResponseStream:
        uri = __file_uri__ or ""
        answer: HTTPResponse | None = served.known.answer(request, uri)
        return answer or await served.respond(request, __file_uri__)

    return static_handler


class StaticFiles:
    """The settings of one static route, and the steps of answering for it."""

    __slots__ = (
        "conditional",
        "content_type",
        "directory_handler",
        "follow",
        "known",
        "ranges",
        "root",
        "stream_from",
    )

    def __init__(self, record: Any) -> None:
        # Resolved once: a root that is itself behind a symbolic link is meant by whoever set it.
        self.root = os.path.realpath(record.file_or_directory)
        self.known = KnownFiles(INLINE_LIMIT)
        self.conditional: bool = record.use_modified_since
        self.ranges: bool = record.use_content_range
        self.content_type: str | None = record.content_type
        self.follow = {
            "follow_files": getattr(record, "follow_external_symlink_files", False),
            "follow_dirs": getattr(record, "follow_external_symlink_dirs", False),
        }
        self.directory_handler: Any = getattr(record, "directory_handler", None)
        if self.directory_handler is None:
            self.directory_handler = DirectoryHandler(
                uri=record.uri,
                directory=Path(self.root),
                directory_view=getattr(record, "directory_view", False),
                index=getattr(record, "index", None),
                follow_external_symlink_files=self.follow["follow_files"],
                follow_external_symlink_dirs=self.follow["follow_dirs"],
            )
        large = record.stream_large_files
        # `True` is an int as well, so it is asked for first.
        self.stream_from: int | None = STREAM_THRESHOLD if large is True else (large or None)

    async def respond(self, request: Any, uri: str | None) -> HTTPResponse | ResponseStream:
        """Answer a GET or HEAD request for `uri`, a percent-encoded path below the root."""
        try:
            path, info = locate(self.root, uri or "", **self.follow)
            if stat_types.S_ISDIR(info.st_mode):
                answer: HTTPResponse = await self.directory_handler.handle(request, request.path)
                return answer
            if not stat_types.S_ISREG(info.st_mode):
                raise FileNotFoundError(path)  # reading a pipe or a device may never end
            return await self._respond_file(request, uri or "", path, info)
        except PermissionError:
            raise Forbidden("Forbidden") from None
        except OSError as error:
            # A directory with neither index nor listing is nothing that can be served;
            # ELOOP: the file was exchanged for a symbolic link while we looked.
            if error.errno != errno.ELOOP and not isinstance(error, _MISSING):
                raise
            raise FileNotFound("File not found", path=Path(self.root), relative_url=uri) from None

    async def _respond_file(
        self, request: Any, uri: str, path: str, info: os.stat_result
    ) -> HTTPResponse | ResponseStream:
        modified = formatdate(info.st_mtime, usegmt=True)
        headers: dict[str, str] = {}
        if self.conditional:
            headers["Last-Modified"] = modified
            headers["ETag"] = etag = entity_tag(info)
            if answer := check_conditions(request.headers, etag, info.st_mtime):
                return self._not_served(answer, etag)
        part, status = None, 200
        size: int | None = info.st_size
        if self.ranges:
            headers["Accept-Ranges"] = "bytes"
            if request.method == "GET":
                part = self._range(request, info, headers.get("ETag"))
        if part is not None:
            headers.update(part.headers)
            status, size = 206, part.size
        elif self.ranges:
            headers["Content-Length"] = str(size)
        headers["Content-Type"] = self._content_type(path)
        headers.setdefault("Last-Modified", modified)
        headers["cache-control"] = "no-cache"
        if request.method == "HEAD":
            headers.setdefault("Content-Length", str(size))
            return HTTPResponse(headers=headers)
        if self.stream_from is not None and info.st_size >= self.stream_from:
            headers.setdefault("Content-Length", str(size))
            return await file_stream(
                path,
                status=status,
                headers=headers,
                chunk_size=_STREAM_CHUNK,
                mime_type=headers["Content-Type"],
                _range=part,
            )
        if part is None and plain_path(self.root, uri) == path:
            self.known.remember(
                uri, path, headers, info.st_size, info.st_mtime_ns,
                flat=os.path.dirname(path) == self.root or path == self.root,
            )  # fmt: skip
        return open_file_response(
            path,
            status=status,
            headers=headers,
            content_type=headers["Content-Type"],
            part=part,
            flags=_OPEN_FLAGS,
        )

    def _not_served(self, status: int, etag: str) -> HTTPResponse:
        """The answer when a condition decided: 304, or 412 as an error page."""
        if status == 412:
            raise SanicException("Precondition Failed", status_code=412, quiet=True)
        return HTTPResponse(status=304, headers={"ETag": etag, "cache-control": "no-cache"})

    def _range(
        self, request: Any, info: os.stat_result, etag: str | None
    ) -> ContentRangeHandler | None:
        """The part of the file that is asked for, None for all of it.

        A range in a unit that we do not know, or for a file that changed (If-Range), is ignored
        (RFC 9110, 14.2 and 13.1.5).
        """
        if not if_range_holds(request.headers.get("if-range"), etag, info.st_mtime):
            return None
        try:
            return ContentRangeHandler(request, info)
        except (HeaderNotFound, InvalidRangeType):
            return None

    def _content_type(self, path: str) -> str:
        content_type = self.content_type or guess_content_type(path)
        needs_charset = content_type.startswith(("text/", "application/javascript"))
        if needs_charset and "charset=" not in content_type:
            content_type += "; charset=utf-8"
        return content_type


def entity_tag(info: os.stat_result) -> str:
    """Strong validator of a file: changes with its size and (nanosecond) modification time."""
    return f'"{info.st_mtime_ns:x}-{info.st_size:x}"'


def check_conditions(headers: Any, etag: str, mtime: float) -> int | None:
    """Evaluate the conditional headers of a GET or HEAD in the order of RFC 9110, 13.2.2.

    Returns:
        304, 412, or None when the request is to be answered normally.
    """
    if (value := headers.get("if-match")) is not None:
        # Strong comparison: a weak tag never matches.
        if not _lists_tag(headers.getall("if-match"), etag, weak=False):
            return 412
    elif (value := headers.get("if-unmodified-since")) is not None:
        date = _http_date(value)
        if date is not None and int(mtime) > date:
            return 412
    if headers.get("if-none-match") is not None:
        return 304 if _lists_tag(headers.getall("if-none-match"), etag, weak=True) else None
    if (value := headers.get("if-modified-since")) is not None:
        date = _http_date(value)
        if date is not None and int(mtime) <= date:
            return 304
    return None


def if_range_holds(value: str | None, etag: str | None, mtime: float) -> bool:
    """Whether a range may be served: no If-Range, or one that names the file as it is now."""
    if value is None:
        return True
    value = value.strip()
    if value.startswith(('"', "W/")):
        return value == etag
    return _http_date(value) == int(mtime)


def _lists_tag(lines: list[str], etag: str, *, weak: bool) -> bool:
    """Whether header lines with a list of entity tags have `etag` (or `*`) in it.

    Our tags hold no comma, so splitting at commas cannot tear a tag that would match.
    """
    for line in lines:
        for item in line.split(","):
            tag = item.strip()
            if weak:
                tag = tag.removeprefix("W/")
            if tag in (etag, "*"):
                return True
    return False


def _http_date(value: str) -> float | None:
    """Seconds since the epoch of a date header; None if it is not valid, hence to be ignored."""
    try:
        date = parsedate_to_datetime(value)
        if date.tzinfo is None:
            date = date.replace(tzinfo=timezone.utc)
        return date.timestamp()
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
