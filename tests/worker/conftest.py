"""Managed servers for every test of processes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.worker.kit import Managed


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Any]:
    """Call it to start a server; all are ended with the test."""
    servers: list[Managed] = []

    def start(workers: int = 2, **more: Any) -> Managed:
        servers.append(Managed(tmp_path, workers, **more))
        return servers[-1]

    yield start
    for server in servers:
        server.__exit__(None, None, None)
