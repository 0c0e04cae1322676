"""Deques that tell when they change.

The hot path keeps a tuple made from each middleware deque and compares one C integer to know
whether the tuple is still true. Every mutator therefore bumps the `VersionCell` given to it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Any

from sanic_fast._core.router import VersionCell


class LiveDeque(deque[Any]):
    """A `collections.deque` that bumps `cell` on every change.

    Args:
        iterable: first contents.
        cell: counter to bump; one of its own when None. May be shared and may be replaced.
    """

    __slots__ = ("cell",)

    cell: VersionCell

    def __init__(self, iterable: Iterable[Any] = (), cell: VersionCell | None = None) -> None:
        self.cell = VersionCell() if cell is None else cell
        super().__init__(iterable)

    def __copy__(self) -> LiveDeque:
        return type(self)(self)

    copy = __copy__

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (list(self),)


def _announcing(name: str) -> Any:
    """Return the deque mutator `name`, followed by a bump (also when it raises half-way)."""
    method = getattr(deque, name)

    def mutate(self: LiveDeque, *args: Any) -> Any:
        try:
            return method(self, *args)
        finally:
            self.cell.bump()

    mutate.__name__ = name
    mutate.__qualname__ = f"LiveDeque.{name}"
    mutate.__doc__ = method.__doc__
    return mutate


for _name in (
    "append", "appendleft", "extend", "extendleft", "insert", "pop", "popleft", "remove",
    "clear", "rotate", "reverse", "__setitem__", "__delitem__", "__iadd__", "__imul__",
):  # fmt: skip
    setattr(LiveDeque, _name, _announcing(_name))
