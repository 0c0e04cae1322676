"""The declarations behind a `SignalRouter`: parse events, group handlers, find what fires."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any, NamedTuple

from sanic_fast.routing.patterns import REGEX_TYPES, ParamInfo
from sanic_fast.routing.route import Route

_PARAMETER = re.compile(r"<([a-zA-Z_][a-zA-Z0-9_]*)(?::(.*))?>", re.DOTALL)
_CACHE_LIMIT = 1024
_ANY = "<__dynamic__:str>"
# A literal last part is kept as a parameter of this name, in the group of plain wildcards.
_LITERAL = "__trigger__"


class EventParts(NamedTuple):
    """A parsed event name."""

    namespace: str
    reference: str
    last: str
    parameter: str
    label: str
    cast: Callable[[str], Any] | None
    pattern: re.Pattern[str] | None

    @property
    def name(self) -> str:
        return f"{self.namespace}.{self.reference}.{'*' if self.parameter else self.last}"

    @property
    def segment(self) -> str:
        return f"<__dynamic__:{self.label}>"


def _split(event: str) -> list[str]:
    """Split at dots, leaving those inside `<...>` alone."""
    head, bracket, tail = event.partition("<")
    parts = head.split(".")
    parts[-1] += bracket + tail
    return parts


def parse_event(event: str, types: dict[str, Any]) -> EventParts | None:
    """Parse a three-part event name; None when it is malformed."""
    parts = _split(event)
    if len(parts) != 3 or not parts[0] or "<" in parts[0] + parts[1]:
        return None
    namespace, reference, last = parts
    if "<" not in last:
        return EventParts(namespace, reference, last, "", "str", None, None)
    found = _PARAMETER.fullmatch(last)
    if found is None:
        return None
    label = found[2] or "str"
    cast, pattern = _resolve_type(label, types)
    return EventParts(namespace, reference, last, found[1], label, cast, pattern)


def _resolve_type(
    label: str, types: dict[str, Any]
) -> tuple[Callable[[str], Any], re.Pattern[str] | None]:
    if label in types:
        return types[label][0], None
    return str, re.compile(label)


class Signal(Route):
    """One handler declared for one event.

    Attributes:
        ctx: `exclusive`, `trigger` (parameter name), `definition` (event as declared), `waiters`.
        extra: `requirements`, the condition the handler was declared with.
        order: number of the declaration within its router.
    """

    __slots__ = ("order",)

    order: int

    @classmethod
    def of(
        cls, handler: Callable[..., Any], parts: EventParts, router: Any, priority: int
    ) -> Signal:
        """Make the signal of a parsed event."""
        parameter = parts.parameter or _LITERAL
        path = f"{parts.namespace}.{parts.reference}.<{parameter}:{parts.label}>"
        signal = cls(router, path, parts.name, handler, ("BASE",), priority=priority)
        signal.params = dict(signal.defined_params)
        signal.labels = [parameter]
        return signal

    def __repr__(self) -> str:
        return f"<Signal: name={self.name} path={self.path}>"


class SignalGroup:
    """The signals that share namespace, reference and parameter type, in run order."""

    __slots__ = ("signals",)

    def __init__(self, signals: list[Signal]) -> None:
        self.signals = sorted(signals, key=_run_order)

    @property
    def routes(self) -> tuple[Signal, ...]:
        return tuple(self.signals)

    @property
    def methods(self) -> frozenset[str]:
        return frozenset({"BASE"})

    @property
    def path(self) -> str:
        return self.signals[0].path if self.signals else ""

    @property
    def parts(self) -> tuple[str, ...]:
        return self.signals[0].parts if self.signals else ()

    @property
    def segments(self) -> tuple[str, ...]:
        return self.signals[0].segments if self.signals else ()

    def __iter__(self) -> Iterator[Signal]:
        return iter(self.signals)

    def __getitem__(self, index: int) -> Signal:
        return self.signals[index]

    def __repr__(self) -> str:
        return f"<SignalGroup: path={self.path} len={len(self.signals)}>"


def _run_order(signal: Signal) -> tuple[int, int]:
    return (-signal.priority, signal.order)


class Match:
    """What one event name fires."""

    __slots__ = ("family", "group", "params", "plain_params", "signals")

    def __init__(self, family: Family, signals: list[Signal], group: SignalGroup, value: Any):
        self.family = family
        self.group = group
        self.signals = sorted(signals, key=_run_order)
        dynamic = [s for s in self.signals if s.ctx.trigger]
        # Literal handlers get the value too, when a plain wildcard stands beside them.
        self.plain_params: dict[str, Any] = {}
        self.params: dict[str, Any] = {s.ctx.trigger: value for s in dynamic}
        if dynamic and dynamic[0].segments[2] == _ANY:
            self.plain_params = {dynamic[0].ctx.trigger: value}

    def calls(self, reverse: bool) -> Iterator[tuple[Signal, dict[str, Any]]]:
        """Yield the signals in run order, each with its event parameters."""
        for signal in reversed(self.signals) if reverse else self.signals:
            trigger = signal.ctx.trigger
            yield signal, {trigger: self.params[trigger]} if trigger else self.plain_params

    def wake(self, event: str, condition: Any, context: dict[str, Any] | None) -> None:
        """Hand the context to everybody who waits for this event."""
        if not self.family.waiters:
            return
        for waiter in tuple(self.family.waiters):
            future = waiter.future
            if future is not None and not future.done() and waiter.matches(event, condition):
                trigger = waiter.signal.ctx.trigger
                params = {trigger: self.params[trigger]} if trigger in self.params else {}
                future.set_result({**params, **self.plain_params, **(context or {})})


class Family:
    """All declarations under one `namespace.reference`."""

    __slots__ = ("dynamic", "literal", "waiters")

    def __init__(self) -> None:
        self.literal: dict[str, list[Signal]] = {}
        self.dynamic: dict[str, list[tuple[EventParts, Signal]]] = {}
        self.waiters: deque[Any] = deque()

    def match(self, last: str, type_rank: Callable[[str], int]) -> Match | None:
        """Find the handlers of an event of this family by its last part."""
        literal = self.literal.get(last, [])
        for label in sorted(self.dynamic, key=type_rank):
            entries = self.dynamic[label]
            parts = entries[0][0]
            if parts.pattern is not None and not parts.pattern.fullmatch(last):
                continue
            try:
                value = parts.cast(last)  # type: ignore[misc]
            except ValueError:
                continue
            signals = [signal for _, signal in entries]
            group = SignalGroup(signals + (self.literals() if label == "str" else []))
            return Match(self, signals + literal, group, value)
        if not self.literal:
            return None
        return Match(self, literal, SignalGroup(self.literals()), None)

    def literals(self) -> list[Signal]:
        return [signal for signals in self.literal.values() for signal in signals]


class SignalTable:
    """Every declaration of one router, with a memo of recent lookups."""

    def __init__(self, router: Any) -> None:
        self.names: dict[str, Signal] = {}
        self.signals: list[Signal] = []
        self.types: dict[str, Any] = dict(REGEX_TYPES)
        # The types are in rising order of priority; regular expressions come below them all.
        self._ranks = {label: rank for rank, label in enumerate(self.types)}
        self._families: dict[tuple[str, str], Family] = {}
        self._memo: dict[str, Match] = {}
        self._order = count()
        self._router = router

    def register_pattern(
        self, label: str, cast: Callable[[str], Any], pattern: Any, info_class: type[ParamInfo]
    ) -> None:
        """Make a parameter type known under `label`."""
        compiled = re.compile(pattern) if isinstance(pattern, str) else pattern
        self.types[label] = (cast, compiled, info_class)
        self._ranks[label] = len(self._ranks)

    def add(
        self,
        handler: Callable[..., Any],
        parts: EventParts,
        condition: dict[str, Any] | None,
        exclusive: bool,
        priority: int,
        definition: str,
    ) -> Signal:
        """Record a handler for a parsed event."""
        family = self._families.setdefault((parts.namespace, parts.reference), Family())
        signal = Signal.of(handler, parts, self._router, priority)
        signal.order = next(self._order)
        signal.ctx.exclusive = exclusive
        signal.ctx.trigger = parts.parameter
        signal.ctx.definition = definition
        signal.ctx.waiters = family.waiters
        signal.extra.requirements = condition or {}
        if parts.parameter:
            family.dynamic.setdefault(parts.label, []).append((parts, signal))
        else:
            family.literal.setdefault(parts.last, []).append(signal)
        self.signals.append(signal)
        self.names[parts.name] = signal
        self._memo.clear()
        return signal

    def match(self, event: str) -> Match | None:
        """Find what a full event name fires; None when nothing was declared for it."""
        match = self._memo.get(event)
        if match is not None:
            return match
        namespace, _, rest = event.partition(".")
        reference, dot, last = rest.partition(".")
        family = self._families.get((namespace, reference)) if dot else None
        match = family.match(last, self._type_rank) if family else None
        if match is not None:
            if len(self._memo) >= _CACHE_LIMIT:
                self._memo.clear()
            self._memo[event] = match
        return match

    def _type_rank(self, label: str) -> int:
        """Which of several dynamic groups of a family wins: the smallest."""
        return -self._ranks.get(label, -1)

    def groups(self) -> dict[tuple[str, ...], SignalGroup]:
        """Segments -> group."""
        found: dict[tuple[str, ...], list[Signal]] = {}
        for signal in self.signals:
            found.setdefault(signal.segments, []).append(signal)
        return {segments: SignalGroup(signals) for segments, signals in found.items()}

    def signals_in_order(self) -> tuple[Signal, ...]:
        """Every signal, grouped, in run order within its group."""
        return tuple(signal for group in self.groups().values() for signal in group)
