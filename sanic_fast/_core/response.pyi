from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from types import TracebackType
from typing import Any, Literal

from sanic_fast._core.stream import HttpStream
from sanic_fast.compat import Header
from sanic_fast.cookies.response import Cookie, CookieJar

class Prepared: ...

class BaseHTTPResponse:
    _dumps: Callable[..., str]
    asgi: bool
    body: bytes | None
    content_type: str | None
    headers: Header
    status: int
    stream: HttpStream | None
    @classmethod
    def __class_getitem__(cls, item: Any) -> type[BaseHTTPResponse]: ...
    @property
    def cookies(self) -> CookieJar: ...
    @property
    def processed_headers(self) -> Iterator[tuple[bytes, bytes]]: ...
    def _encode_body(self, data: Any) -> bytes: ...
    async def send(
        self, data: str | bytes | None = None, end_stream: bool | None = None
    ) -> None: ...
    def add_cookie(
        self,
        key: str,
        value: str,
        *,
        path: str = "/",
        domain: str | None = None,
        secure: bool = True,
        max_age: int | None = None,
        expires: datetime | None = None,
        httponly: bool = False,
        samesite: Literal["Lax", "Strict", "None", "lax", "strict", "none"] | None = "Lax",
        partitioned: bool = False,
        comment: str | None = None,
        host_prefix: bool = False,
        secure_prefix: bool = False,
    ) -> Cookie: ...
    def delete_cookie(
        self,
        key: str,
        *,
        path: str = "/",
        domain: str | None = None,
        host_prefix: bool = False,
        secure_prefix: bool = False,
    ) -> None: ...

class HTTPResponse(BaseHTTPResponse):
    def __init__(
        self,
        body: Any = None,
        status: int = 200,
        headers: Header | Mapping[str, Any] | None = None,
        content_type: str | None = None,
    ) -> None: ...
    async def eof(self) -> None: ...
    async def __aenter__(self) -> Callable[..., Any]: ...
    async def __aexit__(
        self, *_: type[BaseException] | BaseException | TracebackType | None
    ) -> None: ...

class JSONResponse(HTTPResponse):
    raw_body: Any
    def __init__(
        self,
        body: Any = None,
        status: int = 200,
        headers: Header | Mapping[str, Any] | None = None,
        content_type: str = "application/json",
        dumps: Callable[..., Any] | None = None,
        **kwargs: Any,
    ) -> None: ...
    def _check_body_not_manually_set(self) -> None: ...
    def set_body(
        self, body: Any, dumps: Callable[..., Any] | None = None, **dumps_kwargs: Any
    ) -> None: ...
    def append(self, value: Any) -> None: ...
    def extend(self, value: Any) -> None: ...
    def update(self, *args: Any, **kwargs: Any) -> None: ...
    def pop(self, key: Any, default: Any = ...) -> Any: ...

def text(
    body: str,
    status: int = 200,
    headers: Mapping[str, Any] | None = None,
    content_type: str = "text/plain; charset=utf-8",
) -> HTTPResponse: ...
def json(
    body: Any,
    status: int = 200,
    headers: Mapping[str, Any] | None = None,
    content_type: str = "application/json",
    dumps: Callable[..., Any] | None = None,
    **kwargs: Any,
) -> JSONResponse: ...
def html(
    body: Any, status: int = 200, headers: Mapping[str, Any] | None = None
) -> HTTPResponse: ...
def raw(
    body: Any,
    status: int = 200,
    headers: Mapping[str, Any] | None = None,
    content_type: str = "application/octet-stream",
) -> HTTPResponse: ...
def empty(status: int = 204, headers: Mapping[str, Any] | None = None) -> HTTPResponse: ...
def redirect(
    to: str,
    headers: dict[str, Any] | None = None,
    status: int = 302,
    content_type: str = "text/html; charset=utf-8",
) -> HTTPResponse: ...
def json_dumps(value: Any, **kwargs: Any) -> str: ...
def set_dumps(function: Callable[..., Any]) -> None: ...
def install_hooks(*, cookie_jar: Callable[[Header], Any]) -> None: ...
