"""Requests as bytes, and responses as they came: a client that hides nothing."""

from __future__ import annotations

import dataclasses
import socket
from collections.abc import Iterable

LIMIT = 60.0  # s; every answer takes a fraction of it


@dataclasses.dataclass(frozen=True)
class Case:
    """What goes over one connection.

    Attributes:
        name: unique within its app.
        requests: each is sent, then its response is read.
        pipelined: all are sent at once before the first response is read.
        interim: a response of 1xx answers a request of its own, such as half of one.
        after: websocket frames sent when the response was read. A frame is read after each but the
            last (an empty one is only read for); then all that still comes.
        raw: compare framing (chunks) and pages byte for byte.
    """

    name: str
    requests: tuple[bytes, ...]
    pipelined: bool = False
    interim: bool = False
    after: tuple[bytes, ...] = ()
    raw: bool = False


@dataclasses.dataclass
class Response:
    """One response: its head in order, its body without framing."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes
    chunks: list[int] | None = None

    def header(self, name: str) -> str | None:
        """The first value of a header."""
        return next((value for key, value in self.headers if key.lower() == name), None)


@dataclasses.dataclass
class Exchange:
    """All responses of a connection, and how it ended."""

    responses: list[Response]
    end: str


def request(
    method: str,
    target: str,
    *headers: str,
    body: bytes | str = b"",
    version: str = "1.1",
    host: str | None = "test",
    length: bool = True,
) -> bytes:
    """The bytes of a request; `content-length` is added where there is a body."""
    content = body.encode() if isinstance(body, str) else body
    lines = [f"{method} {target} HTTP/{version}"]
    lines += [f"host: {host}"] if host is not None else []
    lines += headers
    lines += [f"content-length: {len(content)}"] if content and length else []
    return "\r\n".join([*lines, "", ""]).encode("utf-8", "surrogateescape") + content


def case(
    line: str, *headers: str, name: str | None = None, raw: bool = False, **how: object
) -> Case:
    """A case of one request: `case("GET /a", "accept: text/html", body=...)`."""
    method, target = line.split(" ", 1)
    label = name or " ".join([line, *headers, *_label(how)])
    return Case(label, (request(method, target, *headers, **how),), raw=raw)  # type: ignore[arg-type]


def cases(text: str) -> list[Case]:
    """One case for each line: `GET /a` or `GET /a | header: value | header: value`."""
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        first, *headers = [part.strip() for part in line.split(" | ")]
        found.append(case(first if " " in first else f"GET {first}", *headers))
    return found


def _label(how: dict[str, object]) -> list[str]:
    return [f"{key}={str(value)[:40]}" for key, value in how.items()]


def exchange(port: int, wanted: Case) -> Exchange:
    """Send a case to a local server; its responses."""
    found: list[Response] = []
    with socket.create_connection(("127.0.0.1", port), timeout=LIMIT) as sock:
        reader = _Reader(sock)
        if wanted.pipelined:
            sock.sendall(b"".join(wanted.requests))
        for data in wanted.requests:
            try:
                if not wanted.pipelined:
                    sock.sendall(data)
                head_only = data.startswith(b"HEAD ")
                found.append(reader.response(head_only))
                while found[-1].status.startswith("HTTP/1.1 1") and not wanted.interim:
                    found.append(reader.response(head_only))
            except EOFError as ended:
                return Exchange(found, str(ended))
            except OSError as error:
                return Exchange(found, type(error).__name__)
        if wanted.after:
            return Exchange(found, reader.frames(wanted.after))
        last = found[-1].header("connection") if found else None
        return Exchange(found, reader.end() if last == "close" else f"connection: {last}")


class _Reader:
    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.buffer = b""

    def more(self) -> None:
        data = self.sock.recv(65536)
        if not data:
            raise EOFError("closed" + f" after {self.buffer!r}" * bool(self.buffer))
        self.buffer += data

    def take(self, size: int) -> bytes:
        while len(self.buffer) < size:
            self.more()
        taken, self.buffer = self.buffer[:size], self.buffer[size:]
        return taken

    def line(self, end: bytes = b"\r\n") -> bytes:
        while end not in self.buffer:
            self.more()
        line, self.buffer = self.buffer.split(end, 1)
        return line

    def response(self, head_only: bool) -> Response:
        first, *rest = self.line(b"\r\n\r\n").decode("utf-8", "surrogateescape").split("\r\n")
        pairs = [line.partition(": ") for line in rest]
        response = Response(first, [(name, value) for name, _, value in pairs], b"")
        status = first.split(" ")[1]
        if head_only or status in ("204", "304") or status.startswith("1"):
            return response
        if response.header("transfer-encoding"):
            parts = self.chunks()
            response.body, response.chunks = b"".join(parts), [len(part) for part in parts]
        elif (length := response.header("content-length")) is not None:
            response.body = self.take(int(length))
        else:
            response.body = self.rest()
        return response

    def chunks(self) -> list[bytes]:
        found = []
        while size := int(self.line(), 16):
            found.append(self.take(size))
            self.take(2)
        self.line()
        return found

    def frames(self, sent: tuple[bytes, ...]) -> str:
        """Send frames, and tell those that came."""
        shown = []
        try:
            for number, data in enumerate(sent):
                self.sock.sendall(data)
                if number + 1 < len(sent):
                    shown.append(self.frame().hex(" "))
        except (EOFError, OSError) as error:
            return f"{', '.join(shown)} {error}"
        return ", ".join([*shown, self.end()])

    def frame(self) -> bytes:
        head = self.take(2)
        if head[1] == 126:
            head += self.take(2)
        size = int.from_bytes(head[2:], "big") if head[1] == 126 else head[1]
        return head + self.take(size)

    def rest(self) -> bytes:
        try:
            while True:
                self.more()
        except EOFError:
            taken, self.buffer = self.buffer, b""
            return taken

    def end(self) -> str:
        """How the connection ends after a last response."""
        try:
            rest = self.rest()
        except TimeoutError:
            return "left open"
        except ConnectionResetError:
            # The server closed with bytes of the request unread: a matter of timing.
            return "closed"
        return f"closed after {rest!r}" if rest else "closed"


def sequence(name: str, requests: Iterable[bytes], *, pipelined: bool = False) -> Case:
    """A case of several requests over one connection."""
    return Case(name, tuple(requests), pipelined=pipelined)
