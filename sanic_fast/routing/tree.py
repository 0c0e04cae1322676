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
        literals: children behind a literal segment, None if there are none.
        params: children behind a parameter; in order of trial after `arrange()`. None likewise.
        height: segments to the deepest end below.
    """

    __slots__ = ("group", "height", "literals", "param", "params", "text")

    def __init__(self, text: str = "", param: ParamInfo | None = None) -> None:
        self.text = text
        self.param = param
        self.group: RouteGroup | None = None
        # None instead of {}: most of a big tree is leaves, and the collector counts dicts.
        self.literals: dict[str, Node] | None = None
        self.params: dict[str, Node] | None = None
        self.height = 0

    def child(self, text: str, param: ParamInfo | None) -> Node:
        """Return the child behind a segment, made if need be."""
        if param is None:
            children = self.literals = self.literals or {}
        else:
            children = self.params = self.params or {}
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
            len(self.literals or ()) + len(self.params or ()),
            not (self.group is not None and self.group.regex),
            self.text,
        )

    def arrange(self) -> None:
        """Compute the heights below and put the parameter children in order."""
        for children in (self.literals, self.params):
            for child in children.values() if children else ():
                child.arrange()
                self.height = max(self.height, child.height + 1)
        if self.params and len(self.params) > 1:
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
