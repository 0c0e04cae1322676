"""The command line in a process of its own: help, resolution of targets, exit status, commands."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sanic_fast.__version__ import __version__
from tests.servers import LIMIT, ROOT, Server, connect, get, receive_response

pytestmark = [pytest.mark.net, pytest.mark.slow]

APP = """
from sanic_fast import Sanic, text

app = Sanic("cli")
number = 5

@app.get("/")
async def index(request):
    return text("index")

def create():
    return app

def create_with(args):
    print("ARGS", args.target, args.foo)
    return app

def two(one, other):
    return app

@app.command
async def greet(name, loud: bool = "no", port="0"):
    '''Say hello.'''
    print("GREET", repr(name), repr(loud), repr(port))

@app.command(name="other")
def sync_command():
    print("OTHER")

@app.command
def boom():
    raise ValueError("boom")
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "srv.py").write_text(APP)
    (tmp_path / "noapp.py").write_text("x = 1\n")
    (tmp_path / "broken.py").write_text("import nothing_of_the_kind\n")
    (tmp_path / "raising.py").write_text("raise KeyError('at import')\n")
    (tmp_path / "mistaken.py").write_text("def create(args):\n    return 1 + None\n")
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "__init__.py").write_text("")
    (tmp_path / "pack" / "server.py").write_text("from srv import app\n")
    return tmp_path


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sanic_fast", *words],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=LIMIT,
        stdin=subprocess.DEVNULL,
    )


@pytest.mark.parametrize("words", [["--version"], ["-v"]])
def test_version_is_told_on_stdout(folder: Path, words: list[str]) -> None:
    done = run(folder, *words)
    assert done.returncode == 0
    assert done.stdout.startswith(f"Sanic {__version__}; Routing ")


@pytest.mark.parametrize("words", [["help"], ["--help"], ["-h"]])
def test_short_help_shows_the_common_options(folder: Path, words: list[str]) -> None:
    done = run(folder, *words)
    assert done.returncode == 0
    for text in ("Usage:", "--host", "--port", "--dev", "--daemon", "help --full"):
        assert text in done.stdout
    assert "--workers" not in done.stdout


@pytest.mark.parametrize("words", [["help", "--full"], ["srv:app", "--help"], ["srv", "-h"]])
def test_full_help_shows_every_option(folder: Path, words: list[str]) -> None:
    done = run(folder, *words)
    assert done.returncode == 0
    for option in (
        *("--version", "--factory", "--simple", "--host", "--port", "--unix", "--http", "-1"),
        *("-3", "--cert", "--key", "--tls", "--tls-strict-host", "--debug", "--auto-reload"),
        *("--reload-dir", "--dev", "--auto-tls", "--workers", "--fast", "--single-process"),
        *("--access-logs", "--no-access-logs", "--coffee", "--no-coffee", "--motd", "--no-motd"),
        *("--verbosity", "--noisy-exceptions", "--no-noisy-exceptions", "--startup-timeout"),
        *("--legacy", "--daemon", "--pidfile", "--logfile", "--user", "--group"),
    ):
        assert option in done.stdout, option


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "the following arguments are required: target"),
        (["srv:app", "--nosuch"], "unrecognized arguments: --nosuch"),
        (["srv:app", "foo"], "argument action: invalid choice: 'foo' (choose from"),
        (
            ["srv:app", "-w", "2", "--fast"],
            "argument --fast: not allowed with argument -w/--workers",
        ),
        (
            ["srv:app", "--single-process", "-w", "2"],
            "argument -w/--workers: not allowed with argument --single-process",
        ),
        (["srv:app", "--port", "x"], "argument -p/--port: invalid int value: 'x'"),
        (["srv:app", "--http", "2"], "argument --http: invalid choice: 2 (choose from 1, 3)"),
        (["srv:app", "exec", "nosuch"], "argument command: invalid choice: 'nosuch'"),
        (["srv:app", "exec", "greet", "--nope"], "unrecognized arguments: --nope"),
    ],
)
def test_wrong_usage_exits_with_status_2(folder: Path, words: list[str], message: str) -> None:
    done = run(folder, *words)
    assert done.returncode == 2
    assert f"sanic: error: {message}" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nosuch:app"], "No module named nosuch found."),
        (["nosuch:app"], "Example File: project/sanic_server.py -> app"),
        (["pack.nosuch:app"], "No module named pack.nosuch found."),
        (["broken:app"], "No module named 'nothing_of_the_kind'"),
        (["raising:app"], "KeyError"),
        (["noapp"], "Failed to run app: Looks like you only supplied a module name."),
        (["srv:nosuch"], "Failed to run app: Module is not a Sanic app, it is a NoneType"),
        (["srv:nosuch"], "Perhaps you meant srv:app?"),
        (["srv.py"], "Perhaps you meant srv:app?"),
        (["srv:number"], "Failed to run app: Module is not a Sanic app, it is a int"),
        (["srv:number", "--factory"], "Failed to run app: Expected a callable, but got int."),
        (["srv:app", "--factory"], "Failed to run app: Expected a callable, but got Sanic."),
        (["mistaken:create", "--factory"], "TypeError: unsupported operand type(s)"),
        (["srv:app", "--cert", "x"], "TLS certificates must be specified by either of:"),
        (["srv:app", "--tls", "x", "--cert", "y", "--key", "z"], "--tls certdir"),
        (["srv:app", "--tls-strict-host"], "TLS certificates must be specified"),
        (["srv:app", "--auto-tls"], "Cannot run Sanic as an HTTPS server in PRODUCTION"),
        (["srv:app", "exec", "boom"], "ValueError"),
    ],
)
def test_app_that_cannot_be_run_exits_with_status_1(
    folder: Path, words: list[str], message: str
) -> None:
    done = run(folder, *words)
    assert done.returncode == 1
    assert message in done.stdout + done.stderr


def test_wrong_target_is_told_without_a_traceback(folder: Path) -> None:
    done = run(folder, "srv:nosuch")
    assert len((done.stdout + done.stderr).splitlines()) == 2


def test_missing_import_inside_the_target_is_not_called_a_missing_target(folder: Path) -> None:
    done = run(folder, "broken:app")
    assert "found.\n" not in done.stdout + done.stderr


def test_busy_port_is_told_in_a_sentence(folder: Path, free_port: int) -> None:
    import socket

    with socket.socket() as sock:
        sock.bind(("127.0.0.1", free_port))
        sock.listen()
        done = run(folder, "srv:app", "--port", str(free_port), "--no-motd")
    assert done.returncode == 1
    assert "Startup failed: Address already in use." in done.stdout + done.stderr
    assert "use a different port" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


NO_SUCH_FILE = "Startup failed due to OS error: No such file or directory (errno 2): "


@pytest.mark.parametrize("mode", [[], ["--single-process"]])
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--host", "300.1.1.1"], "Startup failed due to OS error: "),
        (["--unix", "nowhere/x.sock"], "OS error: Socket folder does not exist: /"),
        (["--unix", "srv.py"], "OS error: Existing file is not a socket: /"),
        (["--unix", "/proc/x.sock"], f"{NO_SUCH_FILE}/proc/x.sock"),
        (["--cert", "c.pem", "--key", "srv.py"], f"{NO_SUCH_FILE}c.pem"),
        (["--cert", "srv.py", "--key", "k.pem"], f"{NO_SUCH_FILE}k.pem"),
        (["--cert", "srv.py", "--key", "srv.py"], "the certificate or its key cannot be used: "),
        (["--tls", "nowhere"], "Failed to run app: Certificate not found or permission denied "),
    ],
)
def test_start_that_cannot_be_is_told_in_a_sentence(
    folder: Path, words: list[str], message: str, mode: list[str]
) -> None:
    done = run(folder, "srv:app", *words, *mode, "--no-motd")
    output = done.stdout + done.stderr
    assert done.returncode == 1
    assert message in output
    assert len(output.splitlines()) <= 3
    assert "Traceback" not in output and "\u2502" not in output


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--workers", "0"], "Failed to run app: Cannot serve with no workers"),
        (["--legacy", "--single-process"], "Cannot run single process and legacy mode"),
        (["--auto-tls"], "Cannot run Sanic as an HTTPS server in PRODUCTION mode"),
    ],
)
def test_options_that_cannot_be_served_are_told_in_a_sentence(
    folder: Path, words: list[str], message: str
) -> None:
    done = run(folder, "srv:app", *words)
    assert done.returncode == 1
    assert message in done.stdout + done.stderr
    assert len((done.stdout + done.stderr).splitlines()) == 1


def test_missing_directory_is_told_in_a_sentence(folder: Path) -> None:
    done = run(folder, "./nowhere", "--simple")
    assert done.returncode == 1
    assert done.stderr == "Cannot setup Sanic Simple Server without a path to a directory\n"


@pytest.mark.parametrize(
    "words",
    [
        ["srv:app"],
        ["srv.app"],
        ["srv"],
        ["pack.server"],
        ["pack.server:app"],
        ["srv:create"],
        ["srv:create()"],
        ["srv:create", "--factory"],
        ["srv:app", "--single-process"],
        ["srv:app", "serve"],
    ],
)
def test_target_is_found_and_served(folder: Path, free_port: int, words: list[str]) -> None:
    with Server(folder, "-m", "sanic_fast", *words, "--port", str(free_port)) as server:
        server.wait_for("Worker ready")
        with connect(free_port) as client:
            client.sendall(get())
            assert receive_response(client).endswith(b"index")
        assert server.stop() == 0
        assert f"Goin' Fast @ http://127.0.0.1:{free_port}" in server.output


def test_factory_gets_unknown_options(folder: Path, free_port: int) -> None:
    words = ["srv:create_with", "--factory", "--foo=3", "--port", str(free_port), "--no-motd"]
    with Server(folder, "-m", "sanic_fast", *words) as server:
        server.wait_for("Worker ready")
        assert server.stop() == 0
        assert "ARGS srv:create_with 3" in server.output
        assert "Goin' Fast" not in server.output


@pytest.mark.parametrize("words", [["./files"], [".", "--simple"]])
def test_directory_is_served(folder: Path, free_port: int, words: list[str]) -> None:
    (folder / "files").mkdir()
    for place in (folder, folder / "files"):
        (place / "page.txt").write_text("a page")
    with Server(folder, "-m", "sanic_fast", *words, "--port", str(free_port)) as server:
        server.wait_for("Worker ready")
        with connect(free_port) as client:
            client.sendall(get("/page.txt"))
            assert receive_response(client).endswith(b"a page")
        assert server.stop() == 0


@pytest.mark.parametrize(
    "words", [["srv:app", "exec"], ["srv:app", "exec", "--help"], ["--debug", "srv:app", "exec"]]
)
def test_exec_without_command_lists_them(folder: Path, words: list[str]) -> None:
    done = run(folder, *words)
    assert done.returncode == 0
    for text in ("Commands", "greet", "Say hello.", "Execute other"):
        assert text in done.stdout


def test_exec_runs_a_command_with_strings(folder: Path) -> None:
    done = run(folder, "srv:app", "exec", "greet", "--name=a", "--loud", "yes")
    assert done.returncode == 0
    assert "GREET 'a' 'yes' '0'" in done.stdout
    assert "Starting worker" not in done.stdout


def test_exec_leaves_missing_options_none(folder: Path) -> None:
    assert "GREET None 'no' '0'" in run(folder, "srv:app", "exec", "greet").stdout


def test_exec_keeps_options_named_like_those_of_the_server(folder: Path) -> None:
    done = run(folder, "srv:app", "exec", "greet", "--n", "x", "--port", "9")
    assert done.returncode == 0
    assert "GREET 'x' 'no' '9'" in done.stdout


def test_exec_runs_sync_commands(folder: Path) -> None:
    assert "OTHER" in run(folder, "srv:app", "exec", "other").stdout


def test_exec_help_of_a_command_shows_its_options(folder: Path) -> None:
    done = run(folder, "srv:app", "exec", "greet", "--help")
    assert done.returncode == 0
    for text in ("--name", "--loud", "--port", "bool"):
        assert text in done.stdout
