"""The guide's examples do what the guide says, under both packages."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.examples.guide import Block, blocks, check, commands, fits
from tests.examples.programs import ORIGINAL, OURS
from tests.servers import ROOT

PAGES = sorted((ROOT / "docs" / "guide").glob("*.md")) + [ROOT / "docs" / "migrating.md"]
CASES = [
    pytest.param(page, block, package, id=f"{page.stem}:{block.line} {package}")
    for page in PAGES
    for block in blocks(page)
    for package in (OURS, ORIGINAL)
    if package == OURS or not (block.only or block.kind == "part")
]


@pytest.mark.slow
@pytest.mark.net
@pytest.mark.parametrize(("page", "block", "package"), CASES)
def test_example_does_what_its_page_says(
    page: Path, block: Block, package: str, tmp_path: Path
) -> None:
    if block.talks and shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    check(block, tmp_path, package)


def test_every_page_is_in_the_index() -> None:
    index = (ROOT / "docs" / "guide" / "README.md").read_text(encoding="utf-8")
    assert [page.name for page in PAGES if f"({page.name})" not in index] == [
        "README.md",
        "migrating.md",
    ]


def test_commands_are_taken_apart() -> None:
    assert commands("$ a \\\n  b\n1\n2\n$ c\n") == [("a   b", "1\n2\n"), ("c", "")]


@pytest.mark.parametrize(
    ("printed", "expected", "fitting"),
    [
        ("", "", True),
        ("a", "", False),
        ("a\nb", "a\nb\n", True),
        ("a\nb", "a\n", False),
        ("a 1 b", "a ... b", True),
        ("a\nx\ny\nb\n", "a\n...\nb", True),
        ("a\nb\n", "a\n...\nb", True),
        ("a+\n", "aa", False),
    ],
)
def test_output_fits(printed: str, expected: str, fitting: bool) -> None:
    assert fits(printed, expected) is fitting
