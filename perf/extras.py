"""What is not a rate: memory of idle connections, time of import, time to the first answer."""

from __future__ import annotations

import resource
import socket
import subprocess
import time
from collections.abc import Callable, Iterable
from statistics import median

from perf import procs, servers
from perf.servers import Running, Server, ServerFailed

CONNECTIONS = 4000
REQUEST = b"GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n"
#: What a program of each kind imports before it can define an application.
IMPORTS = {
    "python": "pass",
    "sanic_fast": "import sanic_fast",
    "sanic": "import sanic",
    "starlette": "import starlette.applications, uvicorn",
    "aiohttp": "import aiohttp.web",
    "blacksheep_uvicorn": "import blacksheep, uvicorn",
}
Figures = dict[str, list[float]]


def raise_file_limit(wanted: int) -> None:
    """Let this process, and the servers it starts, hold `wanted` files.

    Raises:
        SystemExit: the hard limit is below it.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft >= wanted:
        return
    if hard != resource.RLIM_INFINITY and hard < wanted:
        raise SystemExit(f"{wanted} open files are needed, the hard limit is {hard}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _connect_and_ask(port: int, count: int) -> list[socket.socket]:
    """`count` keep-alive connections, each with one request answered in full."""
    held = []
    for _ in range(count):
        sock = socket.create_connection(("127.0.0.1", port), timeout=10)
        sock.sendall(REQUEST)
        seen = b""
        while not seen.endswith(b"Hello, World!"):
            data = sock.recv(4096)
            if not data:
                raise ServerFailed(f"port {port} closed an idle connection: {seen[:80]!r}")
            seen += data
        held.append(sock)
    return held


def idle_kib(running: Running) -> float:
    """Resident growth per connection in KiB, after a first hundred that warm the pools."""
    held = _connect_and_ask(running.port, 100)
    try:
        before = procs.rss_bytes(running.pid)
        held += _connect_and_ask(running.port, CONNECTIONS)
        return (procs.rss_bytes(running.pid) - before) / CONNECTIONS / 1024
    finally:
        for sock in held:
            sock.close()


def idle(chosen: Iterable[Server], rounds: int, log: Callable[[str], None] = print) -> Figures:
    """KiB per idle connection, one fresh process per figure, servers in turn."""
    raise_file_limit(CONNECTIONS + 500)

    def one(server: Server) -> float:
        running = Running(server, "canned" if server.name == "floor" else "main").wait_ready()
        try:
            return idle_kib(running)
        finally:
            running.stop()

    return _in_turn([s for s in chosen if s.name != "picows"], rounds, one, log)


def imports(chosen: Iterable[Server], rounds: int, log: Callable[[str], None] = print) -> Figures:
    """Milliseconds of `python -c "import ..."`, interpreter start included, files cached."""

    def one(server: Server) -> float:
        environment = {"PATH": "/usr/bin:/bin", **(server.environment or {})}
        argv = [servers.python(), "-c", IMPORTS[server.name.partition("@")[0]]]
        start = time.perf_counter()
        done = subprocess.run(argv, env=environment, capture_output=True, text=True, check=False)
        took = (time.perf_counter() - start) * 1000
        if done.returncode:
            raise ServerFailed(f"{server.name}: {done.stderr.strip().splitlines()[-1:]}")
        return took

    known = [s for s in chosen if s.name.partition("@")[0] in IMPORTS]
    return _in_turn([Server("python", lambda *_: []), *known], rounds * 3, one, log)


def first_answer_ms(server: Server) -> float:
    """Milliseconds from the start of the process to the first byte of an answer."""
    running = Running(server, "main", pin=False)
    try:
        running.wait_ready(pause=0.001)
        return (time.perf_counter() - running.started) * 1000
    finally:
        running.stop()


def start(chosen: Iterable[Server], rounds: int, log: Callable[[str], None] = print) -> Figures:
    """First answer of the measured app (one process), and of `hello` with a worker process."""
    known = [server for server in chosen if server.name not in servers.YARDSTICKS]
    hello = [servers.hello(server) for server in known if server.hello]
    return _in_turn([*known, *hello], rounds, first_answer_ms, log)


def _in_turn(
    chosen: list[Server],
    rounds: int,
    one: Callable[[Server], float],
    log: Callable[[str], None],
) -> Figures:
    """`rounds` figures per server, servers in turn; one that fails is named and left out."""
    found: Figures = {}
    for number in range(rounds):
        for server in list(chosen):
            try:
                value = one(server)
            except (ServerFailed, OSError) as exc:
                log(f"SKIP {exc}")
                chosen.remove(server)
                found.pop(server.name, None)
                continue
            found.setdefault(server.name, []).append(value)
    return found


EXTRAS = {
    "idle": (idle, "KiB per idle connection"),
    "import": (imports, "import, ms"),
    "start": (start, "process start to first answer, ms"),
}


def extra_table(title: str, figures: Figures) -> str:
    """Medians, the smallest first."""
    ordered = sorted(figures, key=lambda name: median(figures[name]))
    width = max(map(len, ordered), default=0)
    rows = [f"{name.ljust(width)}  {median(figures[name]):10.1f}" for name in ordered]
    return "\n".join([f"== {title}", *rows, ""])
