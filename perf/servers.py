"""The servers: how each is started, on which core, which scenarios it knows; start and stop."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from perf import procs
from perf.scenarios import MIB, Scenario

ROOT = Path(__file__).resolve().parent.parent
APPS = ROOT / "perf" / "apps"
RESULTS = ROOT / "perf" / "results"
VENV = Path(os.environ.get("PERF_VENV", ROOT / ".venv-perf"))
SERVER_CORE = 0
START_SECONDS = 20.0
PYTHON_VARIANTS = frozenset({"main", "middleware", "deep", "access_log"})


#: Not servers of their own: their answers are not checked.
YARDSTICKS = frozenset({"floor", "uvloop", "picows"})


class ServerFailed(Exception):
    """A server did not come up; the message is one line for the reader."""


@dataclass(frozen=True)
class Server:
    """One rival. `command(port, variant)` is its argv; `variants` the builds it has.

    `without` names scenarios it cannot do, `hello` the file of its smallest application and the
    package that runs it.
    """

    name: str
    command: Callable[[int, str], list[str]]
    variants: frozenset[str] = PYTHON_VARIANTS
    without: frozenset[str] = frozenset()
    environment: Mapping[str, str] | None = None
    hello: tuple[str, ...] = ()

    def variant_for(self, scenario: Scenario) -> str | None:
        """The build to start for `scenario`, None when this server does not take part."""
        if self.name == "floor":
            return scenario.floor
        if self.name in _ONLY:
            return "main" if scenario.name in _ONLY[self.name] else None
        if scenario.name in self.without or scenario.variant not in self.variants:
            return None
        if scenario.sanic_api and not self.hello:
            return None
        return scenario.variant


#: The bare protocols, and the scenarios in which they are a fair yardstick.
_ONLY = {"uvloop": {"text", "pipe16", "browser"}, "picows": {"websocket"}}


def python() -> str:
    """The interpreter of the rivals' environment, else the one that runs this."""
    found = VENV / "bin" / "python"
    return str(found) if found.exists() else sys.executable


def big_file() -> Path:
    """A file of exactly 1 MiB, made once."""
    path = RESULTS / "mib.bin"
    if not path.exists() or path.stat().st_size != MIB:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x" * MIB)
    return path


def floor_binary() -> str:
    """Compile the C yardstick when it is missing or older than its source."""
    source, binary = ROOT / "perf/floor/floor.c", RESULTS / "floor"
    if not binary.exists() or binary.stat().st_mtime < source.stat().st_mtime:
        binary.parent.mkdir(parents=True, exist_ok=True)
        compiler = os.environ.get("CC", "cc").split()
        subprocess.run([*compiler, "-O2", "-o", str(binary), str(source)], check=True)
    return str(binary)


def _floor(port: int, mode: str) -> list[str]:
    extra = [str(big_file())] if mode == "sendfile" else []
    return [floor_binary(), str(port), mode, *extra]


def _app(file: str, *extra: str) -> Callable[[int, str], list[str]]:
    return lambda port, variant: [python(), str(APPS / file), str(port), variant, *extra]


_SANIC_VARIANTS = PYTHON_VARIANTS | {"access_log_own"}


def ours(checkout: Path = ROOT, name: str = "sanic_fast") -> Server:
    """Our server from a checkout that is built in place."""
    return Server(
        name,
        _app("sanic_app.py", "sanic_fast"),
        _SANIC_VARIANTS,
        environment={"PYTHONPATH": str(checkout)},
        hello=("hello_sanic.py", "sanic_fast"),
    )


def hello(server: Server) -> Server:
    """The smallest application on `server`, started as its users start it."""
    name = f"{server.name} hello, 1 worker"
    return Server(name, _app(*server.hello), environment=server.environment)


_NO_LOG = PYTHON_VARIANTS - {"access_log"}
_NO_FILE = frozenset({"static"})
_SOCKETIFY_LACKS = frozenset({"post_json", "stream", "static", "upload", "websocket"})
_ALL = (
    Server("floor", _floor),
    Server("uvloop", _app("raw_uvloop.py")),
    Server("picows", _app("raw_picows.py")),
    ours(),
    Server(
        "sanic",
        _app("sanic_app.py", "sanic"),
        _SANIC_VARIANTS,
        hello=("hello_sanic.py", "sanic"),
    ),
    Server("socketify", _app("socketify_app.py", "sync"), _NO_LOG, _SOCKETIFY_LACKS),
    Server("socketify_async", _app("socketify_app.py", "async"), _NO_LOG, _SOCKETIFY_LACKS),
    Server(
        "granian",
        _app("serve_granian.py", "granian_rsgi_app", "rsgi"),
        frozenset({"main", "access_log"}),
    ),
    Server(
        "blacksheep_granian", _app("serve_granian.py", "blacksheep_app", "asgi"), without=_NO_FILE
    ),
    Server("blacksheep_uvicorn", _app("blacksheep_app.py"), without=_NO_FILE),
    Server("starlette", _app("starlette_app.py")),
    Server("aiohttp", _app("aiohttp_app.py")),
)
SERVERS = {server.name: server for server in _ALL}


def select(names: str | None) -> list[Server]:
    """Servers by name, comma-separated; `sanic_fast@DIR` is ours from another checkout.

    Raises:
        SystemExit: a name is not known.
    """
    if not names:
        return list(SERVERS.values())
    chosen = []
    for name in names.split(","):
        if name.startswith("sanic_fast@"):
            chosen.append(ours(Path(name.partition("@")[2]).resolve(), name))
        elif name in SERVERS:
            chosen.append(SERVERS[name])
        else:
            raise SystemExit(f"unknown server {name!r}; known: {', '.join(SERVERS)}")
    return chosen


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(port: int, path: str = "/") -> bool:
    """True once something on `port` answers a request with a status line."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as sock:
            sock.sendall(f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n".encode())
            return sock.recv(12).startswith(b"HTTP/1.1 ")
    except OSError:
        return False


class Running:
    """A started server: its port, its process tree, its output file."""

    def __init__(self, server: Server, variant: str, *, pin: bool = True) -> None:
        self.server, self.variant, self.port = server, variant, free_port()
        RESULTS.mkdir(parents=True, exist_ok=True)
        slug = re.sub(r"\W+", "_", f"{server.name}-{variant}")
        self.output = RESULTS / f"out-{slug}.log"
        argv = server.command(self.port, variant)
        if pin:
            argv = ["taskset", "-c", str(SERVER_CORE), *argv]
        environment = dict(os.environ, PERF_FILE=str(big_file()))
        environment.pop("PYTHONPATH", None)
        environment.update(server.environment or {})
        self._log = open(self.output, "ab", buffering=0)  # append: may be truncated while in use
        self._log.truncate(0)
        self.started = time.perf_counter()
        self._process = subprocess.Popen(
            argv, stdout=self._log, stderr=subprocess.STDOUT, env=environment, cwd=RESULTS
        )
        self.pid = self._process.pid

    def wait_ready(self, pause: float = 0.02) -> Running:
        """Poll until the first answer, every `pause` seconds.

        Raises:
            ServerFailed: it ended or kept silent; the process is gone then.
        """
        end = self.started + START_SECONDS
        while time.perf_counter() < end:
            if self._process.poll() is not None:
                raise self._failed(f"ended with code {self._process.returncode}")
            # The yardsticks do not all answer a plain GET: a connection is enough of them.
            ready = _accepts if self.server.name in YARDSTICKS else answers
            if ready(self.port):
                return self
            time.sleep(pause)
        self.stop()
        raise self._failed(f"gave no answer within {START_SECONDS:.0f} s")

    def _failed(self, why: str) -> ServerFailed:
        lines = self.output.read_text(errors="replace").strip().splitlines()
        return ServerFailed(f"{self.server.name} ({self.variant}) {why}: {' '.join(lines[-1:])}")

    def forget_output(self) -> None:
        """Empty the output file, so that access logs of many rounds do not pile up."""
        self._log.truncate(0)

    def stop(self) -> None:
        """End the tree we started: politely first, by force after five seconds."""
        members = procs.tree(self.pid)
        self._process.terminate()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            for member in members:
                try:
                    os.kill(member, 9)
                except ProcessLookupError:
                    continue
            self._process.wait()
        self._log.close()


def _accepts(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
