"""Response helpers: files, streams, content types, redirects and JSON bodies."""

from __future__ import annotations

import asyncio
import os
from datetime import datetime, timezone
from pathlib import Path
from types import SimpleNamespace

import pytest

from sanic_fast import response as responses
from sanic_fast.compat import Header
from sanic_fast.exceptions import ServerError
from sanic_fast.response import ResponseStream, file, file_stream, json, redirect, validate_file
from sanic_fast.response.convenience import INLINE_LIMIT, guess_content_type
from sanic_fast.response.types import FileResponse

MTIME = 1_700_000_000
MODIFIED = "Tue, 14 Nov 2023 22:13:20 GMT"


@pytest.fixture
def hello(tmp_path):
    path = tmp_path / "hello.txt"
    path.write_text("hello world")
    os.utime(path, (MTIME, MTIME))
    return path


@pytest.fixture
def large(tmp_path):
    path = tmp_path / "large.bin"
    path.write_bytes(bytes(range(256)) * 1200)
    return path


def get(*args, **kwargs):
    return asyncio.run(file(*args, **kwargs))


def part(start, end, total=11):
    return SimpleNamespace(start=start, end=end, size=end - start + 1, total=total)


def test_public_names():
    assert responses.__all__ == (
        "BaseHTTPResponse", "HTTPResponse", "JSONResponse", "ResponseStream", "empty", "json",
        "text", "raw", "html", "validate_file", "file", "redirect", "file_stream", "json_dumps",
    )  # fmt: skip


# -- file -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [str, Path, lambda path: os.fspath(path)])
def test_file(hello, kind):
    response = get(kind(hello))
    assert (response.status, response.body) == (200, b"hello world")
    assert response.content_type == "text/plain; charset=utf-8"
    assert list(response.headers.items()) == [
        ("Last-Modified", MODIFIED),
        ("cache-control", "no-cache"),
    ]


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        (datetime(2020, 1, 1, tzinfo=timezone.utc), "Wed, 01 Jan 2020 00:00:00 GMT"),
        (1.9, "Thu, 01 Jan 1970 00:00:01 GMT"),
        (None, None),
        (0, None),
    ],
)
def test_last_modified(hello, given, sent):
    assert get(hello, last_modified=given).headers.get("Last-Modified") == sent


def test_file_validates_when_asked(hello):
    headers = Header({"if-modified-since": MODIFIED})
    response = get(hello, request_headers=headers)
    assert (response.status, response.body, dict(response.headers)) == (304, b"", {})
    assert get(hello, request_headers=headers, validate_when_requested=False).status == 200
    assert get(hello, request_headers=headers, last_modified=0).status == 200
    assert get(hello, request_headers=headers, last_modified=MTIME + 1).status == 200


@pytest.mark.parametrize(
    ("options", "cache_control"),
    [
        ({}, "no-cache"),
        ({"max_age": 0}, "no-cache"),
        ({"max_age": 60}, "public, max-age=60"),
        ({"max_age": 1.5}, "public, max-age=1.5"),
        ({"no_store": True}, "no-store"),
        ({"no_store": True, "max_age": 5}, "no-store"),
    ],
)
def test_cache_control(hello, options, cache_control):
    response = get(hello, **options)
    assert response.headers["cache-control"] == cache_control
    assert ("expires" in response.headers) == cache_control.startswith("public")


@pytest.mark.parametrize(
    ("filename", "disposition"),
    [
        ("x.pdf", 'attachment; filename="x.pdf"'),
        ('a"b\\c.txt', 'attachment; filename="a\\"b\\\\c.txt"'),
        (
            "naïve €.txt",
            'attachment; filename="na?ve ?.txt"; '
            "filename*=UTF-8''na%C3%AFve%20%E2%82%AC.txt",
        ),
    ],
)  # fmt: skip
def test_filename(hello, filename, disposition):
    assert get(hello, filename=filename).headers["Content-Disposition"] == disposition


def test_content_type(hello):
    assert get(hello, filename="x.pdf").content_type == "application/pdf"
    assert get(hello, mime_type="text/html").content_type == "text/html"
    hello = hello.rename(hello.with_name("noext"))
    assert get(hello).content_type == "text/plain; charset=utf-8"


def test_given_headers_win_and_are_completed(hello):
    headers = {"last-modified": "then", "Cache-Control": "mine", "X": "1"}
    response = get(hello, headers=headers)
    assert list(response.headers.items()) == list(headers.items())
    headers = {"X": "1"}
    get(hello, headers=headers)
    assert headers == {"X": "1", "Last-Modified": MODIFIED, "cache-control": "no-cache"}


def test_range(hello):
    response = get(hello, status=201, _range=part(2, 4))
    assert (response.status, response.body) == (206, b"llo")
    assert response.headers["Content-Range"] == "bytes 2-4/11"
    assert get(hello, status=201).status == 201


def test_errors(tmp_path):
    with pytest.raises(FileNotFoundError):
        get(tmp_path / "missing")
    with pytest.raises(IsADirectoryError):
        get(tmp_path)


def test_files_without_a_size():
    """Files under /proc have content and claim to be empty."""
    status = Path("/proc/self/status")
    if not status.exists():
        pytest.skip("no /proc")
    assert b"Name:" in get(status).body


# -- large files ------------------------------------------------------------------------------


def test_large_file_is_not_loaded(large):
    response = get(large)
    assert isinstance(response, FileResponse)
    path, offset, count = response._sf_file
    assert (offset, count) == (0, 307_200)
    assert Path(path).read_bytes() == large.read_bytes()
    assert repr(response).endswith("Response: 200 application/octet-stream>")


def test_body_of_a_large_file_is_there_for_who_asks(large):
    response = get(large)
    assert response.body == large.read_bytes()
    assert response.body is response.body
    assert response._sf_file is not None


def test_part_of_a_large_file(large):
    response = get(large, _range=part(1000, 200_000, 307_200))
    assert response._sf_file[1:] == (1000, 199_001)
    assert response.body == large.read_bytes()[1000:200_001]


def test_range_beyond_the_end_is_cut(large):
    response = get(large, _range=part(1000, 10**9, 307_200))
    assert response._sf_file[1:] == (1000, 306_200)
    assert response.body == large.read_bytes()[1000:]


def test_limit_of_inlining(tmp_path):
    path = tmp_path / "x"
    path.write_bytes(b"x" * INLINE_LIMIT)
    assert not isinstance(get(path), FileResponse)
    path.write_bytes(b"x" * (INLINE_LIMIT + 1))
    assert isinstance(get(path), FileResponse)


def test_replacing_the_body_forgets_the_file(large):
    response = get(large)
    response.body = b"other"
    assert response._sf_file is None
    assert response.body == b"other"


def test_a_large_file_may_be_removed_before_it_is_sent(large):
    data = large.read_bytes()
    response = get(large)
    large.unlink()
    path, _, _ = response._sf_file
    if path.startswith("/proc"):
        assert Path(path).read_bytes() == data
    assert response.body == data


def test_descriptors_are_not_leaked(large):
    descriptors = Path("/proc/self/fd")
    if not descriptors.is_dir():
        pytest.skip("no /proc")

    def opened():
        return sum(os.path.realpath(entry) == os.path.realpath(large) for entry in open_files())

    def open_files():
        return [entry for entry in descriptors.iterdir() if entry.is_symlink()]

    kept = get(large)
    assert opened() == 1
    kept.body = b""
    assert opened() == 0
    get(large)
    get(large, _range=part(0, 5))
    assert opened() == 0


@pytest.mark.parametrize("loaded", [False, True])
def test_chunks(large, loaded):
    async def collect():
        response = await file(large, _range=part(7, 300_000, 307_200))
        if loaded:
            assert response.body
        return [chunk async for chunk in response.chunks(100_000)]

    parts = asyncio.run(collect())
    assert [len(data) for data in parts] == [100_000, 100_000, 99_994]
    assert b"".join(parts) == large.read_bytes()[7:300_001]


def test_chunks_of_a_file_that_shrank(large):
    async def collect():
        response = await file(large)
        os.truncate(large, 1000)
        return [chunk async for chunk in response.chunks()]

    assert [len(data) for data in asyncio.run(collect())] == [1000]


# -- streams ----------------------------------------------------------------------------------


class FakeRequest:
    def __init__(self):
        self.sent = []
        self.options = None
        self.ended = False
        self.body = b"body"
        self.processed_headers = iter(())

    async def respond(self, **options):
        self.options = options
        return self

    async def send(self, data):
        self.sent.append(data)

    async def eof(self):
        self.ended = True


def run_stream(stream):
    request = FakeRequest()

    async def run():
        assert stream(request) is stream
        assert await stream is request

    asyncio.run(run())
    return request


def stream(*args, **kwargs):
    return asyncio.run(file_stream(*args, **kwargs))


def test_response_stream():
    async def write(response):
        await response.write("a")
        await response.write(b"b")

    made = ResponseStream(write, 201, {"x": "y"}, "text/csv")
    assert isinstance(made.headers, Header)
    request = run_stream(made)
    assert request.sent == ["a", b"b"]
    assert request.options == {"headers": made.headers, "status": 201, "content_type": "text/csv"}
    assert made.body == b"body"
    assert made.processed_headers is request.processed_headers
    asyncio.run(made.eof())
    assert request.ended
    assert ResponseStream(write, headers=made.headers).headers is made.headers


def test_response_stream_without_request():
    async def run():
        await ResponseStream(None)

    with pytest.raises(ServerError, match="Attempted response to unknown request"):
        asyncio.run(run())


def test_response_stream_cookies():
    made = ResponseStream(None)
    made.cookies.add_cookie("a", "b")
    assert made.cookies is made.cookies
    assert "Set-Cookie" in made.headers


def test_file_stream(hello):
    made = stream(hello)
    assert dict(made.headers) == {}
    assert made.content_type == "text/plain"
    assert run_stream(made).sent == [b"hello world"]
    assert run_stream(stream(hello, chunk_size=4)).sent == [b"hell", b"o wo", b"rld"]


def test_file_stream_options(hello):
    headers = {"X": "1"}
    made = stream(hello, status=201, headers=headers, filename="x.pdf", mime_type="a/b")
    assert (made.status, made.content_type) == (201, "a/b")
    assert headers["Content-Disposition"] == 'attachment; filename="x.pdf"'
    assert stream(hello, filename="x.pdf").content_type == "application/pdf"


def test_file_stream_range(hello, large):
    made = stream(hello, _range=part(2, 4))
    assert (made.status, made.headers["Content-Range"]) == (206, "bytes 2-4/11")
    assert run_stream(made).sent == [b"llo"]
    sent = run_stream(stream(large, chunk_size=1000, _range=part(5, 300_000, 307_200))).sent
    assert b"".join(sent) == large.read_bytes()[5:300_001]
    assert set(map(len, sent[:-1])) == {1000}


def test_file_stream_opens_late(tmp_path):
    made = stream(tmp_path / "later")
    with pytest.raises(FileNotFoundError):
        run_stream(made)
    (tmp_path / "later").write_text("now")
    assert run_stream(made).sent == [b"now"]


# -- validate_file ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("since", "modified", "status"),
    [
        (None, MTIME, None),
        (MODIFIED, MTIME, 304),
        (MODIFIED, MTIME + 0.7, 304),
        (MODIFIED, MTIME + 1, None),
        (MODIFIED, datetime(2023, 11, 14, 22, 13, 20, tzinfo=timezone.utc), 304),
        (MODIFIED, datetime(2023, 11, 14, 22, 13, 20, 999), 304),
        (MODIFIED, datetime(2023, 11, 14, 22, 13, 21), None),
        ("Tue, 14 Nov 2023 22:13:20", MTIME, 304),
        ("garbage", MTIME, None),
        ("2033-11-14", MTIME, None),
        ("\x1b[31m", MTIME, None),
    ],
)
def test_validate_file(since, modified, status):
    headers = Header({"If-Modified-Since": since} if since is not None else {})
    response = asyncio.run(validate_file(headers, modified))
    assert (response and response.status) == status


# -- content types ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.txt", "text/plain; charset=utf-8"),
        ("x/y.TXT", "text/plain; charset=utf-8"),
        ("a.js", "text/javascript; charset=utf-8"),
        ("a.svg", "image/svg+xml"),
        ("a.json", "application/json"),
        ("a.tar.gz", "application/x-tar"),
        ("a", "application/octet-stream"),
        (Path("/x/a.css"), "text/css; charset=utf-8"),
    ],
)
def test_guess_content_type(name, expected):
    assert guess_content_type(name) == expected


def test_guess_content_type_fallback():
    assert guess_content_type("a", "text/plain") == "text/plain"
    assert guess_content_type("a.txt", "x/y") == "text/plain; charset=utf-8"


# -- redirect and JSON: measured vectors ------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "location"),
    [
        ("/a", "/a"),
        ("http://x.com/a?b=c d", "http://x.com/a?b=c+d"),
        ("/é%20x", "/%C3%A9%20x"),
        ("//evil", "//evil"),
        ("/a\r\nSet-Cookie: x", "/a%0D%0ASet-Cookie:+x"),
        ('/a"<>\\^`{}~_-.', "/a%22%3C%3E%5C%5E%60%7B%7D~_-."),
        ("/%zz", "/%zz"),
        ("/:/%#?&=@[]!$&'()*+,;", "/:/%#?&=@[]!$&'()*+,;"),
    ],
)
def test_redirect(target, location):
    headers = {"X": "1"}
    response = redirect(target, headers=headers)
    assert response.status == 302
    assert response.headers["Location"] == location
    assert headers == {"X": "1", "Location": location}
    assert response.content_type == "text/html; charset=utf-8"


@pytest.mark.parametrize(
    ("value", "body"),
    [
        ({"a": 1}, b'{"a":1}'),
        ([1, None, "/é"], b'[1,null,"/\\u00e9"]'),
        ("</a>", b'"</a>"'),
        (float("nan"), b"NaN"),
        (2**70, b"1180591620717411303424"),
        ({1: 2, None: 3}, b'{"1":2,"null":3}'),
        ((1,), b"[1]"),
    ],
)
def test_json_bodies(value, body):
    assert json(value).body == body


def test_json_refuses_sets():
    with pytest.raises(TypeError, match="is not JSON serializable"):
        json({1, 2})
