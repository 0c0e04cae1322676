"""HTML pages: style inheritance, the frame, the directory listing."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from sanic_fast.__version__ import __version__
from sanic_fast.pages.base import BasePage
from sanic_fast.pages.directory_page import DirectoryPage
from sanic_fast.pages.error import ErrorPage


class Hello(BasePage):
    TITLE = "Hi <there>"
    STYLE = "p { color: red }"

    def _body(self):
        with self.doc.main:
            self.doc.p("1 < 2")


class Child(Hello):
    HEADING = "Child & co"


def without_style(body):
    return re.sub(r"<style>.*?</style>", "", body, flags=re.S)


def links(body):
    found = []

    class Links(HTMLParser):
        def handle_starttag(self, tag, attrs):
            if tag == "a":
                found.append(dict(attrs)["href"])

    Links().feed(body)
    return found


def entry(name, icon="📄", size="1"):
    return {"icon": icon, "file_name": name, "file_access": "2024-01-02 03:04:05",
            "file_size": size}  # fmt: skip


def test_style_sheets_follow_inheritance():
    assert Hello.CSS == BasePage.CSS + "p { color: red }"
    assert Child.CSS == Hello.CSS
    for page in (ErrorPage, DirectoryPage):
        assert page.STYLE
        assert page.CSS == BasePage.CSS + page.STYLE


def test_frame():
    body = Hello(debug=False).render()
    assert body.startswith('<!DOCTYPE html><html lang=en id=sanic><meta charset="utf-8">')
    assert "<title>Hi &lt;there></title>" in body
    assert "<header><div>Hi &lt;there></div></header><main><p>1 &lt; 2" in body
    assert "powered by" in body
    assert "DEBUG" not in body


def test_frame_in_debug_mode():
    body = Child(debug=True).render()
    assert "<header><div>Child &amp; co</div></header>" in body
    assert f"Version {__version__}" in body
    assert "DEBUG mode" in body


def test_pages_load_nothing_from_elsewhere():
    body = DirectoryPage([entry("a")], "/x/", True).render()
    assert not re.search(r"(src=|@import|url\()", body)


def test_breadcrumbs():
    body = without_style(DirectoryPage([], "/a/b%20c/%3Cx%3E/", False).render())
    assert links(body) == ["/", "/a/", "/a/b%20c/", "/a/b%20c/%3Cx%3E/"]
    assert "<span class=dir>b c</span>" in body
    assert "<span class=dir>&lt;x></span>" in body
    assert "<p>The folder is empty." in body


def test_rows():
    rows = [entry("sub/", "📁", "4096"), entry("hello.txt")]
    body = without_style(DirectoryPage(rows, "/", False).render())
    assert (
        '<table class="autoindex container">'
        '<tr><td><span class=icon>📁</span><a href="sub/">sub/</a>'
        "<td>4096<td>2024-01-02 03:04:05"
        '<tr><td><span class=icon>📄</span><a href="hello.txt">hello.txt</a>'
        "<td>1<td>2024-01-02 03:04:05</table>"
    ) in body


def test_names_cannot_become_markup_or_schemes():
    names = ["javascript:alert(1)", '"><script>alert(1)</script>', "a?b#c%20", "caf\udce9"]
    body = without_style(DirectoryPage(map(entry, names), "/", False).render())
    assert links(body)[1:] == [
        "javascript%3Aalert%281%29",
        "%22%3E%3Cscript%3Ealert%281%29%3C/script%3E",
        "a%3Fb%23c%2520",
        "caf%E9",
    ]
    assert "<script" not in body
    assert "caf\ufffd" in body
    body.encode()  # encodable
