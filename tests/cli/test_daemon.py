"""Daemon mode through the real command: start, PID file and lock, commands about it, its end."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sanic_fast.worker.daemon import Daemon, DaemonError, PidfileInfo
from tests.servers import LIMIT, ROOT, connect, free_port, get, receive_response
from tests.worker.kit import descendants, gone, until

pytestmark = [pytest.mark.net, pytest.mark.slow, pytest.mark.serial]

APP = """
import os
from sanic_fast import Sanic, json

app = Sanic("my-app.v2".replace(".", "_"))

@app.get("/")
async def index(request):
    return json({"pid": os.getpid(), "main": os.getppid(), "folder": os.getcwd(),
                 "ids": [os.getuid(), os.getgid()], "groups": os.getgroups()})

def make():
    return app

@app.before_server_start
async def start(app):
    if os.environ.get("BREAK"):
        raise RuntimeError("broken at the start")
"""
NAME = "my-app_v2"


class Command:
    """Runs the command in a folder of its own, and ends what daemons it leaves."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.pidfile = folder / "run" / "sanic" / f"{NAME}.pid"
        self.lockfile = self.pidfile.with_suffix(".lock")
        self.log = folder / "daemon.log"
        self.pids: set[int] = set()
        (folder / "run").mkdir()
        (folder / "srv.py").write_text(APP)

    def __call__(self, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "sanic_fast", *words],
            cwd=self.folder,
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(ROOT),
                "XDG_RUNTIME_DIR": str(self.folder / "run"),
                "HOME": str(self.folder),
                **env,
            },
            capture_output=True,
            text=True,
            timeout=3 * LIMIT,
            stdin=subprocess.DEVNULL,
        )

    def start(self, *words: str, **env: str) -> int:
        """Start a daemon; the process id of its main process."""
        done = self("srv:app", "-D", "--port", str(self.port), "--logfile", "daemon.log", *words)
        log = self.log.read_text() if self.log.exists() else ""
        assert done.returncode == 0, done.stdout + done.stderr + log
        assert f"  Logs: {self.log}\n" in done.stdout
        pid = int(self.ask()["main"])
        self.pids |= {pid} | descendants(pid)
        return pid

    def ask(self) -> dict[str, Any]:
        """What a worker tells."""
        import json

        with connect(self.port) as sock:
            sock.sendall(get("/", "connection: close"))
            found: dict[str, Any] = json.loads(receive_response(sock).partition(b"\r\n\r\n")[2])
            return found

    def close(self) -> None:
        """End every daemon that is left."""
        for pid in self.pids:
            if not gone(pid):
                os.kill(pid, signal.SIGKILL)


@pytest.fixture
def command(tmp_path: Path) -> Iterator[Command]:
    made = Command(tmp_path)
    yield made
    made.close()


def test_daemon_serves_before_the_command_ends_and_stops_when_told(command: Command) -> None:
    done = command("srv:app", "-D", "--port", str(command.port), "--logfile", "daemon.log")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "Starting Sanic in daemon mode...",
        f"  PID file: {command.pidfile}",
        f"  Logs: {command.log}",
    ]
    told = command.ask()
    pid = told["main"]
    command.pids |= {pid, told["pid"]}
    assert told["folder"] == os.readlink(f"/proc/{pid}/cwd") == "/"
    assert os.getsid(pid) not in (pid, os.getsid(0))  # no leader, so it gets no terminal
    assert os.readlink(f"/proc/{pid}/fd/0") == "/dev/null"
    for number in (1, 2):
        assert os.readlink(f"/proc/{pid}/fd/{number}") == str(command.log)
    assert command.pidfile.parent.stat().st_mode & 0o777 == 0o700
    assert command.pidfile.stat().st_mode & 0o777 == 0o644
    lines = command.pidfile.read_text().splitlines()
    assert lines[:2] == ["sanic", f"pid={pid}"] and lines[3:] == [f"name={NAME}"]
    assert lines[2].startswith("started=")
    log = command.log.read_text()
    assert "Sanic daemon started" in log and f"daemon_pid={pid}" in log
    assert f"daemon_pidfile={command.pidfile}" in log and f"daemon_name={NAME}" in log
    assert "Goin' Fast @" in log and "\033" not in log

    done = command("srv:app", "status")
    assert (done.returncode, done.stdout) == (0, f"Process {pid} is running\n")
    done = command("status", "--pid", str(pid))
    assert (done.returncode, done.stdout) == (0, f"Process {pid} is running\n")
    done = command("srv:app", "stop")
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        f"Sent SIGTERM to process {pid}",
        f"Removed PID file: {command.pidfile}",
    ]
    until(lambda: all(gone(each) for each in command.pids))
    until(lambda: not command.lockfile.exists())
    assert "Server Stopped" in command.log.read_text()
    done = command("srv:app", "status")
    assert (done.returncode, done.stderr) == (1, f"PID file not found: {command.pidfile}\n")


def test_second_daemon_is_refused(command: Command) -> None:
    pid = command.start()
    done = command("srv:app", "-D", "--port", str(free_port()))
    assert done.returncode == 1
    assert f"Daemon error: Daemon already running with PID {pid}" in done.stdout + done.stderr
    # Even where somebody took the PID file away.
    command.pidfile.unlink()
    done = command("srv:app", "-D", "--port", str(free_port()))
    assert done.returncode == 1
    expected = f"Daemon error: Daemon already running (lock held): {command.lockfile}"
    assert expected in done.stdout + done.stderr
    assert command.ask()["main"] == pid


def test_hangup_writes_the_files_anew_and_replaces_the_workers(command: Command) -> None:
    pid = command.start()
    worker = command.ask()["pid"]
    command.pidfile.unlink()
    old = command.log.rename(command.folder / "old.log")
    done = command("restart", "--pid", str(pid))
    assert (done.returncode, done.stdout) == (0, f"Sent SIGHUP to process {pid}\n")
    until(lambda: command.log.exists() and "Worker ready" in command.log.read_text())
    until(lambda: gone(worker))
    command.pids.add(command.ask()["pid"])
    assert command.ask()["main"] == pid
    assert Daemon.read_pidfile(command.pidfile) == pid
    assert "Received signal SIGHUP. Reloading." not in old.read_text()
    done = command("srv:app", "restart")
    assert (done.returncode, done.stdout) == (0, f"Sent SIGHUP to process {pid}\n")


def test_kill_ends_the_main_process_and_its_workers_follow(command: Command) -> None:
    pid = command.start("--pidfile", "here.pid")
    place = command.folder / "here.pid"
    done = command("kill", "--pidfile", str(place))
    assert done.stdout.splitlines() == [
        f"Sent SIGKILL to process {pid}",
        f"Removed PID file: {place}",
    ]
    until(lambda: all(gone(each) for each in command.pids))
    assert not place.exists()
    done = command("status", "--pid", str(pid))
    assert (done.returncode, done.stdout) == (1, f"Process {pid} is NOT running\n")
    done = command("kill", "--pid", str(pid))
    assert (done.returncode, done.stderr) == (1, f"Process {pid} not found\n")


@pytest.mark.parametrize("option", ["-f", "--force"])
def test_stop_by_force_kills(command: Command, option: str) -> None:
    pid = command.start()
    done = command("srv:app", "stop", option)
    assert f"Sent SIGKILL to process {pid}" in done.stdout
    until(lambda: all(gone(each) for each in command.pids))
    assert not command.lockfile.exists()


def test_stale_files_are_no_obstacle(command: Command) -> None:
    pid = command.start()
    os.kill(pid, signal.SIGKILL)
    until(lambda: all(gone(each) for each in command.pids))
    assert command.pidfile.exists() and command.lockfile.exists()
    assert command.start() != pid
    os.kill(int(command.ask()["main"]), signal.SIGKILL)
    until(lambda: all(gone(each) for each in command.pids))
    done = command("srv:app", "status")
    assert done.returncode == 1
    assert "is NOT running" in done.stdout
    assert f"Removed stale PID file: {command.pidfile}" in done.stdout
    assert not command.pidfile.exists()


@pytest.mark.parametrize("locked", [False, True])
def test_process_of_another_program_is_left_alone(command: Command, locked: bool) -> None:
    """The number in the file may have been given to another process by now."""
    other = subprocess.Popen(["sleep", "600"])
    try:
        place = command.folder / "stale.pid"
        for action in ("kill", "restart"):
            place.write_text(f"sanic\npid={other.pid}\nstarted=1\nname=x\n")
            if locked:  # once; nobody holds it any more
                place.with_suffix(".lock").touch()
            done = command(action, "--pidfile", str(place))
            assert (done.returncode, done.stderr) == (1, f"Process {other.pid} not found\n")
            assert not place.exists()
        command.pidfile.parent.mkdir()
        place = command.pidfile
        place.write_text(f"sanic\npid={other.pid}\nstarted=1\nname=x\n")
        done = command("srv:app", "status")
        assert (done.returncode, done.stdout.splitlines()[0]) == (
            1,
            f"Process {other.pid} is NOT running",
        )
        place.write_text(f"sanic\npid={other.pid}\nstarted=1\nname=x\n")
        command.start()
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--dev"], "Daemon mode is not compatible with --dev or --auto-reload"),
        (["--auto-reload"], "Daemon mode is not compatible with --dev or --auto-reload"),
        (["--user", "no-such-user"], "Daemon error: User 'no-such-user' does not exist"),
        (["--group", "no-such-group"], "Daemon error: Group 'no-such-group' does not exist"),
        (
            ["--pidfile", "/no-such/x.pid"],
            "Daemon error: PID file directory does not exist: /no-such",
        ),
        (
            ["--logfile", "/no-such/x.log"],
            "Daemon error: Log file directory does not exist: /no-such",
        ),
        (["--pidfile", "srv.py"], "Daemon error: Invalid PID file: "),
        (["--host", "300.1.1.1"], "Daemon error: Startup failed due to OS error:"),
        (["--unix", "/no-such/x.sock"], "Socket folder does not exist: /no-such"),
    ],
)
def test_daemon_that_cannot_be_is_told_in_a_sentence(
    command: Command, words: list[str], message: str
) -> None:
    done = command("srv:app", "-D", *words)
    output = done.stdout + done.stderr
    assert done.returncode == 1
    assert message in output
    assert "Traceback" not in output and "│" not in output
    assert not command.pidfile.exists()
    assert (command.folder / "srv.py").read_text() == APP


def test_daemon_that_does_not_start_fails_the_command(command: Command) -> None:
    done = command("srv:app", "-D", "--port", str(command.port), "--logfile", "x.log", BREAK="1")
    assert done.returncode == 1
    assert done.stderr == "Daemon error: The server did not start.\n"
    assert "broken at the start" in (command.folder / "x.log").read_text()
    until(lambda: not command.pidfile.exists())


@pytest.mark.parametrize("option", ["--pidfile", "--logfile"])
def test_options_of_a_daemon_need_one(command: Command, option: str) -> None:
    done = command("srv:app", option, "x")
    assert (done.returncode, done.stderr) == (
        1,
        "Error: --pidfile and --logfile require --daemon\n",
    )


@pytest.mark.parametrize("action", ["kill", "status", "restart"])
def test_process_must_be_named(command: Command, action: str) -> None:
    done = command(action)
    assert done.returncode == 2
    assert "error: one of the arguments --pid --pidfile is required" in done.stderr
    done = command(action, "--pidfile", "nowhere.pid")
    assert (done.returncode, done.stderr) == (1, "PID file not found: nowhere.pid\n")
    done = command(action, "--pidfile", "srv.py")
    assert (done.returncode, done.stderr) == (1, "Invalid PID file: srv.py\n")
    for wrong in ("0", "-1", "x"):  # 0 and below stand for many processes
        done = command(action, f"--pid={wrong}")
        assert done.returncode == 2
        assert f"argument --pid: invalid int value: '{wrong}'" in done.stderr


@pytest.mark.parametrize("action", ["status", "restart", "stop"])
def test_app_that_cannot_be_loaded_has_no_daemon(command: Command, action: str) -> None:
    (command.folder / "raising.py").write_text("raise KeyError('at import')\n")
    done = command("raising:app", action)
    assert done.returncode == 1
    assert "Failed to load app: 'at import'" in done.stdout + done.stderr
    for words in (["srv:app", action], ["--factory", "srv:make", action]):
        done = command(*words)
        assert (done.returncode, done.stderr) == (1, f"PID file not found: {command.pidfile}\n")
    done = command("srv:app", action, "--pidfile", "other.pid")
    assert (done.returncode, done.stderr) == (1, "PID file not found: other.pid\n")


@pytest.mark.skipif(os.getuid() != 0, reason="only root may become somebody else")
def test_root_becomes_another_group_after_it_bound_the_port(command: Command) -> None:
    import grp

    number = next(group.gr_gid for group in grp.getgrall() if group.gr_gid)
    pid = command.start("--group", grp.getgrgid(number).gr_name)
    told = command.ask()
    assert told["ids"] == [0, number] and told["groups"] == [number]
    assert command.pidfile.stat().st_gid == number
    command("srv:app", "stop")
    until(lambda: gone(pid))
    until(lambda: not command.lockfile.exists())


def test_socket_path_is_relative_to_where_it_is_started(command: Command) -> None:
    done = command("srv:app", "-D", "--unix", "here.sock", "--single-process")
    assert done.returncode == 0
    pid = Daemon.read_pidfile(command.pidfile)
    assert pid is not None
    command.pids.add(pid)
    assert (command.folder / "here.sock").is_socket()
    command("srv:app", "stop")
    until(lambda: gone(pid))
    until(lambda: not (command.folder / "here.sock").exists())


# -- parts


def test_folder_of_pid_files_is_the_first_that_can_be_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    assert Daemon.get_pidfile_path("a") == tmp_path / "run" / "sanic" / "a.pid"
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    assert Daemon.get_pidfile_path("a") == tmp_path / ".local/state/sanic/a.pid"
    (tmp_path / ".local/state/sanic").rmdir()
    (tmp_path / ".local/state/sanic").write_text("in the way")
    assert Daemon.get_pidfile_path("a") == tmp_path / ".cache/sanic/a.pid"
    (tmp_path / ".cache/sanic").rmdir()
    (tmp_path / ".cache/sanic").write_text("in the way")
    monkeypatch.chdir(tmp_path)
    assert Daemon.get_pidfile_path("a") == tmp_path / "a.pid"


@pytest.mark.parametrize(
    ("name", "stem"),
    [("a b/..c", "a_b_..c"), ("._x_.", "x"), ("", "sanic"), ("...", "sanic"), ("a-b", "a-b")],
)
def test_pid_file_is_named_after_the_app(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, stem: str
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert Daemon.get_pidfile_path(name).name == f"{stem}.pid"
    for word in ("auto", ""):
        assert Daemon(pidfile=word, name=name).pidfile == tmp_path / "sanic" / f"{stem}.pid"


@pytest.mark.parametrize(
    ("text", "info"),
    [
        ("sanic\npid=7\nstarted=9\nname=x\n", PidfileInfo(7, 9, "x")),
        ("sanic\npid=7\n", PidfileInfo(7)),
        ("sanic\nname=x\npid=7", PidfileInfo(7, None, "x")),
        ("sanic\npid=x\n", None),
        ("sanic\npid=0\n", None),
        ("sanic\n", None),
        ("7\n", None),
        ("", None),
        ("\udc80", None),
    ],
)
def test_pid_file_is_read(tmp_path: Path, text: str, info: PidfileInfo | None) -> None:
    path = tmp_path / "x.pid"
    path.write_text(text, errors="surrogateescape")
    assert Daemon.read_pidfile_info(path) == info
    assert Daemon.read_pidfile(str(path)) == (info.pid if info else None)
    assert Daemon.read_pidfile_info(tmp_path / "none") is None


def test_held_lock_is_an_error_before_anything_is_forked(tmp_path: Path) -> None:
    daemon = Daemon(pidfile=str(tmp_path / "x.pid"), lockfile=str(tmp_path / "own.lock"))
    daemon.validate()
    with (tmp_path / "own.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(DaemonError, match="lock held"):
            daemon.daemonize()
