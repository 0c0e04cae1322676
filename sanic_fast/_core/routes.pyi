from collections.abc import Callable
from typing import Any, final

from typing_extensions import Self

@final
class VersionCell:
    value: int
    def bump(self) -> None: ...

@final
class CompiledRoute:
    def __new__(cls, route: Any, cell: VersionCell) -> CompiledRoute: ...
    @property
    def route(self) -> Any: ...
    @property
    def cell(self) -> VersionCell: ...
    @property
    def seen(self) -> int: ...
    @property
    def handler(self) -> Any: ...
    @property
    def stream(self) -> bool: ...
    @property
    def ignore_body(self) -> bool: ...
    @property
    def websocket(self) -> bool: ...
    @property
    def static(self) -> bool: ...
    @property
    def request_middleware(self) -> tuple[Callable[..., Any], ...]: ...
    @property
    def response_middleware(self) -> tuple[Callable[..., Any], ...]: ...
    @property
    def names(self) -> tuple[str, ...]: ...
    def refresh_now(self) -> None: ...
    def describe(
        self,
        names: tuple[str, ...],
        extractors: tuple[Callable[[dict[str, Any], Any, bool], bool] | None, ...],
        unquote: bool,
        strict: bool,
        slash: bool,
    ) -> None: ...

class RouteArrays:
    def __new__(
        cls,
        methods: tuple[str, ...],
        leaves: list[Any],
        exact: dict[bytes, int],
        nodes: list[Any],
        wholes: list[Any],
        prefixes: list[Any],
    ) -> Self: ...
    @property
    def methods(self) -> tuple[str, ...]: ...
