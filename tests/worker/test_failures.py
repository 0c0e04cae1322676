"""Starts that fail, crash loops, and signals at any moment: the right status, and no orphans."""

from __future__ import annotations

import os
import random
import signal
import socket
import time
from pathlib import Path
from typing import Any

import pytest

from tests.servers import Server
from tests.worker.kit import APP, Managed, descendants, gone, until

pytestmark = [pytest.mark.net, pytest.mark.slow, pytest.mark.serial]

NOT_ACKED = "Not all workers acknowledged a successful startup. Shutting down."
EARLY = "One of your worker processes terminated before startup was completed."
UNGUARDED = """
import sys
from sanic_fast import Sanic, text

app = Sanic("unguarded")
app.add_route(lambda request: text("x"), "/")
app.run(port=int(sys.argv[1]), workers=int(sys.argv[2]), motd=False)
"""
NO_ROUTES = UNGUARDED.replace('app.add_route(lambda request: text("x"), "/")', "").replace(
    "app.run", 'if __name__ == "__main__":\n    app.run'
)
QUICK_PAUSES = APP.replace(
    'if __name__ == "__main__":',
    'if __name__ == "__main__":\n'
    "    from sanic_fast.worker import trouble\n"
    "    trouble.LONGEST_DELAY = 0.2",
)


@pytest.mark.parametrize("event", ["before_server_start", "after_server_start"])
def test_failing_listener_of_a_worker_ends_the_start_at_once(serve: Any, event: str) -> None:
    server = serve(wait=False, FAIL=event, ONLY="Sanic-Server-1-0")
    if event == "before_server_start":
        assert server.wait() == 1
        assert NOT_ACKED in server.output and EARLY in server.output
        assert server.events()[-1] == "main_process_stop"
        assert "Server Stopped" in server.output
    else:
        # While others are not ready such a start ends all; later it is a death like any other.
        server.wait_for(f"RuntimeError: no {event}")
        server.stop()
    assert f"RuntimeError: no {event}" in server.output


def test_failing_listener_of_the_main_process_starts_no_worker(serve: Any) -> None:
    for event in ("main_process_start", "main_process_ready"):
        server = serve(wait=False, FAIL=event)
        assert server.wait() == 1
        assert f"RuntimeError: no {event}" in server.output
        assert "Experienced exception while trying to serve" in server.output
        assert "Starting worker" not in server.output


def test_start_without_routes_fails(serve: Any) -> None:
    server = serve(wait=False, program=NO_ROUTES)
    assert server.wait() == 1
    assert "Cannot finalize with no routes defined." in server.output
    assert NOT_ACKED in server.output


def test_start_without_a_guard_says_so(serve: Any) -> None:
    server = serve(wait=False, program=UNGUARDED)
    assert server.wait() == 1
    assert "Sanic server could not start: worker process failed." in server.output
    assert (
        "This may have happened if you are running Sanic in the global scope and not inside of a "
        '`if __name__ == "__main__"` block.'
    ) in server.output
    assert 'Sanic.start_method = "fork"' in server.output
    assert "context has already been set" in server.output


def test_worker_that_dies_without_a_word_ends_the_start(serve: Any, tmp_path: Path) -> None:
    (tmp_path / "break").write_text("os._exit(7)")
    server = serve(wait=False, BREAK=str(tmp_path / "break"))
    assert server.wait() == 1
    assert EARLY in server.output


def test_start_that_takes_too_long_is_given_up(serve: Any) -> None:
    server = serve(wait=False, SLEEP="before_server_start", WORKER_STARTUP_TIMEOUT="1.5")
    assert server.wait() == 1
    assert NOT_ACKED in server.output
    assert "The current threshold is 1.5s." in server.output
    assert "Killing Sanic-Server-0-0" in server.output


def test_busy_port_starts_no_worker(serve: Any, tmp_path: Path) -> None:
    first = serve()
    second = Server(
        tmp_path, str(tmp_path / "program.py"), str(first.number), "2"
    )  # its output is in the same file
    with second:
        assert second.wait() == 1
        assert "Address already in use" in second.output
        assert "Starting worker" not in second.output


def test_failed_replacement_leaves_the_old_worker_in_place(serve: Any, tmp_path: Path) -> None:
    server = serve(BREAK=str(tmp_path / "break"))
    before = {name: row["pid"] for name, row in server.rows().items()}
    (tmp_path / "break").write_text("raise RuntimeError('broken')")
    server.process.send_signal(signal.SIGHUP)
    server.wait_for("before it was ready.")
    server.wait_for("The remaining workers are not replaced.")
    rows = server.rows()
    assert {name: row["pid"] for name, row in rows.items()} == before
    assert all(row["state"] == "ACKED" for row in rows.values() if "state" in row)
    (tmp_path / "break").unlink()
    server.process.send_signal(signal.SIGHUP)
    server.wait_for_count("Worker ready", 4)
    server.wait_for_count("Worker complete", 2)
    assert server.stop() == 0


def test_crash_loop_ends_with_its_own_status(serve: Any, tmp_path: Path) -> None:
    server = serve(program=QUICK_PAUSES, BREAK=str(tmp_path / "break"))
    victim = server.rows()["Sanic-Server-0-0"]["pid"]
    (tmp_path / "break").write_text("os._exit(9)")
    os.kill(victim, signal.SIGKILL)
    assert server.wait() == 3
    assert "Worker Sanic-Server-0-0 died 11 times in a row." in server.output
    assert "ended with status 9. It is started again in 0.2 seconds." in server.output
    assert server.events()[-1] == "main_process_stop"
    assert server.output.count("Worker complete") == 1


def test_worker_that_lived_long_enough_is_started_again_at_once(serve: Any) -> None:
    program = QUICK_PAUSES.replace("LONGEST_DELAY = 0.2", "HEALTHY = 0.0")
    server = serve(1, program=program)
    for turn in range(3):
        pid = int(server.ask())
        os.kill(pid, signal.SIGKILL)
        server.wait_for(f"[{pid}] was killed by SIGKILL. It is started again now.")
        server.wait_for_count("Worker ready", turn + 2)
    assert server.stop() == 0


def test_worker_that_dies_while_files_are_watched_is_started_again(serve: Any) -> None:
    server = serve(1, program=APP.replace("motd=False", "motd=False, auto_reload=True"))
    pid = int(server.ask())
    os.kill(pid, signal.SIGKILL)
    server.wait_for_count("Worker ready", 2)
    assert "It is tried again when a file changes" not in server.output
    assert server.stop() == 0


@pytest.mark.parametrize("method", ["spawn", "fork", "forkserver"])
def test_death_of_the_main_process_ends_its_children(serve: Any, method: str) -> None:
    server = serve(CUSTOM="1", START_METHOD=method)
    server.wait_for("FOREVER")
    family = descendants(server.process.pid)
    assert len(family) >= 3
    server.process.kill()
    assert server.wait() == -signal.SIGKILL
    until(lambda: all(gone(pid) for pid in family), server)
    assert server.output.count("Worker complete") == 2
    assert "INTERRUPTED" in server.output


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_signal_at_any_moment_of_the_start_leaves_no_orphan(
    tmp_path: Path, number: signal.Signals
) -> None:
    chance = random.Random(int(number))
    for turn in range(6):
        folder = tmp_path / str(turn)
        folder.mkdir()
        with Managed(folder, 2, wait=False) as server:
            time.sleep(chance.random() * 1.2)
            server.pids = descendants(server.process.pid)
            server.process.send_signal(number)
            server.wait()
            until(lambda: all(gone(pid) for pid in server.pids), server)
            # Nor one that was made after we looked: somebody would hold the socket.
            until(lambda: refused(server.number), server)


def refused(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except ConnectionRefusedError:
        return True
    return False


@pytest.mark.parametrize("method", ["spawn", "fork", "forkserver"])
def test_process_of_the_users_that_still_starts_does_not_hold_up_the_stop(
    tmp_path: Path, method: str
) -> None:
    program = f"""
import os, sys, time
from sanic_fast import Sanic, text

if os.path.exists("started"):  # not for the main process
    time.sleep(0 if "Server" in os.environ["SANIC_WORKER_NAME"] else 60)

app = Sanic("starts")

@app.get("/")
async def index(request):
    return text("here")

def forever():
    time.sleep(600)

@app.main_process_ready
async def ready(app):
    open("started", "w").close()
    app.manager.manage("Forever", forever, {{}})

if __name__ == "__main__":
    Sanic.start_method = "{method}"
    app.run(port=int(sys.argv[1]), motd=False)
"""
    with Managed(tmp_path, 1, program=program) as server:
        assert server.stop() == 0
        assert "Killing" not in server.output
