"""What workers cost: processor time of an idle server, of a request, and how evenly they work."""

from __future__ import annotations

import json
import selectors
import shutil
import socket
import statistics
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from perf.procs import cpu_seconds, spent, tree_cpu
from tests.servers import get, receive_response
from tests.worker.kit import Managed

PROGRAM = Path(__file__).with_name("program.py")


@contextmanager
def served(folder: Path, workers: int, **env: str) -> Iterator[Managed]:
    """A server in a folder of its own."""
    place = folder / f"{workers}-{time.monotonic_ns()}"
    place.mkdir()
    with Managed(place, workers, program=PROGRAM.read_text(), **env) as server:
        yield server
        server.stop()


def idle(folder: Path, seconds: float, reloader: bool) -> dict[str, float]:
    """Percent of a processor that each process of a server without requests takes, by name."""
    options: dict[str, Any] = {"auto_reload": True} if reloader else {}
    with served(folder, 2, OPTIONS=json.dumps(options)) as server:
        rows = json.loads(server.ask("/state"))
        pids = {name: row["pid"] for name, row in rows.items()}
        time.sleep(3)  # whatever the start left to do
        before = {name: cpu_seconds(pid) for name, pid in pids.items()}
        begun = time.monotonic()
        time.sleep(seconds)
        passed = time.monotonic() - begun
        return {
            name: 100 * (cpu_seconds(pid) - before[name]) / passed for name, pid in pids.items()
        }


def per_request(folder: Path, rounds: int, seconds: float) -> dict[int, float]:
    """Microseconds of processor time of the whole server per request, with 1 and 2 workers.

    The median of rounds that alternate between the two servers.
    """
    found: dict[int, list[float]] = {1: [], 2: []}
    with served(folder, 1) as one, served(folder, 2) as two:
        for turn in range(rounds + 1):
            for workers, server in ((1, one), (2, two)):
                before = tree_cpu(server.process.pid)
                count = _wrk(server.number, 64, seconds)
                cost = 1e6 * spent(before, tree_cpu(server.process.pid)) / count
                if turn:  # the first round warms up
                    found[workers].append(cost)
    return {workers: statistics.median(costs) for workers, costs in found.items()}


def _wrk(port: int, connections: int, seconds: float) -> int:
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", f"http://127.0.0.1:{port}/"]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Socket errors" not in output and "Non-2xx" not in output, output
    return int(output.partition(" requests in")[0].split()[-1])


def shares(
    folder: Path, workers: int, connections: int, rounds: int, **env: str
) -> list[tuple[float, float]]:
    """Least and largest share of connections that a worker took, per round; 1 is its fair share.

    All connections of a round are opened at once, as clients do after a restart.
    """
    found = []
    with served(folder, workers, **env) as server:
        for _ in range(rounds):
            counts = Counter(_pids(server.number, connections))
            numbers = [count * workers / connections for count in counts.values()]
            numbers += [0.0] * (workers - len(numbers))
            found.append((min(numbers), max(numbers)))
            time.sleep(0.2)
    return found


def _pids(port: int, connections: int) -> list[str]:
    """Open connections at once; the worker at the end of each."""
    sockets = []
    with selectors.DefaultSelector() as selector:
        for _ in range(connections):
            sock = socket.socket()
            sock.setblocking(False)
            sock.connect_ex(("127.0.0.1", port))
            sockets.append(sock)
            selector.register(sock, selectors.EVENT_WRITE)
        waiting = set(sockets)
        while waiting:
            for key, _ in selector.select(20):
                selector.unregister(key.fileobj)
                waiting.discard(key.fileobj)  # type: ignore[arg-type]
    pids = []
    for sock in sockets:
        sock.settimeout(20)
        sock.sendall(get("/"))
    for sock in sockets:
        pids.append(receive_response(sock).partition(b"\r\n\r\n")[2].decode())
        sock.close()
    return pids


def has_wrk() -> bool:
    """Whether the load generator is installed."""
    return shutil.which("wrk") is not None
