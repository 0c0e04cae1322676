"""Send mutated requests to a live server and look whether it stays well.

Usage: python -m tests.wire.mutate [--minutes 10] [--loop uvloop] [--seed 1] [--clients 40]

The server runs in a process of its own, in whatever mode it was built; for a sanitizer build the
runtimes are loaded into it. In rounds: many clients send mutated requests, then, all being gone, a
good request on a fresh connection has to be answered and the server's memory, objects, connections
and tasks are counted. Exits with status 1, and leaves the last inputs in a file, when

- a connection is not closed by the server in time, though its client sends nothing more,
- a good request is not answered, or the server ends,
- the server's output has a report of a sanitizer, a traceback or a forgotten task,
- connections are left, or (not under a sanitizer) objects or memory grow after warming up.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import pickle
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.wire.mutation.inputs import mutated, pieces, request, seeds

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0  # s for the server to let go of a connection; its own limits are 2 to 12 s
ROUND = 20.0  # s
GROWTH = 200  # objects by which later rounds may differ from the first ones
MEMORY = 4_000_000  # bytes likewise
BAD = (
    "AddressSanitizer",
    "runtime error",
    "Traceback",
    "was destroyed",
    "never retrieved",
    "never awaited",
    "Segmentation",
    "Fatal",
)


class Trouble(Exception):
    """What went wrong."""


def is_sanitized() -> bool:
    """Whether the compiled parts were built with sanitizers."""
    modules = (ROOT / "sanic_fast" / "_core").glob("protocol.*.so")
    return any(b"__asan_init" in module.read_bytes() for module in modules)


def start_server(loop: str, log: Path) -> subprocess.Popen[bytes]:
    """The server; its output goes to a file."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    if is_sanitized():
        names = [
            subprocess.check_output(["gcc", f"-print-file-name={name}.so"], text=True).strip()
            for name in ("libasan", "libubsan")
        ]
        environment |= {
            "LD_PRELOAD": " ".join(names),
            "ASAN_OPTIONS": "detect_leaks=0",
            "UBSAN_OPTIONS": "print_stacktrace=1",
            "PYTHONMALLOC": "malloc",
        }
    return subprocess.Popen(
        [sys.executable, "-m", "tests.wire.mutation.app", loop],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=log.open("wb"),
        stderr=subprocess.STDOUT,
    )


class Run:
    """One run against one server."""

    def __init__(self, options: argparse.Namespace, folder: Path) -> None:
        self.options = options
        self.log = folder / "server.log"
        self.kept = folder / "inputs.pickle"
        self.dice = random.Random(options.seed)
        self.seeds = seeds()
        self.last: list[list[bytes]] = []
        self.sent = self.answered = 0
        self.statuses: dict[str, int] = {}
        self.rows: list[dict[str, Any]] = []
        self.process = start_server(options.loop, self.log)
        self.port = 0

    def find_port(self) -> None:
        """Wait for the server."""
        end = time.monotonic() + 60
        while "PORT" not in (output := self.log.read_text(errors="replace")):
            if time.monotonic() > end or self.process.poll() is not None:
                raise Trouble(f"the server did not start:\n{output}")
            time.sleep(0.05)
        self.port = int(output.split("PORT ")[1].split()[0])

    async def drive(self) -> None:
        """Rounds until the time is over."""
        end = time.monotonic() + self.options.minutes * 60
        while time.monotonic() < end:
            until = min(end, time.monotonic() + ROUND)
            clients = [self.client(until) for _ in range(self.options.clients)]
            for result in await asyncio.gather(*clients, return_exceptions=True):
                if isinstance(result, BaseException):
                    raise result
            await self.look()

    async def client(self, until: float) -> None:
        """One input after the other, each on a connection of its own."""
        while time.monotonic() < until:
            data = mutated(self.dice, self.seeds)
            cut = pieces(self.dice, data)
            self.last = [*self.last[-self.options.clients * 4 :], cut]
            ending = self.dice.choice(("half", "half", "half", "wait", "reset"))
            try:
                await asyncio.wait_for(self.exchange(cut, ending), PATIENCE)
            except (TimeoutError, asyncio.TimeoutError):
                raise Trouble(f"a connection is stuck ({ending}); input: {cut!r}") from None

    async def exchange(self, cut: list[bytes], ending: str) -> None:
        """Send an input and read up to the end of the connection."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        reading = asyncio.ensure_future(self.read(reader))
        try:
            for piece in cut:
                writer.write(piece)
                await writer.drain()
                if len(cut) > 1:
                    await asyncio.sleep(0)
            self.sent += 1
            if ending == "half":
                writer.write_eof()
            elif ending == "reset":
                writer.transport.abort()
            await reading
        except (OSError, RuntimeError):
            pass  # the server may close whenever it likes
        finally:
            reading.cancel()
            await asyncio.wait([reading])
            writer.close()

    async def read(self, reader: asyncio.StreamReader) -> None:
        """Everything the server sends."""
        first = b""
        try:
            while data := await reader.read(65536):
                first = first or data[:12]
        except ConnectionError:
            pass
        if first.startswith(b"HTTP/1.1 "):
            self.answered += 1
            status = first[9:12].decode("latin-1")
            self.statuses[status] = self.statuses.get(status, 0) + 1

    async def look(self) -> None:
        """Ask for what is left in the server, and check its output."""
        bad = self.complaints()
        if bad:
            raise Trouble(f"the server's output:\n{bad}")
        if self.process.poll() is not None:
            raise Trouble(f"the server ended with status {self.process.returncode}")
        answer = await asyncio.wait_for(self.ask("/"), PATIENCE)
        if not answer.endswith(b"\r\n\r\nok"):
            raise Trouble(f"a good request was answered with {answer!r}")
        end = time.monotonic() + PATIENCE
        while True:
            row = json.loads((await self.ask("/counts")).partition(b"\r\n\r\n")[2])
            if row["connections"] <= 1:
                break
            if time.monotonic() > end:
                raise Trouble(f"{row['connections'] - 1} connections are left")
            await asyncio.sleep(0.5)
        self.rows.append(row)
        print(
            f"{self.sent:8} inputs  {row['objects']} objects  {row['tasks']} tasks  "
            f"{row['rss'] / 1e6:.1f} MB",
            flush=True,
        )

    async def ask(self, path: str) -> bytes:
        """The answer to a good request on a connection of its own."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(request("GET", path, "Connection: close"))
        data = await reader.read()
        writer.close()
        return data

    def complaints(self) -> str:
        """The part of the server's output that should not be there."""
        output = self.log.read_text(errors="replace")
        places = [at for word in BAD if (at := output.find(word)) >= 0]
        return output[max(0, min(places) - 500) :][:6000] if places else ""

    def judge(self) -> None:
        """Compare the last third of the rounds with the second.

        Raises:
            Trouble: something grows.
        """
        third = len(self.rows) // 3
        if third < 2:
            return
        early, late = self.rows[third : 2 * third], self.rows[2 * third :]
        objects = min(r["objects"] for r in late) - max(r["objects"] for r in early)
        memory = min(r["rss"] for r in late) - max(r["rss"] for r in early)
        if objects > GROWTH:
            first, last = early[0]["types"], late[-1]["types"]
            grown = {k: v - first.get(k, 0) for k, v in last.items() if v > first.get(k, 0) + 10}
            raise Trouble(f"{objects} objects more than before: {grown}")
        if memory > MEMORY and not is_sanitized():
            raise Trouble(f"{memory} bytes more than before")

    def stop(self) -> None:
        """End the server."""
        self.process.kill()
        self.process.wait()


def main() -> int:
    """Parse the arguments and run; the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--loop", choices=("uvloop", "asyncio"), default="uvloop")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--clients", type=int, default=40)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="mutate-"))
    run = Run(options, folder)
    print(f"{'sanitizer' if is_sanitized() else 'plain'} build, {options.loop}", flush=True)
    try:
        run.find_port()
        asyncio.run(run.drive())
        run.judge()
    except (Trouble, OSError) as error:
        run.kept.write_bytes(pickle.dumps(run.last))
        print(f"TROUBLE: {error}\nlast inputs: {run.kept}; output: {run.log}", flush=True)
        return 1
    finally:
        run.stop()
    print(f"{run.sent} inputs, {run.answered} answered: {dict(sorted(run.statuses.items()))}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
