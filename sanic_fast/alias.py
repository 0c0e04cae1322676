"""Makes `import sanic` mean this package, for plugins and programs that say so."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Sequence
from types import ModuleType

__all__ = ("NAMES", "install")

# Names that programs import -> ours.
NAMES = {"sanic": "sanic_fast", "sanic_routing": "sanic_fast.routing"}


class _Alias(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds our module wherever one of the original's is imported."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Our module under the other name.

        Raises:
            ModuleNotFoundError: we have no such module; the original's must not be found instead.
        """
        own = _own_name(name)
        if own is None:
            return None
        try:
            importlib.import_module(own)
        except ModuleNotFoundError as error:
            if error.name != own:
                raise
            raise ModuleNotFoundError(f"No module named {name!r} ({own})", name=name) from None
        return importlib.util.spec_from_loader(name, self)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        """The module that is there already."""
        module = sys.modules[_own_name(spec.name) or ""]
        self._kept = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Nothing runs twice; the import machinery has only changed the module's spec."""
        module.__spec__ = self._kept


def _own_name(name: str) -> str | None:
    root, dot, rest = name.partition(".")
    return NAMES[root] + dot + rest if root in NAMES else None


def install() -> None:
    """From now on, `import sanic` and `import sanic_routing` give this package, in this process.

    Call it before anything that imports them. Both names are then the same objects:
    `sanic.Sanic is sanic_fast.Sanic`. Further calls do nothing.

    Example:
        ```python
        from sanic_fast.alias import install

        install()
        from sanic_ext import Extend
        ```

    Raises:
        RuntimeError: the original was imported before.
    """
    if any(isinstance(finder, _Alias) for finder in sys.meta_path):
        return
    for name in NAMES:
        if name in sys.modules:
            raise RuntimeError(
                f"Cannot make {name!r} mean {NAMES[name]!r}: it was imported before. "
                "Call sanic_fast.alias.install() in front of all other imports."
            )
    sys.meta_path.insert(0, _Alias())
