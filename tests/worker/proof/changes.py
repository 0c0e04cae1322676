"""Reloads, scalings and kills of a server under load, and what became of the requests."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from tests.worker.kit import Managed, gone
from tests.worker.proof.load import Load, Tally, Trouble, get

PATIENCE = 90.0  # s for one change; a busy machine takes a few
HEALTHY = 10.5  # s of life after which a worker's death does not count as one in a row
LATE = 0.1  # s after a kill within which a worker may still have taken a connection
Rows = dict[str, dict[str, Any]]


@dataclass
class Phase:
    """One kind of change, made many times.

    Attributes:
        count: how many were made.
        seconds: how long all took.
        allowed: requests that were in flight in a killed worker.
        wrong: those that should not have failed.
    """

    name: str
    count: int
    seconds: float
    tally: Tally
    allowed: list[Trouble] = field(default_factory=list)
    wrong: list[Trouble] = field(default_factory=list)


class Changes:
    """Makes changes to a server and waits until each is complete.

    Args:
        server: that serves `program`.
        load: the clients.
    """

    def __init__(self, server: Managed, load: Load) -> None:
        self.server = server
        self.load = load
        self.killed: list[tuple[float, int]] = []

    async def reloads(self, count: int, workers: int) -> Phase:
        """Rolling reloads, by SIGHUP and by `app.m` in turn."""

        async def one(turn: int) -> None:
            before = await self._serving(workers)
            if turn % 2:
                await self._call("restart", all_workers=True, zero_downtime=True)
            else:
                self.server.process.send_signal(signal.SIGHUP)
            await self._until(lambda rows: _others(rows, before, workers), "reload")

        return await self._phase("rolling reload", count, one)

    async def restarts(self, count: int, workers: int) -> Phase:
        """Restarts of all workers at once, each stopped before its successor starts."""

        async def one(turn: int) -> None:
            before = await self._serving(workers)
            await self._call("restart", all_workers=True)
            await self._until(lambda rows: _others(rows, before, workers), "restart")

        return await self._phase("restart, all at once", count, one)

    async def scalings(self, count: int) -> Phase:
        """Scalings to another number of workers, from 1 to 4."""
        current = len(_pids(await self._rows()))

        async def one(turn: int) -> None:
            nonlocal current
            current = random.choice([n for n in (1, 2, 3, 4) if n != current])
            await self._call("scale", num_workers=current)
            await self._serving(current)

        return await self._phase("scaling, 1 to 4", count, one)

    async def kills(self, count: int, workers: int) -> Phase:
        """Kill -9 of the worker that has lived longest."""
        await self._call("scale", num_workers=workers)
        await self._serving(workers)
        born = {name: time.monotonic() for name in _pids(await self._rows())}

        async def one(turn: int) -> None:
            name = min(born, key=born.__getitem__)
            await asyncio.sleep(max(0.0, born[name] + HEALTHY - time.monotonic()))
            pids = await self._serving(workers)
            await asyncio.sleep(random.random() * 0.2)
            os.kill(pids[name], signal.SIGKILL)
            self.killed.append((time.monotonic(), pids[name]))
            await self._until(
                lambda rows: len(_pids(rows)) == workers and _pids(rows)[name] != pids[name], "kill"
            )
            born[name] = time.monotonic()

        return await self._phase("kill -9", count, one)

    async def _phase(
        self, name: str, count: int, one: Callable[[int], Awaitable[None]]
    ) -> Phase:
        begun = time.monotonic()
        await asyncio.sleep(0.5)
        self.load.next_phase()
        for turn in range(count):
            await one(turn)
        # The last ones that were told to stop still drain.
        serving = set(_pids(await self._rows()).values())
        end = time.monotonic() + PATIENCE
        while not all(gone(pid) for pid in self.load.tally.pids if pid not in serving):
            assert time.monotonic() < end, "old workers do not end"
            await asyncio.sleep(0.05)
        await asyncio.sleep(1.5)
        phase = Phase(name, count, time.monotonic() - begun, self.load.next_phase())
        end = time.monotonic() + PATIENCE
        while phase.tally.sent > phase.tally.complete + len(phase.tally.troubles):
            assert time.monotonic() < end, "requests are never answered"
            await asyncio.sleep(0.05)
        for trouble in phase.tally.troubles:
            (phase.allowed if self._in_flight(trouble) else phase.wrong).append(trouble)
        return phase

    def _in_flight(self, trouble: Trouble) -> bool:
        """Whether a request can only have been in a worker that was killed."""
        if trouble.before_answer and trouble.gap > 1.0:
            return True  # too long ago to be promised anything; counted apart
        for when, pid in self.killed:
            known = trouble.pid in (0, pid)
            if known and trouble.connecting <= when + LATE and trouble.seen >= when - LATE:
                return True
        return False

    # -- the server

    async def _ask(self, path: str) -> bytes:
        """An answer, on a connection of its own; one in flight in a killed worker is repeated."""
        while True:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", self.load.port)
                writer.write(get(path, "connection: close"))
                answer = await asyncio.wait_for(reader.read(), PATIENCE)
                writer.close()
            except ConnectionResetError:
                answer = b""
            if answer.startswith(b"HTTP/1.1 200"):
                return answer.partition(b"\r\n\r\n")[2]
            assert not answer and self.killed, answer

    async def _rows(self) -> Rows:
        rows: Rows = json.loads(await self._ask("/state"))
        return rows

    async def _call(self, method: str, **arguments: Any) -> None:
        await self._ask(f"/call/{method}?a={quote(json.dumps(arguments))}")

    async def _until(self, check: Callable[[Rows], bool], what: str) -> Rows:
        end = time.monotonic() + PATIENCE
        while not check(rows := await self._rows()):
            assert time.monotonic() < end, f"{what} is not complete: {rows}"
            assert self.server.process.poll() is None, self.server.output[-5000:]
            await asyncio.sleep(0.05)
        return rows

    async def _serving(self, workers: int) -> dict[str, int]:
        rows = await self._until(lambda rows: len(_pids(rows)) == workers, f"{workers} workers")
        return _pids(rows)


def _pids(rows: Rows) -> dict[str, int]:
    """Process ids of the workers that serve and were not told to stop."""
    return {
        name: row["pid"]
        for name, row in rows.items()
        if row.get("server") and row.get("serving") and row["state"] == "ACKED"
    }


def _others(rows: Rows, before: dict[str, int], workers: int) -> bool:
    """Whether all serving processes are other ones than before."""
    now = set(_pids(rows).values())
    return len(now) == workers and not now & set(before.values())
