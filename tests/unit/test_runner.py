"""The loop, listeners of the main process, start-up errors, the spinner."""

from __future__ import annotations

import asyncio
import errno
import logging
from typing import Any

import pytest

from sanic_fast.application.spinner import Spinner, loading
from sanic_fast.exceptions import ServerError
from sanic_fast.server.events import trigger_events
from sanic_fast.server.goodbye import get_goodbye
from sanic_fast.server.loop import try_use_uvloop, try_windows_loop
from sanic_fast.startup.errors import maybe_handle_startup_error


def test_uvloop_becomes_the_default() -> None:
    try_use_uvloop()
    loop = asyncio.new_event_loop()
    assert type(loop).__module__.startswith("uvloop")
    loop.close()


def test_missing_uvloop_is_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "uvloop", None)
    before = asyncio.get_event_loop_policy()
    try_use_uvloop()
    assert asyncio.get_event_loop_policy() is before
    assert "uvloop is not installed" in caplog.text


def test_windows_loop_elsewhere_is_told(caplog: pytest.LogCaptureFixture) -> None:
    try_windows_loop()
    assert "not compatible with your system" in caplog.text


def test_listeners_run_in_order_and_to_their_end() -> None:
    order: list[Any] = []

    async def slow(app: str) -> None:
        await asyncio.sleep(0)
        order.append(("slow", app))

    def with_loop(app: str, loop: Any) -> None:
        order.append(("loop", loop))

    def changed(app: str, changed: set[str]) -> None:
        order.append(("changed", changed))

    loop = asyncio.new_event_loop()
    trigger_events([slow, with_loop], loop, "app")
    trigger_events([changed], loop, "app", changed={"file"})
    trigger_events([lambda: order.append("bare")], loop)
    trigger_events(None, loop)
    loop.close()
    assert order == [("slow", "app"), ("loop", loop), ("changed", {"file"}), "bare"]


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (OSError(errno.EADDRINUSE, "busy"), "Startup failed: Address already in use."),
        (OSError(13, "Permission denied"), "due to OS error: Permission denied (errno 13)"),
        (ServerError("no"), "Startup failed due to server error. no"),
    ],
)
def test_plain_causes_end_with_status_1(
    error: Exception, message: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR), pytest.raises(SystemExit) as caught:
        maybe_handle_startup_error(error)
    assert caught.value.code == 1
    assert message in caplog.text


def test_other_errors_stay_as_they_are() -> None:
    with pytest.raises(KeyError):
        maybe_handle_startup_error(KeyError("x"))


def test_spinner_is_silent_without_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with loading("Working"):
        pass
    assert capsys.readouterr().out == ""
    frames = Spinner.cursor()
    assert [next(frames) for _ in range(5)] == ["|", "/", "-", "\\", "|"]


def test_goodbye_is_a_word() -> None:
    assert get_goodbye()
