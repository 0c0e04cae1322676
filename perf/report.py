"""The committed summary: docs/performance.md and its chart, from one result file.

python perf/report.py perf/results/latest.json
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from statistics import median

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from perf import chart, extras, table

ROOT = Path(__file__).resolve().parent.parent
INTRO = """# Performance

Written by `perf/report.py` from one run of `perf/run.py`; `perf/README.md` says how it is measured.
The server has one core, the load generator (wrk, one thread, 64 connections) another. Each figure
is the median of {rounds} rounds of {seconds} s; servers take turns, and ratios are medians of the
ratios of single rounds. CPU is user plus system time of the whole process tree. `floor` is a C
program that reads and writes without looking; `uvloop` and `picows` are the bare protocols.

![CPU time per request](performance.svg)
"""
SHOWN = ("text", "json", "params", "post_json", "pipe16")


def overview(results: Mapping[str, table.Rows]) -> str:
    """One line per scenario: ours against the floor and Sanic."""
    lines = [
        "| scenario | CPU us/request | requests/s | x floor | Sanic's CPU / ours | rps / Sanic's |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, rows in results.items():
        if "sanic_fast" in rows:
            cells = table.line(name, rows["sanic_fast"], rows)[:6]
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def extra_section(name: str, figures: extras.Figures) -> str:
    """A small table of medians."""
    lines = [f"### {extras.EXTRAS[name][1]}", "", "| server | median |", "| --- | ---: |"]
    lines += [
        f"| {server} | {median(figures[server]):.1f} |"
        for server in sorted(figures, key=lambda key: median(figures[key]))
    ]
    return "\n".join(lines)


def report(result: Mapping[str, object]) -> str:
    """The whole page as Markdown."""
    facts, settings, results = result["facts"], result["settings"], result["results"]
    versions = ", ".join(f"{name} {version}" for name, version in facts["versions"].items())
    parts = [
        INTRO.format(**settings),
        "## sanic_fast in each scenario",
        overview(results),
        "## Beside others",
        *(table.scenario_table(name, results[name], markdown=True)
          for name in results if name in SHOWN),
        "## The rest",
        *(table.scenario_table(name, results[name], markdown=True)
          for name in results if name not in SHOWN),
        "## Memory and start",
        *(extra_section(name, figures) for name, figures in result.get("extras", {}).items()),
        "## The machine",
        f"{facts['cpu']}, {facts['cores']} cores, Linux {facts['kernel']}; "
        f"Python {facts['python']} ({facts['compiler']}), {facts['c_compiler']}, {facts['wrk']}. "
        f"{versions}. Commit {facts['commit']}, "
        f"{time.strftime('%Y-%m-%d', time.gmtime(settings['time']))}.",
    ]  # fmt: skip
    return "\n\n".join(part.strip() for part in parts) + "\n"


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("result", type=Path)
    parser.add_argument("--out", type=Path, default=ROOT / "docs")
    args = parser.parse_args()
    result = json.loads(args.result.read_text())
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "performance.md").write_text(report(result))
    (args.out / "performance.svg").write_text(chart.chart(result["results"]))
    print(f"written to {args.out / 'performance.md'} and performance.svg")


if __name__ == "__main__":
    main()
