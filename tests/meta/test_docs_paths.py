"""Documents name files that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.meta.modules import ROOT

SKIPPED = {".git", ".venv", "build", "dist", "node_modules", ".pytest_cache"}
LINK = re.compile(r"\[[^\]]*\]\((?!https?:|#|mailto:)([^)#\s]+)")
# A path in back quotes that begins with one of our folders.
QUOTED = re.compile(
    r"`((?:sanic_fast|cext|tests|scripts|perf|docs|examples|\.ci)/[\w./-]+)(?:::\w+)?`"
)


def documents() -> list[Path]:
    return sorted(
        path
        for path in ROOT.rglob("*.md")
        if not any(part in SKIPPED or part.startswith(".venv") for part in path.parts)
    )


@pytest.mark.parametrize("path", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_document_names_files_that_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    missing = [link for link in LINK.findall(text) if not (path.parent / link).exists()]
    missing += [name for name in QUOTED.findall(text) if not (ROOT / name.rstrip("/")).exists()]
    assert missing == []
