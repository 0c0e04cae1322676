"""Making response objects and serialising their bodies; writing heads is in bench_dispatch.

Usage: .venv/bin/python perf/micro/bench_response.py
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from perf.micro.timing import bench, nothing, repeat
from perf.scenarios import ECHO
from sanic_fast.response import empty, html, json, raw, redirect, text

MESSAGE = {"message": "Hello, World!"}
HEADERS = {"x-request-id": "1", "cache-control": "no-store"}


def cookie() -> None:
    """A response with one cookie."""
    text("Hello, World!").add_cookie("session", "6f9b1c0e4d2a48d1", max_age=3600)


def main() -> None:
    """Print the table."""
    bench(
        {
            "empty loop": nothing,
            "text": repeat(lambda: text("Hello, World!")),
            "text + 2 headers": repeat(lambda: text("Hello, World!", headers=HEADERS)),
            "text + cookie": repeat(cookie),
            "html": repeat(lambda: html("<p>Hello, World!</p>")),
            "raw": repeat(lambda: raw(b"Hello, World!")),
            "empty": repeat(empty),
            "redirect": repeat(lambda: redirect("/elsewhere")),
            "json, body read": repeat(lambda: json(MESSAGE).body),
            "json of 5 keys, body read": repeat(lambda: json(ECHO).body),
        }
    )


if __name__ == "__main__":
    main()
