"""A worker's own row of the shared state."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, KeysView, Mapping, ValuesView
from typing import Any

from sanic_fast.worker.board import BoardView

__all__ = ("WorkerState",)


class WorkerState(Mapping[str, Any]):
    """This worker's row, readable and, but for the keys the manager keeps, writable.

    Example:
        ```python
        request.app.m.state["jobs"] = 3
        ```
    """

    RESTRICTED = (
        *("health", "pid", "requests", "restart_at", "server", "start_at", "starts", "state"),
    )

    def __init__(self, view: BoardView, current: str) -> None:
        self._view = view
        self._name = current

    def __getitem__(self, key: str) -> Any:
        return self._view.row()[key]

    def __setitem__(self, key: str, value: Any) -> None:
        """Raises LookupError for a key the manager keeps."""
        self._check((key,))
        self._view.update_row({key: value})

    def __delitem__(self, key: str) -> None:
        """Raises LookupError for a key the manager keeps, KeyError for a missing one."""
        self._check((key,))
        if key not in self._view.row():
            raise KeyError(key)
        self._view.delete(key)

    def __iter__(self) -> Iterator[str]:
        return iter(self._view.row())

    def __len__(self) -> int:
        return len(self._view.row())

    def __repr__(self) -> str:
        return repr(self._view.row())

    def __eq__(self, other: object) -> bool:
        return self._view.row() == other

    __hash__ = None  # type: ignore[assignment]

    def keys(self) -> KeysView[str]:
        """The keys, asked for once."""
        return self._view.row().keys()

    def values(self) -> ValuesView[Any]:
        """The values, asked for once."""
        return self._view.row().values()

    def items(self) -> ItemsView[str, Any]:
        """Keys and values, asked for once."""
        return self._view.row().items()

    def update(self, mapping: Mapping[str, Any]) -> None:
        """Write several keys.

        Raises:
            LookupError: one of them is kept by the manager.
        """
        self._check(tuple(mapping))
        self._view.update_row(dict(mapping))

    def pop(self, key: str, *default: Any) -> Any:
        """Not supported: between reading and deleting, the manager may write.

        Raises:
            NotImplementedError: always.
        """
        raise NotImplementedError("WorkerState does not support pop; read the key, then delete it")

    def full(self) -> dict[str, dict[str, Any]]:
        """A copy of the rows of all processes."""
        return self._view.rows()

    def _check(self, keys: tuple[str, ...]) -> None:
        wrong = [key for key in keys if key in self.RESTRICTED]
        if wrong:
            plural = "s" if len(keys) > 1 else ""
            raise LookupError(
                f"Cannot set restricted key{plural} on WorkerState: {', '.join(wrong)}"
            )
