"""Clients that send requests without an end and account for every one of them."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

PATIENCE = 30.0  # s for one answer; none takes a fraction of it
OFTEN = 1.0  # s; who sends at least that often is never to see a connection closed on a request
BODY = b"x" * 20_000


@dataclass
class Trouble:
    """A request without a complete answer.

    Attributes:
        client: kind of the client.
        before_answer: not a byte of an answer came, on a connection that had been used before.
        gap: seconds since the client's last request on this connection.
        pid: of the worker at the other end; 0 if no answer had come from it yet.
        connecting: time at which the client began to connect.
        sent: time at which the request was sent.
        seen: time at which the end was seen.
        detail: what was seen.
    """

    client: str
    before_answer: bool
    gap: float
    pid: int
    connecting: float
    sent: float
    seen: float
    detail: str


@dataclass
class Tally:
    """What became of the requests of a phase."""

    sent: int = 0
    complete: int = 0
    connections: int = 0
    told_to_close: int = 0
    closed_idle: int = 0
    troubles: list[Trouble] = field(default_factory=list)
    pids: Counter[int] = field(default_factory=Counter)

    @property
    def failed(self) -> list[Trouble]:
        """Requests without a complete answer, but for closes before it."""
        return [each for each in self.troubles if not each.before_answer]

    @property
    def closed_early(self) -> list[Trouble]:
        """Closes before any byte of an answer, on a connection used within a second."""
        return [each for each in self.troubles if each.before_answer and each.gap <= OFTEN]

    @property
    def closed_late(self) -> list[Trouble]:
        """Closes before any byte of an answer, on a connection used longer ago."""
        return [each for each in self.troubles if each.before_answer and each.gap > OFTEN]


class Connection:
    """One connection of one client.

    Args:
        load: whose tally counts.
        client: kind of the client.
    """

    def __init__(self, load: Load, client: str) -> None:
        self.load = load
        self.client = client
        self.tally = load.tally
        self.pid = 0
        self.used = 0
        self.last = 0.0
        self.told = False
        self.connecting = time.monotonic()

    async def open(self) -> Connection:
        """Connect; a refusal is a failed request."""
        try:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.load.port)
        except OSError as error:
            self.tally.sent += 1
            self._trouble(self.connecting, False, repr(error))
            raise
        self.tally.connections += 1
        return self

    @property
    def usable(self) -> bool:
        """Whether a request may be sent on it."""
        return not self.told and not self.reader.at_eof()

    def close(self) -> None:
        """Close it."""
        self.writer.close()

    async def exchange(self, *requests: bytes) -> bool:
        """Send requests at once and read their answers; whether all came."""
        self.tally = self.load.tally  # a request counts for the phase it was sent in
        sent = time.monotonic()
        self.tally.sent += len(requests)
        self.writer.write(b"".join(requests))
        for number in range(len(requests)):
            self.partial = False
            try:
                await asyncio.wait_for(self._answer(), PATIENCE)
            except (OSError, EOFError, asyncio.TimeoutError, ValueError) as error:
                partial = self.partial or bool(getattr(error, "partial", b""))
                early = bool(self.used) and number == 0 and not partial
                for _ in range(number, len(requests)):
                    self._trouble(sent, early, repr(error)[:200])
                return False
            self.tally.complete += 1
            self.used += 1
        self.last = sent
        return True

    async def _answer(self) -> None:
        head = await self.reader.readuntil(b"\r\n\r\n")
        self.partial = True
        lines = head.lower().split(b"\r\n")
        if not lines[0].startswith(b"http/1.1 200 "):
            raise ValueError(lines[0].decode())
        lengths = [int(line[15:]) for line in lines if line.startswith(b"content-length:")]
        self.body = await self.reader.readexactly(lengths[0])
        if self.body.isdigit():
            self.pid = int(self.body)
            self.tally.pids[self.pid] += 1
        if b"connection: close" in lines:
            self.told = True

    def _trouble(self, sent: float, early: bool, detail: str) -> None:
        self.tally.troubles.append(
            Trouble(
                self.client,
                early,
                sent - self.last if self.last else 0.0,
                self.pid,
                self.connecting,
                sent,
                time.monotonic(),
                detail,
            )
        )


def get(path: str, *headers: str) -> bytes:
    """A GET request."""
    return "\r\n".join([f"GET {path} HTTP/1.1", "host: proof", *headers, "", ""]).encode()


def post() -> bytes:
    """A POST request with a body of more than one segment."""
    head = f"POST /echo HTTP/1.1\r\nhost: proof\r\ncontent-length: {len(BODY)}\r\n\r\n"
    return head.encode() + BODY


class Load:
    """All clients, in the loop that runs.

    Args:
        port: of the server.
        scale: how many clients of each kind there are, as a multiple of the usual number.
    """

    def __init__(self, port: int, scale: float = 1.0) -> None:
        self.port = port
        self.tally = Tally()
        self._stop = False
        self._tasks: list[asyncio.Task[None]] = []
        self._kinds: list[tuple[str, int, Callable[[str], Awaitable[None]]]] = [
            ("keep-alive, fast", 6, lambda kind: self._keep_alive(kind, 0.0, 0.01, get("/"))),
            ("keep-alive, steady", 12, lambda kind: self._keep_alive(kind, 0.2, 0.9, get("/"))),
            ("keep-alive, slow answer", 3, lambda kind: self._keep_alive(kind, 0, 0.1, SLOW)),
            ("keep-alive, body", 2, lambda kind: self._keep_alive(kind, 0.0, 0.05, post())),
            ("keep-alive, pipeline", 2, lambda kind: self._pipeline(kind)),
            ("new connection", 4, lambda kind: self._new(kind, "connection: close")),
            ("new connection, client closes", 2, lambda kind: self._new(kind)),
        ]
        self.scale = scale

    def start(self) -> None:
        """Start all clients."""
        for kind, number, run in self._kinds:
            for _ in range(max(1, round(number * self.scale))):
                self._tasks.append(asyncio.create_task(self._forever(kind, run)))

    async def stop(self) -> None:
        """Let each client finish its request, and end.

        Raises:
            Exception: a client broke.
        """
        self._stop = True
        await asyncio.gather(*self._tasks)

    def next_phase(self) -> Tally:
        """Begin a new tally; the old one."""
        tally, self.tally = self.tally, Tally()
        return tally

    async def _forever(self, kind: str, run: Callable[[str], Awaitable[None]]) -> None:
        while not self._stop:
            try:
                await run(kind)
            except OSError:
                await asyncio.sleep(0.1)  # counted where it came up

    async def _keep_alive(self, kind: str, low: float, high: float, request: bytes) -> None:
        connection = await Connection(self, kind).open()
        while not self._stop and await connection.exchange(request) and connection.usable:
            await asyncio.sleep(random.uniform(low, high))
            if not connection.usable:
                self.tally.closed_idle += 1
                break
        self.tally.told_to_close += connection.told
        connection.close()

    async def _pipeline(self, kind: str) -> None:
        connection = await Connection(self, kind).open()
        requests = get("/"), get("/slow/0.01"), get("/")
        while not self._stop and await connection.exchange(*requests) and connection.usable:
            await asyncio.sleep(random.uniform(0, 0.05))
            if not connection.usable:
                self.tally.closed_idle += 1
                break
        self.tally.told_to_close += connection.told
        connection.close()

    async def _new(self, kind: str, *headers: str) -> None:
        connection = await Connection(self, kind).open()
        await connection.exchange(get("/", *headers))
        connection.close()
        await asyncio.sleep(random.uniform(0, 0.03))


SLOW = get("/slow/0.25")
