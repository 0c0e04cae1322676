"""The workloads: what is sent, which build of the application gets it, what must come back."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

MIB = 1024 * 1024
#: What a browser sends with a page request: 12 fields, about 700 bytes.
BROWSER_HEADERS = (
    ("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
    ("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"),
    ("accept-language", "en-GB,en;q=0.8,de;q=0.5,fr;q=0.3"),
    ("accept-encoding", "gzip, deflate, br, zstd"),
    ("referer", "http://example.test/some/other/page?with=a&query=string"),
    ("cookie", "session=6f9b1c0e4d2a48d1b0c7d3a1; theme=dark; consent=all; seen=2024-11-02"),
    ("upgrade-insecure-requests", "1"),
    ("sec-fetch-dest", "document"),
    ("sec-fetch-mode", "navigate"),
    ("sec-fetch-site", "same-origin"),
    ("x-request-id", "0b8f6c1e-5a52-4a61-9a39-5d4f2a7e9c11"),
)
ECHO = {"id": 1234, "name": "An item", "tags": ["a", "b", "c"], "price": 12.5, "stock": True}

FORM = (
    b'--perf-boundary\r\ncontent-disposition: form-data; name="title"\r\n\r\nA file\r\n'
    b'--perf-boundary\r\ncontent-disposition: form-data; name="file"; filename="a.bin"\r\n'
    b"content-type: application/octet-stream\r\n\r\n" + b"x" * 8192 + b"\r\n"
    b"--perf-boundary--\r\n"
)


@dataclass(frozen=True)
class Scenario:
    """One workload.

    `variant` names the build of the application that serves it. `floor` is the mode of the C
    yardstick it is compared with, None where there is none. `driver` is what makes the load: wrk,
    or our websocket client. `sanic_api` marks what only applications on Sanic's API have. The
    expectations (`body`, `json`, `size`, `fields`) are used by the check before a measurement.
    """

    name: str
    path: str = "/"
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    send: bytes = b""
    pipeline: int = 1
    driver: str = "wrk"
    variant: str = "main"
    floor: str | None = "canned"
    sanic_api: bool = False
    body: bytes | None = None
    json: object = None
    size: int | None = None
    fields: dict[str, str] = field(default_factory=dict)


HELLO = b"Hello, World!"
USER = {"name": "joe", "id": 42, "q": "search"}
_ALL = (
    Scenario("text", body=HELLO),
    Scenario("json", "/json", json={"message": "Hello, World!"}),
    Scenario("params", "/user/joe/42?q=search", json=USER),
    Scenario(
        "post_json",
        "/echo",
        "POST",
        (("content-type", "application/json"),),
        send=json.dumps(ECHO).encode(),
        json=ECHO,
    ),
    Scenario(
        "form",
        "/form",
        "POST",
        (("content-type", "multipart/form-data; boundary=perf-boundary"),),
        send=FORM,
        sanic_api=True,
        json={"title": "A file", "name": "a.bin", "size": 8192},
    ),
    Scenario("pipe16", pipeline=16, floor=None, body=HELLO),
    Scenario("browser", headers=BROWSER_HEADERS, body=HELLO),
    Scenario(
        "headers",
        "/headers",
        headers=BROWSER_HEADERS,
        body=BROWSER_HEADERS[0][1].encode(),
        fields={"x-request-id": BROWSER_HEADERS[-1][1], "cache-control": "no-store"},
    ),
    Scenario("middleware", variant="middleware", body=HELLO, fields={"x-user": "someone"}),
    Scenario("sleep0", "/sleep0", body=HELLO),
    Scenario("deep", "/deep999/joe/42?q=search", variant="deep", json=USER),
    Scenario("access_log", variant="access_log", body=HELLO),
    Scenario("access_log_own", variant="access_log_own", sanic_api=True, body=HELLO),
    Scenario("stream", "/stream", floor="stream", size=16 * 4096),
    Scenario("mib", "/mib", floor="mib", size=MIB),
    Scenario("static", "/file", floor="sendfile", size=MIB),
    Scenario(
        "upload",
        "/upload",
        "POST",
        (("content-type", "application/octet-stream"),),
        send=b"x" * MIB,
        floor="upload",
        body=str(MIB).encode(),
    ),
    Scenario("websocket", "/ws", driver="websocket", floor=None),
)
SCENARIOS = {scenario.name: scenario for scenario in _ALL}
#: The short set for a look while working.
QUICK = ("text", "json", "params", "post_json", "pipe16", "middleware", "sleep0")
