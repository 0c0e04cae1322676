"""A dict that can be a member of sets."""

from __future__ import annotations

from typing import Any


class HashableDict(dict[str, Any]):
    """A dict hashed by its sorted items; do not change it once it is in a set.

    Raises:
        TypeError: on hashing, if a value is not hashable.
    """

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(tuple(sorted(self.items())))
