"""Advisories against other servers about where a request ends, each through a real socket.

Every case hides a second request for `/evil`; whatever is answered, that one must never be served.
The numbers are those of the project's list of advisories.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from sanic_fast.response import raw
from tests.wire.kit import Raw, ServerThread, make_app, read_answer

EVIL = b"GET /evil HTTP/1.1\r\nHost: a\r\n\r\n"
METHODS = ["GET", "POST"]


@dataclass
class Attack:
    """What is sent, and what may be answered; the connection closes unless that is 200."""

    name: str
    data: bytes
    status: tuple[int, ...] = (400,)


def head(*lines: str, start: str = "POST / HTTP/1.1") -> bytes:
    return "\r\n".join([start, "Host: a", *lines, "", ""]).encode("latin-1")


def chunked(body: bytes, coding: str = "Transfer-Encoding: chunked", *more: str) -> bytes:
    return head(coding, *more) + body


LAST = b"0\r\n\r\n"
ATTACKS = [
    # Sanic
    Attack("4 PR-3165 trailers", chunked(b"0\r\n" + EVIL), (400,)),
    Attack("4 PR-3165 trailer fields", chunked(b"0\r\nX: GET /evil HTTP/1.1\r\n\r\n"), (200,)),
    Attack("6 PR-3165 long target", b"GET /" + b"a" * 70000 + b" HTTP/1.1\r\n\r\n", (414,)),
    # aiohttp
    Attack("7 CVE-2023-37276 bare CR", b"GET / HTTP/1.1\rX: y\r\nHost: a\r\n\r\n" + EVIL),
    Attack("7 CVE-2023-37276 bare CR in a value", head("X: a\r\rContent-Length: 9") + EVIL),
    *(
        Attack(f"8 CVE-2023-47627 length {value!r}", head(f"Content-Length: {value}") + EVIL)
        for value in ("+5", "5_0", "0x5", "-5", "５".encode().decode("latin-1"), "5 5", "5;", " ")
    ),
    *(
        Attack(
            f"8 CVE-2023-47627 chunk size {size!r}", chunked(size + b"\r\nabcde\r\n" + LAST + EVIL)
        )
        for size in (b"+5", b"0x5", b"5_", b"-5", b" 5", b"\xd9\xa5", b"")
    ),
    Attack("8 CVE-2023-47627 NUL", head("X: a\0b") + EVIL),
    Attack("8 CVE-2023-47627 space in a name", head("X Y: a") + EVIL),
    Attack(
        "9 CVE-2023-47641 both",
        chunked(LAST + EVIL, "Content-Length: 5", "Transfer-Encoding: chunked"),
    ),
    Attack(
        "9 CVE-2023-47641 both, other order",
        chunked(LAST + EVIL, "Transfer-Encoding: chunked", "Content-Length: 5"),
    ),
    Attack("12 CVE-2024-23829 separators", b"GET\t/\tHTTP/1.1\r\nHost: a\r\n\r\n" + EVIL),
    Attack("12 CVE-2024-23829 version", head(start="GET / HTTP/1.1 ") + EVIL),
    Attack("12 CVE-2024-23829 version digits", head(start="GET / HTTP/1.\xb2") + EVIL),
    Attack("16 CVE-2024-52304 LF in an extension", chunked(b"5;a=\n\r\nabcde\r\n" + LAST + EVIL)),
    Attack("16 CVE-2024-52304 CR in an extension", chunked(b"5;a=\rb\r\nabcde\r\n" + LAST + EVIL)),
    Attack("17 CVE-2025-53643 trailer section", chunked(b"0\r\nno colon\r\n\r\n" + EVIL)),
    Attack("19 CVE-2025-69224 method", "G\u0130T / HTTP/1.1\r\nHost: a\r\n\r\n".encode() + EVIL),
    Attack(
        "23 CVE-2026-22815 trailers without end",
        chunked(b"0\r\n" + b"X: y\r\n" * 10000),
        (400, 431),
    ),
    Attack("24 CVE-2026-34525 two hosts", head("Host: b") + EVIL),
    # gunicorn, waitress
    Attack(
        "27 CVE-2024-1135 conflicting codings",
        chunked(LAST + EVIL, "Transfer-Encoding: chunked", "Transfer-Encoding: identity"),
        (400, 501),
    ),
    Attack(
        "27 CVE-2024-1135 chunked, identity",
        chunked(LAST + EVIL, "Transfer-Encoding: chunked, identity"),
        (400, 501),
    ),
    Attack(
        "28 CVE-2024-6827 unknown coding",
        head("Transfer-Encoding: x", "Content-Length: 0") + EVIL,
        (400, 501),
    ),
    Attack(
        "29 CVE-2019-16785 bare LF", b"POST / HTTP/1.1\r\nHost: a\nContent-Length: 0\r\n\r\n" + EVIL
    ),
    *(
        Attack(
            f"30 CVE-2019-16786 coding {value!r}",
            chunked(LAST + EVIL, f"Transfer-Encoding: {value}"),
            (400, 501),
        )
        for value in (
            "not-chunked",
            "\x0bchunked",
            "chunked\x0c",
            "xchunked",
            "chunked,",
            ",chunked",
            '"chunked"',
            "chunked;q=1",
        )
    ),
    Attack("31 CVE-2019-16792 length twice", head("Content-Length: 0", "Content-Length: 5") + EVIL),
    Attack("31 CVE-2019-16792 length list", head("Content-Length: 0, 5") + EVIL),
    Attack("32 CVE-2022-24761 extension", chunked(b"5;\x01\r\nabcde\r\n" + LAST + EVIL)),
    Attack("33 CVE-2024-49768 after an error", head("X : y") + EVIL * 10),
    Attack(
        "33 CVE-2024-49768 after close",
        head("Connection: close", start="GET / HTTP/1.1") + EVIL,
        (200,),
    ),
    # tornado
    Attack(
        "36 GHSA-753j-mpmx-qq6g chunked twice",
        chunked(LAST + EVIL, "Transfer-Encoding: chunked", "Transfer-Encoding: chunked"),
    ),
    # h11, Node
    *(
        Attack(
            f"44 CVE-2025-43859 {end!r} after a chunk", chunked(b"5\r\nabcde" + end + LAST + EVIL)
        )
        for end in (b"XX", b"\n", b"\r", b"X\n", b"\rX", b"")
    ),
    Attack(
        "47 CVE-2020-8287 second coding",
        chunked(LAST + EVIL, "Transfer-Encoding: chunked", "Transfer-Encoding: eee"),
        (400, 501),
    ),
    Attack("48 CVE-2021-22959 space before the colon", head("Content-Length : 5") + EVIL),
    Attack("48 CVE-2021-22959 tab before the colon", head("Content-Length\t: 5") + EVIL),
    Attack("49 CVE-2021-22960 chunk extension", chunked(b"2 \n;a\r\nab\r\n" + LAST + EVIL)),
    Attack(
        "50 CVE-2022-32213 folded coding",
        head("Transfer-Encoding: chunked", " , identity") + LAST + EVIL,
    ),
    Attack(
        "50 CVE-2022-32214 LF ends a line", head("X: y\nTransfer-Encoding: chunked") + LAST + EVIL
    ),
    Attack("50 CVE-2022-32215 folded", head("Transfer-Encoding:", " chunked") + LAST + EVIL),
    Attack("51 CVE-2023-30589 CR ends a line", head("X: y\rTransfer-Encoding: chunked") + EVIL),
    Attack("52 CVE-2024-22019 endless extension", chunked(b"1;" + b"a" * 100000), (400, 413)),
    Attack(
        "52 CVE-2024-22019 many extensions",
        chunked((b"1;" + b"a" * 100 + b"\r\nx\r\n") * 3000),
        (400, 413),
    ),
    Attack(
        "53 CVE-2024-27982 space first",
        b"POST / HTTP/1.1\r\n Content-Length: 5\r\nHost: a\r\n\r\n" + EVIL,
    ),
    Attack("54 CVE-2025-23167 end of the head", b"POST / HTTP/1.1\r\nHost: a\r\n\rX" + EVIL),
    # others
    Attack("61 CVE-2026-48710 host", b"GET / HTTP/1.1\r\nHost: a/?#\r\n\r\n" + EVIL),
    *(
        Attack(
            f"67 CVE-2013-2028 chunk size {size!r}",
            chunked(size + b"\r\nab\r\n" + EVIL),
            (400, 408, 413),
        )
        for size in (
            b"ffffffffffffffff",
            b"8000000000000000",
            b"7fffffffffffffff",
            b"10000000000000000",
            b"f" * 100,
        )
    ),
    Attack(
        "68 CVE-2021-32714 length overflow", head(f"Content-Length: {2**64}") + EVIL, (400, 413)
    ),
    Attack("68 CVE-2021-32715 length with a sign", head("Content-Length: +5") + b"abcde" + EVIL),
    Attack("69 CVE-2021-40346 long name", head("X" * 65800 + ": a") + EVIL, (431,)),
    Attack("70 CVE-2023-25725 empty name", head(": x", "Content-Length: 5") + EVIL),
    Attack("71 CVE-2023-40225 empty length", head("Content-Length:") + EVIL),
    Attack(
        "72 CVE-2023-39326 extension amplification",
        chunked((b"1;" + b"a" * 4000 + b"\r\nx\r\n") * 100),
        (400, 413),
    ),
    Attack("73 CVE-2025-22871 LF ends a chunk size", chunked(b"5\nabcde\r\n" + LAST + EVIL)),
    Attack(
        "74 CVE-2023-46589 long trailer",
        chunked(b"0\r\nX: " + b"y" * 100000 + b"\r\n\r\n" + EVIL),
        (400, 431),
    ),
]


@pytest.fixture(scope="module", params=["asyncio", "uvloop"])
def server(request) -> Iterator[ServerThread]:
    app = make_app("framing", REQUEST_TIMEOUT=0.3)
    app.ctx.seen = []

    @app.route("/", methods=METHODS, name="root")
    @app.route("/<path:path>", methods=METHODS, name="any")
    async def echo(request, path=""):
        app.ctx.seen.append(request.path)
        return raw(request.body)

    @app.route("/ignore", methods=METHODS, ignore_body=True)
    async def ignore(request):
        return raw(b"")

    @app.route("/stream", methods=METHODS, stream=True)
    async def stream(request):
        async for _ in request.stream:
            pass
        return raw(b"")

    with ServerThread(app, request.param) as thread:
        yield thread


def drive(server: ServerThread, data: bytes) -> list[int]:
    """The statuses of all answers until the connection ends."""
    found = []
    with Raw(server.port) as client:
        try:
            client.send(data)
        except ConnectionError:
            pass
        while answer := read_answer(client.more, client.buffer):
            found.append(answer)
            if len(found) == 1 and answer.keep_alive:
                client.half_close()
    return [answer.status for answer in found]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_attack(server: ServerThread, attack: Attack) -> None:
    server.app.ctx.seen.clear()
    for _ in range(10):
        found = drive(server, attack.data)
        if found != [408] or 408 in attack.status:
            break  # otherwise we may have been too slow to send all of it
    assert "/evil" not in server.app.ctx.seen
    assert len(found) == 1 and found[0] in attack.status, found


@pytest.mark.parametrize("path", ["/ignore", "/stream", "/nope%00"])
@pytest.mark.parametrize(
    "attack", [a for a in ATTACKS if b"POST / " in a.data], ids=lambda attack: attack.name
)
def test_attack_on_a_body_that_is_read_otherwise(
    server: ServerThread, attack: Attack, path: str
) -> None:
    """Ignored, streamed, not even routed: whatever is answered, nothing is smuggled."""
    server.app.ctx.seen.clear()
    drive(server, attack.data.replace(b"POST / ", f"POST {path} ".encode()))
    assert "/evil" not in server.app.ctx.seen
