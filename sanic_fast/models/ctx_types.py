"""What an interactive console offers besides its built-ins."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, NamedTuple

__all__ = ("REPLContext", "REPLLocal")

_DESCRIPTION_LIMIT = 40


class REPLLocal(NamedTuple):
    """One variable of the console."""

    var: Any
    name: str
    desc: str


class REPLContext:
    """Variables to have in the console.

    Example:
        ```python
        app.repl_ctx.add(database, "db", "Connection pool")
        ```
    """

    BUILTINS: ClassVar[dict[str, str]] = {
        "app": "The Sanic application instance",
        "sanic": "The Sanic module",
        "do": "An async function to fake a request to the application",
        "client": "A client to access the Sanic app instance using httpx",
    }

    def __init__(self) -> None:
        self._locals: dict[str, REPLLocal] = {}

    def add(self, var: Any, name: str | None = None, desc: str | None = None) -> None:
        """Add a variable.

        Args:
            var: its value.
            name: its name; the value's `__name__` when left out.
            desc: shown at the start, up to 40 characters.

        Raises:
            ValueError: for the name of a built-in.
        """
        if name is None:
            name = getattr(var, "__name__", var.__class__.__name__)
        if name in self.BUILTINS:
            raise ValueError(f"Cannot override built-in variable: {name}")
        if desc is None:
            desc = getattr(var, "__doc__", "") or ""
        self._locals[name] = REPLLocal(var, name, self._truncate(desc))

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("_"):
            super().__setattr__(name, value)
        else:
            self.add(value, name)

    def __iter__(self) -> Iterator[REPLLocal]:
        return iter(self._locals.values())

    @staticmethod
    def _truncate(s: str, limit: int = _DESCRIPTION_LIMIT) -> str:
        return s[:limit] + "..." if len(s) > limit else s
