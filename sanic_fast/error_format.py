"""Guess the error format of a route from what its handler returns."""

from __future__ import annotations

from typing import Any

__all__ = ("format_of_source", "inferred_format")

_FORMATS = {"JSONResponse": "json", "json": "json", "text": "text", "html": "html"}
_NOTHING_FOUND = "auto"


def inferred_format(route: Any) -> str:
    """Return the error format of a route: the declared one, else the one of its handler's source.

    The source is read at the first error of the route; the result is kept on `route.extra`.
    """
    extra = route.extra
    declared: str | None = getattr(extra, "error_format", None)
    if declared:
        return declared
    # The handler of a file route is ours, not the program's.
    handler = None if getattr(extra, "static", False) else getattr(route, "handler", None)
    found = format_of_source(handler) or _NOTHING_FOUND
    extra.error_format = found
    return found


def format_of_source(handler: Any) -> str:
    """Return `html`, `text` or `json` if every recognised `return f(...)` of a handler agrees.

    Only calls of the bare names `html`, `text`, `json` and `JSONResponse` are recognised. The
    result is empty if there are none, if they differ, or without source.
    """
    import ast
    from inspect import getsource
    from textwrap import dedent

    try:
        tree = ast.parse(dedent(getsource(handler)))
    except (OSError, TypeError, SyntaxError):
        return ""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Call):
            callee = node.value.func
            if isinstance(callee, ast.Name) and callee.id in _FORMATS:
                found.add(_FORMATS[callee.id])
    return found.pop() if len(found) == 1 else ""
