"""What it costs to read things from a request that was never read before.

Usage: .venv/bin/python perf/micro/bench_request.py
"""

import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from perf.micro.timing import bench, nothing
from perf.scenarios import BROWSER_HEADERS, SCENARIOS
from sanic_fast import Request, Sanic
from sanic_fast.compat import Header

TARGET = b"/user/joe/42?q=search&page=2&sort=name"


def reading(app: Sanic, read: Callable[[Request], object]) -> Callable[[int], None]:
    """A case: make a request, read one thing of it."""
    headers = Header([*BROWSER_HEADERS, ("content-type", "application/json")])
    body = SCENARIOS["post_json"].send

    def run(number: int) -> None:
        for _ in range(number):
            request = Request(TARGET, headers, "1.1", "POST", None, app)
            request.body = body
            read(request)

    return run


def main() -> None:
    """Print the table; every line contains the first one."""
    app = Sanic("bench_request")
    bench(
        {
            "empty loop": nothing,
            "make": reading(app, lambda request: None),
            "path": reading(app, lambda request: request.path),
            "query_string": reading(app, lambda request: request.query_string),
            "args.get": reading(app, lambda request: request.args.get("q")),
            "json": reading(app, lambda request: request.json),
            "cookies": reading(app, lambda request: request.cookies),
            "accept": reading(app, lambda request: request.accept),
            "ctx": reading(app, lambda request: request.ctx),
            "id": reading(app, lambda request: request.id),
        },
        number=5_000,
    )


if __name__ == "__main__":
    main()
