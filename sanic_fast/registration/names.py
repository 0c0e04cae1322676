"""Names of handlers and applications."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from sanic_fast.exceptions import SanicException

Function = TypeVar("Function", bound=Callable[..., Any])
VALID_NAME = re.compile(r"^[a-zA-Z_][a-zA-Z0-9_\-]*$")


class Decorator(Protocol):
    """A decorator that gives back what it was given."""

    def __call__(self, function: Function, /) -> Function: ...


def check_name(kind: str, name: Any) -> None:
    """Refuse a missing or malformed name of an application or blueprint.

    Raises:
        SanicException: for None and for a name that does not match `VALID_NAME`.
    """
    if name is None:
        raise SanicException(
            f"{kind} instance cannot be unnamed. "
            "Please use Sanic(name='your_application_name') instead."
        )
    if not VALID_NAME.match(name):
        raise SanicException(
            f"{kind} instance named '{name}' uses an invalid format. Names must begin with a "
            "character and may only contain alphanumeric characters, _, or -."
        )


class RecordMixin:
    """What the decorator families need of the class they are mixed into."""

    __slots__ = ()

    if TYPE_CHECKING:

        def _record(self, kind: str, record: Any, apply: bool) -> None:
            """Keep a record and, unless it is only to be kept, build from it."""


class NameMixin:
    """Makes route names below the name of an application or blueprint."""

    __slots__ = ()

    name: str

    def generate_name(self, *objects: Any) -> str:
        """Return `"{self.name}.{name}"` for the first object that has a name.

        A name that already starts with `"{self.name}."` is returned as it is. Override it to
        name routes otherwise.

        Raises:
            ValueError: when no object is a string or has `name` or `__name__`.
        """
        for item in objects:
            if not item:
                continue
            name = item if isinstance(item, str) else _own_name(item)
            if name:
                return name if name.startswith(f"{self.name}.") else f"{self.name}.{name}"
        raise ValueError("Could not generate a name for handler")

    def _generate_name(self, *objects: Any) -> str:
        return self.generate_name(*objects)


def _own_name(item: Any) -> str | None:
    name = getattr(item, "name", None)
    if isinstance(name, str) and name:
        return name
    return getattr(item, "__name__", None)
