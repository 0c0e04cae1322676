"""Listeners of the main process, called in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from inspect import isawaitable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop

__all__ = ("trigger_events",)


def trigger_events(
    events: Iterable[Callable[..., Any]] | None,
    loop: AbstractEventLoop,
    app: Any = None,
    **kwargs: Any,
) -> None:
    """Run each listener to its end before the next; `loop` must not be running.

    A listener is called with the app and, if that raises TypeError, with the app and the loop.
    The signature is never inspected: test clients pass bound methods whose first call raises.
    """
    for event in events or ():
        try:
            result = event(app, **kwargs) if app else event(**kwargs)
        except TypeError:
            result = event(app, loop, **kwargs) if app else event(loop, **kwargs)
        if isawaitable(result):
            loop.run_until_complete(_finish(result))


async def _finish(result: Any) -> None:
    await result
