"""What a crowd of idle and slow connections does to everybody else's latency.

    taskset -c 0 python perf/apps/sanic_app.py ...    # any server with GET / -> Hello, World!
    python perf/crowd.py --port PORT [--idle 10000] [--slow 500] [--seconds 8]

Measures the latency of `GET /` over 32 keep-alive connections: first alone, then beside `--idle`
connections that have made one request each and `--slow` ones that send one byte of a request a
second. Prints both distributions as JSON, with how many of the slow and idle connections were
answered.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from perf.extras import raise_file_limit

REQUEST = b"GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n"


class Asker(asyncio.Protocol):
    """Sends requests one after the other and notes how long each took."""

    def __init__(self, times: list[float], until: float, pause: float) -> None:
        self.times, self.until, self.pause = times, until, pause
        self.seen = b""
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.ask()

    def ask(self) -> None:
        self.began = time.perf_counter()
        self.transport.write(REQUEST)  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        self.seen += data
        if not self.seen.endswith(b"Hello, World!"):
            return
        self.seen = b""
        self.times.append(time.perf_counter() - self.began)
        if time.perf_counter() < self.until:
            asyncio.get_running_loop().call_later(self.pause, self.ask)
        else:
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)


class Dripper(asyncio.Protocol):
    """Sends one byte of a request each second, again and again."""

    def __init__(self, answers: list[int]) -> None:
        self.answers, self.at = answers, 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.drip()

    def drip(self) -> None:
        if self.transport.is_closing():
            return
        self.transport.write(REQUEST[self.at : self.at + 1])  # type: ignore[attr-defined]
        self.at = (self.at + 1) % len(REQUEST)
        asyncio.get_running_loop().call_later(1.0, self.drip)

    def data_received(self, data: bytes) -> None:
        self.answers.append(len(data))


def percentiles(times: list[float]) -> dict[str, float]:
    times.sort()
    return {
        "requests": len(times),
        "p50_ms": round(times[len(times) // 2] * 1000, 3),
        "p99_ms": round(times[int(len(times) * 0.99)] * 1000, 3),
        "max_ms": round(times[-1] * 1000, 3),
    }


async def measure(port: int, seconds: float) -> dict[str, float]:
    loop = asyncio.get_running_loop()
    times: list[float] = []
    until = time.perf_counter() + seconds
    askers = [
        (await loop.create_connection(lambda: Asker(times, until, 0.02), "127.0.0.1", port))[1]
        for _ in range(32)
    ]
    await asyncio.gather(*(asker.done for asker in askers))
    return percentiles(times)


async def run(port: int, idle: int, slow: int, seconds: float) -> dict[str, object]:
    loop = asyncio.get_running_loop()
    alone = await measure(port, seconds)
    held, answers = [], []
    for _ in range(idle):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(REQUEST)
        await reader.readuntil(b"Hello, World!")
        held.append((reader, writer))
    for _ in range(slow):
        await loop.create_connection(lambda: Dripper(answers), "127.0.0.1", port)
    crowded = await measure(port, max(seconds, len(REQUEST) + 3.0))
    still = 0
    for reader, writer in held:
        writer.write(REQUEST)
        await reader.readuntil(b"Hello, World!")
        still += 1
    return {
        "idle": idle,
        "idle_still_answered": still,
        "slow": slow,
        "slow_answered": len(answers),
        "alone": alone,
        "crowded": crowded,
        "p99_ratio": round(crowded["p99_ms"] / alone["p99_ms"], 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--idle", type=int, default=10000)
    parser.add_argument("--slow", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--port", type=int, required=True, help="where the server listens")
    options = parser.parse_args()
    raise_file_limit(options.idle + options.slow + 200)
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(0, {1})
    result = asyncio.run(run(options.port, options.idle, options.slow, options.seconds))
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
