"""A slow, obvious model of route matching: what `RouteTable` must agree with.

Written from the behaviour reference alone; it shares no code with `sanic_fast.routing`. It keeps
no tables: every request sorts and tries all routes again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import unquote
from uuid import UUID

PRIORITY = ["strorempty", "str", "ext", "slug", "alpha", "path", "float", "int", "ymd", "uuid"]
EXPRESSION = {
    "strorempty": r"[^/]*",
    "str": r"[^/]+",
    "ext": r"[^/]+\.[a-z0-9](?:[a-z0-9\.]*[a-z0-9])?",
    "slug": r"[a-z0-9]+(?:-[a-z0-9]+)*",
    "alpha": r"[A-Za-z]+",
    "path": r"[^/]?.*?",
    "float": r"-?(?:\d+(?:\.\d*)?|\.\d+)",
    "int": r"-?\d+",
    "ymd": r"[12]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])",
    "uuid": r"[A-Fa-f0-9]{8}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{12}",
}


def refuse_empty(text: str) -> str:
    if not text:
        raise ValueError
    return text


def letters(text: str) -> str:
    if not text.isalpha():
        raise ValueError
    return text


def slug(text: str) -> str:
    if not re.fullmatch(EXPRESSION["slug"], text):
        raise ValueError
    return text


def file_name(text: str) -> str:
    if "." not in text or "" in text.split("."):
        raise ValueError
    return text


CASTS: dict[str, Callable[[str], Any]] = {
    "strorempty": str,
    "str": refuse_empty,
    "ext": file_name,
    "slug": slug,
    "alpha": letters,
    "float": float,
    "int": int,
    "ymd": lambda text: datetime.strptime(text, "%Y-%m-%d").date(),
    "uuid": UUID,
}


@dataclass(frozen=True)
class Rule:
    """One route. Parameters are `<name>` or `<name:type>`; expressions hold no `<` and no group."""

    name: str
    path: str
    methods: tuple[str, ...] = ("GET",)
    host: str | None = None
    strict: bool = False
    unquote: bool = False

    @property
    def parts(self) -> list[str]:
        path = self.path.lstrip("/") if self.strict else self.path.strip("/")
        return re.findall(r"<[^>]*>|[^/<]+|(?:(?<=/)|^)(?=/|$)", path)

    @property
    def params(self) -> list[tuple[str, str] | None]:
        """Per part: (name, type), or None for a literal."""
        found = [re.fullmatch(r"<(\w+)(?::(.*))?>", part) for part in self.parts]
        return [(m[1], m[2] or "str") if m else None for m in found]

    @property
    def key(self) -> tuple[str, ...]:
        """Equal for routes that compete for the same requests."""
        return tuple(f"<{p[1]}>" if p else part for p, part in zip(self.params, self.parts))

    @property
    def refuses_slash(self) -> bool:
        """Strict, and written without a trailing slash."""
        return self.strict and self.parts[-1] != ""

    @property
    def free(self) -> bool:
        """Has an expression of its own."""
        return any(p and p[1] not in PRIORITY for p in self.params)

    @property
    def whole(self) -> bool:
        """A parameter may hold a slash."""
        labels = [p[1] for p in self.params if p]
        return any(x == "path" or x not in PRIORITY and "/" in x for x in labels)


@dataclass
class Group:
    """Routes with one key."""

    key: tuple[str, ...]
    rules: list[Rule] = field(default_factory=list)


@dataclass(frozen=True)
class Outcome:
    """What a request comes to. `status` is 200, 404 or 405."""

    status: int
    name: str = ""
    params: tuple[tuple[str, Any], ...] = ()
    path: str = ""
    allowed: frozenset[str] = frozenset()


@dataclass
class Node:
    text: str = ""
    children: dict[str, Node] = field(default_factory=dict)
    group: Group | None = None

    @property
    def height(self) -> int:
        return max((1 + child.height for child in self.children.values()), default=0)

    def rank(self) -> tuple[Any, ...]:
        """Order among brothers: smaller is tried first."""
        label = self.text[1:-1] if self.text.startswith("<") else None
        return (
            self.group is not None,
            label is not None,
            -PRIORITY.index(label) if label in PRIORITY else 0,
            -self.height,
            len(self.children),
            not (self.group and self.group.rules[0].free),
            f"<__dynamic__:{label}>" if label is not None else self.text,
        )


class ReferenceRouter:
    """Answers requests by the rules of the reference, one after the other."""

    def __init__(self, rules: list[Rule]) -> None:
        self.groups: dict[tuple[str, ...], Group] = {}
        for rule in rules:
            self.groups.setdefault(rule.key, Group(rule.key)).rules.append(rule)

    def find(self, method: str, path: str, host: str | None = None) -> Outcome:
        """Try the path, then with one trailing slash less each time."""
        tried = path
        wrong_method: Outcome | None = None
        while True:
            outcome, final = self.attempt(method, tried, host, path)
            if final or outcome.status == 200:
                return outcome
            if outcome.status == 405:
                wrong_method = wrong_method or outcome
            if not tried.endswith("/") or tried == "/":
                break
            tried = tried[:-1]
        return wrong_method or Outcome(404, path=path.rstrip("/"))

    def attempt(self, method: str, tried: str, host: str | None, path: str) -> tuple[Outcome, bool]:
        """Return the outcome of one spelling of the path, and whether it stands."""
        found, exact = self.lookup(tried)
        if found is None:
            return Outcome(404, path=tried), False
        group, values = found
        hosts = any(rule.host for rule in group.rules)
        for rule in group.rules:
            if method in rule.methods and rule.host in (None, host):
                if tried != path and rule.refuses_slash:
                    return Outcome(404, path=tried), True
                params = bind(rule, values)
                return Outcome(200, rule.name, tuple(params.items())), True
        if hosts:
            return Outcome(404, path=tried), False
        allowed = frozenset(m for rule in group.rules for m in rule.methods)
        single = len(group.rules) == 1
        if single and not exact and tried != path and group.rules[0].refuses_slash:
            return Outcome(404, path=tried), True
        return Outcome(405, path=path, allowed=allowed), exact or single

    def lookup(self, path: str) -> tuple[tuple[Group, list[Any]] | None, bool]:
        """Return (group, values) and whether it was an exact literal."""
        segments = path[1:].split("/")
        group = self.groups.get(tuple(segments))
        if group and all(p is None for p in group.rules[0].params) and not group.rules[0].host:
            return (group, []), True
        found = next(self.walk(self.tree(), segments, []), None)
        return found or self.whole(path), False

    def tree(self) -> Node:
        root = Node()
        for group in self.groups.values():
            first = group.rules[0]
            exact = all(p is None for p in first.params) and not first.host
            if first.whole or exact:
                continue
            node = root
            for text in group.key:
                node = node.children.setdefault(text, Node(text))
            node.group = group
        return root

    def walk(
        self, node: Node, segments: list[str], values: list[Any]
    ) -> Iterator[tuple[Group, list[Any]]]:
        """Yield every way down, best first."""
        if not segments:
            if node.group and self.forms_fit(node.group, values):
                yield node.group, values
            return
        for child in sorted(node.children.values(), key=Node.rank):
            segment = segments[0]
            if not child.text.startswith("<"):
                if child.text == segment:
                    yield from self.walk(child, segments[1:], values)
                continue
            label = child.text[1:-1]
            try:
                if label in PRIORITY:
                    value = CASTS[label](segment)
                else:
                    value = segment if re.fullmatch(label, segment) else int("no")
            except ValueError:
                continue
            yield from self.walk(child, segments[1:], [*values, (segment, value)])

    @staticmethod
    def forms_fit(group: Group, values: list[Any]) -> bool:
        """Beside a free expression, the other types are held to their expressions."""
        rule = group.rules[0]
        labels = [p[1] for p in rule.params if p]
        return not rule.free or all(
            re.fullmatch(EXPRESSION.get(label, label), segment)
            for label, (segment, _) in zip(labels, values)
        )

    def whole(self, path: str) -> tuple[Group, list[Any]] | None:
        groups = [group for group in self.groups.values() if group.rules[0].whole]
        for group in sorted(groups, key=lambda group: -len(group.key)):
            expression = "/".join(
                f"({EXPRESSION.get(p[1], p[1])})" if p else re.escape(part)
                for p, part in zip(group.rules[0].params, group.rules[0].parts)
            )
            found = re.fullmatch(f"/{expression}", path)
            if found:
                return group, [(text, text) for text in found.groups()]
        return None


def bind(rule: Rule, values: list[Any]) -> dict[str, Any]:
    """Give the values the names of this route."""
    params: dict[str, Any] = {}
    for (name, label), (segment, value) in zip(filter(None, rule.params), values):
        if label == "ext" and not rule.whole:
            stem, _, extension = segment.rpartition(".")
            params[name] = stem
            params["ext"] = extension
        elif rule.unquote and label in ("str", "strorempty") and not rule.whole:
            params[name] = unquote(segment)
        else:
            params[name] = value
    return params
