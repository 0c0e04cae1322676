"""Background tasks of an application."""

from __future__ import annotations

import asyncio
from asyncio import CancelledError, Future, Task
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from functools import partial
from inspect import isawaitable, iscoroutine
from typing import Any

from sanic_fast.application.lifecycle import LifecycleLayer
from sanic_fast.exceptions import SanicException
from sanic_fast.log import error_logger

_SERVER_TASK = "RunServer"
# The loop knows tasks weakly: one that waits for something only it knows would vanish.
_running: set[Task[Any]] = set()


class TaskLayer(LifecycleLayer):
    """Adds the task methods to an application."""

    __slots__ = ()

    def add_task(
        self,
        task: Awaitable[Any] | Callable[..., Any],
        *,
        name: str | None = None,
        register: bool = True,
    ) -> Task[Any] | None:
        """Run something in the background.

        Args:
            task: a coroutine or other awaitable, or a function called with the app or, if that
                is a TypeError, without arguments.
            name: name to find it by later; only while the app runs.
            register: whether a named task can be found by `get_task`.

        Returns:
            The task, or None when it will start after the server has started.

        Raises:
            RuntimeError: for a name before the app runs.
        """
        try:
            loop = self.loop
        except SanicException:
            if name:
                raise RuntimeError(
                    "Cannot name task outside of a running application"
                ) from None
            self._delay_task(task)
            return None
        return self._loop_add_task(task, self, loop, name=name, register=register)

    def _delay_task(self, task: Any) -> None:
        event = f"sanic.delayed_task.{id(task)}"
        if not self._delayed_tasks:
            self.after_server_start(partial(self.dispatch_delayed_tasks))
        self.signal(event)(partial(self.run_delayed_task, task=task))
        self._delayed_tasks.append(event)

    @staticmethod
    async def dispatch_delayed_tasks(app: Any) -> None:
        """Start the tasks that were added before the app ran."""
        events = list(app._delayed_tasks)
        app._delayed_tasks.clear()
        for event in events:
            await app.dispatch(event, context={"app": app, "loop": app.loop})

    @staticmethod
    async def run_delayed_task(
        app: Any, loop: asyncio.AbstractEventLoop, task: Future[Any] | Task[Any] | Awaitable[Any]
    ) -> None:
        """Run one task that was added before the app ran."""
        await app._prep_task(task, app, loop)

    @classmethod
    def _prep_task(cls, task: Any, app: Any, loop: Any) -> Coroutine[Any, Any, Any]:
        async def run() -> Any:
            try:
                waiting = task
                if callable(task):
                    try:
                        waiting = task(app)
                    except TypeError:
                        waiting = task()
                return await waiting if isawaitable(waiting) else None
            except CancelledError:
                error_logger.warning(f"Task {task} was cancelled before it completed.")
                raise
            except Exception as exc:
                await app.signal_router.report(exc)
                raise

        return run()

    @classmethod
    def _loop_add_task(
        cls,
        task: Any,
        app: Any,
        loop: asyncio.AbstractEventLoop,
        *,
        name: str | None = None,
        register: bool = True,
    ) -> Task[Any]:
        if not isinstance(task, Future):
            started = loop.create_task(cls._prep_task(task, app, loop), name=name)
            _running.add(started)
            started.add_done_callback(_running.discard)
            if iscoroutine(task):
                # Cancelled before its first step, the coroutine would complain of never running.
                coroutine = task
                started.add_done_callback(lambda _: coroutine.close())
            task = started
        if name and register:
            app._task_registry[name] = task
        made: Task[Any] = task
        return made

    @property
    def tasks(self) -> Iterator[Task[Any]]:
        """The registered tasks."""
        return (task for task in tuple(self._task_registry.values()) if task is not None)

    def get_task(self, name: str, *, raise_exception: bool = True) -> Task[Any] | None:
        """Find a registered task.

        Raises:
            SanicException: when there is none and `raise_exception` is true.
        """
        try:
            return self._task_registry[name]
        except KeyError:
            if raise_exception:
                raise SanicException(f'Registered task named "{name}" not found.') from None
            return None

    async def cancel_task(
        self, name: str, msg: str | None = None, *, raise_exception: bool = True
    ) -> None:
        """Cancel a registered task and wait for its end.

        Args:
            name: name given to `add_task`.
            msg: message for the `CancelledError`.
            raise_exception: raise for an unknown name.
        """
        task = self.get_task(name, raise_exception=raise_exception)
        if task is None or task.cancelled():
            return
        task.cancel(*(() if msg is None else (msg,)))
        await asyncio.wait([task])
        if not task.cancelled():
            task.result()

    def purge_tasks(self) -> None:
        """Forget registered tasks that are done."""
        for name, task in tuple(self._task_registry.items()):
            if task is None or task.done():
                del self._task_registry[name]

    def shutdown_tasks(self, timeout: float | None = None, increment: float = 0.1) -> None:
        """Cancel all registered tasks except those that run secondary servers.

        Args:
            timeout: seconds to wait for them, `config.GRACEFUL_SHUTDOWN_TIMEOUT` when None.
                Waiting is only possible when their loop is not running.
            increment: kept for compatibility; unused.
        """
        waiting = []
        for task in self.tasks:
            if getattr(task, "get_name", str)() != _SERVER_TASK:
                task.cancel()
                waiting.append(task)
        if timeout is None:
            timeout = self.config.GRACEFUL_SHUTDOWN_TIMEOUT
        if waiting and timeout:
            loop = waiting[0].get_loop()
            if not loop.is_running() and not loop.is_closed():
                loop.run_until_complete(asyncio.wait(waiting, timeout=timeout))
        self.purge_tasks()
