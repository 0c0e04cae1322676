"""Frozen records: what a decorator was told, before anything is built from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from sanic_fast.types import HashableDict

__all__ = (
    "FutureCommand",
    "FutureException",
    "FutureListener",
    "FutureMiddleware",
    "FutureRegistry",
    "FutureRoute",
    "FutureSignal",
    "FutureStatic",
    "RecordList",
)


class FutureRoute(NamedTuple):
    """One `route(...)` call."""

    handler: Callable[..., Any]
    uri: str
    methods: Iterable[str] | None
    host: Iterable[str | None] | None
    strict_slashes: bool | None
    stream: bool
    version: int | str | float | None
    name: str
    ignore_body: bool
    websocket: bool
    subprotocols: Iterable[str] | None
    unquote: bool
    static: bool
    version_prefix: str
    error_format: str | None
    route_context: HashableDict


class FutureListener(NamedTuple):
    """One listener."""

    listener: Callable[..., Any]
    event: str
    priority: int


class FutureMiddleware(NamedTuple):
    """One middleware."""

    middleware: Callable[..., Any]
    attach_to: str


class FutureException(NamedTuple):
    """One exception handler."""

    handler: Callable[..., Any]
    exceptions: tuple[Any, ...]


class FutureStatic(NamedTuple):
    """One `static(...)` call."""

    uri: str
    file_or_directory: Path
    pattern: str
    use_modified_since: bool
    use_content_range: bool
    stream_large_files: bool | int
    name: str
    host: str | None
    strict_slashes: bool | None
    content_type: str | None
    resource_type: str | None
    directory_handler: Any
    follow_external_symlink_files: bool
    follow_external_symlink_dirs: bool


class FutureSignal(NamedTuple):
    """One signal handler."""

    handler: Callable[..., Any]
    event: str
    condition: dict[str, str] | None
    exclusive: bool
    priority: int


class FutureCommand(NamedTuple):
    """One command for the `exec` command line."""

    name: str
    func: Callable[..., Any]


class FutureRegistry(set[Any]):
    """What has been built already, so that registering again skips it."""


class RecordList:
    """Records in the order they were made, each at most once.

    Equality of records decides what counts as the same; records with an unhashable part are
    compared by identity.
    """

    __slots__ = ("_items",)

    def __init__(self, items: Iterable[Any] = ()) -> None:
        self._items: dict[Any, Any] = {}
        for item in items:
            self.add(item)

    def add(self, item: Any) -> None:
        """Append a record unless an equal one is there."""
        self._items.setdefault(_key(item), item)

    def discard(self, item: Any) -> None:
        """Remove a record if it is there."""
        self._items.pop(_key(item), None)

    def clear(self) -> None:
        """Remove all."""
        self._items.clear()

    def __contains__(self, item: Any) -> bool:
        return _key(item) in self._items

    def __iter__(self) -> Iterator[Any]:
        return iter(self._items.values())

    def __len__(self) -> int:
        return len(self._items)

    def __repr__(self) -> str:
        return repr(list(self))


def _key(item: Any) -> Any:
    try:
        hash(item)
    except TypeError:
        return id(item)
    return item
