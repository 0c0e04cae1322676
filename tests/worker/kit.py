"""Managed servers in processes of their own, and looks at them from the outside."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.servers import LIMIT, Server, connect, free_port, get, receive_response

APP = """
import asyncio, json as js, os, signal, sys, time
from multiprocessing import Value
from sanic_fast import Sanic, json, text

app = Sanic("managed")
E = os.environ.get

def say(*words):
    # In one piece: other processes write too.
    os.write(1, (" ".join(map(str, words)) + "\\n").encode())

for key in (
    "GRACEFUL_SHUTDOWN_TIMEOUT", "WORKER_STARTUP_TIMEOUT", "WORKER_HANG_TIMEOUT",
    "WORKER_MAX_REQUESTS", "WORKER_MAX_LIFETIME",
):
    if E(key):
        app.config[key] = float(E(key))

@app.get("/")
async def index(request):
    return text(str(os.getpid()))

@app.get("/state")
async def state(request):
    return text(js.dumps([dict(app.m.state), app.m.workers], default=str))

@app.get("/call/<name>")
async def call(request, name):
    arguments = js.loads(request.args.get("a", "{}"))
    try:
        return text(repr(getattr(app.m, name)(**arguments)))
    except Exception as error:
        return text(repr(error))

@app.get("/slow")
async def slow(request):
    say("SLOW")
    while not (os.path.exists("go") and request.protocol.stopping):
        await asyncio.sleep(0.01)
    return text("done")

@app.get("/hang")
async def hang(request):
    say("HANG")
    time.sleep(600)

@app.get("/set")
async def set_key(request):
    app.m.state["mine"] = 7
    try:
        app.m.state["pid"] = 1
    except LookupError as error:
        return text(str(error))

@app.get("/shared")
async def shared(request):
    with app.shared_ctx.number.get_lock():
        app.shared_ctx.number.value += 1
    return text(str(app.shared_ctx.number.value))

@app.get("/files")
async def files(request):
    return text(str(app.config.get("RELOADED_FILES")))

@app.get("/manage")
async def manage(request):
    app.m.manage("NEW", work, {"n": 1}, workers=2)
    return text("ok")

for event in (
    "main_process_start", "main_process_ready", "main_process_stop",
    "before_server_start", "after_server_start", "before_server_stop", "after_server_stop",
):
    def listener(app, event=event):
        say("EVENT", event, os.getpid())
        if E("FAIL") == event and (not E("ONLY") or E("ONLY") == E("SANIC_WORKER_NAME")):
            raise RuntimeError(f"no {event}")
        if E("SLEEP") == event:
            time.sleep(600)
    app.listener(listener, event)

@app.main_process_start
async def share(app):
    app.shared_ctx.number = Value("i", 0)

def work(n, **extra):
    say("WORK", E("SANIC_WORKER_NAME"), n, extra, os.getpid())
    time.sleep(n)

def exits(status):
    sys.exit(status)

def forever():
    say("FOREVER", os.getpid())
    try:
        time.sleep(600)
    except KeyboardInterrupt:
        say("INTERRUPTED")

@app.main_process_ready
async def custom(app):
    if E("CUSTOM"):
        app.manager.manage("Work", work, {"n": 0}, restartable=True)
        app.manager.manage("Late", work, {"n": 0}, restartable=True, auto_start=False)
        app.manager.manage("Bad", exits, {"status": 3})
        app.manager.manage("Forever", forever, {}, transient=True)

if E("BREAK") and os.path.exists(E("BREAK")) and __name__ != "__main__":
    exec(open(E("BREAK")).read())

if __name__ == "__main__":
    if E("START_METHOD"):
        Sanic.start_method = E("START_METHOD")
    app.run(port=int(sys.argv[1]), workers=int(sys.argv[2]), motd=False,
            debug=bool(E("DEBUG")), verbosity=int(E("VERBOSITY", "0")))
    print("AFTER", flush=True)
"""
ENDED = ("Z", "X", "")


class Managed(Server):
    """A server with workers.

    Args:
        folder: where the program goes.
        workers: how many.
        wait: until they are ready.
        program: in place of `APP`.
        env: environment variables; `APP` tells which it knows.
    """

    def __init__(
        self,
        folder: Path,
        workers: int = 2,
        *,
        wait: bool = True,
        program: str = APP,
        **env: str,
    ) -> None:
        path = folder / "program.py"
        path.write_text(program)
        self.number = free_port()
        self.pids: set[int] = set()
        super().__init__(folder, str(path), str(self.number), str(workers), env=env)
        if wait:
            self.wait_for_count("Worker ready", workers)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        family = descendants(self.process.pid) | self.pids
        super().__exit__(kind, error, traceback)
        orphans = [pid for pid in family if not gone(pid)]
        end = time.monotonic() + LIMIT
        while orphans and time.monotonic() < end:
            time.sleep(0.02)
            orphans = [pid for pid in orphans if not gone(pid)]
        for pid in orphans:
            os.kill(pid, signal.SIGKILL)
        if error is None:
            assert orphans == [], f"orphans; output:\n{self.output}"

    def wait_for_count(self, text: str, count: int) -> None:
        """Wait until the output has a text so many times."""
        until(lambda: self.output.count(text) >= count or self.process.poll() is not None, self)
        assert self.output.count(text) >= count, self.output

    def go(self) -> None:
        """Let the slow handlers go on."""
        (self.log.parent / "go").touch()

    def ask(self, path: str = "/") -> str:
        """The body of an answer, on a connection of its own."""
        with connect(self.number) as sock:
            sock.sendall(get(path, "connection: close"))
            return receive_response(sock).partition(b"\r\n\r\n")[2].decode()

    def call(self, method: str, /, **arguments: Any) -> str:
        """Call a method of a worker's multiplexer."""
        return self.ask(f"/call/{method}?a={json.dumps(arguments).replace(' ', '')}")

    def rows(self) -> dict[str, dict[str, Any]]:
        """The shared state."""
        rows: dict[str, dict[str, Any]] = json.loads(self.ask("/state"))[1]
        return rows

    def until_rows(self, check: Callable[[dict[str, dict[str, Any]]], bool]) -> Any:
        """Wait until the shared state passes a check; the state then."""
        found: list[Any] = []

        def look() -> bool:
            found[:] = [self.rows()]
            return check(found[0])

        until(look, self)
        return found[0]

    def events(self, of: int | None = None) -> list[str]:
        """The listeners that ran, in order; of one process if given."""
        found = [line.split() for line in self.output.splitlines() if line.startswith("EVENT ")]
        return [words[1] for words in found if of is None or words[2] == str(of)]


def until(check: Callable[[], Any], server: Server | None = None) -> None:
    """Wait until a check passes."""
    end = time.monotonic() + LIMIT
    while not check():
        assert time.monotonic() < end, server.output if server else "too late"
        time.sleep(0.02)


def gone(pid: int) -> bool:
    """Whether a process has ended."""
    return _stat(pid)[0] in ENDED


def descendants(pid: int) -> set[int]:
    """Process ids of the children of a process, and of theirs."""
    parents = {int(name): _stat(int(name))[1] for name in os.listdir("/proc") if name.isdigit()}
    found: set[int] = set()
    todo = [pid]
    while todo:
        current = todo.pop()
        children = {child for child, parent in parents.items() if parent == current} - found
        found |= children
        todo += children
    return found


def _stat(pid: int) -> tuple[str, int]:
    """State letter and parent; empty and 0 when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return "", 0
    return fields[0], int(fields[1])
