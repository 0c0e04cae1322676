"""Advisories about what an application's data may do to a response, a log or a path."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sanic_fast.response import HTTPResponse, empty, html, redirect, text
from tests.wire.kit import Raw, ServerThread, make_app

INJECTION = "a\r\nX-Evil: 1\r\n\r\nGET /evil\0\n"
GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


def get(path: str, *headers: str) -> bytes:
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: a", *headers, "", ""]).encode("latin-1")


def post(path: str, body: bytes, *headers: str) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: a", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


@pytest.fixture(scope="module")
def root(tmp_path_factory: Any) -> Path:
    base = tmp_path_factory.mktemp("site")
    (base / "static" / "sub").mkdir(parents=True)
    (base / "static_x").mkdir()
    (base / "static" / "file.txt").write_text("public")
    (base / "static_x" / "file.txt").write_text("secret")
    (base / "secret.txt").write_text("secret")
    (base / "static" / "link.txt").symlink_to(base / "secret.txt")
    (base / "static" / "page.txt").write_text("page")
    (base / "static" / "page.txt.gz").symlink_to(base / "secret.txt")
    (base / "static" / "sub" / "<img src=x onerror=alert(1)>.txt").write_text("x")
    return base / "static"


@pytest.fixture(scope="module", params=["asyncio", "uvloop"])
def server(request, root: Path) -> Iterator[ServerThread]:
    app = make_app("responses", REQUEST_MAX_SIZE=2_000_000)

    @app.get("/")
    async def index(request):
        return text("ok")

    @app.get("/value")
    async def value(request):
        return text("x", headers={"X-Value": INJECTION})

    @app.get("/name")
    async def name(request):
        return text("x", headers={INJECTION: "v"})

    @app.get("/type")
    async def kind(request):
        return HTTPResponse("x", content_type=INJECTION)

    @app.get("/redirect")
    async def redirects(request):
        return redirect("/to" + INJECTION)

    @app.get("/location")
    async def location(request):
        return empty(302, headers={"Location": "/to" + INJECTION})

    @app.get("/cookie")
    async def cookie(request):
        response = text("x")
        response.cookies.add_cookie("c", "v" + INJECTION, path="/" + INJECTION)
        return response

    @app.get("/stream")
    async def stream(request):
        response = await request.respond(headers={"X-Value": INJECTION}, content_type=INJECTION)
        await response.send("x")
        await response.eof()

    @app.get("/error")
    async def error(request):
        from sanic_fast.exceptions import SanicException

        raise SanicException("no " + INJECTION, headers={"X-Value": INJECTION})

    @app.get("/cookies")
    async def cookies(request):
        return text(repr(sorted(request.cookies)))

    @app.get("/url")
    async def url(request):
        return text(request.url)

    @app.post("/form")
    async def form(request):
        return text(f"{len(request.form)} {len(request.files)}")

    @app.post("/type")
    async def content_type(request):
        return text(repr(request.content_type))

    @app.get("/html")
    async def page(request):
        return html("x")

    app.static("/static", root, directory_view=True, use_content_range=True)
    with ServerThread(app, request.param) as thread:
        yield thread


INJECTED = ("value", "name", "type", "redirect", "location", "stream", "error")


@pytest.mark.parametrize("path", INJECTED)
def test_3_26_43_nothing_splits_a_response(server: ServerThread, path: str) -> None:
    """PR-3165, CVE-2018-1000164, CVE-2020-7695: CR, LF and NUL never reach the wire."""
    with Raw(server.port, get(f"/{path}") + GET) as client:
        answer = client.answer()
        assert answer["x-evil"] is None
        assert b"\0" not in answer.raw.partition(b"\r\n\r\n")[0]
        assert client.answer().body == b"ok"


def test_3_cookies_do_not_split(server: ServerThread) -> None:
    with Raw(server.port, get("/cookie") + GET) as client:
        answer = client.answer()
        assert answer["x-evil"] is None
        assert client.answer().body == b"ok"


def test_3_one_warning_for_one_response(server: ServerThread, caplog: Any) -> None:
    with Raw(server.port, get("/value")) as client:
        client.answer()
    warnings = [r for r in caplog.records if r.levelno == logging.WARNING]
    assert len(warnings) == 1


@pytest.mark.parametrize(
    "path",
    [
        "/static/../secret.txt",
        "/static/..%2fsecret.txt",
        "/static/%2e%2e/secret.txt",
        "/static/%2e%2e%2fsecret.txt",
        "/static/..%252fsecret.txt",
        "/static/..%5csecret.txt",
        "/static//secret.txt",
        "/static/sub/../../secret.txt",
        "/static/sub%2f..%2f..%2fsecret.txt",
        "/static_x/file.txt",
        "/static/../static_x/file.txt",
        "/static/..%2fstatic_x/file.txt",
        "/static%2f..%2fstatic_x%2ffile.txt",
        "/static/link.txt",
        "/static/file.txt%00.html",
        "/static/%c0%ae%c0%ae/secret.txt",
        "/static/page.txt.gz",
    ],
)
def test_1_2_11_15_59_no_file_outside_of_the_root(server: ServerThread, path: str) -> None:
    """CVE-2017-16762, CVE-2022-35920, CVE-2024-23334, CVE-2024-42367, CVE-2023-29159."""
    with Raw(server.port, get(path, "Accept-Encoding: gzip")) as client:
        answer = client.answer()
        assert answer.status in (400, 404), answer
        assert b"secret" not in answer.body.replace(path.encode(), b"")


def test_13_directory_listing_escapes_names(server: ServerThread) -> None:
    """CVE-2024-27306."""
    with Raw(server.port, get("/static/sub/")) as client:
        answer = client.answer()
        assert answer.status == 200 and b"<img src=x" not in answer.body


@pytest.mark.parametrize(
    "path", ["//evil.example/..", "//evil.example/%2e%2e", "/static//evil.example/"]
)
def test_37_no_redirect_to_another_host(server: ServerThread, path: str) -> None:
    """CVE-2023-28370."""
    with Raw(server.port, get(path)) as client:
        location = client.answer()["location"]
        assert location is None or not location.startswith(("//", "/\\"))


def test_22_bad_cookies_are_no_log_flood(server: ServerThread, caplog: Any) -> None:
    """CVE-2025-69230."""
    cookie = "; ".join(f"bad\x80name{n}=\x80{n}" for n in range(300))
    with Raw(server.port, get("/cookies", f"Cookie: {cookie}")) as client:
        assert client.answer().status in (200, 400)
    assert len(caplog.records) <= 1


def test_38_cookie_quoting_is_linear(server: ServerThread) -> None:
    """CVE-2024-52804: many backslashes cost no more than many other bytes."""
    cookie = 'c="' + "\\" * 7000 + '"'
    with Raw(server.port, get("/cookies", f"Cookie: {cookie}") * 50) as client:
        assert all(answer.status == 200 for answer in client.answers(50))


def test_63_cookie_without_a_name_is_ignored(server: ServerThread) -> None:
    """CVE-2023-23934."""
    with Raw(server.port, get("/cookies", "Cookie: =__Host-x=bad; a=b")) as client:
        assert "__Host-x" not in client.answer().text


def test_61_host_cannot_move_the_parts_of_the_url(server: ServerThread) -> None:
    """CVE-2026-48710."""
    for host in ("a/b", "a?b", "a#b", "a@b", "a\\b", "a b", "[::1", "a:1:2"):
        with Raw(server.port, f"GET /url HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()) as client:
            assert client.answer().status == 400, host


def test_41_many_equal_headers_are_linear(server: ServerThread) -> None:
    """CVE-2025-67725: as many as the limits let through."""
    headers = ["X: " + "y" * 50] * 90
    with Raw(server.port, get("/", *headers) * 50) as client:
        assert all(answer.status == 200 for answer in client.answers(50))
    with Raw(server.port, get("/", *["X: y"] * 101)) as client:
        assert client.answer().status == 431


BOUNDARY = "Content-Type: multipart/form-data; boundary=b"


@pytest.mark.parametrize(
    ("name", "body"),
    [
        (
            "14 CVE-2024-30251 no end",
            b"--b\r\nContent-Disposition: form-data; name=a\r\n\r\n" * 2000,
        ),
        ("14 CVE-2024-30251 only boundaries", b"--b" * 20000),
        ("14 CVE-2024-30251 empty parts", b"--b\r\n\r\n" * 20000 + b"--b--"),
        ("25 CVE-2026-34516 part headers", b"--b\r\n" + b"X: y\r\n" * 100000 + b"\r\nv\r\n--b--"),
        (
            "55 CVE-2023-25577 parts",
            b"--b\r\nContent-Disposition: form-data; name=a\r\n\r\nv\r\n" * 20000 + b"--b--\r\n",
        ),
        (
            "56 CVE-2023-46136 CR",
            b"--b\r\nContent-Disposition: form-data; name=a\r\n\r\n" + b"\r" * 1500000,
        ),
        ("56 CVE-2024-53981 LF", b"\r\n" * 700000 + b"--b--"),
        ("39 CVE-2025-47287 errors", b"--b\r\nbad header\r\n\r\nv\r\n" * 5000 + b"--b--"),
        (
            "20 CVE-2025-69228 fields",
            b"".join(
                b"--b\r\nContent-Disposition: form-data; name=f%d\r\n\r\n%s\r\n" % (n, b"v" * 900)
                for n in range(1500)
            ),
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_multipart_bodies_end_in_an_answer(
    server: ServerThread, name: str, body: bytes, caplog: Any
) -> None:
    """An answer, at most one line in the log, and the server goes on."""
    with Raw(server.port, post("/form", body, BOUNDARY)) as client:
        assert client.answer().status in (200, 400, 413)
    assert len([r for r in caplog.records if r.levelno >= logging.WARNING]) <= 1
    with Raw(server.port) as client:
        assert client.alive()


def test_18_compressed_body_is_not_inflated(server: ServerThread) -> None:
    """CVE-2025-69223: what arrives is what the handler gets."""
    import gzip

    bomb = gzip.compress(b"a=b&" * 400000)
    kind = "Content-Type: application/x-www-form-urlencoded"
    with Raw(server.port, post("/form", bomb, kind, "Content-Encoding: gzip")) as client:
        assert client.answer().status in (200, 400, 415)


def test_62_content_type_options_do_not_backtrack(server: ServerThread) -> None:
    """CVE-2024-24762."""
    for value in (
        "a/b;" + " " * 7000 + "x",
        "multipart/form-data; " + '"\\' * 3500,
        "a/b" + ";" * 7000,
    ):
        with Raw(server.port, post("/form", b"x", f"Content-Type: {value}") * 20) as client:
            assert all(answer.status in (200, 400) for answer in client.answers(20))


def test_60_many_ranges_are_refused_or_ignored(server: ServerThread) -> None:
    """CVE-2025-62727."""
    ranges = "bytes=" + ",".join(["0-"] * 1800)
    with Raw(server.port, get("/static/file.txt", f"Range: {ranges}")) as client:
        assert client.answer().status in (200, 206, 400, 416)


def test_46_limits_of_a_head(server: ServerThread) -> None:
    """CVE-2018-12121: header bytes and header count have limits of their own."""
    with Raw(server.port, get("/", "X: " + "y" * 9000)) as client:
        assert client.answer().status == 431
    with Raw(server.port, get("/" + "x" * 9000)) as client:
        assert client.answer().status == 414


def test_42_control_bytes_do_not_reach_the_access_log(caplog: Any) -> None:
    """CVE-2020-7694: escape sequences of a target are not written to a terminal."""
    app = make_app("log", ACCESS_LOG=True)

    @app.get("/<path:path>")
    async def any_path(request, path):
        return text("x")

    caplog.set_level(logging.INFO, "sanic.access")
    with ServerThread(app) as server:
        with Raw(server.port, get("/\x1b[31mred\x07")) as client:
            assert client.answer().status == 400
        with Raw(server.port, get("/%1b[31mred", "User-Agent: \x1b[2J")) as client:
            client.answer()
    for record in caplog.records:
        assert "\x1b" not in str(getattr(record, "request", "")) + record.getMessage()
