"""`import sanic` that means this package; each case in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

FAKE = "raise AssertionError('the original was imported')"


def run(folder: Path, program: str) -> str:
    """What a program prints where another `sanic` is importable, or the end of what it raises."""
    (folder / "sanic").mkdir()
    (folder / "sanic" / "__init__.py").write_text("" if "BEFORE" in program else FAKE)
    (folder / "sanic" / "only_there.py").write_text("")
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(folder)!r})\n{program}"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return (done.stdout or done.stderr.splitlines()[-1]).strip()


INSTALL = "from sanic_fast.alias import install; install(); install()\n"


@pytest.mark.parametrize(
    ("program", "printed"),
    [
        ("import sanic, sanic_fast; print(sanic is sanic_fast, sanic.__spec__.name)",
         "True sanic_fast"),
        ("from sanic import Sanic as a; from sanic_fast import Sanic as b; print(a is b)", "True"),
        ("import sanic.exceptions as a, sanic_fast.exceptions as b; print(a is b)", "True"),
        ("from sanic.worker.inspector import Inspector as a\n"
         "from sanic_fast.worker.inspector import Inspector as b; print(a is b)", "True"),
        ("from sanic_routing.patterns import alpha as a\n"
         "from sanic_fast.routing.patterns import alpha as b; print(a is b)", "True"),
        ("import sanic_fast; from sanic_fast.application.ext import setup_ext\n"
         "import sanic; print(sanic.Sanic in type(sanic_fast.Sanic('x')).__mro__)", "True"),
        ("import sanic.only_there",
         "ModuleNotFoundError: No module named 'sanic.only_there' (sanic_fast.only_there)"),
        ("try:\n    import sanic.nope\nexcept ImportError as e: print(e.name)", "sanic.nope"),
        ("import sanicated", "ModuleNotFoundError: No module named 'sanicated'"),
    ],
)  # fmt: skip
def test_other_name(tmp_path: Path, program: str, printed: str) -> None:
    assert run(tmp_path, INSTALL + program) == printed


def test_after_the_original(tmp_path: Path) -> None:
    told = run(tmp_path, f"import sanic  # BEFORE\n{INSTALL}")
    assert told.startswith("RuntimeError: Cannot make 'sanic' mean 'sanic_fast': it was imported")
