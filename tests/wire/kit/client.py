"""A client that sends bytes as they are and reads answers strictly."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass, field

PATIENCE = 20  # s a test waits for what must come; never what is measured


@dataclass
class Answer:
    """One response. `body` is decoded; `raw` is what was on the wire, head and body."""

    status: int
    reason: str
    version: str
    headers: list[tuple[str, str]]
    body: bytes = b""
    raw: bytes = b""
    complete: bool = True  # False: the connection ended before the body did
    informational: list[Answer] = field(default_factory=list)

    def __getitem__(self, name: str) -> str | None:
        """The one value of a header; None without it, an error if there are several."""
        values = [value for key, value in self.headers if key.lower() == name]
        assert len(values) < 2, f"{name} is there {len(values)} times"
        return values[0] if values else None

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.headers]

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def keep_alive(self) -> bool:
        return self["connection"] == "keep-alive"


def parse_head(head: bytes) -> Answer:
    """The status line and header lines, without the blank line."""
    lines = head.split(b"\r\n")
    version, status, reason = lines[0].split(b" ", 2)
    assert version == b"HTTP/1.1", version
    assert len(status) == 3 and status.isdigit(), status
    headers = []
    for line in lines[1:]:
        name, colon, value = line.partition(b": ")
        assert colon and name == name.strip() and b"\n" not in line and b"\r" not in line, line
        headers.append((name.decode("ascii"), value.decode("utf-8")))
    return Answer(int(status), reason.decode(), version.decode(), headers, raw=head + b"\r\n\r\n")


def read_answer(
    more: Callable[[], bytes], buffer: bytearray, head_only: bool = False
) -> Answer | None:
    """Take one response from a stream of bytes; None if it ends before the first byte.

    Args:
        more: gives more bytes, none at the end of the stream.
        buffer: what was read and not used yet.
        head_only: the response is to a HEAD request.
    """
    informational = []
    while True:
        answer = _one(more, buffer, head_only)
        if answer is None or answer.status >= 200:
            break
        informational.append(answer)
    if answer is not None:
        answer.informational = informational
    return answer


def _fill(more: Callable[[], bytes], buffer: bytearray) -> bool:
    data = more()
    buffer += data
    return bool(data)


def _one(more: Callable[[], bytes], buffer: bytearray, head_only: bool) -> Answer | None:
    while b"\r\n\r\n" not in buffer:
        if not _fill(more, buffer):
            assert not buffer, f"the stream ends within a head: {bytes(buffer)!r}"
            return None
    end = buffer.index(b"\r\n\r\n")
    answer = parse_head(bytes(buffer[:end]))
    del buffer[: end + 4]
    length, coding = answer["content-length"], answer["transfer-encoding"]
    assert not (length and coding), "both content-length and transfer-encoding"
    if answer.status < 200 or answer.status in (204, 304):
        assert length is None and coding is None, answer.headers
    elif head_only:
        pass
    elif coding:
        assert coding == "chunked"
        _chunks(more, buffer, answer)
    elif length is not None:
        size = int(length)
        while len(buffer) < size and _fill(more, buffer):
            pass
        answer.complete = len(buffer) >= size
        answer.body = bytes(buffer[:size])
        answer.raw += answer.body
        del buffer[:size]
    else:
        assert answer["connection"] == "close"
        while _fill(more, buffer):
            pass
        answer.body = bytes(buffer)
        answer.raw += answer.body
        buffer.clear()
    return answer


def _chunks(more: Callable[[], bytes], buffer: bytearray, answer: Answer) -> None:
    raw, body = bytearray(answer.raw), bytearray()
    size = -1
    while size:
        while (end := buffer.find(b"\r\n", 0, 20)) < 0:
            if not _fill(more, buffer):
                break
        if end < 0:
            break
        size = int(buffer[:end], 16)
        whole = end + 2 + size + 2
        while len(buffer) < whole and _fill(more, buffer):
            pass
        if len(buffer) < whole:
            break
        assert buffer[whole - 2 : whole] == b"\r\n", bytes(buffer[:whole])
        raw += buffer[:whole]
        body += buffer[end + 2 : whole - 2]
        del buffer[:whole]
    answer.complete = size == 0
    answer.raw, answer.body = bytes(raw), bytes(body)


class Raw:
    """A TCP connection to a server on the loopback interface."""

    def __init__(self, port: int, data: bytes = b"", receive_buffer: int | None = None) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if receive_buffer is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(PATIENCE)
        self.socket.connect(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = bytearray()
        if data:
            self.send(data)

    def __enter__(self) -> Raw:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def send(self, *pieces: bytes) -> Raw:
        """Send pieces, each in a packet of its own."""
        for piece in pieces:
            self.socket.sendall(piece)
        return self

    def more(self) -> bytes:
        """The next bytes; none if the server closed, in whatever way."""
        try:
            return self.socket.recv(65536)
        except ConnectionError:
            return b""

    def answer(self, head_only: bool = False) -> Answer:
        """The next response; the test fails without one."""
        answer = read_answer(self.more, self.buffer, head_only)
        assert answer is not None, "closed without an answer"
        return answer

    def answers(self, count: int) -> list[Answer]:
        return [self.answer() for _ in range(count)]

    def rest(self) -> bytes:
        """Everything up to the end of the connection."""
        while data := self.more():
            self.buffer += data
        data = bytes(self.buffer)
        self.buffer.clear()
        return data

    def closed(self) -> bool:
        """Wait for the server to close, and see that it sends nothing more before."""
        return self.rest() == b""

    def alive(self, path: str = "/") -> bool:
        """Whether the connection answers one more request with 200."""
        self.send(b"GET " + path.encode() + b" HTTP/1.1\r\nHost: a\r\n\r\n")
        answer = read_answer(self.more, self.buffer)
        return answer is not None and answer.status == 200

    def half_close(self) -> Raw:
        self.socket.shutdown(socket.SHUT_WR)
        return self

    def reset(self) -> None:
        """Close with a reset instead of an orderly end."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def close(self) -> None:
        self.socket.close()
