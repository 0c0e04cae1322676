"""A websocket client that sends what it is told, right or wrong, and reads strictly."""

from __future__ import annotations

import base64
import hashlib
import socket
import ssl
from dataclasses import dataclass
from types import TracebackType

from tests.wire.kit.client import PATIENCE, Answer, parse_head, read_answer

KEY = "dGhlIHNhbXBsZSBub25jZQ=="
ACCEPT = base64.b64encode(
    hashlib.sha1(KEY.encode() + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest()
).decode()
MASK = b"\x01\x2f\x83\xf4"
CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10


def frame(
    opcode: int,
    payload: bytes | str = b"",
    *,
    final: bool = True,
    flags: int = 0,
    masked: bool = True,
    length: int | None = None,
) -> bytes:
    """A frame as a client sends it; `length` lies about the payload's."""
    data = payload.encode() if isinstance(payload, str) else payload
    size = len(data) if length is None else length
    first = (0x80 if final else 0) | flags << 4 | opcode
    mark = 0x80 if masked else 0
    if size < 126:
        head = bytes([first, mark | size])
    elif size < 65536:
        head = bytes([first, mark | 126]) + size.to_bytes(2, "big")
    else:
        head = bytes([first, mark | 127]) + size.to_bytes(8, "big")
    if not masked:
        return head + data
    pad = MASK * (len(data) // 4 + 1)
    whole = int.from_bytes(data, "big") ^ int.from_bytes(pad[: len(data)], "big")
    return head + MASK + whole.to_bytes(len(data), "big")


def close_frame(code: int, reason: str = "") -> bytes:
    """A close frame."""
    return frame(CLOSE, code.to_bytes(2, "big") + reason.encode())


@dataclass
class Frame:
    """A frame of the server's."""

    opcode: int
    payload: bytes
    final: bool = True

    @property
    def closing(self) -> tuple[int, str]:
        """Code and reason of a close frame; code 1005 if there is none."""
        assert self.opcode == CLOSE, self
        if not self.payload:
            return 1005, ""
        return int.from_bytes(self.payload[:2], "big"), self.payload[2:].decode()


def handshake(
    path: str = "/", headers: dict[str, str | None] | None = None, version: str = "1.1"
) -> bytes:
    """An opening handshake; `headers` change or, with None, remove its own."""
    lines: dict[str, str | None] = {
        "Host": "test",
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": KEY,
        **(headers or {}),
    }
    text = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value is not None)
    return f"GET {path} HTTP/{version}\r\n{text}\r\n".encode("latin-1")


class Peer:
    """One connection; a context manager that closes it without a word.

    Args:
        port: of the local server.
        path: of the websocket route; None: no handshake is sent.
        receive_buffer: size of the socket's receive buffer, for peers that read slowly.
        context: speak TLS; never use such a peer in two threads.
    """

    def __init__(
        self,
        port: int,
        path: str | None = "/",
        receive_buffer: int = 0,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self.sock = socket.socket()
        if receive_buffer:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.sock.settimeout(PATIENCE)
        self.sock.connect(("127.0.0.1", port))
        if context is not None:
            self.sock = context.wrap_socket(self.sock, server_hostname="127.0.0.1")
        self.buffer = bytearray()
        if path is not None:
            self.send(handshake(path))
            answer = self.answer()
            assert answer.status == 101, answer
            assert answer["sec-websocket-accept"] == ACCEPT

    def __enter__(self) -> Peer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.sock.close()

    def send(self, *parts: bytes) -> None:
        """Send bytes as they are."""
        self.sock.sendall(b"".join(parts))

    def answer(self) -> Answer:
        """An HTTP response; 101 is a final one here."""
        while b"\r\n\r\n" not in self.buffer:
            data = self._more()
            assert data, f"the connection ended within a head: {bytes(self.buffer)!r}"
            self.buffer += data
        if self.buffer.startswith(b"HTTP/1.1 101 "):
            head, _, rest = bytes(self.buffer).partition(b"\r\n\r\n")
            self.buffer = bytearray(rest)
            return parse_head(head)
        answer = read_answer(self._more, self.buffer)
        assert answer is not None, "the server closed"
        return answer

    def receive(self) -> Frame:
        """The next frame; servers do not mask (RFC 6455 5.1) and use the shortest length."""
        first, second = self._take(2)
        assert first & 0x70 == 0, "reserved bits"
        assert second & 0x80 == 0, "the server masks"
        size = second
        if second == 126:
            size = int.from_bytes(self._take(2), "big")
            assert size > 125
        elif second == 127:
            size = int.from_bytes(self._take(8), "big")
            assert size > 65535
        return Frame(first & 0x0F, bytes(self._take(size)), bool(first & 0x80))

    def text(self) -> str:
        """The next frame, which is a text message."""
        got = self.receive()
        assert got.opcode == TEXT, got
        assert got.final, got
        return got.payload.decode()

    def closing(self) -> tuple[int, str]:
        """Code and reason of the close frame that comes next."""
        return self.receive().closing

    def ended(self) -> bool:
        """Whether nothing comes but the end of the connection."""
        assert not self.buffer, bytes(self.buffer)
        try:
            return self.sock.recv(1) == b""
        except ConnectionResetError:
            return True

    def reset(self) -> None:
        """Disappear with a reset."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.sock.close()

    def _take(self, size: int) -> bytearray:
        while len(self.buffer) < size:
            data = self._more()
            assert data, f"the connection ended within a frame: {bytes(self.buffer)!r}"
            self.buffer += data
        taken = self.buffer[:size]
        del self.buffer[:size]
        return taken

    def _more(self) -> bytes:
        return self.sock.recv(65536)
