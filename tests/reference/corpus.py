"""Read the shared cases of tests/cases/*.toml; the head of each file tells its fields."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FOLDER = Path(__file__).resolve().parent.parent / "cases"
TEXTS = ("data", "fault", "rest", "body", "target", "reason", "method")


def to_bytes(text: Any) -> bytes:
    """Turn the text of a case (a string, a repetition, or a list of those) into bytes."""
    if isinstance(text, str):
        return text.encode("latin-1")
    if isinstance(text, dict):
        return to_bytes(text["text"]) * text["times"]
    return b"".join(to_bytes(part) for part in text)


def load(name: str) -> list[dict[str, Any]]:
    """Return the cases of a file, texts as bytes; `data`, `fault` and `rest` are always there."""
    cases = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))["case"]
    for case in cases:
        for key in TEXTS:
            if key in case or key in ("data", "fault", "rest"):
                case[key] = to_bytes(case.get(key, ""))
        if "headers" in case:
            case["headers"] = [(to_bytes(n), to_bytes(v)) for n, v in case["headers"]]
    return cases


def named(name: str) -> list[Any]:
    """Return the cases of a file as pytest parameters."""
    return [pytest.param(c, id=c["name"].replace(" ", "-")) for c in load(name)]


def cuts(length: int, most: int = 250) -> list[int]:
    """Return the places at which to cut data of this length: all, or for long data a selection."""
    if length <= most:
        return list(range(length + 1))
    ends = [*range(most // 2), *range(length - most // 2, length + 1)]
    return sorted({*ends, *range(0, length, max(1, length // 50))})
