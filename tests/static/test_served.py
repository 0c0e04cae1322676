"""Files and error pages through a real server: large files, HEAD, ranges, slow and rude clients."""

from __future__ import annotations

import json
import os
import shutil
import ssl
import subprocess
import time
from pathlib import Path

import pytest

from tests.servers import LIMIT, Server, connect, receive_response, receive_until_closed

pytestmark = [pytest.mark.net, pytest.mark.slow]

APP = """
import json, os, socket
from pathlib import Path
from sanic_fast import Sanic, file, text
from sanic_fast.exceptions import SanicException
from sanic_fast.response import file_stream

app = Sanic("served")
root = Path(os.environ["ROOT"])
app.static("/st", root, use_content_range=True, directory_view=True)
app.static("/big", root / "large.bin", name="big", stream_large_files=True)

@app.get("/file")
async def one(request):
    return await file(root / "large.bin")

@app.get("/unlinked")
async def unlinked(request):
    copy = root / "copy.bin"
    copy.write_bytes((root / "large.bin").read_bytes())
    response = await file(copy)
    copy.unlink()
    return response

@app.get("/seen")
async def seen(request):
    return await file(root / "large.bin")

@app.get("/stream")
async def stream(request):
    return await file_stream(root / "large.bin", chunk_size=100_000)

@app.on_response
async def look(request, response):
    if request.path == "/seen":
        response.headers["x-length"] = str(len(response.body))

@app.get("/fail")
async def fail(request):
    raise SanicException("<failed>", context={"a": "<b>"}, status_code=418)

if os.environ.get("COPY"):
    from sanic_fast.server import sendfile
    sendfile._sendfile = None

sock = socket.socket()
sock.bind(("127.0.0.1", 0))
print("PORT", sock.getsockname()[1], flush=True)
app.config.USE_UVLOOP = os.environ["LOOP"] == "uvloop"
app.config.RESPONSE_TIMEOUT = 3
tls = json.loads(os.environ.get("TLS", "null"))
app.run(sock=sock, single_process=True, motd=False, access_log=False, ssl=tls)
"""
SIZE = 3_000_017


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    root = tmp_path_factory.mktemp("served")
    (root / "large.bin").write_bytes(os.urandom(SIZE))
    (root / "hello.txt").write_text("hello world")
    (root / "sub").mkdir()
    return root


def start(tmp_path_factory, tree, loop, **env):
    folder = tmp_path_factory.mktemp("server")
    return Server(folder, "-c", APP, env={"ROOT": os.fspath(tree), "LOOP": loop, **env})


@pytest.fixture(scope="module", params=["uvloop", "asyncio"])
def server(request, tmp_path_factory, tree):
    with start(tmp_path_factory, tree, request.param) as running:
        running.port()
        yield running


def request(path, *headers, method="GET"):
    return "\r\n".join([f"{method} {path} HTTP/1.1", "host: h", *headers, "", ""]).encode()


def split(raw):
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    return int(first.split()[1]), {key.lower(): value for key, value in headers.items()}, body


def ask(server, path, *headers, method="GET"):
    with connect(server.port()) as client:
        client.sendall(request(path, "connection: close", *headers, method=method))
        return split(receive_until_closed(client))


@pytest.mark.parametrize("path", ["/st/large.bin", "/big", "/file", "/unlinked", "/seen"])
def test_large_file(server, tree, path):
    status, headers, body = ask(server, path)
    assert status == 200
    assert headers["content-length"] == str(SIZE)
    assert body == (tree / "large.bin").read_bytes()
    if path == "/seen":
        assert headers["x-length"] == str(SIZE)


def test_streamed_file(server, tree):
    status, headers, body = ask(server, "/stream")
    assert (status, headers["transfer-encoding"]) == (200, "chunked")
    assert body.startswith(b"186a0\r\n")
    assert len(body) > SIZE


@pytest.mark.parametrize("path", ["/st/large.bin", "/big", "/file"])
def test_head_of_a_large_file(server, path):
    status, headers, body = ask(server, path, method="HEAD")
    if path == "/file":
        assert (status, body) == (405, b"")
        return
    got = ask(server, path)[1]
    assert (status, body) == (200, b"")
    assert {**headers, "date": ""} == {**got, "date": ""}


def test_connection_goes_on_after_a_file(server, tree):
    data = (tree / "large.bin").read_bytes()
    with connect(server.port()) as client:
        for _ in range(3):
            client.sendall(request("/st/large.bin"))
            assert split(receive_response(client))[2] == data
            client.sendall(request("/st/hello.txt"))
            assert split(receive_response(client))[2] == b"hello world"


def test_pipelined_requests_keep_their_order(server, tree):
    data = (tree / "large.bin").read_bytes()
    with connect(server.port()) as client:
        client.sendall(
            request("/st/hello.txt")
            + request("/st/large.bin")
            + request("/st/large.bin", "range: bytes=5-99999")
            + request("/st/hello.txt", "connection: close")
        )
        raw = receive_until_closed(client)
    position = 0
    for body in (b"hello world", data, data[5:100_000], b"hello world"):
        position = raw.index(b"\r\n\r\n", position) + 4
        assert raw[position : position + len(body)] == body
        position += len(body)
    assert position == len(raw)


def test_requests_behind_a_file_that_is_copied(tmp_path_factory, tree):
    """Where the kernel cannot send the file, its end may still be queued when the next answer is
    ready; that one must not overtake it."""
    data = (tree / "large.bin").read_bytes()
    with start(tmp_path_factory, tree, "uvloop", COPY="1") as server:
        with connect(server.port()) as client:
            client.sendall(
                request("/st/large.bin")
                + request("/st/hello.txt")
                + request("/st/large.bin", "connection: close")
            )
            raw = receive_until_closed(client)
    assert raw.count(b"HTTP/1.1 200 OK") == 3
    assert raw.index(b"hello world") > raw.index(data)
    assert raw.endswith(data)


def test_range_of_a_large_file(server, tree):
    data = (tree / "large.bin").read_bytes()
    status, headers, body = ask(server, "/st/large.bin", "range: bytes=-1000000")
    assert (status, headers["content-length"]) == (206, "1000000")
    assert headers["content-range"] == f"bytes {SIZE - 1_000_000}-{SIZE - 1}/{SIZE}"
    assert body == data[-1_000_000:]
    status, headers, _ = ask(server, "/st/large.bin", f"range: bytes={SIZE}-")
    assert (status, headers["content-range"]) == (416, f"bytes */{SIZE}")


def test_conditions(server):
    _, headers, _ = ask(server, "/st/hello.txt")
    etag = headers["etag"]
    status, headers, body = ask(server, "/st/hello.txt", f"if-none-match: {etag}")
    assert (status, body, headers["etag"]) == (304, b"", etag)
    assert "content-length" not in headers
    status, _, body = ask(server, "/st/hello.txt", 'if-match: "x"')
    assert status == 412
    assert b"Precondition Failed" in body


def test_clients_that_leave_do_no_harm(server):
    for _ in range(5):
        with connect(server.port()) as client:
            client.sendall(request("/st/large.bin"))
            client.recv(100)
    assert ask(server, "/st/hello.txt")[0] == 200
    assert "Traceback" not in server.output


def test_slow_client_gets_all(server, tree):
    """Longer than RESPONSE_TIMEOUT in total, but never idle for that long."""
    with connect(server.port()) as client:
        client.sendall(request("/st/large.bin", "connection: close"))
        received = []
        for _ in range(8):
            received.append(client.recv(50_000))
            time.sleep(0.5)
        received.append(receive_until_closed(client))
    assert split(b"".join(received))[2] == (tree / "large.bin").read_bytes()


def test_traversal(server):
    for path in ("/st/../x", "/st/%2e%2e/x", "/st/..%2f..%2fetc/passwd", "/st/a%00b", "/st//etc"):
        assert ask(server, path)[0] == 404, path


def test_directories(server):
    status, headers, body = ask(server, "/st/")
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert b'<a href="hello.txt">' in body
    status, headers, _ = ask(server, "/st/sub")
    assert (status, headers["location"]) == (302, "/st/sub/")
    assert ask(server, "/st/sub", method="HEAD")[0] == 302


@pytest.mark.parametrize(
    ("accept", "content_type", "part"),
    [
        ("*/*", "text/plain; charset=utf-8", '    a: "<b>"'),
        ("application/json", "application/json", '"context":{"a":"<b>"}'),
        ("text/html", "text/html; charset=utf-8", "&lt;failed>"),
        ("no accept", "text/plain; charset=utf-8", "<failed>"),
    ],
)
def test_error_pages(server, accept, content_type, part):
    status, headers, body = ask(server, "/fail", f"accept: {accept}")
    assert (status, headers["content-type"]) == (418, content_type)
    assert part in body.decode()


def make_certificate(folder: Path) -> dict[str, str]:
    key, cert = folder / "key.pem", folder / "cert.pem"
    if not shutil.which("openssl"):
        pytest.skip("no openssl program")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN=localhost"],
        check=True, capture_output=True, timeout=LIMIT,
    )  # fmt: skip
    return {"cert": str(cert), "key": str(key)}


@pytest.mark.parametrize("loop", ["uvloop", "asyncio"])
def test_large_file_over_tls(tmp_path_factory, tree, loop):
    tls = make_certificate(tmp_path_factory.mktemp("tls"))
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    data = (tree / "large.bin").read_bytes()
    with (
        start(tmp_path_factory, tree, loop, TLS=json.dumps(tls)) as server,
        context.wrap_socket(connect(server.port())) as client,
    ):
        for path in ("/st/large.bin", "/file", "/big"):
            client.sendall(request(path))
            assert split(receive_response(client))[2] == data
