"""Hold hot functions to the number of lines that touch Python objects in perf/annotate.lock.

A function is hot that carries the comment `# HOT`. Cython's annotation gives each line a score,
zero for plain C. Run without arguments to compare, with `--update` to write the lock.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from pyx import debug_lines, functions

ROOT = Path(__file__).resolve().parent.parent
CORE = Path("sanic_fast", "_core")
PAGES = ROOT / "build" / "annotate" / CORE
LOCK = ROOT / "perf" / "annotate.lock"
LINE = re.compile(r'class="cython line score-(\d+)"[^>]*>[^<]*<span[^>]*>0*(\d+)</span>')


def annotate() -> None:
    """Write Cython's annotated pages under build/annotate; no C compiler is needed."""
    environment = {**os.environ, "SANIC_FAST_ANNOTATE": "1", "SANIC_FAST_BUILD": "release"}
    subprocess.run(
        [sys.executable, "setup.py", "-q", "--name"],
        cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip


def counts() -> dict[str, int]:
    """For each hot function, its lines that touch Python objects."""
    found = {}
    for source in sorted((ROOT / CORE).glob("*.pyx")):
        text = source.read_text("utf-8")
        hot = [function for function in functions(text) if function.hot]
        if not hot:
            continue
        page = (PAGES / source.name).with_suffix(".html").read_text("utf-8")
        touching = {int(line) for score, line in LINE.findall(page) if int(score)}
        touching -= debug_lines(text)
        for function in hot:
            name = f"{source.stem}.{function.name}"
            # The signature's own lines tell of conversions for callers, not of the function's work.
            found[name] = len(touching.intersection(range(function.body, function.end + 1)))
    return found


def compare(found: dict[str, int], locked: dict[str, int]) -> list[str]:
    """What is worse than the lock, or not in step with it."""
    problems = []
    for name in sorted(found.keys() | locked.keys()):
        if name not in locked:
            problems.append(f"{name}: {found[name]} lines, not in the lock")
        elif name not in found:
            problems.append(f"{name}: in the lock, but no hot function any more")
        elif found[name] > locked[name]:
            problems.append(f"{name}: {found[name]} lines touch Python, {locked[name]} allowed")
    return problems


def main() -> int:
    annotate()
    found = counts()
    if "--update" in sys.argv[1:]:
        LOCK.write_text(json.dumps(found, indent=2, sort_keys=True) + "\n", encoding="utf-8")
        return 0
    problems = compare(found, json.loads(LOCK.read_text("utf-8")))
    for problem in problems:
        print(problem)
    if problems:
        print(f"Pages: {PAGES}. If it must be so: scripts/annotate --update, and say why.")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
