"""Programs that use the original's own tools, run with the original and with ours in its place."""

from __future__ import annotations

import subprocess

import pytest

from tests.parity.original import (
    HERE,
    ORIGINAL,
    OURS,
    environment,
    interpreter,
    site_packages,
)

pytestmark = [pytest.mark.slow, pytest.mark.net]
LIMIT = 60.0  # s
PROGRAMS = sorted(path.stem for path in (HERE / "programs").glob("*.py"))
PROGRAMS.remove("tested_app")


def output(program: str, package: str) -> list[str]:
    """The lines a program prints."""
    alias = [HERE / "aliased.py", site_packages()] if package == OURS else []
    paths = environment(package).get("PYTHONPATH", "")
    done = subprocess.run(
        [interpreter(package), *alias, HERE / "programs" / f"{program}.py"],
        env={**environment(package), "PYTHONPATH": f"{paths}:{HERE / 'programs'}"},
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    # Of a traceback only where it went and what it says.
    errors = [line for line in done.stderr.splitlines() if not line.startswith("    ")]
    assert done.returncode == 0, "\n".join(errors)
    return done.stdout.splitlines()


@pytest.mark.parametrize("program", PROGRAMS)
def test_program_prints_what_it_prints_with_the_original(program: str) -> None:
    original = output(program, ORIGINAL)
    assert original
    assert output(program, OURS) == original
