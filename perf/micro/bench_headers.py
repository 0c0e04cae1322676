"""From the raw head to the header map, and the look-ups on it.

Usage: .venv/bin/python perf/micro/bench_headers.py
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from perf.gate import request_bytes
from perf.micro.timing import bench, nothing, repeat
from perf.scenarios import SCENARIOS
from sanic_fast._core.headers import parse_head_headers
from sanic_fast.compat import Header

SHORT = request_bytes(SCENARIOS["text"])[:-4]
BROWSER = request_bytes(SCENARIOS["browser"])[:-4]


def main() -> None:
    """Print the table."""
    headers = parse_head_headers(BROWSER)
    pairs = list(headers.items())
    bench(
        {
            "empty loop": nothing,
            "parse, 1 field": repeat(lambda: parse_head_headers(SHORT)),
            "parse, 12 fields": repeat(lambda: parse_head_headers(BROWSER)),
            "Header from 12 pairs": repeat(lambda: Header(pairs)),
            "get, there": repeat(lambda: headers.get("user-agent")),
            "get, other case": repeat(lambda: headers.get("User-Agent")),
            "get, missing": repeat(lambda: headers.get("authorization")),
        }
    )


if __name__ == "__main__":
    main()
