"""Run a program with `sanic` meaning our package: `python aliased.py SITE_PACKAGES PROGRAM`.

`SITE_PACKAGES` is where the original's tools (`sanic_testing`) are; they come last on the path.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import runpy
import sys
from collections.abc import Sequence
from types import ModuleType

NAMES = {"sanic": "sanic_fast", "sanic_routing": "sanic_fast.routing"}


class Alias(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds our module wherever one of the original's is imported."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Our module under the other name.

        Raises:
            ModuleNotFoundError: we have no such module; the original's must not be found instead.
        """
        root, dot, rest = name.partition(".")
        if root not in NAMES:
            return None
        importlib.import_module(NAMES[root] + dot + rest)
        return importlib.util.spec_from_loader(name, self)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        """The module that is there already."""
        root, dot, rest = spec.name.partition(".")
        module = sys.modules[NAMES[root] + dot + rest]
        self.kept = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Nothing runs twice; the import machinery has only changed the module's spec."""
        module.__spec__ = self.kept


if __name__ == "__main__":
    sys.meta_path.insert(0, Alias())
    sys.path.append(sys.argv[1])
    runpy.run_path(sys.argv[2], run_name="__main__")
