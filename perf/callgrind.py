"""Reads the files callgrind writes: the total, and where the instructions went."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

_FUNCTION = re.compile(r"(c?fn)=\((\d+)\)(?: (.*))?$")
_RECURSION = re.compile(r"'\d+$")


def read_total(path: Path) -> int:
    """Instructions in one file.

    Raises:
        ValueError: the file has no total.
    """
    for line in path.read_text().splitlines():
        if line.startswith("totals:"):
            return int(line.split()[1])
    raise ValueError(f"no total in {path.name}")


def self_costs(path: Path, names: dict[str, str]) -> Counter[str]:
    """Instructions spent in each function itself, recursion levels added up.

    Files of one run name a function once and then refer to it by number: `names` carries the
    names from the earlier files and takes those of this one.
    """
    found: Counter[str] = Counter()
    current, in_callee = "", False
    for line in path.read_text().splitlines():
        function = _FUNCTION.match(line)
        if function:
            kind, number, name = function.groups()
            if name:
                names[number] = _RECURSION.sub("", name)
            if kind == "fn":
                current = number
        elif line.startswith("calls="):
            in_callee = True  # the next line is what the callee cost
        elif line[:1].isdigit() or line[:1] in ("+", "-", "*"):
            if not in_callee:
                found[current] += int(line.split()[1])
            in_callee = False
    by_name: Counter[str] = Counter()
    for number, cost in found.items():
        by_name[names.get(number, number)] += cost
    return by_name


def top(paths: Iterable[Path], last: Path, requests: int, count: int) -> list[str]:
    """Lines with the `count` dearest functions of `last`, per request; `paths` come before it."""
    names: dict[str, str] = {}
    for path in paths:
        self_costs(path, names)
    costs = self_costs(last, names)
    return [f"{cost / requests:10.0f}  {name}" for name, cost in costs.most_common(count)]
