"""Fail when a request takes more instructions, or more system calls, than it used to.

    .venv/bin/python perf/gate.py               compare with perf/baseline.json
    .venv/bin/python perf/gate.py --update      store the counts under this environment's key

Run it with the interpreter whose build of sanic_fast is to be judged. Instructions are counted by
callgrind, system calls by strace, while one client sends the same bytes in lock-step on one
connection, N times and 2N times; the difference over N is one request. No clock is involved, so a
busy machine does not matter. Counts hold for one environment only: where the baseline has none for
it, the merge base with `--base` is built beside this checkout and counted instead.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from statistics import median

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from perf import callgrind
from perf.scenarios import SCENARIOS, Scenario
from perf.servers import APPS, ROOT, free_port

BASELINE = ROOT / "perf" / "baseline.json"
NAMES = ("text", "json", "params", "post_json")
TOLERANCE = 0.03
#: Pairs of N and 2N requests; the median of them keeps a rare big garbage collection out.
REPEATS = 3
#: Lock-step makes them whole numbers; a timer that fires in between may add a few per thousand.
SYSCALL_TOLERANCE = 0.05
START_SECONDS = 120
Counts = dict[str, dict[str, float]]


class GateError(Exception):
    """The count could not be taken; the message is for the reader."""


def request_bytes(scenario: Scenario) -> bytes:
    """The scenario as bytes on the wire, the same every time."""
    lines = [f"{scenario.method} {scenario.path} HTTP/1.1", "host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in scenario.headers]
    if scenario.send:
        lines.append(f"content-length: {len(scenario.send)}")
    return "\r\n".join([*lines, "", ""]).encode() + scenario.send


def response_length(head: bytes) -> int:
    """Whole length of a response that starts with `head`, which must hold all of its header.

    Raises:
        GateError: not a 200 with a content-length.
    """
    header, _, _ = head.partition(b"\r\n\r\n")
    if not header.startswith(b"HTTP/1.1 200"):
        raise GateError(f"unexpected answer {header[:80]!r}")
    for line in header.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return len(header) + 4 + int(value)
    raise GateError("answer without content-length")


class Client:
    """One connection, one request at a time, each answer read to its end."""

    def __init__(self, port: int) -> None:
        self._sock = socket.create_connection(("127.0.0.1", port), timeout=120)
        self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes, times: int = 1) -> None:
        """Send `request` `times` times."""
        for _ in range(times):
            self._sock.sendall(request)
            seen = b""
            while b"\r\n\r\n" not in seen or len(seen) < response_length(seen):
                data = self._sock.recv(65536)
                if not data:
                    raise GateError("the server closed the connection")
                seen += data

    def close(self) -> None:
        """Close the connection."""
        self._sock.close()


@contextmanager
def serving(tool: list[str], checkout: Path, mark: Path, app: Path) -> Iterator[Client]:
    """The gate application of `checkout` under `tool`; a client once it answers."""
    port = free_port()
    environment = dict(
        os.environ, PYTHONHASHSEED="0", PYTHONPATH=str(checkout), PERF_MARK=str(mark)
    )
    environment.pop("PYTHONMALLOC", None)
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            [*tool, sys.executable, str(app), str(port)],
            stdout=output, stderr=subprocess.STDOUT, env=environment, cwd=mark.parent,
            start_new_session=True,
        )  # fmt: skip
        try:
            client = _connect(process, port)
            if client is None:
                output.seek(0)
                raise GateError(output.read().decode(errors="replace").strip()[-2000:])
            yield client
            client.close()
        finally:
            # The tool and the server under it share a session of their own.
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _connect(process: subprocess.Popen[bytes], port: int) -> Client | None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            return Client(port)
        except OSError:
            time.sleep(0.1)
    return None


def instructions(
    checkout: Path, app: Path, mark: Path, times: int, top: int = 0
) -> dict[str, float]:
    """Instructions per request of each scenario; prints the `top` dearest functions of each."""
    folder = mark.parent / "callgrind"
    folder.mkdir()
    tool = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out",
            "--quiet"]  # fmt: skip
    marker = request_bytes(Scenario("mark", "/mark"))
    with serving(tool, checkout, mark, app) as client:
        client.ask(marker)
        for name in NAMES:
            request = request_bytes(SCENARIOS[name])
            client.ask(request, times)  # warm: caches, free lists, the first garbage collection
            client.ask(marker)
            for count in (times, 2 * times) * REPEATS:
                client.ask(request, count)
                client.ask(marker)
    # File n holds what happened since mark n - 1; each scenario begins with its warm-up.
    files = 1 + len(NAMES) * (1 + 2 * REPEATS)
    totals = iter(
        [callgrind.read_total(folder / f"out.{number}") for number in range(1, files + 1)]
    )
    next(totals)
    found = {}
    for name in NAMES:
        next(totals)
        pairs = [(next(totals), next(totals)) for _ in range(REPEATS)]
        found[name] = median((twice - once) / times for once, twice in pairs)
        if top:
            last = (NAMES.index(name) + 1) * (1 + 2 * REPEATS) + 1
            before = [folder / f"out.{number}" for number in range(1, last)]
            print(f"{name}: instructions per request in each function")
            print("\n".join(callgrind.top(before, folder / f"out.{last}", 2 * times, top)))
    return found


def syscalls(checkout: Path, app: Path, mark: Path, times: int) -> dict[str, float]:
    """System calls per request of each scenario, all threads."""
    log = mark.parent / "strace.log"
    found = {}
    with serving(["strace", "-f", "-o", str(log)], checkout, mark, app) as client:
        for name in NAMES:
            request = request_bytes(SCENARIOS[name])
            client.ask(request, times)
            seen = [_settled_lines(log)]
            for count in (times, 2 * times):
                client.ask(request, count)
                seen.append(_settled_lines(log))
            found[name] = ((seen[2] - seen[1]) - (seen[1] - seen[0])) / times
    return found


def _settled_lines(log: Path) -> int:
    """Finished calls in the log, once the server is back in its wait for events."""
    time.sleep(0.3)
    return sum(1 for line in log.read_bytes().splitlines() if b"resumed>" not in line)


def measure(checkout: Path, times: int, app: Path = APPS / "gate_app.py", top: int = 0) -> Counts:
    """Both counts of every scenario for the build in `checkout`.

    Raises:
        GateError: a tool is missing or the application does not run there.
    """
    with tempfile.TemporaryDirectory(prefix="perf-gate-") as folder:
        mark = Path(folder) / "mark.so"
        compiler = os.environ.get("CC", "cc").split()
        source = ROOT / "perf/floor/mark.c"
        subprocess.run(
            [*compiler, "-O1", "-shared", "-fPIC", "-o", str(mark), str(source)], check=True
        )
        try:
            counted = instructions(checkout, app, mark, times, top)
            called = syscalls(checkout, app, mark, times)
        except FileNotFoundError as exc:
            raise GateError(f"{exc.filename} is not installed") from None
    return {
        name: {"instructions": round(counted[name], 1), "syscalls": round(called[name], 3)}
        for name in NAMES
    }


def environment_key() -> str:
    """What the counts depend on besides our own code, as one line."""

    def version(package: str) -> str:
        try:
            return f"{package} {importlib.metadata.version(package)}"
        except importlib.metadata.PackageNotFoundError:
            return f"{package} none"

    cc = subprocess.run(
        [*os.environ.get("CC", "cc").split(), "-dumpfullversion"],
        capture_output=True, text=True, check=False,
    ).stdout.strip()  # fmt: skip
    options = sysconfig.get_config_var("CONFIG_ARGS") or ""
    build = "optimised" if "--enable-optimizations" in options else "plain"
    return "; ".join(
        [f"{platform.python_implementation()} {platform.python_version()} {build}",
         platform.python_compiler(), f"cc {cc}", platform.machine(),
         version("Cython"), version("uvloop"), version("ujson")]
    )  # fmt: skip


def judge(old: Mapping[str, Mapping[str, float]], new: Counts) -> list[str]:
    """One line per figure that got worse beyond its tolerance."""
    problems = []
    for name, figures in new.items():
        before = old.get(name)
        if not before:
            continue
        limit = before["instructions"] * (1 + TOLERANCE)
        if figures["instructions"] > limit:
            growth = figures["instructions"] / before["instructions"] - 1
            problems.append(f"{name}: {growth:.1%} more instructions per request")
        if figures["syscalls"] > before["syscalls"] + SYSCALL_TOLERANCE:
            problems.append(
                f"{name}: {figures['syscalls']} system calls per request,"
                f" there were {before['syscalls']}"
            )
    return problems


def show(title: str, counts: Mapping[str, Mapping[str, float]]) -> None:
    """Print one table."""
    print(title)
    for name, figures in counts.items():
        print(
            f"  {name:12}{figures['instructions']:12,.0f} instructions"
            f"{figures['syscalls']:8.2f} system calls"
        )


def _git(*args: str) -> str:
    return subprocess.run(
        ["git", "-C", str(ROOT), *args], capture_output=True, text=True, check=True
    ).stdout.strip()


@contextmanager
def built_base(reference: str) -> Iterator[Path]:
    """The merge base with `reference` in a work tree of its own, built in place.

    On the base itself its first parent is taken, so that a push is compared with what was before.
    """
    head, base = _git("rev-parse", "HEAD"), _git("merge-base", "HEAD", reference)
    if base == head and not _git("status", "--porcelain", "-uno"):
        base = _git("rev-parse", "HEAD~1")
    with tempfile.TemporaryDirectory(prefix="perf-base-") as folder:
        tree = Path(folder) / "tree"
        _git("worktree", "add", "--detach", str(tree), base)
        try:
            print(f"building {base[:12]} to compare with")
            done = subprocess.run(
                [sys.executable, "setup.py", "-q", "build_ext", "--inplace"],
                cwd=tree, capture_output=True, text=True, check=False,
            )  # fmt: skip
            if done.returncode:
                raise GateError(f"{base[:12]} does not build: {done.stderr.strip()[-1000:]}")
            yield tree
        finally:
            _git("worktree", "remove", "--force", str(tree))


def reference_counts(key: str, args: argparse.Namespace) -> Counts | None:
    """The stored counts for `key`, else those of the merge base; None where it cannot run."""
    stored = json.loads(BASELINE.read_text()) if BASELINE.exists() else {}
    if key in stored:
        return stored[key]
    print(f"no baseline for: {key}")
    try:
        with built_base(args.base) as tree:
            return measure(tree, args.requests, args.app)
    except (GateError, subprocess.CalledProcessError) as exc:
        print(f"nothing to compare with: {exc}")
        return None


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--update", action="store_true", help="store the counts; say why")
    parser.add_argument("--base", default="origin/main", help="compare with the merge base of it")
    parser.add_argument("--requests", type=int, default=500, help="N; 2N are sent as well")
    parser.add_argument("--top", type=int, default=0, help="print the N dearest functions too")
    parser.add_argument("--app", type=Path, default=APPS / "gate_app.py")
    args = parser.parse_args()
    key = environment_key()
    try:
        new = measure(ROOT, args.requests, args.app.resolve(), args.top)
    except GateError as exc:
        raise SystemExit(f"cannot count: {exc}") from None
    show("this checkout", new)
    if args.update:
        stored = json.loads(BASELINE.read_text()) if BASELINE.exists() else {}
        BASELINE.write_text(json.dumps(stored | {key: new}, indent=1, sort_keys=True) + "\n")
        print(f"stored under: {key}")
        return
    old = reference_counts(key, args)
    if old:
        show("before", old)
        problems = judge(old, new)
        print("\n".join(problems) or f"no figure is more than {TOLERANCE:.0%} worse")
        sys.exit(bool(problems))


if __name__ == "__main__":
    main()
