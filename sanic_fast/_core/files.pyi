from collections.abc import Mapping
from typing import Any

from sanic_fast._core.response import HTTPResponse
from sanic_fast.compat import Header

class OpenFile:
    def __init__(self, fd: int) -> None: ...
    @property
    def fd(self) -> int: ...
    def read(self, offset: int, count: int) -> bytes: ...
    def close(self) -> None: ...

class OpenPath(str):
    opened: OpenFile
    def __new__(cls, opened: OpenFile, path: str) -> OpenPath: ...

class FileResponse(HTTPResponse):
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
    ) -> None: ...
    @property
    def offset(self) -> int: ...
    @property
    def count(self) -> int: ...
    @property
    def _sf_file(self) -> tuple[OpenPath, int, int] | None: ...
    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]: ...
    def chunks(self, size: int = ...) -> FileChunks: ...

class FileChunks:
    opened: OpenFile | None
    at: int
    end: int
    size: int
    body: bytes | None
    def __init__(
        self, opened: OpenFile | None, at: int, end: int, size: int, body: bytes | None
    ) -> None: ...
    def __aiter__(self) -> FileChunks: ...
    async def __anext__(self) -> bytes: ...

class KnownFile: ...

class KnownFiles:
    def __init__(self, inline_limit: int) -> None: ...
    def remember(
        self,
        uri: str,
        path: str,
        headers: Mapping[str, str],
        size: int,
        mtime_ns: int,
        *,
        flat: bool,
    ) -> None: ...
    def answer(self, request_: Any, uri: str) -> HTTPResponse | None: ...
