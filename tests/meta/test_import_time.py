"""What an import loads, counted in modules: a time would say more about the machine."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.meta.modules import ROOT

# Heavy packages that only some programs need.
HEAVY = ("httpx", "websockets", "trustme", "tracerite", "multiprocessing.managers", "argparse")


def loaded_by(statement: str) -> set[str]:
    code = f"import sys; {statement}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return set(done.stdout.split())


def test_package_alone_loads_nothing_of_itself() -> None:
    ours = {name for name in loaded_by("import sanic_fast") if name.startswith("sanic_fast")}
    assert ours == {"sanic_fast", "sanic_fast.__version__"}


@pytest.mark.parametrize("heavy", HEAVY)
def test_app_does_not_load(heavy: str) -> None:
    assert heavy not in loaded_by("from sanic_fast import Sanic, text")


def test_app_loads_a_bounded_number_of_modules() -> None:
    before = loaded_by("import asyncio, ssl, logging.config, multidict")
    extra = {
        name
        for name in loaded_by("from sanic_fast import Sanic, text, json") - before
        if not name.startswith("sanic_fast")
    }
    assert len(extra) <= 150, sorted(extra)
