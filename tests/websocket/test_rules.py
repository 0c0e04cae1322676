"""What RFC 6455 forbids ends the connection with the right code, on both loops."""

from __future__ import annotations

import pytest

from tests.websocket.kit import (
    BINARY,
    CLOSE,
    CONTINUATION,
    PING,
    PONG,
    TEXT,
    Peer,
    close_frame,
    frame,
)
from tests.wire.kit.serve import ServerThread

LIMIT = 1000
PART = frame(TEXT, "part", final=False)

# name, bytes, close code
BROKEN = [
    ("text without a mask", frame(TEXT, "a", masked=False), 1002),
    ("ping without a mask", frame(PING, "a", masked=False), 1002),
    ("close without a mask", b"\x88\x00", 1002),
    ("reserved bit 1", frame(TEXT, "a", flags=4), 1002),
    ("reserved bit 2", frame(BINARY, "a", flags=2), 1002),
    ("reserved bit 3 of a ping", frame(PING, "a", flags=1), 1002),
    *((f"opcode {n}", frame(n, "a"), 1002) for n in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15)),
    ("continuation of nothing", frame(CONTINUATION, "a"), 1002),
    ("text within a message", PART + frame(TEXT, "a"), 1002),
    ("binary within a message", PART + frame(BINARY, "a", final=False), 1002),
    ("fragmented ping", frame(PING, "a", final=False), 1002),
    ("fragmented close", frame(CLOSE, "", final=False), 1002),
    ("long ping", frame(PING, "a" * 126), 1002),
    ("long pong", frame(PONG, "a" * 126), 1002),
    ("long close", frame(CLOSE, b"\x03\xe8" + b"a" * 124), 1002),
    ("close of one byte", frame(CLOSE, "a"), 1002),
    *(
        (f"close {code}", close_frame(code), 1002)
        for code in (0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535)
    ),
    ("close with a reason that is no text", frame(CLOSE, b"\x03\xe8\xff"), 1007),
    ("text that is no text", frame(TEXT, b"ab\xff"), 1007),
    ("text cut within a letter", frame(TEXT, "é".encode()[:1]), 1007),
    ("surrogates", frame(TEXT, b"\xed\xa0\x80"), 1007),
    ("too long a form", frame(TEXT, b"\xc0\xaf"), 1007),
    ("beyond the last letter", frame(TEXT, b"\xf4\x90\x80\x80"), 1007),
    ("bad text in a fragment", PART + frame(CONTINUATION, b"\xff", final=False), 1007),
    ("message cut within a letter", PART + frame(CONTINUATION, b"\xc3"), 1007),
    ("text over the limit", frame(TEXT, "a" * (LIMIT + 1)), 1009),
    ("binary over the limit", frame(BINARY, b"a" * (LIMIT + 1)), 1009),
    ("announced over the limit", frame(TEXT, b"", length=2**40), 1009),
    ("the highest bit of a length", frame(TEXT, b"", length=2**63), None),
    ("fragments over the limit", PART + frame(CONTINUATION, "a" * LIMIT), 1009),
]
GOOD = [
    ("exactly the limit", frame(TEXT, "a" * LIMIT), "a" * LIMIT),
    ("empty", frame(TEXT, ""), ""),
    ("125", frame(TEXT, "a" * 125), "a" * 125),
    ("126", frame(TEXT, "b" * 126), "b" * 126),
    ("foreign", frame(TEXT, "é€😀"), "é€😀"),
    ("a last letter", frame(TEXT, "\U0010ffff"), "\U0010ffff"),
    ("fragments", PART + frame(CONTINUATION, "s"), "parts"),
    ("empty fragments", PART + 50 * frame(CONTINUATION, final=False) + frame(CONTINUATION), "part"),
    ("a ping between", PART + frame(PONG, "x") + frame(CONTINUATION, "y"), "party"),
]


@pytest.fixture(scope="module", params=["asyncio", "uvloop"])
def port(request):
    from tests.wire.kit.serve import make_app

    app = make_app("rules", WEBSOCKET_MAX_SIZE=LIMIT)

    @app.websocket("/")
    async def echo(request, ws):
        async for message in ws:
            await ws.send(message)

    with ServerThread(app, request.param) as server:
        yield server.port


@pytest.mark.parametrize(("data", "code"), [r[1:] for r in BROKEN], ids=[r[0] for r in BROKEN])
def test_broken(port, data, code) -> None:
    with Peer(port) as peer:
        peer.send(frame(TEXT, "before"), data, frame(TEXT, "after"))
        assert peer.text() == "before"
        got, reason = peer.closing()
        assert got == code or (code is None and got in (1002, 1009))
        assert len(reason.encode()) <= 123
        assert peer.ended()


@pytest.mark.parametrize(("data", "text"), [r[1:] for r in GOOD], ids=[r[0] for r in GOOD])
@pytest.mark.parametrize("split", [False, True])
def test_good(port, data, text, split) -> None:
    with Peer(port) as peer:
        if split:
            for at in range(0, len(data), 7 if len(data) > 200 else 1):
                peer.send(data[at : at + (7 if len(data) > 200 else 1)])
        else:
            peer.send(data)
        assert peer.text() == text


@pytest.mark.parametrize("code", [1000, 1001, 1002, 1003, 1007, 1011, 1012, 3000, 4999])
def test_close_is_echoed(port, code) -> None:
    with Peer(port) as peer:
        peer.send(close_frame(code, "why"))
        assert peer.closing() == (code, "why")
        assert peer.ended()


def test_close_without_a_code(port) -> None:
    with Peer(port) as peer:
        peer.send(frame(CLOSE))
        assert peer.receive().payload == b""
        assert peer.ended()


def test_ping_is_answered(port) -> None:
    with Peer(port) as peer:
        peer.send(PART, frame(PING, b"\x00\xff" * 60), frame(PING))
        assert peer.receive().payload == b"\x00\xff" * 60
        got = peer.receive()
        assert (got.opcode, got.payload) == (PONG, b"")
        peer.send(frame(CONTINUATION, "y"))
        assert peer.text() == "party"


def test_continuation_after_the_end(port) -> None:
    with Peer(port) as peer:
        peer.send(PART, frame(CONTINUATION), frame(CONTINUATION))
        assert peer.text() == "part"
        assert peer.closing()[0] == 1002


def test_bad_text_is_found_early(port) -> None:
    with Peer(port) as peer:
        peer.send(frame(TEXT, b"\xff", final=False))
        assert peer.closing() == (1007, "invalid start byte at position 0")


def test_wording_of_the_size_limit(port) -> None:
    with Peer(port) as peer:
        peer.send(frame(TEXT, "a" * 2000))
        code, reason = peer.closing()
        # Releases of the `websockets` package put it in different words.
        assert code == 1009 and "2000" in reason and "1000 bytes" in reason


def test_server_survives_peers_that_keep_sending(port) -> None:
    with Peer(port) as peer:
        peer.send(frame(TEXT, b"a" * 10_000_000))  # taken to its end, so that 1009 arrives
        assert peer.closing()[0] == 1009
        assert peer.ended()


def test_a_peer_that_never_ends_is_cut(port) -> None:
    with Peer(port) as peer:
        peer.send(frame(TEXT, masked=False))
        try:
            for _ in range(1000):
                peer.send(bytes(2**20))
        except OSError:
            return
        raise AssertionError("a gigabyte was taken")
