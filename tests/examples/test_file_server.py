"""examples/file_server: uploads, ranges, the view of the folder, under both packages."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import pytest

from tests.examples.programs import ORIGINAL, OURS, served
from tests.servers import LIMIT, connect

pytestmark = [pytest.mark.net, pytest.mark.slow]
SMALL = b"hello, file\n"
LARGE = bytes(range(256)) * 20_000  # more than what the app keeps in memory
SETTINGS = {"SANIC_UPLOAD_LIMIT": str(len(LARGE))}
# Those both packages send, and whose values mean something to the client.
HEADERS = ("content-type", "content-length", "content-range", "accept-ranges", "location")


def chunks(content: bytes) -> Iterator[bytes]:
    """A body whose length is not told."""
    for start in range(0, len(content), 100_000):
        yield content[start : start + 100_000]


def shown(response: httpx.Response) -> tuple[Any, ...]:
    """What a client sees; of a page its links."""
    headers = {name: response.headers.get(name) for name in HEADERS}
    body: Any = response.content
    if response.headers.get("content-type", "").startswith("text/html"):
        links = re.findall(r'<a href="?([^">]+)', response.text)
        # The original's are not encoded (docs/differences.md); its footer leads to its own site.
        body = [unquote(link) for link in links if "://" not in link]
        # Styles and scripts are each package's own.
        del headers["content-length"]
    return response.status_code, headers, body


def story(client: httpx.Client) -> list[tuple[Any, ...]]:
    """Send, read, list and remove files; all that came back."""
    first = client.put("/upload/small.txt", content=SMALL)
    got = [
        first,
        client.put("/upload/small.txt", content=SMALL),
        client.put("/upload/large%20%C3%A9.bin", content=chunks(LARGE)),
        client.put("/upload/empty", content=b""),
        client.get("/files/small.txt"),
        client.get("/files/large%20%C3%A9.bin"),
        client.get("/files/small.txt", headers={"range": "bytes=7-10"}),
        client.get("/files/small.txt", headers={"range": "bytes=-5"}),
        client.get("/files/small.txt", headers={"range": "bytes=6-"}),
        client.get("/files/small.txt", headers={"range": "bytes=99-"}),
        client.head("/files/small.txt"),
        client.get("/files/"),
        client.get("/files/nothing"),
        client.get("/files/%2e%2e/app.py"),
        client.put("/upload/.hidden", content=SMALL),
        client.put("/upload/..%2Fup", content=SMALL),
        client.put(f"/upload/{'x' * 300}", content=SMALL),
        client.put("/upload/more", content=LARGE + b"x"),
        client.put("/upload/more", content=chunks(LARGE + b"x")),
        client.post("/upload/more", content=SMALL),
        client.delete("/upload/empty"),
        client.delete("/upload/empty"),
        client.get("/files/"),
    ]
    return [shown(response) for response in got]


def half_an_upload(port: int) -> None:
    """Go away in the middle."""
    head = b"PUT /upload/half HTTP/1.1\r\nhost: x\r\ncontent-length: 3000000\r\n\r\n"
    with connect(port) as sock:
        sock.sendall(head + b"x" * 2_000_000)


def told(folder: Path, package: str) -> list[tuple[Any, ...]]:
    """The story under a package; nothing but whole files is left."""
    with served("file_server", folder, package, SETTINGS) as (client, program):
        found = story(client)
        half_an_upload(client.base_url.port or 0)
        shared = folder / package / "shared"
        end = time.monotonic() + LIMIT
        while list((shared / "parts").iterdir()):
            assert time.monotonic() < end, program.output
            time.sleep(0.01)
        names = sorted(path.name for path in (shared / "files").iterdir())
        assert names == ["large é.bin", "small.txt"]
    return found


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Any, ...]]:
    return told(tmp_path_factory.mktemp("files"), OURS)


def test_answers_are_right(ours: list[tuple[Any, ...]]) -> None:
    statuses = [status for status, _, _ in ours]
    assert statuses[:4] == [201, 200, 201, 201]
    assert statuses[4:13] == [200, 200, 206, 206, 206, 416, 200, 200, 404]
    assert statuses[13:] == [404, 400, 400, 400, 413, 413, 405, 204, 404, 200]


def test_uploads_come_back(ours: list[tuple[Any, ...]]) -> None:
    assert hashlib.sha256(LARGE).hexdigest().encode() in ours[2][2]
    assert ours[2][1]["location"] == "/files/large%20%C3%A9.bin"
    assert (ours[4][2], ours[5][2]) == (SMALL, LARGE)


def test_ranges(ours: list[tuple[Any, ...]]) -> None:
    assert [body for _, _, body in ours[6:9]] == [b"file", b"file\n", b" file\n"]
    assert ours[6][1]["content-range"] == "bytes 7-10/12"
    assert ours[9][1]["content-range"] == "bytes */12"
    assert (ours[10][1]["content-length"], ours[10][2]) == ("12", b"")


def test_view_of_the_folder(ours: list[tuple[Any, ...]]) -> None:
    assert {"empty", "small.txt"} <= set(ours[11][2])
    assert "empty" not in ours[-1][2]


def test_answers_are_those_under_the_original(ours: list[tuple[Any, ...]], tmp_path: Path) -> None:
    original = told(tmp_path, ORIGINAL)
    assert len(original) == len(ours)
    for theirs, mine in zip(original, ours, strict=True):
        assert mine == theirs
