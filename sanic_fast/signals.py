"""Signals: named events, their handlers, and waiting for them.

An event has three dotted parts; the last may be a parameter (`foo.bar.<thing>`). A single word
without dots is short for `__generic__.__signal__.<word>`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from inspect import isawaitable
from types import SimpleNamespace
from typing import Any

from sanic_fast.exceptions import InvalidSignal
from sanic_fast.log import error_logger, logger
from sanic_fast.routing.exceptions import FinalizationError, NotFound
from sanic_fast.routing.patterns import ParamInfo
from sanic_fast.signal_table import EventParts, Signal, SignalGroup, SignalTable, parse_event

__all__ = (
    "Event",
    "GENERIC_SIGNAL_FORMAT",
    "RESERVED_NAMESPACES",
    "Signal",
    "SignalGroup",
    "SignalRouter",
    "SignalWaiter",
)

SignalHandler = Callable[..., Any]


class Event(Enum):
    """Built-in events. The order of the members is the bit order of `SignalRouter.mask`."""

    SERVER_EXCEPTION_REPORT = "server.exception.report"
    SERVER_INIT_AFTER = "server.init.after"
    SERVER_INIT_BEFORE = "server.init.before"
    SERVER_SHUTDOWN_AFTER = "server.shutdown.after"
    SERVER_SHUTDOWN_BEFORE = "server.shutdown.before"
    HTTP_LIFECYCLE_BEGIN = "http.lifecycle.begin"
    HTTP_LIFECYCLE_COMPLETE = "http.lifecycle.complete"
    HTTP_LIFECYCLE_EXCEPTION = "http.lifecycle.exception"
    HTTP_LIFECYCLE_HANDLE = "http.lifecycle.handle"
    HTTP_LIFECYCLE_READ_BODY = "http.lifecycle.read_body"
    HTTP_LIFECYCLE_READ_HEAD = "http.lifecycle.read_head"
    HTTP_LIFECYCLE_REQUEST = "http.lifecycle.request"
    HTTP_LIFECYCLE_RESPONSE = "http.lifecycle.response"
    HTTP_ROUTING_AFTER = "http.routing.after"
    HTTP_ROUTING_BEFORE = "http.routing.before"
    HTTP_HANDLER_AFTER = "http.handler.after"
    HTTP_HANDLER_BEFORE = "http.handler.before"
    HTTP_LIFECYCLE_SEND = "http.lifecycle.send"
    HTTP_MIDDLEWARE_AFTER = "http.middleware.after"
    HTTP_MIDDLEWARE_BEFORE = "http.middleware.before"
    WEBSOCKET_HANDLER_AFTER = "websocket.handler.after"
    WEBSOCKET_HANDLER_BEFORE = "websocket.handler.before"
    WEBSOCKET_HANDLER_EXCEPTION = "websocket.handler.exception"


def _reserved(namespace: str) -> tuple[str, ...]:
    return tuple(e.value for e in Event if e.value.startswith(namespace + "."))


RESERVED_NAMESPACES = {
    "server": _reserved("server"),
    "http": _reserved("http"),
    "websocket": _reserved("websocket"),
}
GENERIC_SIGNAL_FORMAT = "__generic__.__signal__.%s"

_BITS = {event.value: index for index, event in enumerate(Event)}
_INIT_EVENT = "sanic.__signal__.__init__"


def _blank() -> None:
    """Handler of the internal event that every finalized router holds."""


@dataclass
class SignalWaiter:
    """Somebody waiting for one dispatch of an event."""

    signal: Signal
    event_definition: str
    trigger: str = ""
    requirements: dict[str, str] | None = None
    exclusive: bool = True
    future: asyncio.Future[dict[str, Any]] | None = None

    async def wait(self) -> dict[str, Any]:
        """Return the context of the next matching dispatch."""
        self.future = asyncio.get_running_loop().create_future()
        self.signal.ctx.waiters.append(self)
        try:
            return await self.future
        finally:
            self.signal.ctx.waiters.remove(self)

    def matches(self, event: str, condition: dict[str, str] | None) -> bool:
        """Tell whether a dispatch of `event` under `condition` is the one waited for."""
        named = self.event_definition == event or self.trigger == "*"
        return named and _fires(condition, self.requirements, self.exclusive)


def _fires(condition: Any, requirements: Any, exclusive: bool) -> bool:
    if condition is None:
        return not exclusive or not requirements
    return bool(condition == requirements)


class SignalRouter:
    """Keeps signal handlers and dispatches events to them.

    Attributes:
        ctx: free namespace; holds `app`, and `loop` once finalized.
        allow_fail_builtin: whether an inline dispatch of a built-in event nobody declared raises.
        mask: `SignalMask`; bit n is set when the n-th member of `Event` has a handler.
    """

    delimiter = "."
    DEFAULT_METHOD = "BASE"
    ALLOWED_METHODS: tuple[str, ...] = ()

    def __init__(self) -> None:
        from sanic_fast._core.plan import SignalMask

        self.ctx = SimpleNamespace(loop=None)
        self.allow_fail_builtin = True
        self.finalized = False
        self.mask = SignalMask()
        self._table = SignalTable(self)
        self._running: set[asyncio.Task[Any]] = set()

    @property
    def routes(self) -> tuple[Signal, ...]:
        """Every signal, in run order within its group."""
        return self._table.signals_in_order()

    @property
    def groups(self) -> dict[tuple[str, ...], SignalGroup]:
        """Segments -> group of signals that share them."""
        return self._table.groups()

    @property
    def name_index(self) -> dict[str, Signal]:
        """Event name (a parameter reads `*`) -> a signal declared for it."""
        return self._table.names

    @property
    def regex_types(self) -> dict[str, Any]:
        """Parameter types known to dynamic events."""
        return self._table.types

    def register_pattern(
        self,
        label: str,
        cast: Callable[[str], Any],
        pattern: Any,
        param_info_class: type[ParamInfo] = ParamInfo,
    ) -> None:
        """Add a parameter type for dynamic events; the latest comes before all others.

        Args:
            label: name of the type.
            cast: makes the value; a ValueError means that the event does not match.
            pattern: kept for information.
            param_info_class: class that describes such parameters.
        """
        self._table.register_pattern(label, cast, pattern, param_info_class)

    @staticmethod
    def format_event(event: str | Enum) -> str:
        """Return the three-part name of an event."""
        if isinstance(event, Enum):
            event = str(event.value)
        if "." not in event:
            event = GENERIC_SIGNAL_FORMAT % event
        return event

    def add(
        self,
        handler: SignalHandler,
        event: str | Enum,
        condition: dict[str, Any] | None = None,
        exclusive: bool = True,
        *,
        priority: int = 0,
    ) -> Signal:
        """Declare a handler.

        Raises:
            InvalidSignal: for a malformed or reserved event.
            FinalizationError: when the router is finalized; use `app.amend()`.
        """
        definition = str(event.value) if isinstance(event, Enum) else event
        event = self.format_event(event)
        parts = self._parse(event)
        if not parts.parameter:
            self._check_reserved(parts.namespace, event)
        if self.finalized:
            raise FinalizationError("Cannot finalize router more than once.")
        signal = self._table.add(handler, parts, condition, exclusive, priority, definition)
        self._mark(parts)
        return signal

    def _parse(self, event: str) -> EventParts:
        parts = parse_event(event, self._table.types)
        if parts is None:
            raise InvalidSignal(f"Invalid signal event: {event}")
        return parts

    @staticmethod
    def _check_reserved(namespace: str, event: str) -> None:
        reserved = RESERVED_NAMESPACES.get(namespace)
        if reserved is not None and event not in reserved:
            raise InvalidSignal(f"Cannot declare reserved signal event: {event}")

    def _mark(self, parts: EventParts) -> None:
        """Set the bits of the built-in events that a new declaration can fire for."""
        if parts.parameter:
            prefix = f"{parts.namespace}.{parts.reference}."
            bits = [bit for name, bit in _BITS.items() if name.startswith(prefix)]
        else:
            bit = _BITS.get(".".join((parts.namespace, parts.reference, parts.last)))
            bits = [] if bit is None else [bit]
        for bit in bits:
            self.mask.bits |= 1 << bit

    def get(
        self, event: str | Enum, condition: dict[str, str] | None = None
    ) -> tuple[SignalGroup, list[SignalHandler], dict[str, Any]]:
        """Find what a dispatch would run: the group, the handlers, the event's parameters.

        Raises:
            NotFound: when nothing was declared for the event.
        """
        match = self._match(self.format_event(event), str(event), condition)
        return match.group, [signal.handler for signal in match.signals], dict(match.params)

    def _match(self, event: str, shown: str, condition: dict[str, str] | None) -> Any:
        match = self._table.match(event)
        if match is None:
            message = f"Could not find signal {shown}"
            if condition:
                message += f" with {condition}"
            raise NotFound(message, path=event)
        return match

    async def dispatch(
        self,
        event: str | Enum,
        *,
        context: dict[str, Any] | None = None,
        condition: dict[str, str] | None = None,
        fail_not_found: bool = True,
        inline: bool = False,
        reverse: bool = False,
    ) -> asyncio.Task[Any] | Any:
        """Run the handlers of an event.

        Args:
            context: keyword arguments for the handlers.
            condition: only handlers declared with this condition run.
            fail_not_found: with `inline`, raise `NotFound` for an undeclared event.
            inline: run now and return the first truthy result, instead of starting a task.
            reverse: run in reverse order.
        """
        run = self._dispatch(
            self.format_event(event),
            context=context,
            condition=condition,
            fail_not_found=fail_not_found and inline,
            reverse=reverse,
        )
        if inline:
            return await run
        task = asyncio.get_running_loop().create_task(run)
        # The loop keeps only weak references to tasks.
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        await asyncio.sleep(0)
        return task

    dispatch._sf_default = True  # type: ignore[attr-defined]

    async def _dispatch(
        self,
        event: str,
        context: dict[str, Any] | None = None,
        condition: dict[str, str] | None = None,
        fail_not_found: bool = True,
        reverse: bool = False,
    ) -> Any:
        try:
            match = self._match(event, event, condition)
        except NotFound as exc:
            reserved = event.split(".", 1)[0] in RESERVED_NAMESPACES
            if fail_not_found and (not reserved or self.allow_fail_builtin):
                raise
            if reserved and self._verbose():
                error_logger.warning(str(exc))
            return None
        match.wake(event, condition, context)
        try:
            for signal, params in match.calls(reverse):
                if not _fires(condition, signal.extra.requirements, signal.ctx.exclusive):
                    continue
                result = signal.handler(**{**params, **context} if context else params)
                if isawaitable(result):
                    result = await result
                if result:
                    return result
        except Exception as exc:
            if event != Event.SERVER_EXCEPTION_REPORT.value:
                if self._verbose():
                    error_logger.exception(exc)
                await self.report(exc)
            raise
        return None

    def _verbose(self) -> bool:
        app = getattr(self.ctx, "app", None)
        return app is not None and app.debug and app.state.verbosity >= 1

    async def report(self, exception: BaseException) -> None:
        """Send `server.exception.report` for an exception, at most once per exception."""
        if getattr(exception, "__dispatched__", False):
            return
        try:
            exception.__dispatched__ = True  # type: ignore[attr-defined]
        except AttributeError:
            logger.debug("Exception %r cannot be marked as reported", type(exception))
        await self.dispatch(
            Event.SERVER_EXCEPTION_REPORT,
            context={"exception": exception},
            fail_not_found=False,
            inline=True,
        )

    def get_waiter(
        self,
        event: str | Enum,
        condition: dict[str, Any] | None = None,
        exclusive: bool = True,
    ) -> SignalWaiter | None:
        """Make a waiter for an event, or return None when the event was not declared.

        The last part may be `*` or, whatever its name and type, a parameter.

        Raises:
            InvalidSignal: for an event that could not be declared.
        """
        definition = self.format_event(event)
        parts = self._parse(definition)
        definition = parts.name
        signal = self.name_index.get(definition)
        if signal is None:
            if not definition.endswith(".*"):
                self._check_reserved(parts.namespace, definition)
            return None
        trigger = "*" if definition.endswith(".*") else signal.ctx.trigger
        return SignalWaiter(signal, definition, trigger, condition, bool(exclusive))

    def finalize(self, do_compile: bool = True, do_optimize: bool = False) -> None:
        """Freeze the declarations.

        Raises:
            RuntimeError: outside of a running event loop.
            FinalizationError: when already finalized.
        """
        try:
            self.ctx.loop = asyncio.get_running_loop()
        except RuntimeError:
            raise RuntimeError("Cannot finalize signals outside of event loop") from None
        if self.finalized:
            raise FinalizationError("Cannot finalize router more than once.")
        if _INIT_EVENT not in self.name_index:
            self.add(_blank, _INIT_EVENT)
        self.finalized = True

    def reset(self) -> None:
        """Allow declarations again; those made so far stay."""
        self.finalized = False
