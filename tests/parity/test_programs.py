"""Programs that use the original's own tools, or plugins for it, under the original and ours."""

from __future__ import annotations

import subprocess

import pytest

from tests.parity.original import (
    HERE,
    ORIGINAL,
    OURS,
    environment,
    interpreter,
    plugins,
    site_packages,
)

pytestmark = [pytest.mark.slow, pytest.mark.net]
LIMIT = 60.0  # s
PROGRAMS = sorted(
    f"{path.parent.name}/{path.stem}"
    for folder in ("programs", "plugins")
    for path in (HERE / folder).glob("*.py")
)
PROGRAMS.remove("programs/tested_app")


def output(program: str, package: str) -> list[str]:
    """The lines a program prints."""
    path = HERE / f"{program}.py"
    alias = [HERE / "aliased.py", site_packages()] if package == OURS else []
    paths = [environment(package).get("PYTHONPATH", ""), str(path.parent)]
    if path.parent.name == "plugins":
        paths.append(str(plugins()))
    done = subprocess.run(
        [interpreter(package), *alias, path],
        env={**environment(package), "PYTHONPATH": ":".join(paths)},
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
