"""A server in a process of its own that is stopped while clients are at work.

Its environment says how it runs: MODE (`single`, `workers`, `embedded`), BIND (`tcp`, `tls`,
`unix`), LOOP, and limits.
"""

from __future__ import annotations

import signal
import socket
import ssl
import time
from pathlib import Path

import trustme

from tests.servers import LIMIT, Server, free_port, get

MODES = ("single", "workers", "embedded")
PROGRAM = """
import asyncio, os, signal, sys, time
from sanic_fast import Sanic, text

app = Sanic("drain")
E = os.environ.get
app.config.GRACEFUL_SHUTDOWN_TIMEOUT = float(E("LIMIT", "15"))
if E("IDLE"):
    app.config.GRACEFUL_IDLE_TIMEOUT = float(E("IDLE"))
app.config.USE_UVLOOP = E("LOOP") == "uvloop"
app.config.MOTD = False

def say(*words):
    os.write(1, (" ".join(map(str, words)) + "\\n").encode())

def is_open():
    # The test says that what began may end.
    return os.path.exists("gate")

async def gate():
    while not is_open():
        await asyncio.sleep(0.01)

@app.get("/")
async def index(request):
    return text("index")

@app.get("/gate/<n:int>")
async def gated(request, n):
    say("GATE", n)
    await gate()
    return text(f"gate {n}")

@app.get("/block")
def block(request):
    say("BLOCKED")
    while not is_open():
        time.sleep(0.01)
    return text("block")

@app.get("/pieces")
async def pieces(request):
    response = await request.respond()
    await response.send("first")
    await gate()
    for n in range(100):
        await response.send("x" * 10000)
    await response.eof()

@app.post("/upload", stream=True)
async def upload(request):
    size = 0
    async for piece in request.stream:
        size += len(piece)
        say("UPLOAD", size)
    return text(str(size))

@app.post("/whole")
async def whole(request):
    return text(str(len(request.body)))

@app.get("/never")
async def never(request):
    say("NEVER")
    try:
        await asyncio.Event().wait()
    finally:
        await asyncio.sleep(0.05)
        say("CLEANED")

@app.websocket("/ws")
async def echo(request, ws):
    say("WEBSOCKET")
    async for message in ws:
        await ws.send(message)

@app.websocket("/busy")
async def busy(request, ws):
    say("WEBSOCKET")
    await asyncio.Event().wait()

@app.before_server_stop
async def before(app):
    say("STOPPING")

@app.after_server_stop
async def after(app):
    say("STOPPED")

def ssl_dict():
    return {"cert": "cert.pem", "key": "key.pem"} if E("BIND") == "tls" else None

def where():
    if E("BIND") == "unix":
        return {"unix": "socket"}
    return {"host": "127.0.0.1", "port": int(E("PORT")), "ssl": ssl_dict()}

async def embedded():
    server = await app.create_server(return_asyncio_server=True, **where())
    await server.startup()
    await server.before_start()
    await server.after_start()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await server.start_serving()
    say("Worker ready")
    await stop.wait()
    await server.before_stop()
    await server.close()
    await server.after_stop()

if __name__ == "__main__":
    if E("MODE") == "embedded":
        if E("LOOP") == "uvloop":
            import uvloop
            uvloop.run(embedded())
        else:
            asyncio.run(embedded())
    else:
        app.run(**where(), single_process=E("MODE") == "single", workers=1)
    say("RETURNED")
"""


class Draining(Server):
    """The server; leave its `with` block when it is stopped.

    Args:
        folder: where it may put things.
        mode: `single`, `workers` or `embedded`.
        bind: `tcp`, `tls` or `unix`.
        loop: `uvloop` or `asyncio`.
        env: LIMIT and IDLE, in seconds.
    """

    def __init__(
        self,
        folder: Path,
        mode: str,
        bind: str = "tcp",
        loop: str = "uvloop",
        **env: str,
    ) -> None:
        self.folder = folder
        self.bind = bind
        self.number = free_port()
        self.context: ssl.SSLContext | None = None
        if bind == "tls":
            authority = trustme.CA()
            certificate = authority.issue_cert("localhost")
            certificate.private_key_pem.write_to_path(str(folder / "key.pem"))
            for each in certificate.cert_chain_pems:
                each.write_to_path(str(folder / "cert.pem"), append=True)
            self.context = ssl.create_default_context()
            authority.configure_trust(self.context)
        program = folder / "program.py"
        program.write_text(PROGRAM)
        env = {"MODE": mode, "BIND": bind, "LOOP": loop, "PORT": str(self.number), **env}
        super().__init__(folder, str(program), env=env)
        self.wait_for("Worker ready")

    def connect(self, handshake: bool = True) -> socket.socket:
        """A connection; encrypted where the server wants that, unless told otherwise."""
        if self.bind == "unix":
            sock = socket.socket(socket.AF_UNIX)
            sock.settimeout(LIMIT)
            try:
                sock.connect(str(self.folder / "socket"))
            except OSError:
                sock.close()
                raise
            return sock
        sock = socket.create_connection(("127.0.0.1", self.number), timeout=LIMIT)
        return self.wrap(sock) if handshake else sock

    def wrap(self, sock: socket.socket) -> socket.socket:
        """The TLS handshake, if there is one."""
        if self.context is None:
            return sock
        return self.context.wrap_socket(sock, server_hostname="localhost")

    def begin_stop(self, number: int = signal.SIGTERM) -> None:
        """Send a signal, and wait until no new connection is taken."""
        self.process.send_signal(number)
        self.wait_for("STOPPING")
        end = time.monotonic() + LIMIT
        while time.monotonic() < end:
            try:
                self.connect(handshake=False).close()
            except (ConnectionRefusedError, ConnectionResetError, FileNotFoundError):
                return
            time.sleep(0.02)
        raise AssertionError(f"still accepting; output:\n{self.output}")

    def open_gate(self) -> None:
        """Let the handlers that wait for it go on."""
        (self.folder / "gate").touch()

    def until_refused(self, sock: socket.socket) -> list[bytes]:
        """Send one request after the other until an answer says that it is the last."""
        found: list[bytes] = []
        while not found or b"connection: close" not in found[-1]:
            sock.sendall(get())
            found.append(one_answer(sock))
        return found


def one_answer(sock: socket.socket) -> bytes:
    """One answer with a length."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += more(sock)
    head, _, body = data.lower().partition(b"\r\n\r\n")
    size = int(head.split(b"content-length:")[1].split()[0])
    while len(body) < size:
        body += more(sock)
    return head + b"\r\n\r\n" + body


def more(sock: socket.socket) -> bytes:
    """Bytes; the test fails at the end of the connection."""
    data = sock.recv(65536)
    assert data, "closed without an answer"
    return data
