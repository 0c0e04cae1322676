"""Fixtures for every test."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.servers import free_port as find_free_port

# The same examples every time, and no opinion about the time they take: a run says something about
# the change, not about the machine or about luck. "search" looks for new ones.
settings.register_profile(
    "tests", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("search", parent=settings.get_profile("tests"), derandomize=False)
settings.load_profile(os.environ.get("SANIC_FAST_TEST_EXAMPLES", "tests"))


def pytest_configure() -> None:
    """Take back signals that whoever started the tests had switched off.

    `nohup` ignores SIGHUP and a shell's `&` SIGINT; programs started from here would inherit that.
    """
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def free_port() -> int:
    """A TCP port that was free a moment ago."""
    return find_free_port()


@pytest.fixture(autouse=True)
def forget_apps() -> Iterator[None]:
    """Apps a test creates are not there for the next one."""
    registry = _registry()
    before = dict(registry)
    yield
    registry = _registry()
    registry.clear()
    registry.update(before)


@pytest.fixture(autouse=True)
def keep_test_mode() -> Iterator[None]:
    """A test client switches `Sanic.test_mode` on for good; the next test has it as it was."""
    module = sys.modules.get("sanic_fast.app")
    before = module.Sanic.test_mode if module else False
    yield
    module = sys.modules.get("sanic_fast.app")
    if module and module.Sanic.test_mode is not before:
        module.Sanic.test_mode = before


@pytest.fixture(autouse=True)
def keep_loop_policy() -> Iterator[None]:
    """A test that serves makes uvloop the default of the process; the next test chooses anew."""
    before = asyncio.get_event_loop_policy()
    yield
    asyncio.set_event_loop_policy(before)


def _registry() -> dict[str, object]:
    # Only where something imported the app: most tests of single modules do without.
    module = sys.modules.get("sanic_fast.app")
    return module.Sanic._app_registry if module else {}
