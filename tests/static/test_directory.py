"""Requests for directories: index files, listings, redirects, what a listing hides."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from sanic_fast.exceptions import FileNotFound, NotFound
from sanic_fast.handlers.directory import DirectoryHandler
from sanic_fast.response import text

from .conftest import MODIFIED, MTIME, Site


def names(response):
    """File names in a listing."""
    return re.findall(r"</span><a href=[^>]+>([^<]*)</a>", response.body.decode())


def test_index_file(root):
    site = Site(root, index="index.html")
    for uri in ("indexed/", "indexed"):
        response = site.get(uri)
        assert (response.status, response.body) == (200, b"<i>index</i>")
        assert response.content_type == "text/html; charset=utf-8"
        assert response.headers["cache-control"] == "no-cache"
    with pytest.raises(NotFound, match="File not found"):
        site.get("sub/")


def test_first_index_file_that_exists(root):
    (root / "sub" / "b.html").write_text("b")
    (root / "sub" / "c.html").write_text("c")
    assert Site(root, index=["a.html", "b.html", "c.html"]).get("sub/").body == b"b"


def test_index_file_is_conditional_by_its_own_date(root):
    os.utime(root / "indexed" / "index.html", (MTIME, MTIME))
    site = Site(root, index="index.html")
    assert site.get("indexed/").headers["Last-Modified"] == MODIFIED
    assert site.get("indexed/", If_Modified_Since=MODIFIED).status == 304
    os.utime(root / "indexed" / "index.html", (MTIME + 9, MTIME + 9))
    assert site.get("indexed/", If_Modified_Since=MODIFIED).status == 200


def test_index_file_outside_is_not_shown(root):
    (root / "sub" / "index.html").symlink_to(root.parent / "outside" / "secret.txt")
    with pytest.raises(NotFound):
        Site(root, index="index.html").get("sub/")
    allowed = Site(root, index="index.html", follow_external_symlink_files=True)
    assert allowed.get("sub/").body == b"secret"


def test_index_comes_before_listing(root):
    site = Site(root, index="index.html", directory_view=True)
    assert site.get("indexed/").body == b"<i>index</i>"
    assert "page.html" in names(site.get("sub/"))


def test_listing(root):
    os.utime(root / "hello.txt", (MTIME, MTIME))
    response = Site(root, directory_view=True).get("")
    assert response.content_type == "text/html; charset=utf-8"
    assert names(response) == [
        "empty/", "indexed/", "sub/", "a b%.txt", "hello.txt", "script.js", "zero",
    ]  # fmt: skip
    assert '<a href="a%20b%25.txt">' in response.body.decode()
    assert "The folder is empty." in Site(root, directory_view=True).get("empty/").body.decode()


def test_listing_of_head_requests(root):
    site = Site(root, directory_view=True)
    assert site.head("sub/").headers == site.get("sub/").headers


@pytest.mark.parametrize(
    ("path", "uri", "location"),
    [
        ("/st/sub", "sub", "/st/sub/"),
        ("/st//sub", "/sub", "/st/sub/"),
        ("/st/sub//", "sub//", "/st/sub/"),
        ("//sub", "sub", "/sub/"),
        ("//sub//", "sub//", "/sub/"),
        ("/st/a%20b", "a%20b", "/st/a%20b/"),
    ],
)
def test_redirect_to_the_canonical_path(root, path, uri, location):
    (root / "a b").mkdir()
    response = Site(root, directory_view=True).get(uri, path=path)
    assert response.status == 302
    assert response.headers["Location"] == location


def test_listing_hides_links_to_the_outside(root):
    outside = root.parent / "outside"
    (root / "sub" / "in").symlink_to(root / "hello.txt")
    (root / "sub" / "out").symlink_to(outside / "secret.txt")
    (root / "sub" / "outdir").symlink_to(outside)
    (root / "sub" / "dangling").symlink_to("nowhere")
    (root / "sub" / "loop").symlink_to("loop")
    assert names(Site(root, directory_view=True).get("sub/")) == ["in", "page.html"]
    files = Site(root, directory_view=True, follow_external_symlink_files=True)
    assert names(files.get("sub/")) == ["in", "out", "page.html"]
    dirs = Site(root, directory_view=True, follow_external_symlink_dirs=True)
    assert names(dirs.get("sub/")) == ["outdir/", "in", "page.html"]
    assert names(dirs.get("sub/outdir/")) == ["secret.txt"]


def test_names_are_escaped(root):
    (root / "empty" / '"><img onerror=x>').write_text("")
    (root / "empty" / "javascript:alert(1)").write_text("")
    body = Site(root, directory_view=True).get("empty/").body.decode()
    assert "<img" not in body
    assert 'href="javascript:' not in body


def test_own_directory_handler(root):
    class Custom(DirectoryHandler):
        async def handle(self, request, path):
            return text(f"custom {path}")

    site = Site(root, directory_handler=Custom("/st", root))
    assert site.get("sub/").body == b"custom /st/sub/"
    assert site.get("hello.txt").body == b"hello world"


def test_attributes():
    handler = DirectoryHandler("/a/b/", Path("/x"), True, "i.html")
    assert handler.base == "a/b"
    assert handler.directory == handler.root_path == Path("/x")
    assert handler.directory_view is True
    assert handler.index == ("i.html",)
    assert DirectoryHandler("/", Path("/x")).index == ()


def test_handler_used_alone(root):
    import asyncio

    from .conftest import FakeRequest

    handler = DirectoryHandler("/st", root, index="index.html")
    response = asyncio.run(handler.handle(FakeRequest("/st/indexed/"), "/st/indexed/"))
    assert response.body == b"<i>index</i>"
    for path in ("/st/../outside/", "/st/nope/"):
        with pytest.raises(FileNotFound):
            asyncio.run(handler.handle(FakeRequest(path), path))
    plain = DirectoryHandler("/st", root)
    with pytest.raises(IsADirectoryError):
        asyncio.run(plain.handle(FakeRequest("/st/"), "/st/"))
