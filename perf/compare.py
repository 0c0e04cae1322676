"""Two result files side by side: is the new one slower than the machine's noise explains?

    python perf/compare.py OLD.json NEW.json [--server sanic_fast] [--tolerance 0.03]

The rounds of two files were not interleaved, so each round's CPU time is first divided by the
floor's in the same round (where the file has it): what the machine did to both cancels out. The
exit code is 1 when the whole bootstrap interval of NEW / OLD lies above 1 + tolerance.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from perf.stats import bootstrap, ratios

Results = Mapping[str, Mapping[str, Mapping[str, Sequence[float]]]]


@dataclass(frozen=True)
class Change:
    """One scenario of one server in both files; `low` and `high` bound new / old."""

    scenario: str
    server: str
    old: float
    new: float
    low: float
    high: float

    def verdict(self, tolerance: float) -> str:
        """'worse' or 'better' when the interval lies clear of 1 by `tolerance`, else 'same'."""
        if self.low > 1 + tolerance:
            return "worse"
        return "better" if self.high < 1 - tolerance else "same"


def against_floor(rows: Mapping[str, Mapping[str, Sequence[float]]], server: str) -> list[float]:
    """CPU time per request by round, in units of the floor's where that was measured."""
    own = rows[server]["cpu_us"]
    return ratios(own, rows["floor"]["cpu_us"]) if "floor" in rows else list(own)


def changes(old: Results, new: Results, server: str | None = None) -> list[Change]:
    """Everything both files hold; only `server` when given."""
    found = []
    for scenario in (name for name in new if name in old):
        both = [name for name in new[scenario] if name in old[scenario] and name != "floor"]
        for name in both:
            if server and name != server:
                continue
            before, after = against_floor(old[scenario], name), against_floor(new[scenario], name)
            if ("floor" in old[scenario]) != ("floor" in new[scenario]) or not before or not after:
                continue
            low, high = bootstrap(after, before)
            found.append(Change(scenario, name, median(before), median(after), low, high))
    return found


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument("--server", default="sanic_fast", help="'all' for every server")
    parser.add_argument("--tolerance", type=float, default=0.03)
    args = parser.parse_args()
    old, new = (json.loads(path.read_text()) for path in (args.old, args.new))
    if old["facts"].get("cpu") != new["facts"].get("cpu"):
        print("NOTE two kinds of CPU: ratios to the floor may differ for that alone")
    if min(result["settings"]["rounds"] for result in (old, new)) < 5:
        print("NOTE fewer than five rounds: the intervals are narrower than the truth")
    server = None if args.server == "all" else args.server
    found = changes(old["results"], new["results"], server)
    if not found:
        raise SystemExit("nothing in common to compare")
    print(f"{'scenario':16}{'server':20}{'old':>8}{'new':>8}  new/old  95% interval")
    for c in found:
        print(
            f"{c.scenario:16}{c.server:20}{c.old:8.2f}{c.new:8.2f}{c.new / c.old:9.3f}"
            f"  [{c.low:.3f}, {c.high:.3f}] {c.verdict(args.tolerance)}"
        )
    sys.exit(any(c.verdict(args.tolerance) == "worse" for c in found))


if __name__ == "__main__":
    main()
