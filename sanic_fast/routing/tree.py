"""Route groups -> segment tree, with children in the order in which they are tried."""

from __future__ import annotations

from collections.abc import Iterable

from sanic_fast.routing.group import RouteGroup
from sanic_fast.routing.patterns import ParamInfo


class Node:
    """One position in the tree.

    Attributes:
        text: segment that leads here.
        param: description of that segment if it is a parameter.
        group: routes that end here.
        literals: children behind a literal segment.
        params: children behind a parameter; in order of trial after `arrange()`.
        height: segments to the deepest end below.
    """

    __slots__ = ("group", "height", "literals", "param", "params", "text")

    def __init__(self, text: str = "", param: ParamInfo | None = None) -> None:
        self.text = text
        self.param = param
        self.group: RouteGroup | None = None
        self.literals: dict[str, Node] = {}
        self.params: dict[str, Node] = {}
        self.height = 0

    def child(self, text: str, param: ParamInfo | None) -> Node:
        """Return the child behind a segment, made if need be."""
        children = self.literals if param is None else self.params
        if text not in children:
            children[text] = Node(text, param)
        return children[text]

    def rank(self) -> tuple[bool, int, int, int, bool, str]:
        """Sort key among the parameter children of one node (the order is part of the API)."""
        assert self.param is not None
        return (
            self.group is not None,
            -self.param.priority,
            -self.height,
            len(self.literals) + len(self.params),
            not (self.group is not None and self.group.regex),
            self.text,
        )

    def arrange(self) -> None:
        """Compute the heights below and put the parameter children in order."""
        children = [*self.literals.values(), *self.params.values()]
        for child in children:
            child.arrange()
        self.height = max((child.height + 1 for child in children), default=0)
        self.params = dict(sorted(self.params.items(), key=lambda item: item[1].rank()))


def build_tree(groups: Iterable[RouteGroup]) -> Node:
    """Return the root of the tree of groups that are matched segment by segment."""
    root = Node()
    for group in groups:
        node = root
        params = group[0].defined_params
        for index, segment in enumerate(group.segments):
            node = node.child(segment, params.get(index))
        node.group = group
    root.arrange()
    return root
