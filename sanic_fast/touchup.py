"""Names of the original's source rewriting at start-up, which compiled code has no use for.

They exist so that classes written for it can be imported: registering does nothing, as nothing
has to be rewritten for unused signals to cost nothing.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from sanic_fast.registration.registrar import Closed

__all__ = ("TouchUp", "TouchUpMeta")


class TouchUp:
    """Accepts registrations and runs without effect."""

    @classmethod
    def run(cls, app: Any) -> None:
        """Do nothing."""

    @classmethod
    def register(cls, target: type, method_name: str) -> None:
        """Do nothing."""


class TouchUpMeta(Closed):
    """Metaclass of classes that name methods to rewrite in `__touchup__`."""

    @classmethod
    def __prepare__(
        mcs, name: str, bases: tuple[type, ...], /, **kwargs: Any
    ) -> MutableMapping[str, object]:
        return {}
