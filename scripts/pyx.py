"""The functions of a Cython source: where each begins and ends, and which are marked hot."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

HEADER = re.compile(
    r"(\s*)(?:async def|def|cp?def (?!class\b|extern\b|enum\b|struct\b)[^=(]*?)\b(\w+)\("
)
CLASS = re.compile(r"(?:cdef )?class (\w+)")
HOT = re.compile(r"#\s*HOT\b")


@dataclass
class Function:
    """A function, by lines counted from 1; `body` comes after signature and docstring."""

    name: str
    start: int
    body: int
    end: int
    hot: bool


def functions(text: str) -> Iterator[Function]:
    """Every function that has a body, methods as `Class.name`."""
    lines = text.split("\n")
    owner = ""
    for at, line in enumerate(lines):
        if match := CLASS.match(line):
            owner = match[1]
        match = HEADER.match(line)
        if match is None:
            continue
        indent = len(match[1])
        first = signature_end(lines, at)
        if first is None:
            continue
        end = first
        for number in range(first, len(lines)):
            if lines[number].strip() and indent_of(lines[number]) <= indent:
                break
            if lines[number].strip():
                end = number + 1
        yield Function(
            name=f"{owner}.{match[2]}" if indent else match[2],
            start=at + 1,
            body=docstring_end(lines, first) + 1,
            end=end,
            hot=any(HOT.search(lines[number]) for number in range(at, end)),
        )


def signature_end(lines: list[str], at: int) -> int | None:
    """Index of the line after a signature; None for a declaration without a body."""
    depth = 0
    for number in range(at, len(lines)):
        code = lines[number].split("#")[0].rstrip()
        depth += code.count("(") - code.count(")")
        if depth == 0:
            return number + 1 if code.endswith(":") else None
    return None


def docstring_end(lines: list[str], first: int) -> int:
    """Index of the line after the docstring that may stand at `first`."""
    opening = lines[first].strip() if first < len(lines) else ""
    if not opening.startswith(('"""', 'r"""')):
        return first
    if opening.count('"""') > 1:
        return first + 1
    for number in range(first + 1, len(lines)):
        if '"""' in lines[number]:
            return number + 1
    return first


def debug_lines(text: str) -> set[int]:
    """Lines of the blocks under `if SF_DEBUG`, which a release build drops."""
    found: set[int] = set()
    inside: int | None = None
    for number, line in enumerate(text.split("\n"), 1):
        if inside is not None and line.strip() and indent_of(line) <= inside:
            inside = None
        if inside is None and line.strip().startswith("if SF_DEBUG"):
            inside = indent_of(line)
        if inside is not None:
            found.add(number)
    return found


def indent_of(line: str) -> int:
    """Leading blanks of a line."""
    return len(line) - len(line.lstrip())
