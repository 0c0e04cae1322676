"""The released package: where it is, and how the same source is made to use one or the other."""

from __future__ import annotations

import functools
import os
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
ORIGINAL = "sanic"
OURS = "sanic_fast"
PACKAGES = (ORIGINAL, OURS)
IMPORT = re.compile(r"^(\s*(?:from|import) )sanic(_routing)?(?=[. \n])", re.M)


@functools.cache
def interpreter(package: str) -> str:
    """The Python that has the package.

    The released package lives in `.venv-sanic`, or where the variable PARITY_VENV says; it is
    installed if it, or something it needs since, is not there.

    Raises:
        subprocess.CalledProcessError: it cannot be installed. Nothing is skipped then: without
            the original there is no comparison.
    """
    if package == OURS:
        return sys.executable
    folder = ROOT / os.environ.get("PARITY_VENV", ".venv-sanic")
    here = ".".join(map(str, sys.version_info[:2]))
    if folder.exists() and not (folder / "lib" / f"python{here}").exists():
        # Several Pythons test one checkout: one environment for each.
        folder = folder.with_name(f"{folder.name}-{here}")
    # It does nothing where all that the requirements list is there.
    variables = {**os.environ, "PYTHON": sys.executable, "PARITY_VENV": str(folder)}
    subprocess.run([ROOT / "scripts" / "parity-install"], env=variables, check=True)
    return str(folder / "bin" / "python")


def site_packages() -> Path:
    """Where the original's environment keeps its packages."""
    folder = Path(interpreter(ORIGINAL)).parents[1]
    return next(folder.glob("lib/python3.*/site-packages"))


def plugins() -> Path:
    """Where plugins for the original are: apart from it, so that only who asks gets them."""
    return Path(interpreter(ORIGINAL)).parents[1] / "plugins"


def environment(package: str) -> dict[str, str]:
    """Variables for a process that uses the package: ours from this checkout, nothing inherited."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("SANIC", "PYTHON"))}
    paths = {"PYTHONPATH": str(ROOT)} if package == OURS else {}
    return {**kept, **paths, "PYTHONUNBUFFERED": "1", "PYTHONHASHSEED": "1", "NO_COLOR": "1"}


def translate(source: str, package: str) -> str:
    """The source of an app or table, written for `sanic`, for a package."""
    if package == ORIGINAL:
        return source

    def renamed(match: re.Match[str]) -> str:
        return match[1] + (f"{OURS}.routing" if match[2] else OURS)

    return IMPORT.sub(renamed, source)
