"""What the release notes promise about processes, one test each through the outside.

The rows up to here that have one elsewhere, and those that have it in this file:

| release | promise | test |
|---|---|---|
| 22.9 | workers are always child processes | `test_manager.test_workers_serve_and_stop`, `test_binds.test_one_worker_is_a_child_too_and_a_factory_makes_its_app` |
| 22.9 | `spawn` unless told; each process imports the program once | `test_program_is_imported_once_by_each_process` |
| 22.9 | `app.m`, its state and rows | `test_manager.test_workers_serve_and_stop`, `test_multiplexer_is_of_workers_only` |
| 22.9 | processes of your own, stopped by SIGINT | `test_manager.test_custom_processes` |
| 22.9 | `main_process_ready`: once, before any child | `test_listener_of_the_ready_main_process_runs_once_before_any_child` |
| 22.9 | `shared_ctx`; a warning for unsafe objects | `test_manager.test_shared_objects_reach_all_workers_and_their_successors`, `test_unsafe_shared_object_is_warned_of_and_set` |
| 22.9 | own keys in the state | `test_manager.test_own_row_takes_own_keys_only` |
| 22.9 | a program without a guard is told so | `test_failures.test_start_without_a_guard_says_so` |
| 22.9 | legacy servers | `test_legacy_*` |
| 22.9 | single process | `test_single_process_*` |
| 22.12 | a failing worker ends the start at once | `test_failures`, `test_app_that_fails_in_a_worker_ends_the_start_at_once` |
| 22.12 | the limit of the start | `test_failures.test_start_that_takes_too_long_is_given_up`, `test_limit_of_the_start_is_an_option_and_a_variable` |
| 22.12 | a second ctrl+c ends all at once | `test_manager.test_second_signal_kills` |
| 22.12 | scaling, restart without a gap | `test_manager.test_scaling_up_and_down_loses_no_request`, `test_no_request_fails_during_a_reload` |
| 23.12 | restart of one process by name, of several, of ended ones | `test_manager.test_every_worker_can_restart_itself_and_all`, `test_custom_processes`, `test_several_processes_are_restarted_by_name` |
| 23.12 | `m.manage`, `tracked`, `restartable`, `auto_start`, `workers` | `test_manager.test_custom_processes` |
| 23.12 | priority of listeners | `test_listeners_of_a_server_run_by_priority` |
| 23.12 | `after_reload_trigger` tells the files | `test_reloader.test_change_of_the_program_restarts_the_worker` |
| 25.12 | daemon mode | `tests/cli/test_daemon.py` |
"""  # noqa: E501 - a table

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.servers import Server, connect, free_port, get, receive_response
from tests.worker.kit import Managed, gone, until

pytestmark = [pytest.mark.net, pytest.mark.slow, pytest.mark.serial]

PROGRAM = """
import multiprocessing, os, sys, warnings
from sanic_fast import Sanic, text

app = Sanic("checked")
E = os.environ.get

def say(*words):
    os.write(1, (" ".join(map(str, words)) + "\\n").encode())

say("IMPORTED", __name__, os.getpid())

@app.get("/")
async def index(request):
    return text(str(os.getpid()))

@app.get("/about")
async def about(request):
    method = multiprocessing.get_start_method()
    return text(f"{hasattr(app, 'multiplexer')} {hasattr(app, 'm')} {method}")

@app.get("/plain")
async def plain(request):
    return text(repr(app.shared_ctx.plain))

@app.get("/restart")
async def restart(request):
    app.m.restart(request.args.get("names"))
    return text("ok")

@app.main_process_start
async def share(app):
    say("EVENT main_process_start", os.getpid())
    app.shared_ctx.plain = [1]

@app.main_process_ready
async def ready(app):
    say("READY", os.getpid(), hasattr(app.manager, "manage"))

@app.main_process_stop
async def stopped(app):
    say("EVENT main_process_stop", os.getpid())

for number, priority in enumerate((0, 3, -1, 3)):
    def started(app, number=number):
        say("START", number)
    def ended(app, number=number):
        say("STOP", number)
    app.listener(started, "before_server_start", priority=priority)
    app.listener(ended, "before_server_stop", priority=priority)

if E("DUPLICATE"):
    app.add_route(index, "/again", name="twice")
    app.add_route(plain, "/and/again", name="twice")

if E("AT_IMPORT") and __name__ != "__main__":
    raise KeyError("at import")

if __name__ == "__main__":
    warnings.simplefilter("always")
    kwargs = eval(E("KWARGS", "{}"))
    if E("PREPARE"):
        app.prepare(port=int(sys.argv[1]), motd=False, **kwargs)
        getattr(Sanic, E("PREPARE"))()
    else:
        app.run(port=int(sys.argv[1]), workers=int(sys.argv[2]), motd=False, **kwargs)
    say("AFTER")
"""
LEGACY = (
    "[DEPRECATION v23.3] Running Sanic w/ LEGACY manager. "
    "Support for will be dropped in version 23.3."
)


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Any]:
    servers: list[Managed] = []

    def start(workers: int = 1, **more: Any) -> Managed:
        servers.append(Managed(tmp_path, workers, program=PROGRAM, **more))
        return servers[-1]

    yield start
    for server in servers:
        server.__exit__(None, None, None)


def lines(server: Server, word: str) -> list[list[str]]:
    """What follows a word in the output, in order."""
    found = [line.split() for line in server.output.splitlines()]
    return [words[1:] for words in found if words[:1] == [word]]


def test_program_is_imported_once_by_each_process(serve: Any) -> None:
    server = serve(2)
    assert server.ask("/about") == "True True spawn"
    imported = lines(server, "IMPORTED")
    assert imported[0] == ["__main__", str(server.process.pid)]
    assert [name for name, _ in imported[1:]] == ["__mp_main__"] * 2
    assert len({pid for _, pid in imported}) == 3
    assert server.stop() == 0


def test_listener_of_the_ready_main_process_runs_once_before_any_child(serve: Any) -> None:
    server = serve(2)
    assert lines(server, "READY") == [[str(server.process.pid), "True"]]
    assert server.output.index("READY") < server.output.index("__mp_main__")
    assert server.stop() == 0
    assert len(lines(server, "READY")) == 1


def test_unsafe_shared_object_is_warned_of_and_set(serve: Any) -> None:
    server = serve()
    assert "Unsafe object plain with type <class 'list'> was added to shared_ctx." in server.output
    assert server.ask("/plain") == "[1]"
    assert server.stop() == 0


def test_listeners_of_a_server_run_by_priority(serve: Any) -> None:
    server = serve()
    assert server.stop() == 0
    assert lines(server, "START") == [["1"], ["3"], ["0"], ["2"]]
    assert lines(server, "STOP") == [["2"], ["0"], ["3"], ["1"]]  # the whole order reversed


def test_several_processes_are_restarted_by_name(serve: Any) -> None:
    server = serve(3)
    server.ask("/restart?names=Sanic-Server-0-0,Sanic-Server-2-0")
    server.wait_for_count("Worker ready", 5)
    server.wait_for_count("Worker complete", 2)
    assert len(lines(server, "IMPORTED")) == 6
    assert server.stop() == 0


@pytest.mark.parametrize(
    ("variable", "message"),
    [("DUPLICATE", "Duplicate route names detected: checked.twice."), ("AT_IMPORT", "at import")],
)
def test_app_that_fails_in_a_worker_ends_the_start_at_once(
    serve: Any, variable: str, message: str
) -> None:
    server = serve(2, wait=False, **{variable: "1"})
    assert server.wait() == 1
    assert message in server.output
    if variable == "DUPLICATE":
        # Else the worker died in the import of the program, before anything of ours.
        expected = "Not all workers acknowledged a successful startup. Shutting down."
        assert expected in server.output
    assert "EVENT main_process_stop" in server.output


# -- in one process


@pytest.mark.parametrize(
    "how",
    [
        {"KWARGS": "{'single_process': True}"},
        {"KWARGS": "{'single_process': True}", "PREPARE": "serve_single"},
    ],
    ids=["run", "serve_single"],
)
def test_single_process_is_the_one_that_was_started(serve: Any, how: dict[str, str]) -> None:
    server = serve(**how)
    assert int(server.ask()) == server.process.pid
    assert server.ask("/about").startswith("False False")
    assert server.stop(signal.SIGINT) == 0
    assert "EVENT" not in server.output and "READY" not in server.output
    assert "AFTER" in server.output


@pytest.mark.parametrize("words", [["--single-process"], ["--legacy"]])
def test_command_serves_in_one_process(tmp_path: Path, words: list[str]) -> None:
    (tmp_path / "srv.py").write_text(PROGRAM)
    port = free_port()
    with Server(tmp_path, "-m", "sanic_fast", "srv:app", *words, "--port", str(port)) as server:
        server.wait_for("Worker ready")
        with connect(port) as sock:
            sock.sendall(get("/", "connection: close"))
            body = receive_response(sock).partition(b"\r\n\r\n")[2]
        assert int(body) == server.process.pid
        assert server.stop() == 0
        assert (LEGACY in server.output) is (words == ["--legacy"])


@pytest.mark.parametrize(
    "how", [{"KWARGS": "{'legacy': True}"}, {"PREPARE": "serve_legacy"}], ids=["run", "serve"]
)
def test_legacy_server_of_one_worker_is_one_process_with_main_listeners(
    serve: Any, how: dict[str, str]
) -> None:
    server = serve(**how)
    assert LEGACY in server.output
    assert int(server.ask()) == server.process.pid
    assert server.ask("/about").startswith("False False")
    assert server.stop() == 0
    assert server.events() == ["main_process_start", "main_process_stop"]
    assert "READY" not in server.output
    assert "AFTER" in server.output


def test_legacy_server_may_leave_signals_alone(serve: Any) -> None:
    server = serve(KWARGS="{'legacy': True, 'register_sys_signals': False}")
    assert int(server.ask()) == server.process.pid
    assert server.stop() == -signal.SIGTERM


def test_legacy_server_of_several_workers_is_a_managed_one(serve: Any) -> None:
    server = serve(2, KWARGS="{'legacy': True}")
    assert LEGACY in server.output
    assert int(server.ask()) != server.process.pid
    assert server.stop() == 0


def test_legacy_server_with_reloader_leaves_no_orphan(serve: Any) -> None:
    server = serve(KWARGS="{'legacy': True, 'auto_reload': True}")
    child = int(server.ask())
    server.process.kill()
    server.wait()
    until(lambda: gone(child), server)
    assert "Worker complete" in server.output


def test_legacy_server_runs_the_program_again_when_a_file_changes(
    serve: Any, tmp_path: Path
) -> None:
    server = serve(KWARGS="{'legacy': True, 'auto_reload': True}")
    first = int(server.ask())
    assert first != server.process.pid
    path = tmp_path / "program.py"
    path.write_text("syntax error\n" + PROGRAM)
    os.utime(path, (2**31, 2**31))
    server.wait_for("SyntaxError")
    until(lambda: gone(first), server)
    path.write_text(PROGRAM)
    os.utime(path, (2**31 + 9, 2**31 + 9))
    server.wait_for_count("Worker ready", 2)
    server.pids |= {first, int(server.ask())}
    assert server.stop() == 0
    until(lambda: all(gone(pid) for pid in server.pids), server)


@pytest.mark.parametrize(
    ("kwargs", "message"),
    [
        ("{'legacy': True, 'single_process': True}", "Cannot run single process and legacy mode"),
        (
            "{'register_sys_signals': False}",
            "Cannot run Sanic.serve with register_sys_signals=False. Use Sanic.serve_single.",
        ),
        (
            "{'single_process': True, 'auto_reload': True}",
            "Single process cannot be run with multiple workers or auto-reload",
        ),
    ],
)
def test_options_that_exclude_each_other(serve: Any, kwargs: str, message: str) -> None:
    server = serve(wait=False, KWARGS=kwargs)
    assert server.wait() == 1
    assert f"RuntimeError: {message}" in server.output


@pytest.mark.parametrize("how", ["option", "variable"])
def test_limit_of_the_start_is_an_option_and_a_variable(tmp_path: Path, how: str) -> None:
    program = (
        "import time\ntime.sleep(600 if __import__('os').environ.get('SANIC_WORKER_NAME') else 0)\n"
    )
    (tmp_path / "srv.py").write_text(program + PROGRAM)
    words = ["--startup-timeout", "1.5"] if how == "option" else []
    env = {"SANIC_WORKER_STARTUP_TIMEOUT": "1.5"} if how == "variable" else {}
    arguments = ["-m", "sanic_fast", "srv:app", "--port", str(free_port()), *words]
    with Server(tmp_path, *arguments, env=env) as server:
        assert server.wait() == 1
        assert "Not all workers acknowledged a successful startup." in server.output
        assert "The current threshold is 1.5s." in server.output
