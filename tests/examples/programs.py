"""Examples in processes of their own, under our package or under the released one.

The released package is that of tests/parity; an example that says `from sanic_fast import ...` says
`from sanic import ...` there, and nothing else is changed.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.parity.original import ORIGINAL, OURS, interpreter
from tests.servers import LIMIT, ROOT, Server, free_port

__all__ = ("ORIGINAL", "OURS", "copied", "interpreter", "served")

IMPORT = re.compile(r"^(\s*(?:from|import) )sanic_fast\b", re.M)


def translated(source: str, package: str) -> str:
    """The source of an example for a package."""
    return IMPORT.sub(rf"\g<1>{package}", source)


def copied(example: str, folder: Path, package: str) -> Path:
    """Copy an example for a package; the folder to run it in.

    Args:
        example: name of a folder in `examples/`.
        folder: where `examples/` is made.
        package: the one it shall import.
    """
    target = folder / package
    shutil.copytree(
        ROOT / "examples" / example,
        target / "examples" / example,
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    for path in target.rglob("*.py"):
        path.write_text(translated(path.read_text(encoding="utf-8"), package), encoding="utf-8")
    return target


@contextmanager
def served(
    example: str, folder: Path, package: str, env: dict[str, str] | None = None
) -> Iterator[tuple[httpx.Client, Server]]:
    """A client of `examples.NAME.app:app`, served by the command line on a free port."""
    port = free_port()
    words = ["-m", package, f"examples.{example}.app:app", "--port", str(port), "--single-process"]
    home = copied(example, folder, package)
    with Server(home, *words, env=env, python=interpreter(package)) as program:
        program.wait_for("Worker ready")
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=LIMIT) as client:
            yield client, program
        assert program.stop() == 0, program.output
