"""What operators and programs do to a server: the status that is documented, and no orphans.

Further rows are in test_failures.py (a port in use, imports that fail, starts that fail, deaths of
workers and of the main process), test_manager.py (a worker that is stopped or hangs) and
test_proof.py (signals at random moments).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.servers import LIMIT, ROOT, connect, free_port, get, receive_response
from tests.worker.kit import APP, descendants, gone, until
from tests.worker.proof.signals import PROGRAM, members

pytestmark = [pytest.mark.net, pytest.mark.slow, pytest.mark.serial]

# Listeners that hang are given up after 1.5 s instead of 20 s.
IMPATIENT = APP.replace(
    'if __name__ == "__main__":',
    'if __name__ == "__main__":\n'
    "    from sanic_fast.worker.manager import WorkerManager\n"
    "    WorkerManager.STOP_MARGIN = 0.5",
)
HUNGRY = APP.replace(
    '@app.get("/hang")',
    """
@app.get("/die")
async def die(request):
    os.kill(os.getpid(), signal.SIGKILL)  # what the kernel does to the largest process

@app.get("/eat")
async def eat(request):
    import resource
    used = int(open("/proc/self/statm").read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    resource.setrlimit(resource.RLIMIT_AS, (used + 50_000_000, resource.RLIM_INFINITY))
    try:
        return text(str(len(bytes(200_000_000))))
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

@app.get("/hang")""",
)


# -- listeners


@pytest.mark.parametrize("event", ["before_server_stop", "after_server_stop"])
def test_failing_listener_of_the_stop_keeps_nothing_from_stopping(serve: Any, event: str) -> None:
    server = serve(FAIL=event)
    assert server.stop() == 0
    assert server.output.count(f"RuntimeError: no {event}") >= 2
    assert server.events()[-1] == "main_process_stop"
    assert server.events().count("after_server_stop") == 2
    assert server.output.count("Worker complete") == 2


def test_failing_listener_of_the_main_process_at_the_stop_is_told(serve: Any) -> None:
    server = serve(FAIL="main_process_stop")
    assert server.stop() == 1
    assert "RuntimeError: no main_process_stop" in server.output
    assert server.output.count("Worker complete") == 2


@pytest.mark.parametrize("event", ["before_server_stop", "after_server_stop"])
def test_listener_that_hangs_at_the_stop_is_given_up(serve: Any, event: str) -> None:
    server = serve(program=IMPATIENT, SLEEP=event, GRACEFUL_SHUTDOWN_TIMEOUT="1")
    family = descendants(server.process.pid)
    assert server.stop() == 0
    assert server.output.count("Killing Sanic-Server-") == 2
    assert server.events()[-1] == "main_process_stop"
    until(lambda: all(gone(pid) for pid in family), server)  # the resource tracker ends last


@pytest.mark.parametrize("event", ["before_server_start", "after_server_start"])
def test_listener_that_hangs_at_the_start_does_not_hold_up_the_stop(
    serve: Any, event: str
) -> None:
    server = serve(program=IMPATIENT, wait=False, SLEEP=event, GRACEFUL_SHUTDOWN_TIMEOUT="1")
    server.wait_for_count(f"EVENT {event}", 2)
    assert server.stop() == 0
    assert server.output.count("Killing Sanic-Server-") == 2
    assert server.events()[-1] == "main_process_stop"


@pytest.mark.parametrize(
    ("event", "first", "second"),
    [
        ("main_process_start", -signal.SIGTERM, None),
        ("main_process_ready", None, -signal.SIGINT),
        ("main_process_stop", None, 1),
    ],
)
def test_listener_of_the_main_process_that_hangs_ends_at_the_second_signal(
    serve: Any, event: str, first: int | None, second: int | None
) -> None:
    server = serve(wait=False, SLEEP=event)
    if event == "main_process_stop":
        server.wait_for_count("Worker ready", 2)
        server.process.send_signal(signal.SIGTERM)
    server.wait_for(f"EVENT {event}")
    server.process.send_signal(signal.SIGTERM)
    if first is None:
        def ended() -> bool:
            # Two of a kind that come too close to each other count once.
            with suppress(subprocess.TimeoutExpired):
                server.process.send_signal(signal.SIGTERM)
                server.process.wait(4)
            return server.process.poll() is not None

        until(ended, server)
    assert server.wait() == (first or second), server.output


# -- the start


@pytest.mark.parametrize(
    "stage", ["import", "before_server_start", "Starting worker", "Worker ready"]
)
@pytest.mark.parametrize("method", ["spawn", "fork"])
def test_sigterm_at_each_stage_of_the_start(serve: Any, stage: str, method: str) -> None:
    made = 'app = Sanic("managed")'
    program = APP.replace(made, f'{made}\nprint("import", flush=True)')
    server = serve(wait=False, program=program, START_METHOD=method)
    server.wait_for(stage)
    status = server.stop()
    # Before there is a manager, the signal does what it always does.
    assert status in ((0, -signal.SIGTERM) if stage == "import" else (0,)), server.output
    assert "Traceback" not in server.output


# -- the surroundings


@pytest.mark.parametrize("access_log", ["false", "true"])
def test_full_disk_under_the_log_costs_no_request(tmp_path: Path, access_log: str) -> None:
    path = tmp_path / "program.py"
    path.write_text(PROGRAM.read_text())
    port = free_port()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "SANIC_ACCESS_LOG": access_log}
    with open("/dev/full", "wb") as full:
        process = subprocess.Popen(
            [sys.executable, str(path), str(port), "2"],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=full,
            stderr=full,
            start_new_session=True,
        )
    try:

        def answers() -> bool:
            try:
                with connect(port) as sock:
                    sock.sendall(get("/"))
                    return receive_response(sock).startswith(b"HTTP/1.1 200")
            except OSError:
                assert process.poll() is None
                return False

        until(answers)
        assert all(answers() for _ in range(50))
        process.send_signal(signal.SIGHUP)
        assert all(answers() for _ in range(50))
        process.send_signal(signal.SIGTERM)
        # 120: the interpreter could not write what was left in its buffer.
        assert process.wait(LIMIT) in (0, 120)
        until(lambda: not members(process.pid))
    finally:
        for pid in members(process.pid):
            os.kill(pid, signal.SIGKILL)
        process.wait(LIMIT)


def test_worker_killed_for_its_memory_is_replaced(serve: Any) -> None:
    server = serve(1, program=HUNGRY)
    with connect(server.number) as sock:
        sock.sendall(get("/die"))
        assert sock.recv(1) == b""
    server.wait_for("was killed by SIGKILL. It is started again now.")
    server.wait_for_count("Worker ready", 2)
    assert server.ask().isdigit()
    assert server.stop() == 0


def test_request_without_memory_costs_only_that_request(serve: Any) -> None:
    server = serve(1, program=HUNGRY)
    pid = server.ask()
    with connect(server.number) as sock:
        sock.sendall(get("/eat"))
        assert receive_response(sock).startswith(b"HTTP/1.1 500 ")
    assert server.ask() == pid
    assert "MemoryError" in server.output
    assert server.stop() == 0
