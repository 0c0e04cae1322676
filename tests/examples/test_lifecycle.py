"""examples/lifecycle: every hook runs, and in the order of the original."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.examples.programs import ORIGINAL, OURS, copied, interpreter, served
from tests.servers import Server, free_port

pytestmark = [pytest.mark.net, pytest.mark.slow]
TARGET = "examples.lifecycle.app:app"
# Written by tasks: the order among lines of requests is nobody's promise.
LOOSE = "report: RuntimeError: so much tea"


@dataclass
class Life:
    """One life of the app: what was answered, and what the hooks wrote, from start to end."""

    answers: list[tuple[int, str, str | None]]
    notes: list[str]

    def during(self, method: str, path: str) -> list[str]:
        """What the hooks wrote between the first middleware of a request and its response."""
        start = self.notes.index(f"on_request, priority 5: {method} {path}")
        rest = self.notes[start + 1 :]
        end = next(i for i, line in enumerate(rest) if line.startswith("signal: response"))
        return rest[: end + 1]


def requests(client: httpx.Client) -> list[httpx.Response]:
    """One of each kind."""
    return [
        client.post("/orders", data={"item": "tea", "count": "2"}),
        client.post("/orders", data={"item": "tea", "count": "200"}),
        client.post("/orders", data={"item": "glue"}),
        client.get("/stream?visitor=me"),
        client.get("/fail"),
        client.get("/count?closed=1"),
        client.get("/nothing"),
        client.get("/count"),
    ]


def lived(folder: Path, package: str) -> Life:
    """Serve the app, put all requests, stop it."""
    with served("lifecycle", folder, package) as (client, program):
        answers = [(r.status_code, r.text, r.headers.get("x-visitor")) for r in requests(client)]
        program.wait_for(LOOSE)
    return Life(answers, notes(program))


def notes(program: Server) -> list[str]:
    """What the hooks of a program wrote."""
    lines = [line for line in program.output.splitlines() if line.startswith("NOTE ")]
    return [line.removeprefix("NOTE ") for line in lines]


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Life:
    return lived(tmp_path_factory.mktemp("life"), OURS)


def test_answers_are_right(ours: Life) -> None:
    assert [status for status, _, _ in ours.answers] == [201, 201, 400, 200, 500, 503, 404, 200]
    assert ours.answers[3] == (200, "one two", "me")
    assert ours.answers[4] == (500, "Out of order.", None)
    assert ours.answers[5] == (503, "Closed.", "somebody")
    assert ours.answers[7][1] == '{"sold":{"tea":202},"ticking":true}'


def test_request_passes_its_hooks_in_order(ours: Life) -> None:
    assert ours.during("POST", "/orders") == [
        "signal: request middleware",
        "on_request",
        "signal: handler begins",
        "handler",
        "signal: ordered 2 tea",
        "signal: an order is placed",
        "signal: handler is done",
        "on_response",
        "on_response, priority 5: 201",
        "signal: response 201",
    ]


def test_failing_request_is_reported_and_answered(ours: Life) -> None:
    found = ours.during("GET", "/fail")
    assert found[3:] == [
        "report: ZeroDivisionError: in the handler",
        "signal: exception ZeroDivisionError",
        "exception handler",
        "on_response",
        "on_response, priority 5: 500",
        "signal: response 500",
    ]


def test_server_starts_and_stops_in_opposite_order(ours: Life) -> None:
    assert ours.notes[:5] == [
        "before_server_start, priority 5",
        "before_server_start",
        "after_server_start, priority 5",
        "after_server_start",
        "task: good morning",
    ]
    assert ours.notes[-6:] == [
        "task: no more ticks",
        "tasks left: 0",
        "before_server_stop",
        "before_server_stop, priority 5",
        "after_server_stop",
        "after_server_stop, priority 5",
    ]


def test_life_is_that_under_the_original(ours: Life, tmp_path: Path) -> None:
    original = lived(tmp_path, ORIGINAL)
    assert ours.answers == original.answers
    for life in (ours, original):
        assert LOOSE in life.notes
    strict: Any = [[line for line in life.notes if line != LOOSE] for life in (ours, original)]
    assert strict[0] == strict[1]


def test_main_process_has_hooks_of_its_own(tmp_path: Path) -> None:
    words = ["-m", OURS, TARGET, "--port", str(free_port())]
    with Server(copied("lifecycle", tmp_path, OURS), *words) as program:
        program.wait_for("NOTE after_server_start\n")
        assert program.stop() == 0
        lines = notes(program)
    assert [line for line in lines if line.startswith("main_process")] == [
        "main_process_start",
        "main_process_ready",
        "main_process_stop",
    ]
    assert lines.index("main_process_ready") < lines.index("before_server_start")
    assert lines[-1] == "main_process_stop"


def test_commands_print_what_they_print_under_the_original(tmp_path: Path) -> None:
    commands = (["list"], ["price", "--item", "tea", "--count", "3"], ["price", "--item", "cake"])
    found = {}
    for package in (OURS, ORIGINAL):
        home = copied("lifecycle", tmp_path, package)
        found[package] = [command(home, package, words) for words in commands]
    assert found[OURS] == ["cake\ntea\n", "3 tea: 9\n", "1 cake: 5\n"] == found[ORIGINAL]


def command(home: Path, package: str, words: list[str]) -> str:
    """What a command of the app prints."""
    argv = [interpreter(package), "-m", package, TARGET, "exec", *words]
    with Server(home, *argv[1:], python=argv[0]) as program:
        assert program.wait() == 0, program.output
        return program.output
