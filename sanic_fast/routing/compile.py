"""Routes -> the frozen table of `_core.router`."""

from __future__ import annotations

import re
import uuid
from typing import Any

from sanic_fast._core.router import KINDS, PREFIX_LIMIT, CompiledRoute, RouteTable
from sanic_fast.routing import patterns
from sanic_fast.routing.exceptions import InvalidUsage
from sanic_fast.routing.group import RouteGroup
from sanic_fast.routing.patterns import ExtParamInfo, ParamInfo
from sanic_fast.routing.route import expression_body
from sanic_fast.routing.tree import Node, build_tree
from sanic_fast.routing.utils import spellings

Slots = dict[int, CompiledRoute]

# Casts that the table knows how to do without calling them.
KNOWN_CASTS: tuple[tuple[Any, str], ...] = (
    (str, "strorempty"),
    (patterns.nonemptystr, "str"),
    (patterns.alpha, "alpha"),
    (patterns.slug, "slug"),
    (patterns.ext, "ext"),
    (patterns.parse_date, "ymd"),
    (int, "int"),
    (float, "float"),
    (uuid.UUID, "uuid"),
)


def compile_table(router: Any) -> RouteTable:
    """Return the table of a router whose routes are finalized.

    Raises:
        InvalidUsage: a route cannot be matched as written.
    """
    return _Compiler(router).table()


class _Compiler:
    """Collects the lists which RouteTable is made of."""

    def __init__(self, router: Any) -> None:
        self.router = router
        self.groups = list(router.groups.values())
        self.bits: dict[str, int] = {}
        for method in map(str, router.ALLOWED_METHODS):
            self.bits.setdefault(method, len(self.bits))
        for group in self.groups:
            for method in sorted(group.methods):
                self.bits.setdefault(method, len(self.bits))
        self.leaves: list[tuple[Any, ...]] = []
        self.exact: dict[bytes, int] = {}
        self.nodes: list[Any] = []
        self.wholes: list[tuple[Any, ...]] = []
        self.prefixes: list[tuple[dict[bytes, int], list[int]]] = []

    def table(self) -> RouteTable:
        segmented, wholes = [], []
        for group in self.groups:
            if group.dynamic_path:
                wholes.append(group)
            elif group[0].static:
                self.add_exact(group)
            else:
                segmented.append(group)
        if segmented:
            self.add_node(build_tree(segmented))
        for group in sorted(wholes, key=lambda group: -group.depth):
            self.add_whole(group)
        return RouteTable(
            tuple(self.bits), self.leaves, self.exact, self.nodes, self.wholes, self.prefixes
        )

    # ---- leaves

    def add_leaf(self, group: RouteGroup, forms: tuple[Any, ...] | None = None) -> int:
        """Add a group and return its number."""
        slots: Slots = {}
        hosts: dict[bytes, Slots] | None = {} if group.requirements else None
        for route in group:
            if hosts is not None:
                host = route.requirements["host"].encode("utf-8", "surrogateescape")
                slots = hosts.setdefault(host, {})
            for method in route.methods:
                slots.setdefault(self.bits[method], route.compiled)
        self.leaves.append((slots, hosts, len(group) > 1, forms))
        return len(self.leaves) - 1

    # ---- exact paths and the tree

    def add_exact(self, group: RouteGroup) -> None:
        leaf = self.add_leaf(group)
        ways = [spellings(segment) for segment in group.segments]
        self.exact[b"/".join(way[0] for way in ways)] = leaf
        self.exact[b"/".join(way[-1] for way in ways)] = leaf

    def add_node(self, node: Node) -> int:
        """Add a node and what is below it; return its number."""
        number = len(self.nodes)
        self.nodes.append(None)
        literals: dict[bytes, int] | None = None
        edges: list[Any] | None = None
        early = 0
        if node.literals:
            literals = {}
            for text, child in node.literals.items():
                literals.update(dict.fromkeys(spellings(text), self.add_node(child)))
        if node.params:
            edges = []
            for child in node.params.values():
                kind, thing = edge(child.param)
                edges.append((kind, self.add_node(child), thing))
                early += child.group is None
        leaf = -1 if node.group is None else self.add_leaf(node.group, forms(node.group))
        self.nodes[number] = (leaf, literals, edges, early)
        return number

    # ---- groups matched over the whole path

    def add_whole(self, group: RouteGroup) -> None:
        params = group[0].defined_params
        begin = 0
        while begin not in params and begin < PREFIX_LIMIT - 1:
            begin += 1
        rank = len(self.wholes)
        self.prefix(group.segments[:begin])[1].append(rank)
        leaf = self.add_leaf(group)
        rest = range(begin, len(group.segments))
        for index in rest:
            if index in params and params[index].label == "ymd":
                raise InvalidUsage(f"Invalid matching pattern {params[index].pattern.pattern}")
        if all(i not in params or whole_kind(params[i]) is not None for i in rest):
            elements = [
                (KINDS["literal"], spellings(group.segments[i]))
                if i not in params
                else (KINDS[whole_kind(params[i]) or ""], None)
                for i in rest
            ]
            self.wholes.append((leaf, elements, None, None))
        else:
            self.wholes.append((leaf, None, *whole_expression(group, rest)))

    def prefix(self, segments: tuple[str, ...]) -> tuple[dict[bytes, int], list[int]]:
        """Return the node of a literal prefix, made if need be."""
        if not self.prefixes:
            self.prefixes.append(({}, []))
        node = self.prefixes[0]
        for segment in segments:
            ways = spellings(segment)
            if ways[0] not in node[0]:
                node[0].update(dict.fromkeys(ways, len(self.prefixes)))
                self.prefixes.append(({}, []))
            node = self.prefixes[node[0][ways[0]]]
        return node


def edge(param: ParamInfo | None) -> tuple[int, Any]:
    """Return kind and helper object of a parameter matched as one segment."""
    assert param is not None
    if param.regex:
        return KINDS["regex"], re.compile(expression_body(param.pattern))
    kind = next((name for cast, name in KNOWN_CASTS if cast is param.cast), None)
    if kind == "ext" and not isinstance(param, ExtParamInfo):
        kind = None
    if kind is not None:
        return KINDS[kind], None
    return KINDS["cast"], param.cast


def forms(group: RouteGroup) -> tuple[Any, ...] | None:
    """Return what the segments must look like besides passing their casts.

    Only in routes that hold a free expression: there, each type is held to its expression.
    """
    if not group.regex:
        return None
    wanted: list[Any] = []
    for param in group[0].defined_params.values():
        kind = plain_kind(param)
        if param.regex:
            wanted.append(None)
        elif kind is not None:
            wanted.append(KINDS[kind])
        else:
            wanted.append(re.compile(expression_body(param.pattern)))
    return tuple(wanted)


def plain_kind(param: ParamInfo) -> str | None:
    """Return the built-in type whose expression the table knows, if this is one."""
    known = patterns.REGEX_TYPES.get(param.label)
    if known is None or known[1] is not param.pattern or param.label == "ymd":
        return None
    return param.label


def whole_kind(param: ParamInfo) -> str | None:
    """As `plain_kind()`, for whole-path groups."""
    return None if param.regex else plain_kind(param)


def whole_expression(group: RouteGroup, rest: range) -> tuple[re.Pattern[str], tuple[int, ...]]:
    """Return one expression for the segments behind the literal prefix, and its value groups."""
    params = group[0].defined_params
    texts, groups, count = [], [], 0
    for index in rest:
        param = params.get(index)
        if param is None:
            ways = {re.escape(way.decode()) for way in spellings(group.segments[index])}
            texts.append(f"(?:{'|'.join(sorted(ways))})")
            continue
        body = expression_body(param.pattern)
        groups.append(count + 1)
        if param.regex and param.pattern.groups:
            texts.append(f"(?:{body})")
        else:
            texts.append(f"({body})")
            count += 1
        count += param.pattern.groups
    return re.compile("/".join(texts)), tuple(groups)
