"""Making an application ready, changing it while it runs, and its events."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from enum import Enum
from typing import Any

from sanic_fast.application.properties import PropertyLayer
from sanic_fast.exceptions import SanicException
from sanic_fast.helpers import Default
from sanic_fast.log import deprecation, logger
from sanic_fast.registration.assemble import check_names, order_middleware
from sanic_fast.routing.exceptions import FinalizationError, NotFound

_SERVER_EVENTS = frozenset(
    f"server.{concern}.{action}"
    for concern in ("init", "shutdown")
    for action in ("before", "after")
)


class LifecycleLayer(PropertyLayer):
    """Adds start-up, late changes and event dispatch to an application."""

    __slots__ = ()

    async def _startup(self) -> None:
        """Get ready to serve: extensions, signals, routes, checks, plan."""
        from sanic_fast.application.ext import setup_ext

        self._future_registry.clear()
        if not hasattr(self, "_ext"):
            setup_ext(self)
        if hasattr(self, "_ext"):
            self.ext._display()
        if self.state.is_debug and self.config.TOUCHUP is not True:
            self.config.TOUCHUP = False
        elif isinstance(self.config.TOUCHUP, Default):
            self.config.TOUCHUP = True
        self.signalize(self.config.TOUCHUP)
        self.finalize()
        check_names(self)
        self.state.is_started = True
        self._plan.refresh()

    def signalize(self, allow_fail_builtin: bool = True) -> None:
        """Finalize the signals.

        Args:
            allow_fail_builtin: whether an inline dispatch of an undeclared built-in event raises.

        Raises:
            RuntimeError: outside of a running event loop.
            FinalizationError: when done before, unless in test mode.
        """
        self.signal_router.allow_fail_builtin = allow_fail_builtin
        try:
            self.signal_router.finalize()
        except FinalizationError:
            if not self.__class__.test_mode:
                raise

    def finalize(self) -> None:
        """Finalize the routes and the order of middleware.

        Raises:
            FinalizationError: without routes, or when done before, unless in test mode.
        """
        try:
            self.router.finalize()
        except FinalizationError:
            if not self.__class__.test_mode:
                raise
        self.finalize_middleware()
        self._plan.refresh()

    def finalize_middleware(self) -> None:
        """Sort all middleware and attach to each route what applies to it."""
        order_middleware(self)

    @contextmanager
    def amend(self) -> Iterator[None]:
        """Change routes, middleware and signals of a running application.

        Each registration does this by itself; use it around several to rebuild only once.

        Example:
            ```python
            with app.amend():
                app.add_route(first, "/first")
                app.add_route(second, "/second")
            ```
        """
        if not self.state.is_started:
            yield
            return
        routes = self.router.finalized
        signals = self.signal_router.finalized
        if routes:
            self.router.reset()
        if signals:
            self.signal_router.reset()
        try:
            yield
        finally:
            # Also after an error, as requests are being served meanwhile.
            if signals:
                self.signalize(self.signal_router.allow_fail_builtin)
            if routes:
                self.finalize()

    def dispatch(
        self,
        event: str | Enum,
        *,
        condition: dict[str, str] | None = None,
        context: dict[str, Any] | None = None,
        fail_not_found: bool = True,
        inline: bool = False,
        reverse: bool = False,
    ) -> Coroutine[Any, Any, Any]:
        """Dispatch a signal; await the result.

        Example:
            ```python
            await app.dispatch("user.registration.created", context={"address": "a@b.example"})
            ```

        Args:
            condition: only handlers declared with this condition run.
            context: keyword arguments for the handlers.
            fail_not_found: with `inline`, raise `NotFound` for an undeclared event.
            inline: run now and return the first truthy result, instead of starting a task.
            reverse: run the handlers in reverse order.
        """
        return self.signal_router.dispatch(
            event,
            context=context,
            condition=condition,
            inline=inline,
            reverse=reverse,
            fail_not_found=fail_not_found,
        )

    async def event(
        self,
        event: str | Enum,
        timeout: int | float | None = None,
        *,
        condition: dict[str, Any] | None = None,
        exclusive: bool = True,
    ) -> dict[str, Any]:
        """Wait for a dispatch and return its context.

        Args:
            event: name, possibly `a.b.*`.
            timeout: seconds to wait.
            condition: wait for a dispatch with this condition.
            exclusive: with a condition, take no dispatch without any.

        Raises:
            NotFound: for an undeclared event, unless `config.EVENT_AUTOREGISTER`.
            InvalidSignal: for an event that could not be declared.
            asyncio.TimeoutError: after `timeout`.
        """
        router = self.signal_router
        waiter = router.get_waiter(event, condition, exclusive)
        if waiter is None and self.config.EVENT_AUTOREGISTER:
            was_final = router.finalized
            router.reset()
            try:
                self.add_signal(None, event)
            finally:
                if was_final:
                    self.signalize(router.allow_fail_builtin)
            waiter = router.get_waiter(event, condition, exclusive)
        if waiter is None:
            shown = event.value if isinstance(event, Enum) else event
            raise NotFound(f"Could not find signal {shown}")
        return await asyncio.wait_for(waiter.wait(), timeout=timeout)

    def ack(self) -> None:
        """Tell the manager that this worker is ready to serve; does nothing outside a worker."""
        if hasattr(self, "multiplexer"):
            self.multiplexer.ack()

    def set_serving(self, serving: bool) -> None:
        """Note, here and with the manager, whether this process serves."""
        self.state.is_running = serving
        if hasattr(self, "multiplexer"):
            self.multiplexer.set_serving(serving)

    def refresh(self, passthru: dict[str, Any] | None = None) -> Any:
        """Return the app registered under this name, with values handed over by the main process.

        Args:
            passthru: attribute -> value, or attribute -> {name: value} to be set on it.
        """
        app: Any = self
        registered = self.__class__.get_app(self.name)
        if registered is not self:
            if not registered.state.server_info:
                registered.state.server_info = self.state.server_info
            app = registered
        for attr, info in (passthru or {}).items():
            if isinstance(info, dict):
                for name, value in info.items():
                    setattr(getattr(app, attr), name, value)
            else:
                setattr(app, attr, info)
        return app

    async def _server_event(
        self, concern: str, action: str, loop: asyncio.AbstractEventLoop | None = None
    ) -> None:
        """Run the listeners of a server event; in reverse order at shutdown."""
        event = f"server.{concern}.{action}"
        if event not in _SERVER_EVENTS:
            raise SanicException(f"Invalid server event: {event}")
        logger.debug(f"Triggering server events: {event}", extra={"verbosity": 1})
        await self.dispatch(
            event,
            fail_not_found=False,
            context={"app": self, "loop": self.loop if loop is None else loop},
            inline=True,
            reverse=concern == "shutdown",
        )

    @staticmethod
    async def _listener(app: Any, loop: asyncio.AbstractEventLoop, listener: Any) -> None:
        """Call a listener with the app and, if that is a TypeError, with the loop as well."""
        try:
            result = listener(app)
        except TypeError:
            result = listener(app, loop)
            name = getattr(listener, "__qualname__", listener.__class__.__name__)
            deprecation(
                "Passing the loop argument to listeners is deprecated. Your listener "
                f"'{name}' should only accept the app argument.",
                26.6,
            )
        if asyncio.iscoroutine(result) or hasattr(result, "__await__"):
            await result
