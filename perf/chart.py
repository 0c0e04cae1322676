"""Bars of CPU time per request as SVG, from a result file. No dependencies.

python perf/chart.py perf/results/latest.json --out docs/performance.svg
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from xml.sax.saxutils import escape

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

SCENARIOS = ("text", "json", "params", "post_json")
TITLES = {
    "text": "plain text",
    "json": "JSON",
    "params": "two path parameters and a query",
    "post_json": "POST JSON, answered with JSON",
}
WIDTH, LABEL, BAR, GAP, HEAD = 760, 170, 16, 5, 34
STYLE = """
text { font: 12px system-ui, sans-serif; fill: #24292f }
.title { font-weight: 600; font-size: 13px }
.bar { fill: #9aa4b2 } .own { fill: #ff0d68 } .floor { fill: #d0d7de }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .bar { fill: #6e7681 } .floor { fill: #3d444d }
}
"""


def _class(server: str) -> str:
    if server.startswith("sanic_fast"):
        return "own"
    return "floor" if server in ("floor", "uvloop") else "bar"


def panel(title: str, values: Mapping[str, float], top: int, longest: float) -> tuple[str, int]:
    """Bars of one scenario, the shortest first; returns the SVG text and the next free line."""
    parts = [f'<text class="title" x="0" y="{top + 20}">{escape(title)}</text>']
    y = top + HEAD
    for server in sorted(values, key=lambda name: values[name]):
        value = values[server]
        width = max(1.0, value / longest * (WIDTH - LABEL - 60))
        parts.append(
            f'<text x="{LABEL - 8}" y="{y + 12}" text-anchor="end">{escape(server)}</text>'
            f'<rect class="{_class(server)}" x="{LABEL}" y="{y}" width="{width:.1f}"'
            f' height="{BAR}" rx="2"/>'
            f'<text x="{LABEL + width + 6:.1f}" y="{y + 12}">{value:.1f}</text>'
        )
        y += BAR + GAP
    return "\n".join(parts), y + 8


def chart(
    results: Mapping[str, Mapping[str, Mapping[str, Sequence[float]]]],
    scenarios: Sequence[str] = SCENARIOS,
) -> str:
    """The whole picture: one panel per scenario that was measured, one scale for all.

    Raises:
        ValueError: none of the scenarios is in `results`.
    """
    shown = {
        name: {server: median(row["cpu_us"]) for server, row in results[name].items()}
        for name in scenarios
        if results.get(name)
    }
    if not shown:
        raise ValueError("nothing to draw")
    longest = max(max(values.values()) for values in shown.values())
    body, top = [], 24
    for name, values in shown.items():
        text, top = panel(TITLES.get(name, name), values, top, longest)
        body.append(text)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top}" role="img"'
        ' aria-label="CPU time per request">\n'
        f"<style>{STYLE}</style>\n"
        '<text class="title" x="0" y="16">CPU time per request, microseconds, kernel included'
        " (less is better)</text>\n" + "\n".join(body) + "\n</svg>\n"
    )


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("result", type=Path)
    parser.add_argument("--out", type=Path, default=Path("docs/performance.svg"))
    parser.add_argument("--scenario", default=",".join(SCENARIOS))
    args = parser.parse_args()
    results = json.loads(args.result.read_text())["results"]
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(chart(results, args.scenario.split(",")))
    print(f"written to {args.out}")


if __name__ == "__main__":
    main()
