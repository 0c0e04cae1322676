"""Each app is served once by each package; all its tests look at the same answers."""

from __future__ import annotations

import functools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.parity.original import PACKAGES
from tests.parity.run import Process, Served

Pair = tuple[Served, Served]


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Pair]:
    """Call with the name of an app: what the original and ours did."""

    @functools.cache
    def serve(app: str) -> Pair:
        folder = tmp_path_factory.mktemp(app)
        first, second = [Process(app, package, folder) for package in PACKAGES]
        with ThreadPoolExecutor(2) as both:
            original, ours = both.map(Process.finish, (first, second))
        return original, ours

    return serve
