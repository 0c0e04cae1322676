"""Objects shared between worker processes."""

from __future__ import annotations

import os
from types import SimpleNamespace
from typing import Any

from sanic_fast.log import Colors, error_logger


class SharedContext(SimpleNamespace):
    """Namespace for objects that work across processes, such as `multiprocessing.Queue`.

    Anything else is stored too, with a warning, as each process would have its own copy.
    """

    SAFE = ("_lock",)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._lock = False

    def __setattr__(self, name: str, value: Any) -> None:
        if self.is_locked:
            raise RuntimeError(f"Cannot set {name} on locked SharedContext object")
        # A worker only gets what the main process has checked already.
        if name not in self.SAFE and not os.environ.get("SANIC_WORKER_NAME"):
            to_check = value if isinstance(value, (tuple, frozenset)) else (value,)
            for item in to_check:
                self._check(name, item)
        super().__setattr__(name, value)

    def _check(self, name: str, value: Any) -> None:
        module = getattr(value, "__module__", "") or ""
        if isinstance(module, str) and module.startswith(("multiprocessing", "ctypes")):
            return
        error_logger.warning(
            f"{Colors.YELLOW}Unsafe object {Colors.PURPLE}{name} {Colors.YELLOW}with type "
            f"{Colors.PURPLE}{type(value)} {Colors.YELLOW}was added to shared_ctx. It may not "
            "function as intended, as every process may see its own copy. "
            f"Consider using the regular ctx.{Colors.END}"
        )

    @property
    def is_locked(self) -> bool:
        """Whether the namespace refuses new values."""
        return bool(getattr(self, "_lock", False))

    def lock(self) -> None:
        """Refuse every further assignment."""
        self._lock = True
