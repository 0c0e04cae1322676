"""Files served again: what is remembered of them is proved true each time."""

from __future__ import annotations

import copy
import os
import pickle
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sanic_fast.response import file
from tests.wire.kit import LOOPS, Answer, Raw, ServerThread, make_app

pytestmark = pytest.mark.net
SIZES = (0, 1, 1024, 16384, 16385, 65536, 65537, 1_048_576, 3_000_017)
LARGE = 3_000_017
PIECES = (
    "", "If-None-Match: {tag}\r\n", 'If-None-Match: "other"\r\n', "If-None-Match: *\r\n",
    'If-None-Match: "other", {tag}\r\n', "If-Match: {tag}\r\n", 'If-Match: "other"\r\n',
    "If-Modified-Since: {date}\r\n", "If-None-Match: {tag}\r\nIf-Modified-Since: {date}\r\n",
    "If-Unmodified-Since: {date}\r\n", "If-None-Match: {tag}\r\nIf-Match: {tag}\r\n",
    "If-Unmodified-Since: Tue, 14 Nov 2000 22:13:19 GMT\r\nIf-None-Match: {tag}\r\n",
    "Range: bytes=1-3\r\n", "Range: bytes=1-3\r\nIf-Range: {tag}\r\n", "Range: bytes=9999999-\r\n",
    "If-Range: {tag}\r\n", "X-Range: bytes=1-3\r\nIffy: no\r\n", "RANGE: bytes=-2\r\n",
)  # fmt: skip


@pytest.fixture(params=LOOPS, scope="module")
def site(request: pytest.FixtureRequest, tmp_path_factory: Any) -> Iterator[Any]:
    """A server with the files of `root`; middleware changes what the query asks it to."""
    root = tmp_path_factory.mktemp("known") / "root"
    (root / "sub").mkdir(parents=True)
    for size in SIZES:
        (root / f"{size}.bin").write_bytes(os.urandom(size))
    (root.parent / "outside").mkdir()
    (root.parent / "outside" / "page.html").write_text("secret")
    app = make_app("known", RESPONSE_TIMEOUT=20)
    app.static("/st", root, use_content_range=True, name="st")
    app.static("/plain", root, use_modified_since=False, name="plain")
    app.static("/one", root / "1024.bin", name="one")

    @app.on_response
    async def change(request, response):
        if "header" in request.args:
            response.headers["x-added"] = "yes"
            response.headers["content-type"] = "text/x-changed"
        if "status" in request.args:
            response.status = 203
        if "body" in request.args:
            response.body = b"another"
        if "length" in request.args:
            response.headers["x-length"] = str(len(response.body))
        if "cookie" in request.args:
            response.add_cookie("a", "b")
        if "copy" in request.args:
            return pickle.loads(pickle.dumps(copy.copy(response)))
        if "type" in request.args:
            response.content_type = "text/never"

    with ServerThread(app, request.param) as server:
        server.root = root
        yield server


def ask(site: Any, path: str, more: str = "", method: str = "GET") -> Answer:
    with Raw(site.port) as client:
        client.send(f"{method} {path} HTTP/1.1\r\nHost: a\r\n{more}\r\n".encode())
        answer = client.answer(method == "HEAD")
    answer.headers = [(name, value) for name, value in answer.headers if name != "date"]
    return answer


def same(site: Any, path: str, more: str = "", method: str = "GET") -> Answer:
    """The answer to three equal requests, of which the last meets a known file."""
    answers = [ask(site, path, more, method) for _ in range(3)]
    first = answers[0]
    for answer in answers[1:]:
        assert (answer.status, answer.headers) == (first.status, first.headers)
        assert answer.body == first.body
    return first


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("prefix", ["/st/", "/plain/"])
def test_known_files_are_served_as_new_ones(site: Any, size: int, prefix: str) -> None:
    answer = same(site, f"{prefix}{size}.bin")
    assert answer.status == 200
    assert answer.body == (site.root / f"{size}.bin").read_bytes()
    assert answer["content-length"] == str(size)
    head = same(site, f"{prefix}{size}.bin", method="HEAD")
    assert head["content-length"] == str(size)


def test_a_single_file(site: Any) -> None:
    assert same(site, "/one").body == (site.root / "1024.bin").read_bytes()


@pytest.mark.parametrize("prefix", ["/st/", "/plain/"])
@pytest.mark.parametrize("more", PIECES)
def test_conditions_and_ranges_of_known_files(site: Any, prefix: str, more: str) -> None:
    """The answer does not depend on whether the file is known."""
    fresh = f"{prefix}fresh-{PIECES.index(more)}.bin"
    path = site.root / fresh.rpartition("/")[2]
    path.write_bytes(b"0123456789")
    os.utime(path, (1_700_000_000, 1_700_000_000))
    info = path.stat()
    tag = f'"{info.st_mtime_ns:x}-{info.st_size:x}"'
    lines = more.format(tag=tag, date="Tue, 14 Nov 2023 22:13:20 GMT")
    unknown = ask(site, fresh, lines)
    ask(site, fresh)
    known = ask(site, fresh, lines)
    assert (known.status, known.headers, known.body) == (
        unknown.status, unknown.headers, unknown.body,
    )  # fmt: skip


@pytest.mark.parametrize("size", [1024, LARGE])
def test_middleware_may_change_what_was_prepared(site: Any, size: int) -> None:
    path, data = f"/st/{size}.bin", (site.root / f"{size}.bin").read_bytes()
    plain = same(site, path)
    answer = same(site, path + "?header=1")
    assert (answer["x-added"], answer["content-type"]) == ("yes", "text/x-changed")
    assert answer.body == data
    assert answer["etag"] == plain["etag"]
    assert same(site, path + "?status=1").status == 203
    assert same(site, path + "?status=1").headers == plain.headers
    answer = same(site, path + "?body=1")
    assert (answer.body, answer["content-length"]) == (b"another", "7")
    answer = same(site, path + "?length=1")
    assert (answer["x-length"], answer.body) == (str(size), data)
    assert same(site, path + "?cookie=1")["set-cookie"]
    assert same(site, path + "?type=1").headers == plain.headers
    answer = same(site, path + "?copy=1")
    assert (answer.headers, answer.body) == (plain.headers, data)
    assert same(site, path).headers == plain.headers


@pytest.mark.parametrize("size", [10, 100_000])
def test_a_file_that_changed(site: Any, size: int) -> None:
    path = site.root / f"changing-{size}.bin"
    path.write_bytes(b"a" * size)
    os.utime(path, ns=(1, 1_700_000_000_000_000_000))
    before = same(site, f"/st/{path.name}")
    path.write_bytes(b"b" * size)
    os.utime(path, ns=(1, 1_700_000_000_000_000_001))
    after = same(site, f"/st/{path.name}")
    assert after.body == b"b" * size
    assert after["etag"] != before["etag"]
    path.write_bytes(b"c" * (size + 1))
    os.utime(path, ns=(1, 1_700_000_000_000_000_001))
    assert same(site, f"/st/{path.name}").body == b"c" * (size + 1)
    path.write_bytes(b"")
    assert same(site, f"/st/{path.name}").body == b""
    path.unlink()
    assert same(site, f"/st/{path.name}").status == 404
    path.write_bytes(b"again")
    assert same(site, f"/st/{path.name}").body == b"again"


@pytest.mark.parametrize("kind", ["file link", "directory link", "directory", "pipe"])
def test_what_takes_the_place_of_a_known_file_is_not_served(site: Any, kind: str) -> None:
    folder = site.root / "sub" / kind.replace(" ", "-")
    folder.mkdir()
    page = folder / "page.html"
    page.write_text("public")
    url = f"/st/sub/{folder.name}/page.html"
    assert same(site, url).body == b"public"
    outside = site.root.parent / "outside"
    page.unlink()
    if kind == "file link":
        page.symlink_to(outside / "page.html")
    elif kind == "directory link":
        folder.rmdir()
        folder.symlink_to(outside)
    elif kind == "directory":
        page.mkdir()
    else:
        os.mkfifo(page)
    assert same(site, url).status == 404


def test_links_that_may_be_followed_lead_to_where_they_lead_now(site: Any) -> None:
    for name in ("one", "two"):
        (site.root / f"target-{name}").write_text(name)
    link = site.root / "link"
    link.symlink_to("target-one")
    assert same(site, "/st/link").body == b"one"
    link.unlink()
    link.symlink_to("target-two")
    assert same(site, "/st/link").body == b"two"


def test_many_spellings_of_one_file(site: Any) -> None:
    data = (site.root / "1024.bin").read_bytes()
    with Raw(site.port) as client:
        for start in range(0, 1200, 50):
            for number in range(start, start + 50):
                spelling = "./" * (number // 40) + "/" * (number % 40) + "1024.bin"
                client.send(f"GET /st/{spelling} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            for _ in range(50):
                assert client.answer().body == data


def descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="counts descriptors")
def test_pipelined_slow_and_rude_clients(site: Any) -> None:
    """All bytes arrive, in order, and no descriptor stays behind."""
    sizes = [LARGE, 1024, 65537, LARGE, 16385, 1_048_576] * 2
    request = b"".join(b"GET /st/%d.bin HTTP/1.1\r\nHost: a\r\n\r\n" % size for size in sizes)
    expected = {size: (site.root / f"{size}.bin").read_bytes() for size in sizes}
    ask(site, "/st/1024.bin")
    before = descriptors()
    for _ in range(3):
        with Raw(site.port) as client:
            client.send(request)
            for size in sizes:
                time.sleep(0.01)
                assert client.answer().body == expected[size]
        with Raw(site.port) as client:
            client.send(request)
            client.more()
    deadline = time.monotonic() + 20
    while descriptors() > before and time.monotonic() < deadline:
        time.sleep(0.02)
    assert descriptors() <= before


@pytest.mark.parametrize("how", ["response", "send", "respond", "respond and send"])
@pytest.mark.parametrize("loop_kind", LOOPS)
def test_files_sent_by_a_coroutine(tmp_path: Path, loop_kind: str, how: str) -> None:
    """Where somebody listens to each request or answers it by itself, a file is sent as ever."""
    app = make_app("sent")
    app.static("/st", tmp_path, name="st")
    heard = []

    @app.get("/own/<name:str>")
    async def own(request, name):
        response = await request.respond(await file(tmp_path / name))
        if how == "respond and send":
            await response.send(end_stream=True)
            heard.append(name)

    if how in ("response", "send"):

        @app.signal(f"http.lifecycle.{how}")
        async def listen(**context):
            heard.append(context)

    prefix = "/own" if "respond" in how.split() else "/st"
    with ServerThread(app, loop_kind) as server, Raw(server.port) as client:
        for size in (10_000_000, *SIZES[1:]) * 2:
            path = tmp_path / f"{size}.bin"
            path.write_bytes(os.urandom(size))
            client.send(f"GET {prefix}/{size}.bin HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            time.sleep(0.01)
            assert client.answer().body == path.read_bytes()
    assert len(heard) == (0 if how == "respond" else 2 * len(SIZES))


@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="measures memory")
def test_memory_after_a_large_file_for_a_listener_of_bytes(tmp_path: Path) -> None:
    """The listener gets all of it at once; nothing of that stays."""
    app = make_app("memory")
    app.static("/st", tmp_path, name="st")
    sizes = []

    @app.signal("http.lifecycle.send")
    async def listen(data):
        sizes.append(len(data))

    def resident() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")

    size = 100_000_000
    with (tmp_path / "large.bin").open("wb") as large:
        large.truncate(size)
    (tmp_path / "small.bin").write_bytes(b"small")
    with ServerThread(app, LOOPS[-1]) as server, Raw(server.port) as client:

        def get(name: str) -> int:
            client.send(f"GET /st/{name} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            return len(client.answer().body)

        assert get("small.bin") == 5
        before = resident()
        assert get("large.bin") == size
        assert get("small.bin") == 5
        assert sizes[1] > size
        assert resident() - before < size / 2


def test_a_file_that_becomes_shorter_while_it_is_sent(site: Any, tmp_path: Path) -> None:
    """The announced length cannot be kept, so the connection is cut."""
    path = site.root / "shrinking.bin"
    with path.open("wb") as file:
        file.truncate(64 * 1024 * 1024)
    ask(site, "/st/shrinking.bin", method="HEAD")
    same_start = ask(site, "/st/shrinking.bin", "Range: bytes=0-0\r\n")
    assert same_start.status == 206
    for _ in range(2):
        with path.open("wb") as file:
            file.truncate(64 * 1024 * 1024)
        os.utime(path, (1, 1_700_000_000))
        with Raw(site.port) as client:
            client.send(b"GET /st/shrinking.bin HTTP/1.1\r\nHost: a\r\n\r\n")
            assert client.more()
            os.truncate(path, 1000)
            received = 1000
            while data := client.more():
                received += len(data)
            assert received < 64 * 1024 * 1024
    assert ask(site, "/st/shrinking.bin").body == bytes(1000)
