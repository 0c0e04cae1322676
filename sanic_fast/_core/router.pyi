from typing import Any, final

from sanic_fast._core.routes import CompiledRoute as CompiledRoute
from sanic_fast._core.routes import RouteArrays
from sanic_fast._core.routes import VersionCell as VersionCell

KINDS: dict[str, int]
PREFIX_LIMIT: int

@final
class RouteTable(RouteArrays):
    @property
    def params(self) -> dict[str, Any] | None: ...
    @property
    def miss(self) -> int: ...
    @property
    def allowed(self) -> tuple[str, ...]: ...
    @property
    def missed_path(self) -> str: ...
    @property
    def visited(self) -> int: ...
    def find(
        self, method: str, path: str, host: str | None = None
    ) -> tuple[CompiledRoute, dict[str, Any]] | None: ...
