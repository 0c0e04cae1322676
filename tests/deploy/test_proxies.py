"""The configurations of `examples/deploy` with the real nginx and HAProxy, where installed."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.servers import LIMIT, ROOT, Server, free_port, get, receive_response

pytestmark = [pytest.mark.net, pytest.mark.slow]

DEPLOY = ROOT / "examples" / "deploy"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
HAPROXY = shutil.which("haproxy") or shutil.which("haproxy", path="/usr/sbin")
needs_nginx = pytest.mark.skipif(not NGINX, reason="nginx is not installed")
needs_haproxy = pytest.mark.skipif(not HAPROXY, reason="haproxy is not installed")
MEGABYTE = 1 << 20
RELOADS = 10
CLIENTS = 6

PROGRAM = """
import asyncio, os, sys
from sanic_fast import Sanic, json, text

app = Sanic("behind")
app.config.FORWARDED_SECRET = "change-this-secret"
app.config.PROXIES_COUNT = 1

def say(*words):
    os.write(1, (" ".join(map(str, words)) + "\\n").encode())

@app.get("/")
async def index(request):
    return text("index")

@app.post("/")
async def post(request):
    return text(str(len(request.body)))

@app.get("/who")
async def who(request):
    return json([request.remote_addr, request.scheme, request.server_name, request.url])

@app.get("/slow")
async def slow(request):
    say("SLOW")
    try:
        await asyncio.sleep(600)
    except asyncio.CancelledError:
        say("CANCELLED")
        raise

@app.post("/upload", stream=True)
async def upload(request):
    say("BEGAN")
    size = 0
    async for piece in request.stream:
        size += len(piece)
    return text(str(size))

@app.websocket("/ws")
async def echo(request, ws):
    async for message in ws:
        await ws.send(message)

if __name__ == "__main__":
    where = {"unix": sys.argv[1]} if "/" in sys.argv[1] else {"port": int(sys.argv[1])}
    app.run(**where, workers=2, motd=False)
"""
MAIN = """
{user}
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log info;
worker_processes 1;
events {{ }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


def changed(text: str, *pairs: tuple[str, str]) -> str:
    """A configuration with other addresses; fails where there is nothing to change."""
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    return text


@contextmanager
def running(command: list[str], port: int) -> Iterator[None]:
    """A proxy, from when it takes connections."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    try:
        end = time.monotonic() + LIMIT
        while True:
            try:
                connect(port).close()
                break
            except ConnectionRefusedError:
                assert process.poll() is None and time.monotonic() < end, "the proxy ended"
                time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(LIMIT)


@contextmanager
def behind(folder: Path, proxy: str, unix: bool = False) -> Iterator[tuple[Server, int]]:
    """An app with two workers behind a proxy; the server and the port of the proxy."""
    program = folder / "program.py"
    program.write_text(PROGRAM)
    bound = str(folder / "app.sock") if unix else str(free_port())
    upstream = f"unix:{bound}" if unix else f"127.0.0.1:{bound}"
    port = free_port()
    if proxy == "nginx":
        assert NGINX
        site = (DEPLOY / "nginx.conf").read_text()
        site = changed(
            site,
            ("server 127.0.0.1:8000", f"server {upstream}"),
            ("listen 80;", f"listen 127.0.0.1:{port};"),
        )
        (folder / "site.conf").write_text(site)
        # The folder is ours alone, and nginx would change its user.
        user = "user root;" if os.geteuid() == 0 else ""
        (folder / "nginx.conf").write_text(MAIN.format(folder=folder, user=user))
        command = [NGINX, "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"]
    else:
        assert HAPROXY
        text = changed(
            (DEPLOY / "haproxy.cfg").read_text(),
            ("127.0.0.1:8000", upstream),
            ("bind :80", f"bind 127.0.0.1:{port}"),
        )
        (folder / "haproxy.cfg").write_text(text)
        command = [HAPROXY, "-db", "-f", f"{folder}/haproxy.cfg"]
    with Server(folder, str(program), bound) as server:
        wait_for_count(server, "Worker ready", 2)
        with running(command, port):
            yield server, port
        assert server.stop() == 0, server.output
    assert "Traceback" not in server.output


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=LIMIT)


def wait_for_count(server: Server, text: str, count: int) -> None:
    end = time.monotonic() + 3 * LIMIT
    while server.output.count(text) < count:
        assert time.monotonic() < end and server.process.poll() is None, server.output
        time.sleep(0.02)


def ask(port: int, *lines: str) -> list[str]:
    """What the app knows of who asks."""
    request = ["GET /who HTTP/1.1", "host: example.com", *lines, "", ""]
    with connect(port) as sock:
        sock.sendall("\r\n".join(request).encode())
        answer = receive_response(sock)
    assert answer.startswith(b"HTTP/1.1 200"), answer
    return json.loads(answer.partition(b"\r\n\r\n")[2])


class Load(threading.Thread):
    """Sends requests one after the other on a connection that is kept, and counts the answers."""

    def __init__(self, port: int, post: bool) -> None:
        super().__init__()
        self.port = port
        self.request = get()
        if post:
            self.request = b"POST / HTTP/1.1\r\nhost: test\r\ncontent-length: 5\r\n\r\nhello"
        self.over = threading.Event()
        self.good = 0
        self.bad: list[str] = []

    def run(self) -> None:
        while not self.over.is_set():
            try:
                with connect(self.port) as sock:
                    self.converse(sock)
            except (OSError, AssertionError) as error:
                self.bad.append(repr(error))

    def converse(self, sock: socket.socket) -> None:
        while not self.over.is_set():
            sock.sendall(self.request)
            head, _, body = receive_response(sock).partition(b"\r\n\r\n")
            if head.startswith(b"HTTP/1.1 200") and body in (b"index", b"5"):
                self.good += 1
            else:
                self.bad.append(head[:60].decode())
            if re.search(rb"connection: close", head, re.I):
                return
            time.sleep(0.002)


def reload_under_load(server: Server, port: int) -> None:
    """Ten rolling reloads; every request is answered with 200."""
    clients = [Load(port, at % 2 == 1) for at in range(CLIENTS)]
    for client in clients:
        client.start()
    try:
        for at in range(RELOADS):
            server.process.send_signal(signal.SIGHUP)
            wait_for_count(server, "Worker ready", 2 + 2 * (at + 1))
        wait_for_count(server, "Worker complete", 2 * RELOADS)
    finally:
        for client in clients:
            client.over.set()
        for client in clients:
            client.join()
    bad = [each for client in clients for each in client.bad]
    assert bad == [], bad[:10]
    print(sum(client.good for client in clients), "requests")
    assert all(client.good > RELOADS for client in clients)


PROXIES = [
    pytest.param("nginx", False, marks=needs_nginx),
    pytest.param("nginx", True, marks=needs_nginx),
    pytest.param("haproxy", False, marks=needs_haproxy),
]


@pytest.mark.parametrize(("proxy", "unix"), PROXIES)
def test_rolling_reload_loses_no_request(tmp_path: Path, proxy: str, unix: bool) -> None:
    with behind(tmp_path, proxy, unix) as (server, port):
        reload_under_load(server, port)


@pytest.mark.parametrize(("proxy", "unix"), PROXIES)
def test_addresses_uploads_and_websockets(tmp_path: Path, proxy: str, unix: bool) -> None:
    with behind(tmp_path, proxy, unix) as (server, port):
        expected = ["127.0.0.1", "http", "example.com", "http://example.com/who"]
        lies = (
            'forwarded: for=6.6.6.6;host=evil;proto=https;secret="change-this-secret"',
            "x-forwarded-for: 6.6.6.6",
            "x-forwarded-host: evil",
            "x-forwarded-proto: https",
            "x-real-ip: 6.6.6.6",
        )
        assert ask(port) == expected
        assert ask(port, *lies) == expected
        for path in ("/", "/upload"):
            size = 20 * MEGABYTE
            with connect(port) as sock:
                head = f"POST {path} HTTP/1.1\r\nhost: test\r\ncontent-length: {size}\r\n\r\n"
                sock.sendall(head.encode())
                for _ in range(size // MEGABYTE):
                    sock.sendall(b"x" * MEGABYTE)
                assert receive_response(sock).endswith(str(size).encode())
        with connect(port) as sock:
            sock.sendall(
                get(
                    "/ws",
                    *("connection: upgrade", "upgrade: websocket", "sec-websocket-version: 13"),
                    "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==",
                )
            )
            data = b""
            while b"\r\n\r\n" not in data:
                data += sock.recv(65536)
            assert data.startswith(b"HTTP/1.1 101"), data
            data = data.partition(b"\r\n\r\n")[2]
            sock.sendall(b"\x81\x82\0\0\0\0hi")
            while len(data) < 4:
                data += sock.recv(65536)
            assert data == b"\x81\x02hi"


@needs_nginx
def test_upload_without_buffering_begins_with_its_first_bytes(tmp_path: Path) -> None:
    with behind(tmp_path, "nginx") as (server, port), connect(port) as sock:
        sock.sendall(b"POST /upload HTTP/1.1\r\nhost: test\r\ncontent-length: 10\r\n\r\nhello")
        server.wait_for("BEGAN")
        sock.sendall(b"world")
        assert receive_response(sock).endswith(b"10")


@pytest.mark.parametrize(("proxy", "unix"), PROXIES[:2])  # HAProxy waits for the answer
def test_client_that_leaves_ends_the_handler(tmp_path: Path, proxy: str, unix: bool) -> None:
    with behind(tmp_path, proxy, unix) as (server, port):
        with connect(port) as sock:
            sock.sendall(get("/slow"))
            server.wait_for("SLOW")
        server.wait_for("CANCELLED")
