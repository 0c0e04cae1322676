"""Differences between platforms and Python versions; the header container; async file calls."""

from __future__ import annotations

import os
import sys
from asyncio import CancelledError
from contextlib import contextmanager
from enum import Enum
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Literal, Union

from multidict import CIMultiDict

from sanic_fast.helpers import Default

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

if sys.version_info >= (3, 11):
    from enum import StrEnum
else:

    class StrEnum(str, Enum):
        """`enum.StrEnum` for Python 3.10: members print as their value."""

        @staticmethod
        def _generate_next_value_(name: str, start: int, count: int, last_values: list[Any]) -> str:
            return name.lower()

        def __str__(self) -> str:
            return str(self.value)

        def __format__(self, spec: str) -> str:
            return format(str(self.value), spec)


StartMethod = Union[Default, Literal["fork"], Literal["forkserver"], Literal["spawn"]]

OS_IS_WINDOWS = os.name == "nt"
PYPY_IMPLEMENTATION = sys.implementation.name == "pypy"
PYTHON_314_OR_LATER = sys.version_info >= (3, 14)
UVLOOP_INSTALLED = find_spec("uvloop") is not None
CancelledErrors: tuple[type[BaseException], ...] = (CancelledError,)
# Kept because programs read it; this server runs on asyncio and uvloop only.
use_trio = False


class UpperStrEnum(StrEnum):
    """String enum whose values are the upper-case names; equality ignores case."""

    @staticmethod
    def _generate_next_value_(name: str, start: int, count: int, last_values: list[Any]) -> str:
        return name.upper()

    def __eq__(self, value: object) -> bool:
        # Both sides are folded, so members with a value in another case equal themselves too.
        return str(self.value).upper() == str(value).upper()

    def __ne__(self, value: object) -> bool:
        # `str` brings its own, which would not ignore case.
        return not self == value

    def __hash__(self) -> int:
        return hash(self.value)

    def __str__(self) -> str:
        return str(self.value)


class Header(CIMultiDict):  # type: ignore[type-arg]
    """Headers of a request or response: a case-insensitive multi-value mapping.

    Besides the methods of `multidict.CIMultiDict`, every header reads as an attribute with
    underscores for dashes: `headers.content_type`. It never raises for a missing header.
    """

    __slots__ = ()

    def __getattr__(self, key: str) -> str:
        """All values of the header joined with a comma; "" if there is none.

        A trailing underscore is dropped, so that `headers.from_` works.
        """
        if key.startswith("_"):
            # Looked up by copy, pickle and friends; a header would never start so.
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {key!r}")
        return ",".join(self.getall(key.rstrip("_").replace("_", "-"), ()))

    def get_all(self, key: str) -> list[str]:
        """Every value of the header, in order; an empty list if there is none."""
        return self.getall(key, [])


@contextmanager
def use_context(method: StartMethod) -> Iterator[None]:
    """Set the start method of worker processes (`Sanic.start_method`) for a block."""
    # By name at call time: a leaf module must not depend on the facade.
    sanic = import_module(f"{__package__}.app").Sanic
    before = sanic.start_method
    sanic.start_method = method
    try:
        yield
    finally:
        sanic.start_method = before


def open_async(file: Any, mode: str = "r", **kwargs: Any) -> Any:
    """Open a file in a thread: `async with open_async(path, "rb") as f: await f.read()`."""
    from aiofiles import open as aio_open  # its import costs; most programs never need it

    return aio_open(file, mode, **kwargs)  # type: ignore[call-overload]


async def stat_async(path: Any, *args: Any, **kwargs: Any) -> os.stat_result:
    """`os.stat` in a thread."""
    from aiofiles.os import stat

    result: os.stat_result = await stat(path, *args, **kwargs)
    return result


def clear_function_annotate(*funcs: Callable[..., Any]) -> None:
    """Make functions picklable on Python 3.14, whose `__annotate__` functions are not."""
    if PYTHON_314_OR_LATER:
        for func in funcs:
            if hasattr(func, "__annotate__"):
                func.__annotate__ = None


def enable_windows_color_support() -> None:
    """Let the Windows console understand ANSI colours; does nothing elsewhere."""
    if OS_IS_WINDOWS:  # pragma: no cover
        import ctypes

        kernel = ctypes.windll.kernel32  # type: ignore[attr-defined]
        kernel.SetConsoleMode(kernel.GetStdHandle(-11), 7)


def ctrlc_workaround_for_windows(app: Any) -> None:
    """Poll for ctrl+c on Windows, where loops do not take signal handlers."""
    import asyncio
    import signal

    die = False

    async def stay_active() -> None:
        # The loop must wake up now and then for Python to run its signal handlers.
        while not die:
            await asyncio.sleep(0.1)
        app.stop()

    def on_signal(signum: int, frame: Any) -> None:
        nonlocal die
        if die:
            raise KeyboardInterrupt("Non-graceful Ctrl+C")
        die = True

    signal.signal(signal.SIGINT, on_signal)
    app.add_task(stay_active())
