"""Cost of one route match, called from C as dispatch calls it: nanoseconds and instructions.

`python perf/micro/bench_router.py` prints nanoseconds (minimum of interleaved rounds) per case;
`--instructions` adds callgrind's count (needs valgrind), which does not depend on the machine's
load. The loop is a small extension, built into build/micro at the first run.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "micro"
COUNT = 20_000
ROUNDS = 15
LOOP = """
from sanic_fast._core.router cimport RouteTable

def loop(RouteTable table, bytes method, bytes path, long count):
    cdef long i
    cdef const char* m = method
    cdef const char* p = path
    cdef Py_ssize_t m_len = len(method), p_len = len(path)
    for i in range(count):
        table.match(m, m_len, p, p_len, NULL, 0)
"""
# case -> (method, path); every table has `routes` routes of each kind.
CASES = {
    "literal": ("GET", "/health"),
    "literal, last of many": ("GET", "/lit/{last}"),
    "2 params": ("GET", "/user/12/post/hello"),
    "2 params, deepest of many": ("GET", "/s{last}/12/x{last}/hello"),
    "uuid": ("GET", "/u/123e4567-e89b-12d3-a456-426655440000"),
    "path": ("GET", "/files{last}/css/site.css"),
    "path in the middle": ("GET", "/zip/a/b/c/download"),
    "regex": ("GET", "/r/abc"),
    "miss at the root": ("GET", "/favicon.ico"),
    "miss, deep": ("GET", "/s{last}/12/nope/hello"),
    "wrong method": ("PUT", "/health"),
}


def load_loop() -> Any:
    """Build the C loop if need be and import it."""
    BUILD.mkdir(parents=True, exist_ok=True)
    source = BUILD / "router_loop.pyx"
    target = BUILD / f"router_loop{sysconfig.get_config_var('EXT_SUFFIX')}"
    header = ROOT / "sanic_fast" / "_core" / "router.pxd"
    if not target.exists() or target.stat().st_mtime < header.stat().st_mtime:
        source.write_text(LOOP)
        subprocess.run(
            [sys.executable, "-m", "cython", "-3", "-I", str(ROOT), str(source)], check=True
        )
        compiler = os.environ.get("CC", "cc").split()
        include = sysconfig.get_path("include")
        subprocess.run(
            [*compiler, "-O2", "-shared", "-fPIC", f"-I{include}"]
            + [str(source.with_suffix(".c")), "-o", str(target)],
            check=True,
        )
    sys.path.insert(0, str(ROOT))
    spec = importlib.util.spec_from_file_location("router_loop", target)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.loop


def make_table(routes: int) -> Any:
    """Return the table of a router with `routes` routes of each kind."""
    from sanic_fast.router import Router

    def handler(request: Any) -> None:
        """Stand in for a handler."""

    router = Router()
    for number in range(routes):
        for path in (
            f"/lit/{number}",
            f"/s{number}/<a:int>/x{number}/<b>",
            f"/files{number}/<p:path>",
        ):
            router.add(path, ["GET"], handler)
    for path in (
        *("/health", "/user/<a:int>/post/<b>", "/u/<u:uuid>", "/zip/<p:path>/download"),
        "/r/<x:[a-z]+>",
    ):
        router.add(path, ["GET"], handler)
    router.finalize()
    return router.table


def arguments(case: str, routes: int) -> tuple[bytes, bytes]:
    method, path = CASES[case]
    return method.encode(), path.format(last=routes - 1).encode()


def nanoseconds(routes: int) -> dict[str, float]:
    """Return the least time per match of every case, the cases taking turns."""
    loop, table = load_loop(), make_table(routes)
    best = dict.fromkeys(CASES, float("inf"))
    for _ in range(ROUNDS):
        for case in CASES:
            start = time.perf_counter_ns()
            loop(table, *arguments(case, routes), COUNT)
            best[case] = min(best[case], (time.perf_counter_ns() - start) / COUNT)
    return best


def instructions(case: str, routes: int) -> float:
    """Return callgrind's instructions per match: the difference of two counts."""
    totals = []
    for count in (COUNT, 2 * COUNT):
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder, "out")
            subprocess.run(
                ["valgrind", "-q", "--tool=callgrind", f"--callgrind-out-file={out}"]
                + [sys.executable, __file__, "--run", case, str(routes), str(count)],
                check=True,
                env={**os.environ, "PYTHONHASHSEED": "0"},
            )
            totals += [
                int(line.split()[1])
                for line in out.read_text().splitlines()
                if line.startswith(("summary:", "totals:"))
            ][:1]
    return (totals[1] - totals[0]) / COUNT


def main(arguments_: list[str]) -> int:
    """Print the table, or run one case for callgrind."""
    if arguments_[:1] == ["--run"]:
        case, routes, count = arguments_[1], int(arguments_[2]), int(arguments_[3])
        load_loop()(make_table(routes), *arguments(case, routes), count)
        return 0
    sizes = (10, 3333)
    columns = [nanoseconds(routes) for routes in sizes]
    print(f"{'case':<28}" + "".join(f"{routes:>8} x3 routes" for routes in sizes))
    for case in CASES:
        cells = "".join(f"{column[case]:>14.1f} ns" for column in columns)
        if "--instructions" in arguments_:
            cells += "".join(f"{instructions(case, routes):>10.0f} i" for routes in sizes)
        print(f"{case:<28}{cells}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
