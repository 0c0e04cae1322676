"""The reloader: changes of files restart the workers, broken programs do not end the server."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sanic_fast.worker.reloader import Reloader
from tests.servers import ROOT
from tests.worker.kit import Managed

PROGRAM = """
import os, sys
from sanic_fast import Sanic, text

app = Sanic("reloaded")
VERSION = "1"

def say(*words):
    os.write(1, (" ".join(map(str, words)) + "\\n").encode())

@app.get("/")
async def index(request):
    return text(VERSION + " " + str(app.config.get("RELOADED_FILES")))

@app.reload_process_start
async def start(app):
    say("RELOAD start")

@app.reload_process_stop
async def stop(app):
    say("RELOAD stop")

@app.before_reload_trigger
def before(app):
    say("RELOAD before")

@app.after_reload_trigger
def after(app, changed):
    say("RELOAD after", *changed)

@app.after_reload_trigger
def after_without(app):
    say("RELOAD quiet")

if __name__ == "__main__":
    app.run(port=int(sys.argv[1]), workers=int(sys.argv[2]), motd=False, auto_reload=True,
            reload_dir=os.environ["WATCHED"])
"""
# Hides the package from the process: what the reloader does without it.
WITHOUT_EVENTS = "import sys; sys.modules['watchfiles'] = None\n"


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Any]:
    servers: list[Managed] = []
    (tmp_path / "watched" / "deep").mkdir(parents=True)

    def start(program: str = PROGRAM) -> Managed:
        watched = str(tmp_path / "watched")
        servers.append(Managed(tmp_path, 1, program=program, WATCHED=watched))
        servers[-1].wait_for("RELOAD start")
        return servers[-1]

    yield start
    for server in servers:
        server.__exit__(None, None, None)


@pytest.mark.net
@pytest.mark.slow
@pytest.mark.serial
@pytest.mark.parametrize("program", [PROGRAM, WITHOUT_EVENTS + PROGRAM], ids=["events", "polling"])
def test_change_of_the_program_restarts_the_worker(
    serve: Any, tmp_path: Path, program: str
) -> None:
    server = serve(program)
    path = tmp_path / "program.py"
    assert server.ask() == "1 None"
    path.write_text(program.replace('VERSION = "1"', 'VERSION = "2"'))
    server.wait_for_count("Worker ready", 2)
    server.wait_for("Worker complete")
    assert server.ask() == f"2 {path}"
    assert f"RELOAD after {path}" in server.output
    assert server.output.index("RELOAD before") < server.output.index("RELOAD after")
    server.wait_for("RELOAD quiet")
    assert server.stop() == 0
    assert server.output.count("RELOAD start") == server.output.count("RELOAD stop") == 1


@pytest.mark.net
@pytest.mark.slow
@pytest.mark.serial
def test_broken_program_comes_back_when_it_is_mended(serve: Any, tmp_path: Path) -> None:
    server = serve()
    path = tmp_path / "program.py"
    path.write_text(PROGRAM + "def (\n")
    server.wait_for("It is tried again when a file changes.")
    assert "SyntaxError" in server.output
    assert server.process.poll() is None
    path.write_text(PROGRAM.replace('VERSION = "1"', 'VERSION = "3"'))
    server.wait_for_count("Worker ready", 2)
    assert server.ask().startswith("3 ")
    assert server.stop() == 0


@pytest.mark.net
@pytest.mark.slow
@pytest.mark.serial
def test_new_file_in_a_watched_folder_restarts_the_worker(serve: Any, tmp_path: Path) -> None:
    server = serve()
    (tmp_path / "watched" / "deep" / "page.html").write_text("x")
    server.wait_for_count("Worker ready", 2)
    assert server.stop() == 0


@pytest.mark.net
@pytest.mark.slow
@pytest.mark.serial
def test_listener_that_fails_does_not_end_the_watch(serve: Any, tmp_path: Path) -> None:
    failing = PROGRAM.replace('say("RELOAD before")', 'raise RuntimeError("no reload")').replace(
        'say("RELOAD after", *changed)', 'raise RuntimeError("no after")'
    )
    server = serve(failing)
    for count in (2, 3):
        (tmp_path / "program.py").write_text(
            failing.replace('VERSION = "1"', f'VERSION = "{count}"')
        )
        server.wait_for_count("Worker ready", count)
        server.wait_for_count("RELOAD quiet", count - 1)
        assert server.ask().startswith(f"{count} ")
    assert server.output.count("RuntimeError: no reload") == 2
    assert server.output.count("RuntimeError: no after") == 2
    assert server.stop() == 0


def test_file_has_not_changed_at_first_sight(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("x")
    mtimes: dict[str, float] = {}
    assert not Reloader.check_file(str(path), mtimes)
    assert not Reloader.check_file(str(path), mtimes)
    later = time.time() + 10
    os.utime(path, (later, later))
    assert Reloader.check_file(str(path), mtimes)
    assert not Reloader.check_file(str(path), mtimes)
    os.utime(path, (1, 1))
    assert not Reloader.check_file(str(path), mtimes)


def test_files_are_those_of_modules_and_folders(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "x.txt").write_text("x")
    reloader = Reloader(None, 0, [tmp_path], None)  # type: ignore[arg-type]
    assert reloader.interval == 1.0
    found = set(reloader.files())
    assert str(ROOT / "sanic_fast" / "worker" / "reloader.py") in found
    assert str(tmp_path / "deep" / "x.txt") in found
    assert str(tmp_path) in found  # changes with each new file directly below
    assert os.__file__ in set(reloader.python_files())
