"""The same calls into the released package and into ours: same values, same exceptions."""

from __future__ import annotations

import ast
import dataclasses
import functools
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.parity.compare import ROWS, Row, expected_fields
from tests.parity.original import HERE, PACKAGES, environment, interpreter, translate

pytestmark = pytest.mark.slow
Answers = dict[str, list[tuple[str, str]]]
TABLES = sorted(path.stem for path in (HERE / "calls").glob("*.py"))
LIMIT = 60.0  # s


def calls(table: str) -> list[str]:
    """The calls of a table, as they are written."""
    tree = ast.parse((HERE / "calls" / f"{table}.py").read_text(encoding="utf-8"))
    return [
        ast.unparse(node)
        for node in tree.body
        if isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant)
    ]


ALL = [(table, number, call) for table in TABLES for number, call in enumerate(calls(table))]


@pytest.fixture(scope="session")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Answers]:
    """Call with a package: what came of all tables."""

    @functools.cache
    def evaluate(package: str) -> tuple[int, str, str]:
        return evaluated(package, tmp_path_factory.mktemp("calls") / package)

    def answer(package: str) -> Answers:
        status, output, errors = evaluate(package)
        if status:
            pytest.fail(errors, pytrace=False)
        found: Answers = json.loads(output)
        return found

    return answer


def evaluated(package: str, folder: Path) -> tuple[int, str, str]:
    """Evaluate all tables under a package: exit status, output, errors."""
    folder.mkdir()
    for table in TABLES:
        source = (HERE / "calls" / f"{table}.py").read_text(encoding="utf-8")
        (folder / f"{table}.py").write_text(translate(source, package), encoding="utf-8")
    done = subprocess.run(
        [interpreter(package), HERE / "evaluate.py", folder],
        env=environment(package),
        cwd=folder.resolve(),
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("table", "number", "call"), ALL, ids=[f"{table}: {call[:100]}" for table, _, call in ALL]
)
def test_call_gives_what_the_original_gives(
    answers: Callable[[str], Answers], table: str, number: int, call: str
) -> None:
    original, ours = [answers(package)[table][number][1] for package in PACKAGES]
    if expected_fields(f"calls/{table}", call):
        assert ours != original, "listed in differences.toml, but equal"
    else:
        assert ours == original


@pytest.mark.parametrize(
    "row",
    [row for row in ROWS if row.app.startswith("calls/")],
    ids=lambda row: f"{row.app}: {row.cases[0][:60]}",
)
def test_difference_names_a_call(row: Row) -> None:
    table = row.app.split("/")[1]
    for pattern in row.cases:
        alone = dataclasses.replace(row, cases=(pattern,))
        assert any(alone.covers(row.app, call) for call in calls(table)), pattern
