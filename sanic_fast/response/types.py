"""Response classes: the compiled ones re-exported, plus the one that needs no compiling."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator, Iterator, Mapping
from typing import Any

from sanic_fast._core.files import FileResponse, OpenFile, OpenPath
from sanic_fast._core.response import BaseHTTPResponse, HTTPResponse, JSONResponse, json_dumps
from sanic_fast.compat import Header
from sanic_fast.exceptions import ServerError

__all__ = (
    "BaseHTTPResponse",
    "FileResponse",
    "HTTPResponse",
    "JSONResponse",
    "OpenFile",
    "OpenPath",
    "ResponseStream",
    "json_dumps",
)

READ_BLOCK = 256 * 1024  # bytes per trip to a worker thread: the hop costs less than the copy


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
