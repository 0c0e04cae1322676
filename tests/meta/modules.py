"""What the package is made of: its modules, their sources and their imports."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "sanic_fast"
NAME = PACKAGE.name
SOURCES = (".py", ".pyx")
CIMPORT = re.compile(
    r"^\s*(?:from\s+(?P<base>[\w.]+)\s+c?import\s+(?P<names>\(?[^#\n]*)|c?import\s+(?P<plain>[\w.]+))",
    re.MULTILINE,
)


def sources() -> dict[str, Path]:
    """Every module's name, without the package's, and its source."""
    found = {}
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix not in SOURCES:
            continue
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        if parts[-1] == "__init__":
            parts = parts[:-1]
        found[".".join(parts)] = path
    # The cffi module has its source outside the package.
    found["_pyhttp"] = ROOT / "cext" / "pyhttp" / "build_ffi.py"
    return found


def headers() -> dict[str, list[Path]]:
    """The `.pxd` files of each module; one without a module counts under its own name."""
    found: dict[str, list[Path]] = {}
    for path in sorted(PACKAGE.rglob("*.pxd")):
        if path.stem != "__init__":
            name = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
            found.setdefault(name, []).append(path)
    return found


def imports(path: Path) -> Iterator[tuple[int, str, str]]:
    """Line, module and name (or "") of each import in a source, wherever it stands in it."""
    text = path.read_text(encoding="utf-8")
    if path.suffix in (".pyx", ".pxd"):
        yield from _cython_imports(text)
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name, ""
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                raise AssertionError(f"{path}:{node.lineno}: relative import")
            for alias in node.names:
                yield node.lineno, node.module or "", alias.name


def _cython_imports(text: str) -> Iterator[tuple[int, str, str]]:
    for match in CIMPORT.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        if match["plain"]:
            yield line, match["plain"], ""
            continue
        names = match["names"]
        if names.startswith("("):
            names = text[match.start("names") + 1 :].split(")", 1)[0]
        for name in names.replace("\n", " ").split(","):
            if name := name.strip():
                yield line, match["base"], name.split(" as ")[0].strip()


def internal(module: str, name: str, known: set[str]) -> str | None:
    """The module of ours that an import names, without the package's name; None for others."""
    if module != NAME and not module.startswith(f"{NAME}."):
        return None
    inner = module[len(NAME) + 1 :]
    deeper = f"{inner}.{name}".lstrip(".")
    return deeper if name and deeper in known else inner
