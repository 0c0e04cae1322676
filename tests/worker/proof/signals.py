"""Signals at random moments of a server's life, after which nothing of it may be left."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers import ROOT, free_port, get

PROGRAM = Path(__file__).with_name("program.py")
SHUTDOWN = 2.0  # s for requests under way
ALLOWED = SHUTDOWN + 5.0 + 15.0  # s: listeners' share, and what a busy machine may add
LOST = 8.0  # s after which a SIGINT before the server's start counts as lost by Python
METHODS = ("spawn", "spawn", "fork", "forkserver")
NUMBERS = ("SIGTERM", "SIGINT", "SIGKILL", "SIGHUP", "SIGQUIT", "SIGABRT", "SIGUSR1")


@dataclass(frozen=True)
class Plan:
    """What is done to one server.

    Attributes:
        moment: `start`, `run`, `reload` or `stop`.
        delay: seconds after the beginning of that.
        number: name of the signal.
        group: it goes to all processes, as from a terminal, not only to the main one.
    """

    method: str
    workers: int
    reloader: bool
    moment: str
    delay: float
    number: str
    group: bool

    @classmethod
    def make(cls, chance: random.Random) -> Plan:
        """A random one."""
        moment = chance.choice(("start", "start", "run", "reload", "stop"))
        limit = {"start": 2.0, "run": 0.5, "reload": 2.0, "stop": 2.5}[moment]
        number = chance.choice(NUMBERS)
        return cls(
            method=chance.choice(METHODS),
            workers=chance.randint(1, 3),
            reloader=chance.random() < 0.3,
            moment=moment,
            delay=chance.random() * limit,
            number=number,
            group=number in ("SIGINT", "SIGTERM", "SIGQUIT") and chance.random() < 0.3,
        )


@dataclass
class Outcome:
    """What came of it.

    Attributes:
        status: of the main process, minus the number of a signal that ended it.
        seconds: from the signal to the end of the last process.
        left: processes that were still there after the time allowed, in words.
        repeated: a SIGINT had to be sent again. Python loses it where it comes in a callback of its
            own, as there are in imports: "Exception ignored in: _get_module_lock.<locals>.cb".
    """

    plan: Plan
    status: int | None = None
    seconds: float = 0.0
    left: list[str] = field(default_factory=list)
    output: str = ""
    repeated: bool = False

    @property
    def wrong(self) -> str:
        """What should not have been; empty if all is well."""
        if self.left:
            return f"left behind: {self.left}"
        number = signal.Signals[self.plan.number]
        # 1: a second signal; a child that was hit while it started. 130, -2: before serving.
        good = {0, 1, -number} | ({130, -signal.SIGINT} if number is signal.SIGINT else set())
        if self.status not in good:
            return f"status {self.status}"
        return ""


def members(session: int) -> list[int]:
    """Living processes of a session."""
    found = []
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            fields = Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session and fields[0] not in "ZX":
            found.append(int(name))
    return found


def attempt(plan: Plan, folder: Path) -> Outcome:
    """Start a server, send it the signal at its moment, and wait for the end of all of it."""
    program = folder / "program.py"
    program.write_text(PROGRAM.read_text())
    port = free_port()
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "START_METHOD": plan.method,
        "OPTIONS": json.dumps({"auto_reload": plan.reloader}),
        "GRACEFUL_SHUTDOWN_TIMEOUT": str(SHUTDOWN),
    }
    log = folder / "log"
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, str(program), str(port), str(plan.workers)],
            env=environment,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    outcome = Outcome(plan)
    try:
        with _requests(port) if plan.moment != "start" else _none():
            _wait_for_moment(plan, process, log)
            begun = time.monotonic()
            _send(process, signal.Signals[plan.number], plan.group)
            if plan.number == "SIGHUP":
                time.sleep(plan.delay)
                _send(process, signal.SIGTERM, False)
            if plan.number == "SIGINT" and plan.moment == "start":
                _wait_for_end(process, begun + LOST)
                if process.poll() is None and "Received signal" not in log.read_text():
                    outcome.repeated = True
                    process.send_signal(signal.SIGINT)
            _wait_for_end(process, begun + ALLOWED)
            outcome.seconds = time.monotonic() - begun
        outcome.status = process.poll()
    finally:
        for pid in members(process.pid):
            command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ")[:120]
            outcome.left.append(f"{pid} {command.decode(errors='replace')}")
            os.kill(pid, signal.SIGKILL)
        process.wait(20)
        outcome.output = log.read_text(errors="replace")
    return outcome


def _send(process: subprocess.Popen[bytes], number: signal.Signals, group: bool) -> None:
    try:
        if group:
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
    except ProcessLookupError:
        pass  # it has ended already


def _wait_for_moment(plan: Plan, process: subprocess.Popen[bytes], log: Path) -> None:
    if plan.moment != "start":
        end = time.monotonic() + 60
        while log.read_text(errors="replace").count("Worker ready") < plan.workers:
            assert time.monotonic() < end and process.poll() is None, log.read_text()
            time.sleep(0.02)
    if plan.moment == "reload":
        process.send_signal(signal.SIGHUP)
    elif plan.moment == "stop":
        process.send_signal(signal.SIGTERM)
    time.sleep(plan.delay)


def _wait_for_end(process: subprocess.Popen[bytes], end: float) -> None:
    while time.monotonic() < end:
        process.poll()
        if not members(process.pid):
            return
        time.sleep(0.02)


@contextmanager
def _none() -> Iterator[None]:
    yield


@contextmanager
def _requests(port: int) -> Iterator[None]:
    """Connections that are idle, and one whose answer takes longer than the stop may."""

    sockets: list[socket.socket] = []
    end = time.monotonic() + 60
    while len(sockets) < 4:
        try:
            sock = socket.create_connection(("127.0.0.1", port), timeout=20)
        except OSError:  # it has not bound its socket yet
            assert time.monotonic() < end
            time.sleep(0.02)
            continue
        sockets.append(sock)
        if len(sockets) > 2:
            sock.sendall(get(f"/slow/{0.5 if len(sockets) == 3 else 60}"))
    try:
        yield
    finally:
        for sock in sockets:
            sock.close()
