"""Measure servers against each other: interleaved rounds, CPU time per request, requests/s.

python perf/run.py                                  every scenario, every server, 7 rounds
python perf/run.py --quick                          a look: 1 round of 2 s, the short set
python perf/run.py --scenario text,json --servers floor,sanic_fast,sanic --rounds 7
python perf/run.py --check                          only see that every answer is right
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from perf import check, extras, facts, load, procs, servers, table
from perf.scenarios import QUICK, SCENARIOS, Scenario
from perf.servers import Running, Server, ServerFailed

KNOWN = ", ".join([*SCENARIOS, *extras.EXTRAS])


class Fleet:
    """The servers that are up, by (name, build). One that fails is reported once, then skipped."""

    def __init__(self, log=print) -> None:
        self._up: dict[tuple[str, str], Running | None] = {}
        self._log = log

    def get(self, server: Server, variant: str) -> Running | None:
        """The running server, started on first use; None when it does not start."""
        key = (server.name, variant)
        if key not in self._up:
            try:
                self._up[key] = Running(server, variant).wait_ready()
            except (ServerFailed, OSError) as exc:
                self._log(f"SKIP {exc}")
                self._up[key] = None
        return self._up[key]

    def keep_only(self, wanted: set[tuple[str, str]]) -> None:
        """Stop what no later scenario needs."""
        for key in [key for key in self._up if key not in wanted]:
            running = self._up.pop(key)
            if running:
                running.stop()


def needed(chosen: list[Server], names: list[str]) -> set[tuple[str, str]]:
    """The (server, build) pairs that the scenarios `names` ask for."""
    pairs = {(s.name, s.variant_for(SCENARIOS[name])) for s in chosen for name in names}
    return {(server, variant) for server, variant in pairs if variant}


def lineup(fleet: Fleet, chosen: list[Server], scenario: Scenario, log=print) -> list[Running]:
    """The servers that take part in `scenario` and answer it rightly."""
    found = []
    for server in chosen:
        variant = server.variant_for(scenario)
        running = fleet.get(server, variant) if variant else None
        if running is None:
            continue
        if server.name not in servers.YARDSTICKS:
            problem = check.check(scenario, running.port) or check.logged(scenario, running.output)
            if problem:
                log(f"SKIP {server.name} in {scenario.name}: {problem}")
                continue
        found.append(running)
    return found


def one_round(running: Running, scenario: Scenario, seconds: float) -> dict[str, float]:
    """One run of wrk against one server; CPU of the server's whole tree over that time."""
    script = servers.RESULTS / "scenario.lua"
    before = procs.tree_cpu(running.pid)
    seen = load.run(scenario, running.port, seconds, script)
    cpu = procs.spent(before, procs.tree_cpu(running.pid))
    running.forget_output()
    return seen.as_dict() | {"cpu_us": cpu / seen.requests * 1e6 if seen.requests else 0.0}


def measure(
    scenario: Scenario, field: list[Running], rounds: int, seconds: float, log=print
) -> dict[str, dict[str, list[float]]]:
    """Rounds in turn: each round asks every server once, in an order that rotates.

    The first pass is the warm-up, one second each. A server that dies under load is left out.
    """
    rows: dict[str, dict[str, list[float]]] = {running.server.name: {} for running in field}
    for number in range(-1, rounds):
        turn = max(number, 0) % max(len(field), 1)
        for running in field[turn:] + field[:turn]:
            name = running.server.name
            try:
                seen = one_round(running, scenario, seconds if number >= 0 else 1)
            except ValueError as exc:
                log(f"SKIP {name} in {scenario.name}: it ended under load ({exc})")
                field.remove(running)
                rows.pop(name)
                continue
            if seen["errors"]:
                log(f"NOTE {name} in {scenario.name}: {seen['errors']:.0f} errors")
            if number >= 0:
                for key, value in seen.items():
                    rows[name].setdefault(key, []).append(value)
    return rows


def run(args: argparse.Namespace) -> dict[str, object]:
    """All chosen scenarios; returns the result as it is written to a file."""
    chosen = servers.select(args.servers)
    names = args.scenario.split(",") if args.scenario else list(QUICK if args.quick else SCENARIOS)
    if not (args.scenario or args.quick):
        names += extras.EXTRAS
    unknown = set(names) - SCENARIOS.keys() - extras.EXTRAS.keys()
    if unknown:
        raise SystemExit(f"unknown scenario: {', '.join(unknown)}; known: {KNOWN}")
    beside = [name for name in names if name in extras.EXTRAS and not args.check]
    names = [name for name in names if name in SCENARIOS]
    results: dict[str, object] = {}
    fleet = Fleet()
    try:
        for index, name in enumerate(names):
            fleet.keep_only(needed(chosen, names[index:]))
            field = lineup(fleet, chosen, SCENARIOS[name])
            if args.check or not field:
                print(f"{name}: right from {', '.join(r.server.name for r in field) or 'nobody'}")
                continue
            rows = results[name] = measure(SCENARIOS[name], field, args.rounds, args.seconds)
            print(table.scenario_table(name, rows), flush=True)
    finally:
        fleet.keep_only(set())
    figures = {}
    for name in beside:
        function, title = extras.EXTRAS[name]
        figures[name] = function(chosen, args.rounds)
        print(extras.extra_table(title, figures[name]), flush=True)
    return {
        "facts": facts.collect(),
        "settings": {"rounds": args.rounds, "seconds": args.seconds, "time": int(time.time())},
        "results": results,
        "extras": figures,
    }


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--scenario", help=f"comma-separated, of: {KNOWN}")
    parser.add_argument("--servers", help=f"comma-separated, of: {', '.join(servers.SERVERS)}")
    parser.add_argument("--rounds", type=int, default=7, help="seven or more for a claim")
    parser.add_argument("--seconds", type=int, default=4, help="of load per round")
    parser.add_argument("--quick", action="store_true", help="one round of 2 s, the short set")
    parser.add_argument("--check", action="store_true", help="only compare answers")
    parser.add_argument("--out", type=Path, default=servers.RESULTS / "latest.json")
    args = parser.parse_args()
    if args.quick:
        args.rounds, args.seconds = 1, 2
    if (os.cpu_count() or 1) < 2:
        print("NOTE one core: server and load generator share it, figures mean little")
    result = run(args)
    if not args.check:
        args.out.parent.mkdir(parents=True, exist_ok=True)
        args.out.write_text(json.dumps(result, indent=1))
        print(f"written to {args.out}")


if __name__ == "__main__":
    main()
