"""Each module imports in a fresh process, by itself, with warnings as errors."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.meta.modules import ROOT, sources

pytestmark = pytest.mark.slow

MODULES = sorted(name for name in sources() if name not in ("__main__", "_pyhttp"))

# One process per batch that forks per module: a fresh interpreter each would take a minute.
CODE = """
import importlib, os, sys, traceback, warnings
warnings.simplefilter("error")
for name in sys.argv[1:]:
    pid = os.fork()
    if pid == 0:
        try:
            importlib.import_module(name)
            loaded = sorted(m for m in sys.modules if m.split(".")[0] == "tests")
            assert not loaded, loaded
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    if os.waitpid(pid, 0)[1]:
        print("FAILED", name)
        sys.exit(1)
"""


@pytest.mark.parametrize("top", sorted({name.split(".")[0] for name in MODULES}))
def test_module_imports_alone(top: str) -> None:
    names = [
        f"sanic_fast.{name}".rstrip(".") for name in MODULES if name.split(".")[0] == top
    ]
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", CODE, *names],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
