"""Static routes: headers, conditions, ranges, HEAD, what is not served."""

from __future__ import annotations

import asyncio
import os

import pytest

from sanic_fast.exceptions import FileNotFound, Forbidden, RangeNotSatisfiable, SanicException
from sanic_fast.response import ResponseStream
from sanic_fast.static import check_conditions, entity_tag, if_range_holds

from .conftest import MODIFIED, MTIME, Site

BEFORE = "Tue, 14 Nov 2023 22:13:19 GMT"
AFTER = "Tue, 14 Nov 2023 22:13:21 GMT"


def test_get(root):
    response = Site(root).get("hello.txt")
    assert (response.status, response.body) == (200, b"hello world")
    etag = entity_tag(os.stat(root / "hello.txt"))
    assert list(response.headers.items()) == [
        ("Last-Modified", MODIFIED),
        ("ETag", etag),
        ("Content-Type", "text/plain; charset=utf-8"),
        ("cache-control", "no-cache"),
    ]


def test_get_with_ranges_enabled(root):
    response = Site(root, use_content_range=True).get("hello.txt")
    assert response.status == 200
    assert list(response.headers) == [
        "Last-Modified",
        "ETag",
        "Accept-Ranges",
        "Content-Length",
        "Content-Type",
        "cache-control",
    ]


def test_without_conditions(root):
    response = Site(root, use_modified_since=False).get("hello.txt", If_Modified_Since=MODIFIED)
    assert response.status == 200
    assert list(response.headers) == ["Content-Type", "Last-Modified", "cache-control"]


@pytest.mark.parametrize(
    ("uri", "content_type"),
    [
        ("hello.txt", "text/plain; charset=utf-8"),
        ("script.js", "text/javascript; charset=utf-8"),
        ("sub/page.html", "text/html; charset=utf-8"),
        ("zero", "application/octet-stream"),
    ],
)
def test_content_type_is_guessed(root, uri, content_type):
    assert Site(root).get(uri).headers["Content-Type"] == content_type


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ("text/x-foo", "text/x-foo; charset=utf-8"),
        ("application/javascript", "application/javascript; charset=utf-8"),
        ("text/html; charset=latin-1", "text/html; charset=latin-1"),
        ("image/png", "image/png"),
    ],
)
def test_content_type_is_given(root, given, sent):
    assert Site(root, content_type=given).get("hello.txt").headers["Content-Type"] == sent


def test_single_file(root):
    site = Site(root / "hello.txt")
    assert site.get(None).body == b"hello world"
    assert site.head(None).headers["Content-Length"] == "11"


def test_the_root_may_be_behind_a_link(root):
    link = root.parent / "link"
    link.symlink_to(root)
    assert Site(link).get("hello.txt").body == b"hello world"


def test_root_that_appears_later(root):
    site = Site(root / "later")
    with pytest.raises(FileNotFound):
        site.get("x.txt")
    (root / "later").mkdir()
    (root / "later" / "x.txt").write_text("now")
    assert site.get("x.txt").body == b"now"


@pytest.mark.parametrize("ranges", [False, True])
@pytest.mark.parametrize("stream", [False, 5])
def test_head_equals_get_without_body(root, ranges, stream):
    site = Site(root, use_content_range=ranges, stream_large_files=stream)
    got, head = site.get("hello.txt"), site.head("hello.txt", Range="bytes=0-3")
    assert head.status == 200
    assert head.body == b""
    assert head.headers["Content-Length"] == "11"
    # The server adds the length of what has a body.
    got.headers.setdefault("Content-Length", "11")
    assert list(head.headers.items()) == list(got.headers.items())


# -- what is not served -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "uri",
    ["nope", "../outside/secret.txt", "%2e%2e%2foutside%2fsecret.txt", "a%00b", "hello.txt/x",
     "", "sub", "sub/"],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_not_found(root, uri, method):
    with pytest.raises(FileNotFound) as caught:
        Site(root).get(uri, method)
    assert str(caught.value) == "File not found"
    assert caught.value.status_code == 404
    assert os.fspath(caught.value.path) == os.path.realpath(root)
    assert caught.value.relative_url == uri


def test_pipes_are_not_read(root):
    os.mkfifo(root / "pipe")
    with pytest.raises(FileNotFound):
        Site(root).get("pipe")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable_file(root):
    (root / "hello.txt").chmod(0)
    with pytest.raises(Forbidden):
        Site(root).get("hello.txt")


def test_permission_errors_are_forbidden(root, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("sanic_fast.static.open_file_response", lambda *a, **k: refuse())
    with pytest.raises(Forbidden):
        Site(root).get("hello.txt")


def test_a_file_exchanged_for_a_link_is_not_followed(root, monkeypatch):
    real = os.path.realpath(root / "hello.txt")
    info = os.stat(real)
    (root / "hello.txt").unlink()
    (root / "hello.txt").symlink_to(root.parent / "outside" / "secret.txt")
    monkeypatch.setattr("sanic_fast.static.locate", lambda *a, **k: (real, info))
    with pytest.raises(FileNotFound):
        Site(root).get("hello.txt")


# -- conditions (RFC 9110, section 13) --------------------------------------------------------


@pytest.mark.parametrize(
    ("date", "status"),
    [
        (MODIFIED, 304),
        (AFTER, 304),
        (BEFORE, 200),
        ("Tue, 14 Nov 2023 22:13:20", 304),
        ("Tue, 14 Nov 2023 22:13:20 +0100", 200),
        ("garbage", 200),
        ("2033-11-14", 200),
        ("", 200),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_if_modified_since(root, date, status, method):
    assert Site(root).get("hello.txt", method, If_Modified_Since=date).status == status


def test_not_modified_has_validators_and_no_body(root):
    response = Site(root).get("hello.txt", If_Modified_Since=MODIFIED)
    assert response.body == b""
    assert list(response.headers) == ["ETag", "cache-control"]


@pytest.mark.parametrize(("date", "fails"), [(BEFORE, True), (MODIFIED, False), ("x", False)])
def test_if_unmodified_since(root, date, fails):
    if not fails:
        assert Site(root).get("hello.txt", If_Unmodified_Since=date).status == 200
        return
    with pytest.raises(SanicException) as caught:
        Site(root).get("hello.txt", If_Unmodified_Since=date)
    assert (caught.value.status_code, caught.value.quiet) == (412, True)
    assert str(caught.value) == "Precondition Failed"


def test_fractions_of_a_second_do_not_count(root):
    os.utime(root / "hello.txt", (MTIME, MTIME + 0.75))
    assert Site(root).get("hello.txt", If_Modified_Since=MODIFIED).status == 304
    assert Site(root).get("hello.txt", If_Unmodified_Since=MODIFIED).status == 200


@pytest.mark.parametrize(
    ("value", "status"),
    [
        ("{etag}", 304),
        ("W/{etag}", 304),
        ('"other", {etag}', 304),
        ('"a,b",{etag} , "c"', 304),
        ("*", 304),
        ('"other"', 200),
        ("", 200),
    ],
)
def test_if_none_match(root, value, status):
    etag = entity_tag(os.stat(root / "hello.txt"))
    response = Site(root).get("hello.txt", If_None_Match=value.format(etag=etag))
    assert response.status == status
    assert response.headers["ETag"] == etag


@pytest.mark.parametrize(
    ("value", "ok"),
    [("{etag}", True), ('"x", {etag}', True), ("*", True), ("W/{etag}", False), ('"x"', False)],
)
def test_if_match(root, value, ok):
    etag = entity_tag(os.stat(root / "hello.txt"))
    if ok:
        assert Site(root).get("hello.txt", If_Match=value.format(etag=etag)).status == 200
    else:
        with pytest.raises(SanicException, match="Precondition Failed"):
            Site(root).get("hello.txt", If_Match=value.format(etag=etag))


def test_order_of_conditions(root):
    """RFC 9110, 13.2.2: tags win over dates, and 412 is decided before 304."""
    site, etag = Site(root), entity_tag(os.stat(root / "hello.txt"))
    assert site.get("hello.txt", If_Match=etag, If_Unmodified_Since=BEFORE).status == 200
    assert site.get("hello.txt", If_None_Match='"x"', If_Modified_Since=AFTER).status == 200
    assert site.get("hello.txt", If_Match=etag, If_None_Match=etag).status == 304
    with pytest.raises(SanicException, match="Precondition Failed"):
        site.get("hello.txt", If_Match='"x"', If_None_Match=etag)


def test_conditions_come_after_the_file(root):
    with pytest.raises(FileNotFound):
        Site(root).get("nope", If_Match='"x"')


def test_etag_follows_the_content(root):
    before = entity_tag(os.stat(root / "hello.txt"))
    (root / "hello.txt").write_text("hello again!")
    os.utime(root / "hello.txt", (MTIME, MTIME))
    assert entity_tag(os.stat(root / "hello.txt")) != before


def test_several_header_lines(root):
    from sanic_fast.compat import Header

    headers = Header([("if-none-match", '"a"'), ("if-none-match", '"b"')])
    assert check_conditions(headers, '"b"', MTIME) == 304
    assert check_conditions(headers, '"c"', MTIME) is None


# -- ranges (RFC 9110, section 14) ------------------------------------------------------------


def test_range(root):
    response = Site(root, use_content_range=True).get("hello.txt", Range="bytes=6-8")
    assert (response.status, response.body) == (206, b"wor")
    assert list(response.headers) == [
        "Last-Modified",
        "ETag",
        "Accept-Ranges",
        "Content-Range",
        "Content-Type",
        "cache-control",
    ]
    assert response.headers["Content-Range"] == "bytes 6-8/11"


@pytest.mark.parametrize(
    ("value", "body"), [("bytes=-3", b"rld"), ("bytes=5-999", b" world"), ("bytes=0-0", b"h")]
)
def test_range_forms(root, value, body):
    response = Site(root, use_content_range=True).get("hello.txt", Range=value)
    assert (response.status, response.body) == (206, body)


@pytest.mark.parametrize("value", ["bytes=11-", "bytes=0-1,3-4", "bytes=x-"])
def test_range_not_satisfiable(root, value):
    with pytest.raises(RangeNotSatisfiable) as caught:
        Site(root, use_content_range=True).get("hello.txt", Range=value)
    assert caught.value.headers == {"Content-Range": "bytes */11"}


def test_unknown_units_are_ignored(root):
    response = Site(root, use_content_range=True).get("hello.txt", Range="lines=1-2")
    assert (response.status, response.body) == (200, b"hello world")


def test_range_is_ignored_unless_enabled(root):
    assert Site(root).get("hello.txt", Range="bytes=0-1").status == 200


def test_conditions_come_before_ranges(root):
    site = Site(root, use_content_range=True)
    assert site.get("hello.txt", Range="bytes=0-1", If_Modified_Since=MODIFIED).status == 304
    assert site.get("hello.txt", Range="bytes=99-", If_Modified_Since=MODIFIED).status == 304


@pytest.mark.parametrize(
    ("value", "status"),
    [("{etag}", 206), (MODIFIED, 206), ('"x"', 200), ("W/{etag}", 200), (AFTER, 200), ("?", 200)],
)
def test_if_range(root, value, status):
    etag = entity_tag(os.stat(root / "hello.txt"))
    site = Site(root, use_content_range=True)
    headers = {"Range": "bytes=0-1", "If_Range": value.format(etag=etag)}
    assert site.get("hello.txt", **headers).status == status


def test_if_range_without_tags():
    assert if_range_holds(None, None, MTIME)
    assert if_range_holds(MODIFIED, None, MTIME)
    assert not if_range_holds('"x"', None, MTIME)


# -- large files ------------------------------------------------------------------------------


def read_stream(response):
    class Sent:
        def __init__(self):
            self.parts = []

        async def send(self, data):
            self.parts.append(data)

    class Request:
        async def respond(self, **kwargs):
            self.kwargs = kwargs
            return Sent()

    async def run():
        return (await response(Request())).parts

    return asyncio.run(run())


def test_stream_large_files(root):
    site = Site(root, stream_large_files=5, use_content_range=True)
    response = site.get("hello.txt")
    assert isinstance(response, ResponseStream)
    assert response.headers["Content-Length"] == "11"
    assert b"".join(read_stream(response)) == b"hello world"
    assert site.get("zero").body == b""


def test_stream_part_of_a_large_file(root):
    response = Site(root, stream_large_files=5, use_content_range=True).get(
        "hello.txt", Range="bytes=0-3"
    )
    assert response.status == 206
    assert response.headers["Content-Range"] == "bytes 0-3/11"
    assert response.headers["Content-Length"] == "4"
    assert b"".join(read_stream(response)) == b"hell"


def test_stream_threshold(root):
    (root / "big").write_bytes(b"x" * 1024 * 1024)
    assert isinstance(Site(root, stream_large_files=True).get("big"), ResponseStream)
    (root / "big").write_bytes(b"x" * (1024 * 1024 - 1))
    assert not isinstance(Site(root, stream_large_files=True).get("big"), ResponseStream)
    with pytest.raises(FileNotFound):
        Site(root, stream_large_files=1).get("sub/")


def test_large_files_stay_on_disk(root):
    data = os.urandom(300_000)
    (root / "large.bin").write_bytes(data)
    response = Site(root, use_content_range=True).get("large.bin")
    assert response._sf_file[1:] == (0, 300_000)
    assert response.headers["Content-Length"] == "300000"
    part = Site(root, use_content_range=True).get("large.bin", Range="bytes=1000-199999")
    assert part._sf_file[1:] == (1000, 199_000)
    assert part.body == data[1000:200_000]
    assert response.body == data
