"""Response classes: the compiled ones re-exported, plus the two that need no compiling."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator, Mapping
from typing import Any

from sanic_fast._core.response import BaseHTTPResponse, HTTPResponse, JSONResponse, json_dumps
from sanic_fast.compat import Header
from sanic_fast.exceptions import ServerError

__all__ = (
    "BaseHTTPResponse",
    "FileResponse",
    "HTTPResponse",
    "JSONResponse",
    "ResponseStream",
    "json_dumps",
)

READ_BLOCK = 256 * 1024  # bytes per trip to a worker thread: the hop costs less than the copy

_DESCRIPTORS = "/proc/self/fd" if os.path.isdir("/proc/self/fd") else None
_body_slot: Any = HTTPResponse.body


class OpenFile:
    """A file descriptor that is closed at the latest with the last reference to this object."""

    __slots__ = ("fd",)

    def __init__(self, fd: int) -> None:
        self.fd = fd

    def read(self, offset: int, count: int) -> bytes:
        """Read up to `count` bytes from `offset`; fewer only at the end of the file."""
        parts: list[bytes] = []
        while count > 0:
            data = _pread(self.fd, count, offset)
            if not data:
                break
            parts.append(data)
            offset += len(data)
            count -= len(data)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def close(self) -> None:
        """Close the descriptor; nobody may be using it."""
        if self.fd >= 0:
            fd, self.fd = self.fd, -1
            os.close(fd)

    def __del__(self) -> None:
        self.close()


class OpenPath(str):
    """Path that leads to an open file, and keeps it open."""

    __slots__ = ("opened",)

    opened: OpenFile

    def __new__(cls, opened: OpenFile, path: str) -> OpenPath:
        # The name under /proc leads to the opened file even after it was unlinked or renamed over.
        self = super().__new__(cls, f"{_DESCRIPTORS}/{opened.fd}" if _DESCRIPTORS else path)
        self.opened = opened
        return self


class FileResponse(HTTPResponse):
    """A response whose body is a part of an open file, read only when someone asks for it.

    To handlers and middleware it is an `HTTPResponse`: `.body` gives the bytes (and loads them),
    assigning `.body` replaces the file. A server that finds `_sf_file` set may send that part of
    the file itself and never load it. The file stays open as long as the response lives, so
    removing or replacing it after `file()` returned changes nothing.

    Args:
        opened: The file.
        path: Where it is.
        offset: First byte to send.
        count: Number of bytes to send.
        status, headers, content_type: As for `HTTPResponse`.
    """

    __slots__ = ("_loaded", "_sf_file")

    # (path, offset, count) or None once the body was replaced; read by the compiled protocol,
    # which may keep it for longer than the response.
    _sf_file: tuple[OpenPath, int, int] | None

    def __init__(
        self,
        opened: OpenFile,
        path: str,
        offset: int,
        count: int,
        *,
        status: int = 200,
        headers: Header | Mapping[str, str] | None = None,
        content_type: str | None = None,
    ) -> None:
        super().__init__(None, status, headers, content_type)
        self._loaded = False
        self._sf_file = (OpenPath(opened, path), offset, count)

    @property
    def body(self) -> bytes | None:
        """The bytes of the file part. The first read loads them, blocking for the disk."""
        if self._sf_file is not None and not self._loaded:
            path, offset, count = self._sf_file
            _body_slot.__set__(self, path.opened.read(offset, count))
            self._loaded = True
        body: bytes | None = _body_slot.__get__(self, type(self))
        return body

    @body.setter
    def body(self, value: bytes | None) -> None:
        self._sf_file = None
        _body_slot.__set__(self, value)

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        """A copy or pickle holds the bytes, not the open file."""
        return HTTPResponse, (self.body, self.status, self.headers.copy(), self.content_type)

    async def chunks(self, size: int = READ_BLOCK) -> AsyncIterator[bytes]:
        """Yield the body in blocks of at most `size` bytes without blocking the event loop.

        For transports that cannot send a file by themselves (TLS, ASGI). Ends early if the file
        became shorter; the caller has announced the length and must then cut the connection.
        """
        if self._sf_file is None or self._loaded:
            body = self.body or b""
            for start in range(0, len(body), size):
                yield body[start : start + size]
            return
        path, offset, count = self._sf_file
        end = offset + count
        while offset < end:
            data = await asyncio.to_thread(path.opened.read, offset, min(size, end - offset))
            if not data:
                return
            offset += len(data)
            yield data


def _seek_and_read(fd: int, count: int, offset: int) -> bytes:
    os.lseek(fd, offset, os.SEEK_SET)
    return os.read(fd, count)


_pread = getattr(os, "pread", _seek_and_read)  # Windows has no pread


class ResponseStream:
    """A response written by a coroutine function: `await` it after calling it with the request.

    Awaiting responds to the request (so response middleware sees a real `HTTPResponse`), runs
    `streaming_fn(self)`, and gives that response.

    Args:
        streaming_fn: Coroutine function that takes the stream and calls `await stream.write(...)`.
        status: Status code.
        headers: Copied into a `Header` unless it is one.
        content_type: Value of the content-type header.
    """

    __slots__ = (
        "_cookies",
        "content_type",
        "headers",
        "request",
        "response",
        "status",
        "streaming_fn",
    )

    response: HTTPResponse

    def __init__(
        self,
        streaming_fn: Callable[[Any], Awaitable[None]],
        status: int = 200,
        headers: Header | Mapping[str, str] | None = None,
        content_type: str | None = None,
    ) -> None:
        if not isinstance(headers, Header):
            headers = Header(headers or {})
        self.streaming_fn = streaming_fn
        self.status = status
        self.headers = headers
        self.content_type = content_type
        self.request: Any = None
        self._cookies: Any = None

    async def write(self, message: str | bytes) -> None:
        """Send one piece of the body; only valid while the stream runs."""
        await self.response.send(message)

    async def stream(self) -> HTTPResponse:
        """Respond to the request and run the streaming function.

        Raises:
            ServerError: If the stream was not called with a request before.
        """
        if self.request is None:
            raise ServerError("Attempted response to unknown request")
        self.response = await self.request.respond(
            headers=self.headers,
            status=self.status,
            content_type=self.content_type,
        )
        await self.streaming_fn(self)
        return self.response

    async def eof(self) -> None:
        """End the response."""
        await self.response.eof()

    @property
    def cookies(self) -> Any:
        """The `CookieJar` over `headers`, made on first use."""
        if self._cookies is None:
            from sanic_fast.cookies.response import CookieJar

            self._cookies = CookieJar(self.headers)
        return self._cookies

    @property
    def processed_headers(self) -> Iterator[tuple[bytes, bytes]]:
        """Headers as they go to the wire; only valid once the response exists."""
        return self.response.processed_headers

    @property
    def body(self) -> bytes | None:
        """Body of the response made by `stream()`."""
        return self.response.body

    def __call__(self, request: Any) -> ResponseStream:
        self.request = request
        return self

    def __await__(self) -> Generator[Any, None, HTTPResponse]:
        return self.stream().__await__()
