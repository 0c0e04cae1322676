"""What is sent: requests to begin with, and ways to spoil them."""

from __future__ import annotations

import random
import sys
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CASES = Path(__file__).resolve().parents[2] / "cases"
FORM = b"application/x-www-form-urlencoded"
PARTS = (
    b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
    b'--b\r\nContent-Disposition: form-data; name="f"; filename="x.txt"\r\n'
    b"Content-Type: text/plain\r\n\r\nhello\r\n--b--\r\n"
)
UPGRADE = (
    b"GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
# Masked with zeros: text "hi", binary, two fragments, ping, close.
FRAMES = (
    b"\x81\x82\0\0\0\0hi\x82\x83\0\0\0\0abc\x01\x81\0\0\0\0x\x80\x81\0\0\0\0y"
    b"\x89\x80\0\0\0\0\x88\x82\0\0\0\0\x03\xe8"
)
WORDS = (
    b"\r\n", b"\n", b"\r", b"\x00", b" ", b"\t", b":", b"\r\n\r\n", b"\r\n ", b"0\r\n\r\n", b"%",
    b"%00", b"%c0%af", b"..", b"//", b"?", b"#", b"&", b"=", b";", b'"', b"\\", b"\xff\xfe",
    b"\xc3\xa9", b"Content-Length: 5\r\n", b"Content-Length: -1\r\n",
    b"Content-Length: 18446744073709551617\r\n", b"Transfer-Encoding: chunked\r\n",
    b"Transfer-Encoding: gzip, chunked\r\n", b"Connection: close\r\n",
    b"Connection: keep-alive, close\r\n", b"Expect: 100-continue\r\n", b"Host: a\r\n",
    b"Host: [::1]:1\r\n", b"Upgrade: websocket\r\n", b'Cookie: a=b; c="d"\r\n',
    b"Range: bytes=0-1,5-\r\n", b"If-None-Match: *\r\n", b"Forwarded: for=a;secret=s\r\n",
    b"Accept: */*;q=nan\r\n", b"HTTP/1.1", b"HTTP/1.0", b"HTTP/2.0",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"ffffffffffffffff\r\n", b"5;a=b\r\nhello\r\n", b"GET ",
    b"HEAD ", b"POST ", b"OPTIONS * HTTP/1.1\r\n", b"\x16\x03\x01\x02\x00\x01", b"\x81\xfe\xff\xff",
    b"\x88\x80\x00\x00\x00\x00", b"\x8f\xff",
)  # fmt: skip
LIMIT = 200_000  # bytes of one input


def request(
    method: str, path: str, *lines: str, body: bytes | None = None, chunked: bool = False
) -> bytes:
    """A well-formed request."""
    head = [f"{method} {path} HTTP/1.1", "Host: localhost", *lines]
    if chunked:
        head.append("Transfer-Encoding: chunked")
        half = len(body or b"") // 2
        pieces = [(body or b"")[:half], (body or b"")[half:]]
        coded = b"".join(b"%x\r\n%s\r\n" % (len(each), each) for each in pieces if each)
        body = coded + b"0\r\n\r\n"
    elif body is not None:
        head.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*head, "", ""]).encode() + (body or b"")


def seeds() -> list[bytes]:
    """Requests for every route of `app`, and all the cases of the tests of parsing."""
    routes = [
        request("GET", "/"),
        request("GET", "/touch/name?a=1&b=%20c&a=2", "Cookie: s=1; t=2", "Accept: text/html"),
        request("HEAD", "/touch/x", "If-None-Match: x"),
        request("GET", "/int/12/a%2Fb/" + "x" * 300),
        request("GET", "/pieces"),
        request("GET", "/pieces", "Connection: close").replace(b"/1.1", b"/1.0"),
        request("GET", "/error"),
        request("GET", "/sleep"),
        request("GET", "/file", "Range: bytes=10-99"),
        request("GET", "/file", "If-Modified-Since: Wed, 21 Oct 2099 07:28:00 GMT"),
        request("GET", "/static/inputs.py"),
        request("POST", "/echo", body=b"x" * 2000),
        request("POST", "/echo", "Expect: 100-continue", body=b"hello"),
        request("POST", "/echo", body=b"hello world", chunked=True),
        request("POST", "/upload", body=b"x" * 70_000),
        request("POST", "/upload", body=b"streamed body", chunked=True),
        request("POST", "/form", f"Content-Type: {FORM.decode()}", body=b"a=1&b=%C3%A9&c"),
        request("POST", "/form", "Content-Type: multipart/form-data; boundary=b", body=PARTS),
        request("POST", "/form", "Content-Type: application/json", body=b'{"a": [1, 2, null]}'),
        request("OPTIONS", "/"),
        request("DELETE", "/"),
        request("GET", "/nowhere"),
        request("GET", "/", *(f"X-{n}: {'v' * n}" for n in range(40))),
        UPGRADE + FRAMES,
        UPGRADE + FRAMES[:16] * 20,
    ]
    cases = []
    for name in ("heads", "bodies", "chunked", "smuggling"):
        for case in tomllib.loads((CASES / f"{name}.toml").read_text())["case"]:
            data = b"".join(joined(case.get(key, "")) for key in ("data", "fault", "rest"))
            if name == "chunked":
                data = request("POST", "/echo", "Transfer-Encoding: chunked") + data
            if len(data) <= LIMIT:
                cases.append(data)
    # Most of the cases are refused for what they are; two in three inputs are to get further.
    return routes * (2 * len(cases) // len(routes)) + cases


def joined(text: Any) -> bytes:
    """The bytes that the text of a case stands for."""
    if isinstance(text, list):
        return b"".join(map(joined, text))
    if isinstance(text, dict):
        return joined(text["text"]) * int(text["times"])
    return str(text).encode("latin-1")


def mutated(dice: random.Random, found: list[bytes]) -> bytes:
    """One or more requests, most of them spoiled in a few places."""
    data = bytearray(b"".join(dice.choice(found) for _ in range(dice.choice((1, 1, 1, 2, 3, 8)))))
    for _ in range(dice.choice((0, 1, 1, 1, 2, 3, 10))):
        _spoil(dice, data, found)
    return bytes(data[:LIMIT])


def _spoil(dice: random.Random, data: bytearray, found: list[bytes]) -> None:
    at = dice.randrange(len(data) + 1)
    if dice.random() < 0.5:  # rather in the head, which is where most is decided
        at = min(at, dice.randrange(200))
    end = min(len(data), at + dice.choice((1, 1, 2, 4, 16, 64, 1000)))
    kind = dice.randrange(9)
    if kind == 0 and at < len(data):
        data[at] ^= 1 << dice.randrange(8)
    elif kind == 1 and at < len(data):
        data[at] = dice.randrange(256)
    elif kind == 2:
        data[at:at] = dice.choice(WORDS)
    elif kind == 3:
        data[at:end] = b""
    elif kind == 4:
        data[at:at] = data[at:end] * dice.choice((1, 2, 10, 100))
    elif kind == 5:
        del data[at:]
    elif kind == 6:
        other = dice.choice(found)
        data[at:end] = other[dice.randrange(len(other) + 1) :]
    elif kind == 7:
        data[at:end] = dice.choice(WORDS)
    else:
        data[at:at] = dice.randbytes(dice.choice((1, 4, 100)))
    del data[LIMIT:]


def pieces(dice: random.Random, data: bytes) -> list[bytes]:
    """The input as it is to be sent: whole, or cut in odd places."""
    count = dice.choice((0, 0, 0, 1, 2, 5, 30))
    cuts = sorted(dice.randrange(len(data) + 1) for _ in range(count))
    return [data[a:b] for a, b in zip([0, *cuts], [*cuts, len(data)], strict=True) if a < b]
