"""Container for values that may come several times: query arguments, form fields, cookies."""

from __future__ import annotations

from typing import Any


class RequestParameters(dict):  # type: ignore[type-arg]
    """A dict of lists.

    >>> args = RequestParameters({"a": ["1", "2"]})
    >>> args["a"], args.get("a"), args.getlist("a")
    (['1', '2'], '1', ['1', '2'])
    """

    def get(self, name: str, default: Any | None = None) -> Any | None:
        """First value of the name, or the default."""
        values = dict.get(self, name)
        return values[0] if values else default

    def getlist(self, name: str, default: list[Any] | None = None) -> list[Any]:
        """All values of the name, or the default, or an empty list."""
        values = dict.get(self, name)
        return (default or []) if values is None else values
