"""Cost of parsing one request head: ours (each scanner) beside a phr_parse_request from a library.

Prints instructions (callgrind, difference of two counts) and nanoseconds (interleaved rounds, the
minimum of each) per head, and exits with 1 when ours in its default form is above the rival in any
of them. Needs make, a C compiler and valgrind; the rival is `libh2o.so.0.13` unless RIVAL names
another shared library, and the comparison is left out when there is none.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "cext" / "tests"
COMPILER = os.environ.get("CC", "gcc")
BENCH = ROOT / "build" / "ctests" / f"bench-{Path(COMPILER.split()[-1]).name}" / "bench"
COUNT = 2000


def run(*command: str) -> str:
    """Run a command and return what it printed; its complaints are shown."""
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def instructions(parser: str, head: str, count: int) -> int:
    """Return the instructions of a whole run that parses `head` `count` times."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "out")
        run(
            *("valgrind", "-q", "--tool=callgrind", f"--callgrind-out-file={out}"),
            *(str(BENCH), parser, head, str(count)),
        )
        for line in out.read_text().splitlines():
            if line.startswith(("summary:", "totals:")):
                return int(line.split()[1])
    raise RuntimeError("callgrind gave no total")


def measure() -> Iterator[tuple[str, str, float, float]]:
    """Yield (head, parser, instructions, nanoseconds) per head."""
    for line in run(str(BENCH)).splitlines():
        head, parser, _length, nanoseconds = line.split("\t")
        more = instructions(parser, head, 2 * COUNT) - instructions(parser, head, COUNT)
        yield head, parser, more / COUNT, float(nanoseconds)


def main() -> int:
    """Build, measure, print a table; return the exit code."""
    run("make", "-s", "-C", str(TESTS), f"CC={COMPILER}", f"OUT={BENCH.parent}", str(BENCH))
    rival: dict[str, tuple[float, float]] = {}
    best: dict[str, tuple[float, float]] = {}
    print(f"{'head':<12}{'parser':<8}{'instructions':>14}{'ns':>10}")
    for head, parser, count, nanoseconds in measure():
        print(f"{head:<12}{parser:<8}{count:>14.1f}{nanoseconds:>10.1f}", flush=True)
        (rival if parser == "rival" else best)[head] = (count, nanoseconds)
    slower = [h for h in rival if any(a > b for a, b in zip(best[h], rival[h], strict=True))]
    if slower:
        print("slower than the rival on:", ", ".join(slower))
    return 1 if slower else 0


if __name__ == "__main__":
    sys.exit(main())
