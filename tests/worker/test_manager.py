"""The manager from the outside: start, stop, restart, scale, replace, manage."""

from __future__ import annotations

import os
import signal
import threading
from typing import Any

import pytest

from tests.servers import connect, get, receive_response
from tests.worker.kit import Managed, gone, until

pytestmark = [pytest.mark.net, pytest.mark.slow, pytest.mark.serial]

WORKER_EVENTS = [
    "before_server_start",
    "after_server_start",
    "before_server_stop",
    "after_server_stop",
]


def by_pid(server: Managed) -> dict[str, int]:
    return {name: row["pid"] for name, row in server.rows().items() if row.get("server")}


@pytest.mark.parametrize("method", ["spawn", "fork", "forkserver"])
def test_workers_serve_and_stop(serve: Any, method: str) -> None:
    server = serve(START_METHOD=method)
    rows = server.rows()
    main = server.process.pid
    assert set(rows) == {"Sanic-Main", "Sanic-Server-0-0", "Sanic-Server-1-0"}
    assert rows["Sanic-Main"] == {"pid": main}
    for name in ("Sanic-Server-0-0", "Sanic-Server-1-0"):
        row = rows[name]
        assert set(row) == {"server", "state", "pid", "start_at", "starts", "serving"}
        assert (row["server"], row["state"], row["starts"]) == (True, "ACKED", 1)
        assert row["serving"] is True
        assert row["start_at"].endswith("+00:00")
    pids = set(by_pid(server).values())
    assert len(pids) == 2 and main not in pids
    assert int(server.ask()) in pids
    assert server.stop() == 0
    assert "Received signal SIGTERM. Shutting down." in server.output
    assert server.events(main) == ["main_process_start", "main_process_ready", "main_process_stop"]
    for pid in pids:
        assert server.events(pid) == WORKER_EVENTS
        assert gone(pid)
    assert server.events()[:2] == ["main_process_start", "main_process_ready"]
    assert server.events()[-1] == "main_process_stop"
    assert "Traceback" not in server.output
    places = [server.output.index(each) for each in ("Worker complete", "Server Stopped", "AFTER")]
    assert places == sorted(places)


def test_requests_under_way_are_finished_on_sigint(serve: Any) -> None:
    server = serve()
    with connect(server.number) as sock:
        sock.sendall(get("/slow"))
        server.wait_for("SLOW")
        server.process.send_signal(signal.SIGINT)
        server.wait_for_count("EVENT before_server_stop", 2)
        server.go()
        answer = receive_response(sock)
    assert answer.endswith(b"done")
    assert b"connection: close" in answer.lower()
    assert server.wait() == 0


def test_ctrl_c_of_a_terminal_reaches_all_and_stops_in_order(serve: Any) -> None:
    server = serve()
    pids = by_pid(server).values()
    with connect(server.number) as sock:
        sock.sendall(get("/slow"))
        server.wait_for("SLOW")
        for pid in (*pids, server.process.pid):
            os.kill(pid, signal.SIGINT)
        server.wait_for_count("EVENT before_server_stop", 2)
        server.go()
        assert receive_response(sock).endswith(b"done")
    assert server.wait() == 0
    assert "Traceback" not in server.output


def test_second_signal_kills(serve: Any) -> None:
    server = serve()
    pids = by_pid(server)
    with connect(server.number) as sock:
        sock.sendall(get("/slow"))
        server.wait_for("SLOW")
        server.process.send_signal(signal.SIGINT)
        server.wait_for("Received signal SIGINT. Shutting down.")
        server.process.send_signal(signal.SIGINT)
        assert server.wait() == 1
    assert "Shutdown interrupted. Killing." in server.output
    killed = [f"Killing {name} [{pid}]" for name, pid in pids.items()]
    assert any(line in server.output for line in killed)
    assert all(gone(pid) for pid in pids.values())
    assert server.events()[-1] == "main_process_stop"


def test_worker_that_does_not_stop_is_killed(serve: Any) -> None:
    server = serve(1 + 1, GRACEFUL_SHUTDOWN_TIMEOUT="0.2", SLEEP="before_server_stop")
    server.process.send_signal(signal.SIGTERM)
    assert server.wait() == 0
    assert server.output.count("INFO: Killing Sanic-Server-") == 2


def test_every_worker_can_restart_itself_and_all(serve: Any) -> None:
    server = serve()
    before = by_pid(server)
    assert server.call("restart", name="Sanic-Server-0-0") == "None"
    rows = server.until_rows(
        lambda rows: rows["Sanic-Server-0-0"]["pid"] != before["Sanic-Server-0-0"]
        and rows["Sanic-Server-0-0"]["state"] == "ACKED"
    )
    assert rows["Sanic-Server-0-0"]["starts"] == 2
    assert "restart_at" in rows["Sanic-Server-0-0"]
    assert rows["Sanic-Server-1-0"]["pid"] == before["Sanic-Server-1-0"]
    server.call("restart", all_workers=True)
    rows = server.until_rows(
        lambda rows: all(row["state"] == "ACKED" for row in rows.values() if "state" in row)
        and rows["Sanic-Server-1-0"]["pid"] != before["Sanic-Server-1-0"]
    )
    assert rows["Sanic-Server-0-0"]["starts"] == 3
    assert server.call("restart", name="x", all_workers=True).startswith("ValueError")
    server.call("restart", name="Sanic-None-0")
    server.wait_for("Failed to restart processes: Sanic-None-0")
    assert server.stop() == 0
    assert "Traceback" not in server.output


class Load(threading.Thread):
    """Asks on new connections without a pause; counts what was not answered."""

    def __init__(self, server: Managed) -> None:
        super().__init__(daemon=True)
        self.server = server
        self.done = False
        self.good = 0
        self.bad: list[str] = []

    def run(self) -> None:
        while not self.done:
            try:
                assert self.server.ask().isdigit()
                self.good += 1
            except (OSError, AssertionError) as error:
                self.bad.append(repr(error))

    def stop(self) -> None:
        self.done = True
        self.join()
        assert self.bad == []
        assert self.good > 0


@pytest.mark.parametrize("how", ["zero_downtime", "sighup", "shutdown_first"])
def test_no_request_fails_during_a_reload(serve: Any, how: str) -> None:
    server = serve()
    before = by_pid(server)
    load = Load(server)
    load.start()
    if how == "sighup":
        server.process.send_signal(signal.SIGHUP)
    else:
        server.call("restart", all_workers=True, zero_downtime=how == "zero_downtime")
    server.wait_for_count("Worker ready", 4)
    server.wait_for_count("Worker complete", 2)
    load.stop()
    rows = server.rows()
    for name, pid in before.items():
        assert rows[name]["pid"] != pid
        assert rows[name]["serving"] is True
        until(lambda pid=pid: gone(pid), server)
    assert server.stop() == 0
    if how != "shutdown_first":
        # One at a time, each ready before the one it replaces is told to stop.
        output = server.output
        assert output.count("Stopping worker") == 4
        assert _place(output, "after_server_start", 3) < _place(output, "Stopping worker", 1)
        assert _place(output, "Stopping worker", 1) < _place(output, "Starting worker", 4)


def _place(output: str, text: str, nth: int) -> int:
    place = -1
    for _ in range(nth):
        place = output.index(text, place + 1)
    return place


def test_scaling_up_and_down_loses_no_request(serve: Any) -> None:
    server = serve()
    load = Load(server)
    load.start()
    server.call("scale", num_workers=3)
    server.wait_for_count("Worker ready", 3)
    server.call("scale", num_workers=3)
    server.wait_for("No change needed. There are already 3 workers.")
    server.call("scale", num_workers=0)
    server.wait_for("Cannot scale to 0 workers.")
    server.call("scale", num_workers=1)
    server.wait_for_count("Worker complete", 2)
    load.stop()
    rows = server.rows()
    states = sorted(row["state"] for row in rows.values() if row.get("server"))
    assert states == ["ACKED", "TERMINATED", "TERMINATED"]
    server.call("scale", num_workers=2)
    server.wait_for_count("Worker ready", 4)
    assert "Sanic-Server-3-0" in server.rows()
    assert "Scaling from 2 to 3 workers" in server.output
    assert "Scaling from 3 to 1 workers" in server.output
    assert server.stop() == 0


def test_killed_worker_is_replaced(serve: Any) -> None:
    server = serve()
    pid = by_pid(server)["Sanic-Server-1-0"]
    os.kill(pid, signal.SIGKILL)
    server.wait_for(f"Worker Sanic-Server-1-0 [{pid}] was killed by SIGKILL.")
    server.wait_for_count("Worker ready", 3)
    rows = server.until_rows(lambda rows: rows["Sanic-Server-1-0"]["state"] == "ACKED")
    assert rows["Sanic-Server-1-0"]["starts"] == 2
    assert rows["Sanic-Server-1-0"]["pid"] != pid
    assert server.stop() == 0


def test_worker_that_was_told_to_stop_stays_away(serve: Any) -> None:
    server = serve()
    pid = by_pid(server)["Sanic-Server-0-0"]
    os.kill(pid, signal.SIGTERM)
    server.until_rows(lambda rows: rows["Sanic-Server-0-0"]["state"] == "COMPLETED")
    server.call("restart", name="Sanic-Server-0-0")
    server.until_rows(lambda rows: rows["Sanic-Server-0-0"]["state"] == "ACKED")
    assert server.stop() == 0


def test_hanging_worker_shows_its_stack_and_is_replaced(serve: Any) -> None:
    server = serve(WORKER_HANG_TIMEOUT="1")
    with connect(server.number) as sock:
        sock.sendall(get("/hang"))
        server.wait_for("HANG")
        server.wait_for("has not run its event loop")
        server.wait_for_count("Worker ready", 3)
    assert "in hang" in server.output
    assert "was killed by SIGABRT" in server.output
    assert server.stop() == 0


def test_stopped_process_counts_as_hanging(serve: Any) -> None:
    server = serve(WORKER_HANG_TIMEOUT="1")
    os.kill(by_pid(server)["Sanic-Server-0-0"], signal.SIGSTOP)
    server.wait_for("has not run its event loop")
    server.wait_for_count("Worker ready", 3)
    assert server.stop() == 0


def test_terminate_stops_the_whole_server(serve: Any) -> None:
    server = serve()
    assert server.call("terminate") == "None"
    assert server.wait() == 0
    assert "Received signal" not in server.output
    assert server.output.count("Worker complete") == 2


def test_own_row_takes_own_keys_only(serve: Any) -> None:
    server = serve()
    assert server.ask("/set") == "Cannot set restricted key on WorkerState: pid"
    assert sum(row.get("mine") == 7 for row in server.rows().values()) == 1
    assert server.stop() == 0


def test_shared_objects_reach_all_workers_and_their_successors(serve: Any) -> None:
    server = serve()
    values = [server.ask("/shared") for _ in range(4)]
    server.call("restart", all_workers=True)
    server.wait_for_count("Worker ready", 4)
    values += [server.ask("/shared") for _ in range(2)]
    assert values == list("123456")
    assert server.stop() == 0


def test_restart_tells_the_changed_files(serve: Any) -> None:
    server = serve()
    assert server.ask("/files") == "None"
    server.call("restart", name="__ALL_PROCESSES__:/a.py,/b.py")
    server.wait_for_count("Worker ready", 4)
    server.wait_for_count("Worker complete", 2)
    assert server.ask("/files") == "/a.py,/b.py"
    assert server.stop() == 0


def test_custom_processes(serve: Any) -> None:
    server = serve(CUSTOM="1")
    rows = server.until_rows(
        lambda rows: rows["Sanic-Work-0"]["state"] == "COMPLETED"
        and rows["Sanic-Bad-0"]["state"] == "FAILED"
        and "FOREVER" in server.output
    )
    assert rows["Sanic-Late-0"] == {"server": False, "state": "NONE"}
    assert rows["Sanic-Forever-0"]["state"] == "STARTED"
    for name in ("Sanic-Work-0", "Sanic-Late-0"):
        server.call("restart", name=name)
        rows = server.until_rows(
            lambda rows, name=name: rows[name]["state"] == "COMPLETED"
            and rows[name]["starts"] == 2
        )
        assert "restart_at" in rows[name]
    assert "WORK Sanic-Late-0 0 {'config': {'RELOADED_FILES': ''}}" in server.output
    server.call("restart", name="Sanic-Bad-0")
    server.wait_for("Failed to restart processes: Sanic-Bad-0")
    server.ask("/manage")
    server.until_rows(lambda rows: "Sanic-NEW-0" in rows and "Sanic-NEW-1" in rows)
    server.ask("/manage")
    server.wait_for("Worker NEW already exists")
    assert "Failed to manage worker NEW" in server.output
    server.wait_for("Removed worker NEW")
    server.until_rows(lambda rows: "Sanic-NEW-0" not in rows)
    # Transient: a reload concerns it too.
    server.call("restart", all_workers=True)
    server.wait_for_count("FOREVER", 2)
    server.wait_for_count("Worker ready", 4)
    assert server.stop() == 0
    assert "INTERRUPTED" in server.output
    until(lambda: "Server Stopped" in server.output, server)


def test_messages_of_debug_mode(serve: Any) -> None:
    server = serve(DEBUG="1", VERBOSITY="2")
    pids = by_pid(server)
    server.call("restart", name="Sanic-Server-0-0")
    server.wait_for_count("Worker ready", 3)
    server.until_rows(lambda rows: rows["Sanic-Server-0-0"]["serving"] is True)
    assert server.stop() == 0
    pid = pids["Sanic-Server-0-0"]
    for line in (
        "Creating multiprocessing context using 'spawn'",
        "Starting a process: Sanic-Server-0-0",
        f"Process ack: Sanic-Server-0-0 [{pid}]",
        "Monitor message: Sanic-Server-0-0:",
        "Incoming monitor message: Sanic-Server-0-0:",
        f"Restarting a process: Sanic-Server-0-0 [{pid}]",
        f"Begin restart termination: Sanic-Server-0-0 [{pid}]",
        f"Terminating a process: Sanic-Server-1-0 [{pids['Sanic-Server-1-0']}]",
        "Joining processes",
    ):
        assert line in server.output, line
