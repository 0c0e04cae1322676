"""Servers in processes of their own, for tests from the outside."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).resolve().parents[1]
LIMIT = 60.0  # s; nothing here takes a fraction of it


def free_port() -> int:
    """A TCP port that is free and that nobody is given by chance.

    The kernel takes the ports of connections from a range of its own, so that the client of another
    test could get this one before a server binds it; these are below that range.
    """
    for port in random.sample(range(10_000, 30_000), 1000):
        with socket.socket() as sock:
            try:
                sock.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
    raise AssertionError("no port is free")


class Server:
    """A Python program that serves; its output is kept in a file.

    Args:
        folder: where the program and its output go.
        argv: arguments of the interpreter, such as `-c CODE` or `-m sanic_fast TARGET`.
        env: further environment variables.
        python: another interpreter than that of the tests.
    """

    def __init__(
        self,
        folder: Path,
        *argv: str,
        env: dict[str, str] | None = None,
        python: str = sys.executable,
    ) -> None:
        self.log = folder / "server.log"
        paths = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
        self.environment = {**os.environ, "PYTHONPATH": paths, "PYTHONUNBUFFERED": "1"}
        self.environment.update(env or {})
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [python, *argv],
                cwd=folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def __enter__(self) -> Server:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(LIMIT)

    @property
    def output(self) -> str:
        """Everything written so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def wait_for(self, text: str) -> str:
        """Wait until the output has `text`; the output then."""
        end = time.monotonic() + LIMIT
        while True:
            # In this order: what a program writes last is there when it has ended.
            last = self.process.poll() is not None or time.monotonic() > end
            if text in (output := self.output):
                return output
            assert not last, f"{text!r} never came; output:\n{output}"
            time.sleep(0.01)

    def port(self) -> int:
        """The port the program printed as `PORT n`, once it is ready."""
        output = self.wait_for("Worker ready")
        return int(output.split("PORT ", 1)[1].split()[0])

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and wait for the end; the exit status."""
        self.process.send_signal(number)
        return self.wait()

    def wait(self) -> int:
        """Wait for the end; the exit status."""
        return self.process.wait(LIMIT)


def connect(port: int) -> socket.socket:
    """A connection to a local server, with a limit on every wait."""
    return socket.create_connection(("127.0.0.1", port), timeout=LIMIT)


def receive_until_closed(sock: socket.socket) -> bytes:
    """All bytes up to the end of the connection; a reset counts as one."""
    received = b""
    try:
        while data := sock.recv(65536):
            received += data
    except ConnectionResetError:
        pass
    return received


def receive_response(sock: socket.socket) -> bytes:
    """One response whose length its head tells."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += _more(sock)
    head, _, body = received.partition(b"\r\n\r\n")
    lengths = [
        int(line.split(b":")[1])
        for line in head.lower().split(b"\r\n")
        if line.startswith(b"content-length:")
    ]
    while lengths and len(body) < lengths[0]:
        body += _more(sock)
    return head + b"\r\n\r\n" + body


def _more(sock: socket.socket) -> bytes:
    data = sock.recv(65536)
    if not data:
        raise AssertionError("the connection closed in the middle of a response")
    return data


def get(path: str = "/", *headers: str) -> bytes:
    """A GET request."""
    lines = [f"GET {path} HTTP/1.1", "host: test", *headers, "", ""]
    return "\r\n".join(lines).encode()
