"""Start of a large application: 10,000 routes in 500 blueprints, beside the original's.

`python perf/micro/bench_startup.py [PYTHON_WITH_SANIC]` prints CPU seconds, the least of three runs
in processes of their own, and memory: to define the blueprints, to register them, to make the
application ready, and to find each route once. Without an argument the original of `.venv-sanic`
(`scripts/parity-install`) is measured; where there is none, ours alone.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
BLUEPRINTS = 500
RUNS = 3
# Twenty routes of each blueprint.
PATHS = (
    *(f"/literal{number}" for number in range(10)),
    *(f"/item{number}/<key:int>" for number in range(5)),
    *(f"/<name>/part{number}/<key:int>" for number in range(4)),
    "/files/<rest:path>",
)
PARTS = ("import", "define", "register", "start", "find", "total without import", "MiB")


async def handler(request: Any, **parameters: Any) -> None:
    """Stand in for all handlers."""


def request_path(path: str) -> str:
    """A path that a route matches."""
    return path.replace("<key:int>", "12").replace("<name>", "x").replace("<rest:path>", "a/b")


def measure(package: str) -> dict[str, float]:
    """What the parts cost in this process: CPU seconds, and MiB of memory in the end."""
    found: dict[str, float] = {}

    @contextmanager
    def part(name: str) -> Iterator[None]:
        start = time.process_time()
        yield
        found[name] = time.process_time() - start

    with part("import"):
        module = importlib.import_module(package)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    app = module.Sanic("large", configure_logging=False)
    app.config.AUTO_EXTEND = False
    with part("define"):
        blueprints = [module.Blueprint(f"b{n}", url_prefix=f"/b{n}") for n in range(BLUEPRINTS)]
        for blueprint in blueprints:
            for number, path in enumerate(PATHS):
                blueprint.add_route(handler, path, name=f"r{number}")
    with part("register"):
        app.blueprint(blueprints)
    with part("start"):
        asyncio.run(app._startup())
    assert len(app.router.routes) == BLUEPRINTS * len(PATHS)
    paths = [request_path(f"/b{n}{path}") for n in range(BLUEPRINTS) for path in PATHS]
    gc.collect()
    with part("find"):
        for path in paths:
            app.router.get(path, "GET", None)
    found["total without import"] = found["define"] + found["register"] + found["start"]
    found["MiB"] = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return found


def least(python: str, package: str) -> dict[str, float]:
    """The least of some runs."""
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    if package != "sanic":
        environment["PYTHONPATH"] = str(ROOT)
    runs = [
        json.loads(
            subprocess.run(
                [python, __file__, "--run", package],
                check=True,
                env=environment,
                stdout=subprocess.PIPE,
            ).stdout
        )
        for _ in range(RUNS)
    ]
    return {part: min(run[part] for run in runs) for part in PARTS}


def main(arguments: list[str]) -> int:
    """Print the table, or measure in this process."""
    if arguments[:1] == ["--run"]:
        print(json.dumps(measure(arguments[1])))
        return 0
    original = arguments[0] if arguments else str(ROOT / ".venv-sanic" / "bin" / "python")
    columns = {"sanic_fast": least(sys.executable, "sanic_fast")}
    if Path(original).exists():
        columns["sanic"] = least(original, "sanic")
    print(f"{BLUEPRINTS * len(PATHS):,} routes, {BLUEPRINTS} blueprints; CPU s")
    print(f"{'':<22}" + "".join(f"{name:>12}" for name in columns))
    for part in PARTS:
        print(f"{part:<22}" + "".join(f"{column[part]:>12.2f}" for column in columns.values()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
