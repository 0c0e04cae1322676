"""Functions that build responses; those for files are written here, the rest is compiled."""

from __future__ import annotations

import asyncio
import errno
import os
import stat as stat_types
import time
from collections.abc import Iterator, MutableMapping
from datetime import datetime, timezone
from email.utils import formatdate, parsedate_to_datetime
from mimetypes import guess_type
from os import PathLike
from typing import Any, BinaryIO
from urllib.parse import quote

from sanic_fast._core.response import HTTPResponse, empty, html, json, raw, redirect, text
from sanic_fast.compat import Header
from sanic_fast.constants import DEFAULT_HTTP_CONTENT_TYPE
from sanic_fast.helpers import Default, _default
from sanic_fast.log import logger
from sanic_fast.response.types import READ_BLOCK, FileResponse, OpenFile, ResponseStream

__all__ = (
    "empty",
    "file",
    "file_stream",
    "guess_content_type",
    "html",
    "json",
    "raw",
    "redirect",
    "text",
    "validate_file",
)

# Bodies up to this many bytes are read at once and on the event loop: from the page cache that
# takes a few microseconds, less than handing the work to a thread. Larger ones are left on disk
# for the server to send (see FileResponse), so no read ever holds the loop for long.
INLINE_LIMIT = 64 * 1024


async def validate_file(
    request_headers: Header, last_modified: datetime | float
) -> HTTPResponse | None:
    """Answer `If-Modified-Since` (RFC 9110, 13.1.3).

    Args:
        request_headers: Headers of the request.
        last_modified: When the file changed: seconds since the epoch, or a datetime.

    Returns:
        A bare 304 response if the file did not change since, otherwise None.
    """
    value = request_headers.get("if-modified-since")
    if value is None:
        return None
    try:
        since = parsedate_to_datetime(value)
    except (TypeError, ValueError, IndexError, OverflowError):
        logger.warning("Ignoring invalid If-Modified-Since header received: '%s'", _shown(value))
        return None
    if not isinstance(last_modified, datetime):
        last_modified = datetime.fromtimestamp(float(last_modified), tz=timezone.utc)
    # HTTP dates have no zone but GMT and no fractions.
    if since.tzinfo is None:
        since = since.replace(tzinfo=timezone.utc)
    if last_modified.tzinfo is None:
        last_modified = last_modified.replace(tzinfo=timezone.utc)
    if last_modified.replace(microsecond=0) <= since:
        return HTTPResponse(status=304)
    return None


async def file(
    location: str | PathLike[str],
    status: int = 200,
    request_headers: Header | None = None,
    validate_when_requested: bool = True,
    mime_type: str | None = None,
    headers: MutableMapping[str, str] | None = None,
    filename: str | None = None,
    last_modified: datetime | float | Default | None = _default,
    max_age: float | None = None,
    no_store: bool | None = None,
    _range: Any | None = None,
) -> HTTPResponse:
    """Make a response of a file's content.

    Args:
        location: Path of the file.
        status: Status code; 206 if `_range` is given.
        request_headers: Headers of the request; with them `If-Modified-Since` is answered.
        validate_when_requested: Whether to look at `request_headers` at all.
        mime_type: Content type; guessed from `filename` or `location` if not given.
        headers: Extra headers. The mapping is changed: missing defaults are added to it.
        filename: Name for saving; sets `Content-Disposition: attachment`.
        last_modified: Value for `Last-Modified`, default the file's own; None or 0 for none.
        max_age: Seconds a cache may keep the answer.
        no_store: True forbids any cache to keep the answer.
        _range: Object with `start`, `end`, `size`, `total` (see `ContentRangeHandler`).

    Raises:
        FileNotFoundError, IsADirectoryError, PermissionError: As `open` does.
    """
    if isinstance(last_modified, datetime):
        last_modified = last_modified.replace(microsecond=0).timestamp()
    elif isinstance(last_modified, Default):
        last_modified = os.stat(location).st_mtime

    if validate_when_requested and request_headers is not None and last_modified:
        not_modified = await validate_file(request_headers, last_modified)
        if not_modified is not None:
            return not_modified

    headers = headers or {}
    if last_modified:
        add_default_header(headers, "Last-Modified", formatdate(last_modified, usegmt=True))
    if filename:
        add_default_header(headers, "Content-Disposition", _attachment(filename))
    _add_cache_headers(headers, max_age, no_store)
    if _range:
        headers["Content-Range"] = f"bytes {_range.start}-{_range.end}/{_range.total}"
        status = 206
    if not mime_type:
        mime_type = guess_content_type(filename or location, fallback="text/plain; charset=utf-8")
    return open_file_response(
        location, status=status, headers=headers, content_type=mime_type, part=_range
    )


def open_file_response(
    location: str | PathLike[str],
    *,
    status: int,
    headers: MutableMapping[str, str],
    content_type: str | None,
    part: Any | None = None,
    flags: int = 0,
) -> HTTPResponse:
    """Open `location` and make the response of it, or of one `part` with `start` and `size`.

    Headers are taken as they are; `flags` are added to those of `os.open`. Errors as of `open`.
    """
    path = os.fspath(location)
    opened = OpenFile(os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | flags))
    info = os.fstat(opened.fd)
    if stat_types.S_ISDIR(info.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
    size = info.st_size
    offset, count = (part.start, min(part.size, size - part.start)) if part else (0, size)
    if count > INLINE_LIMIT:
        return FileResponse(
            opened, path, offset, count, status=status, headers=headers, content_type=content_type
        )
    if part or size:
        body = opened.read(offset, count)
    else:
        body = _read_to_end(opened)  # files under /proc have content but no size
    return HTTPResponse(body, status=status, headers=headers, content_type=content_type)


async def file_stream(
    location: str | PathLike[str],
    status: int = 200,
    chunk_size: int = 4096,
    mime_type: str | None = None,
    headers: MutableMapping[str, str] | None = None,
    filename: str | None = None,
    _range: Any | None = None,
) -> ResponseStream:
    """Make a streamed response of a file's content; memory use does not depend on its size.

    The file is opened when streaming begins, so that is when a missing one raises.

    Args:
        location: Path of the file.
        status: Status code; 206 if `_range` is given.
        chunk_size: Bytes per `write`, and so per chunk on the wire.
        mime_type: Content type; guessed from `filename` or `location` if not given.
        headers: Extra headers. The mapping is changed: missing defaults are added to it.
        filename: Name for saving; sets `Content-Disposition: attachment`.
        _range: Object with `start`, `end`, `size`, `total` (see `ContentRangeHandler`).
    """
    headers = headers or {}
    if filename:
        add_default_header(headers, "Content-Disposition", _attachment(filename))
    if not mime_type:
        mime_type = guess_type(str(filename or location))[0] or "text/plain"
    if _range:
        headers["Content-Range"] = f"bytes {_range.start}-{_range.end}/{_range.total}"
        status = 206

    async def write_file(response: ResponseStream) -> None:
        handle = await asyncio.to_thread(open, location, "rb", 0)
        try:
            if _range:
                handle.seek(_range.start)
            left = _range.size if _range else None
            while left is None or left > 0:
                block = await asyncio.to_thread(_read_block, handle, chunk_size, left)
                if not block:
                    break
                if left is not None:
                    left -= len(block)
                for piece in _pieces(block, chunk_size):
                    await response.write(piece)
        finally:
            handle.close()

    return ResponseStream(write_file, status=status, headers=headers, content_type=mime_type)


def guess_content_type(
    file_path: str | PathLike[str], fallback: str = DEFAULT_HTTP_CONTENT_TYPE
) -> str:
    """Guess the content type from a file name; `text/*` gets `; charset=utf-8` added."""
    mime_type = guess_type(str(file_path))[0]
    if mime_type is None:
        return fallback
    return f"{mime_type}; charset=utf-8" if mime_type.startswith("text/") else mime_type


def add_default_header(headers: MutableMapping[str, str], name: str, value: str) -> None:
    """Set a header unless it is there in any letter case."""
    if isinstance(headers, Header):
        headers.setdefault(name, value)
    elif not any(key.lower() == name.lower() for key in headers):
        headers[name] = value


def _add_cache_headers(
    headers: MutableMapping[str, str], max_age: float | None, no_store: bool | None
) -> None:
    if no_store:
        cache_control = "no-store"
    elif max_age:
        cache_control = f"public, max-age={max_age}"
        add_default_header(headers, "expires", formatdate(time.time() + max_age, usegmt=True))
    else:
        cache_control = "no-cache"
    add_default_header(headers, "cache-control", cache_control)


def _attachment(filename: str) -> str:
    """Content-Disposition for saving under `filename` (RFC 6266; RFC 8187 if not ASCII)."""
    escaped = filename.replace("\\", "\\\\").replace('"', '\\"')
    if filename.isascii():
        return f'attachment; filename="{escaped}"'
    plain = escaped.encode("ascii", "replace").decode("ascii")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"


def _read_to_end(opened: OpenFile) -> bytes:
    """All of a file that does not say how long it is."""
    parts: list[bytes] = []
    offset = 0
    while data := opened.read(offset, READ_BLOCK):
        parts.append(data)
        offset += len(data)
    return b"".join(parts)


def _read_block(handle: BinaryIO, chunk_size: int, left: int | None) -> bytes:
    """Read a block of whole chunks in one trip to the disk, at most `left` bytes."""
    size = chunk_size * max(1, READ_BLOCK // chunk_size)
    if left is not None:
        size = min(size, left)
    parts: list[bytes] = []
    while size > 0:
        data = handle.read(size)
        if not data:
            break
        parts.append(data)
        size -= len(data)
    return b"".join(parts)


def _pieces(block: bytes, size: int) -> Iterator[bytes]:
    for start in range(0, len(block), size):
        yield block[start : start + size]


def _shown(value: str) -> str:
    """A header value made safe for a log line: escaped and cut."""
    return value[:80].encode("unicode_escape").decode("ascii")
