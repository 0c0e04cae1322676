"""Evaluate tables of calls under one package: `python evaluate.py FOLDER`; no part of the tests.

A table is a Python file. Its top-level expressions are the calls; all else prepares them. Standard
output gets JSON: table -> list of [text of the call, what came of it].
"""

from __future__ import annotations

import ast
import json
import logging
import os
import re
import sys
import warnings
from pathlib import Path
from typing import Any

ADDRESS = re.compile(r" at 0x[0-9a-f]+")
OWN_NAMES = re.compile(r"sanic_fast\.routing|sanic_fast(?:\._core\.\w+)?")


def shown(value: Any) -> str:
    """A value as text, without what differs between packages and runs."""
    text = ADDRESS.sub("", repr(value)).replace(os.getcwd(), "FOLDER")
    return OWN_NAMES.sub(lambda m: "sanic_routing" if "routing" in m[0] else "sanic", text)


def outcome(code: Any, names: dict[str, Any]) -> str:
    """What an expression gives: its value, or its exception."""
    try:
        return shown(eval(code, names))
    except SystemExit as error:
        return f"SystemExit: {error}"
    except Exception as error:
        return shown(f"{type(error).__name__}: {error}")[1:-1]


def evaluate(path: Path) -> list[tuple[str, str]]:
    """All calls of a table, in order."""
    source = path.read_text(encoding="utf-8")
    names: dict[str, Any] = {"__name__": path.stem, "__file__": str(path)}
    found: list[tuple[str, str]] = []
    for node in ast.parse(source).body:
        if isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant):
            code = compile(ast.Expression(node.value), str(path), "eval")
            found.append((ast.unparse(node), outcome(code, names)))
        else:
            try:
                exec(compile(ast.Module([node], []), str(path), "exec"), names)
            except Exception as error:
                raise SystemExit(f"{path.name}:{node.lineno}: {error!r}") from None
    return found


def main(folder: str) -> None:
    """Print the outcome of every table of a folder."""
    # No line of either package's source belongs into a report.
    sys.tracebacklimit = 0
    # An app turns some warnings on again.
    warnings.showwarning = lambda *arguments, **options: None
    logging.disable()
    kept = dict(os.environ)
    answers = {}
    for path in sorted(Path(folder).glob("*.py")):
        answers[path.stem] = evaluate(path)
        os.environ.clear()
        os.environ.update(kept)
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
