"""Requests of `apps/websockets.py`."""

from __future__ import annotations

from tests.parity.wire import Case, cases, request

SHAKE = (
    "upgrade: websocket",
    "connection: Upgrade",
    "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==",
    "sec-websocket-version: 13",
)


def frame(opcode: int, data: bytes | str = b"", *, last: bool = True) -> bytes:
    """A frame as a client sends it, masked with zeros."""
    payload = data.encode() if isinstance(data, str) else data
    size = len(payload)
    length = bytes([0x80 | size]) if size < 126 else b"\xfe" + size.to_bytes(2, "big")
    return bytes([opcode | 0x80 * last]) + length + b"\0\0\0\0" + payload


CLOSE = frame(8, (1000).to_bytes(2, "big"))


def socket(name: str, path: str, *frames: bytes, headers: tuple[str, ...] = ()) -> Case:
    """A handshake, then frames with an answer to each but the last."""
    data = request("GET", path, *SHAKE, *headers)
    return Case(name, (data,), interim=True, after=frames)


def refused(name: str, *headers: str, path: str = "/echo", method: str = "GET") -> Case:
    """A handshake that gets an answer of another kind."""
    return Case(name, (request(method, path, *headers),), interim=True)


CASES = [
    socket("a text", "/echo", frame(1, "hello"), CLOSE),
    socket("bytes", "/echo", frame(2, b"\x00\xff"), CLOSE),
    socket("several", "/echo", frame(1, "a"), frame(1, "b"), frame(2, b"c"), CLOSE),
    socket("fragments", "/echo", frame(1, "a", last=False) + frame(0, "b", last=False)
           + frame(0, "c"), CLOSE),
    socket("a ping", "/echo", frame(9, "x"), frame(1, "after"), CLOSE),
    socket("a pong", "/echo", frame(10, "x") + frame(1, "after"), CLOSE),
    socket("200 bytes", "/echo", frame(1, "x" * 200), CLOSE),
    socket("an empty text", "/echo", frame(1), CLOSE),
    socket("a close with a reason", "/echo", frame(8, b"\x0f\xa0bye")),
    socket("a close without a code", "/echo", frame(8)),
    socket("an unknown opcode", "/echo", frame(3)),
    socket("a frame without a mask", "/echo", b"\x81\x01a"),
    socket("reserved bits", "/echo", b"\xc1\x80\0\0\0\0"),
    socket("a fragment of nothing", "/echo", frame(0, "x")),
    socket("a close code of 1005", "/echo", frame(8, (1005).to_bytes(2, "big"))),
    socket("text once", "/once", frame(1, "a"), b"", CLOSE),
    socket("bytes once", "/once", frame(2, b"a"), b"", CLOSE),
    socket("nothing", "/nothing", b"", CLOSE),
    socket("returns", "/returns", b"", CLOSE),
    socket("parameters", "/params/5/a%20b?q=1", b"", CLOSE),
    socket("its own close", "/close", b"", frame(8, (4001).to_bytes(2, "big"))),
    socket("raises", "/raises", b"", CLOSE),
    socket("raises a SanicException", "/raises-sanic", b"", CLOSE),
    socket("kinds", "/kinds", *[b""] * 8, CLOSE),
    socket("a timeout", "/timeout", b"", CLOSE),
    socket("after the close", "/after-close", b"", CLOSE),
    socket("a burst", "/burst", frame(1, "a") + frame(1, "b") + frame(1, "c"), CLOSE),
    socket("in a blueprint", "/bp/ws", b"", CLOSE),
    socket("added", "/added", b"", CLOSE),
    socket("first subprotocol", "/protocols", b"", b"", CLOSE,
           headers=("sec-websocket-protocol: one, two",)),
    socket("second subprotocol", "/protocols", b"", b"", CLOSE,
           headers=("sec-websocket-protocol: two",)),
    socket("other subprotocol", "/protocols", b"", b"", CLOSE,
           headers=("sec-websocket-protocol: three",)),
    socket("no subprotocol", "/protocols", b"", b"", CLOSE),
    socket("an extension", "/echo", frame(1, "a"), CLOSE,
           headers=("sec-websocket-extensions: permessage-unknown",)),
    refused("no upgrade"),
    refused("no key", *SHAKE[:2], SHAKE[3]),
    refused("another version", *SHAKE[:3], "sec-websocket-version: 12"),
    refused("no version", *SHAKE[:3]),
    refused("a bad key", *SHAKE[:2], "sec-websocket-key: x", SHAKE[3]),
    refused("upgrade to something else", "upgrade: h2c", "connection: upgrade"),
    refused("post", *SHAKE, method="POST"),
    refused("no such path", *SHAKE, path="/nope"),
    refused("a plain route", *SHAKE, path="/echo-http"),
    refused("stopped by middleware", *SHAKE, path="/echo?stop"),
    refused("middleware raises", *SHAKE, path="/echo?raise"),
    refused("a bad parameter", *SHAKE, path="/params/x/y"),
    *cases("""
/echo-http
/seen
"""),
]  # fmt: skip
