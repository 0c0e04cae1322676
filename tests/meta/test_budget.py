"""Size: files and functions stay small enough to be read at one sitting.

`python -m tests.meta.test_budget` prints the largest ones.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from scripts.pyx import functions
from tests.meta.modules import PACKAGE, ROOT

LINES = {".py": 500, ".pyx": 700, ".pxd": 400, ".c": 600, ".h": 400}
FUNCTION_LINES = 60
# A table of data, made by scripts/gen_tables.py.
GENERATED = {"cext/pyhttp/tables.h"}
FOLDERS = (PACKAGE, ROOT / "cext", ROOT / "scripts")


def files() -> list[Path]:
    return sorted(
        path
        for folder in FOLDERS
        for path in folder.rglob("*")
        if path.suffix in LINES and str(path.relative_to(ROOT)) not in GENERATED
    )


def too_long(path: Path) -> list[str]:
    """What in a file is over budget."""
    text = path.read_text(encoding="utf-8")
    name = path.relative_to(ROOT)
    found = []
    if (lines := text.count("\n")) > LINES[path.suffix]:
        found.append(f"{name}: {lines} lines, budget {LINES[path.suffix]}")
    if path.suffix in (".pyx", ".pxd"):
        for function in functions(text):
            if (length := function.end - function.body + 1) > FUNCTION_LINES:
                found.append(f"{name}:{function.start} {function.name}: {length} lines")
    if path.suffix == ".py":
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                if (length := body_lines(node)) > FUNCTION_LINES:
                    found.append(f"{name}:{node.lineno} {node.name}: {length} lines")
    return found


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function's body, without its docstring."""
    body = function.body
    if ast.get_docstring(function, clean=False) is not None:
        body = body[1:]
    if not body:
        return 0
    return (body[-1].end_lineno or 0) - body[0].lineno + 1


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_file_is_within_budget(path: Path) -> None:
    assert too_long(path) == []


if __name__ == "__main__":
    sizes = [(path.read_text(encoding="utf-8").count("\n"), path) for path in files()]
    for size, path in sorted(sizes, reverse=True)[:20]:
        print(f"{size:5} {path.relative_to(ROOT)}")
