"""The server as the first process of a container, which has no other to look after it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import LIMIT, ROOT, connect, free_port, get, receive_response
from tests.worker.kit import until

UNSHARE = shutil.which("unshare")
PROGRAM = """
import os
from sanic_fast import Sanic, text

app = Sanic("contained")

@app.get("/")
async def index(request):
    return text(str(os.getppid()))
"""


def may_unshare() -> bool:
    """Whether this machine lets us make process namespaces."""
    if not UNSHARE:
        return False
    command = [UNSHARE, "--pid", "--fork", "--mount-proc", "true"]
    return subprocess.run(command, capture_output=True).returncode == 0


def first_process(parent: int) -> int:
    """The process that `unshare` made."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return int(children[0])


@pytest.mark.slow
@pytest.mark.net
def test_first_process_stops_on_sigterm(tmp_path: Path) -> None:
    if not may_unshare():
        pytest.skip("needs the right to make namespaces")
    assert UNSHARE
    (tmp_path / "server.py").write_text(PROGRAM)
    port = free_port()
    command = [UNSHARE, "--pid", "--fork", "--mount-proc", sys.executable]
    log = tmp_path / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "-m", "sanic_fast", "server:app", f"--port={port}", "--workers=2"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        until(lambda: log.read_text().count("Worker ready") == 2 or process.poll() is not None)
        assert process.poll() is None, log.read_text()
        with connect(port) as sock:
            sock.sendall(get("/", "connection: close"))
            assert receive_response(sock).endswith(b"\r\n\r\n1")
        os.kill(first_process(process.pid), signal.SIGTERM)
        assert process.wait(LIMIT) == 0, log.read_text()
        assert log.read_text().count("Worker complete") == 2
    finally:
        if process.poll() is None:
            os.kill(first_process(process.pid), signal.SIGKILL)
            process.wait(LIMIT)
