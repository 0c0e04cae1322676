"""Proofs that take long, as a command: `python -m tests.worker.proof --help`.

Exit status 1 if something failed that should not have.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.worker.kit import Managed
from tests.worker.proof.changes import Changes, Phase
from tests.worker.proof.cost import has_wrk, idle, per_request, shares
from tests.worker.proof.load import Load
from tests.worker.proof.signals import Plan, attempt

PROGRAM = Path(__file__).with_name("program.py")
HEAD = (
    "| change | times | requests | complete | failed | closed before an answer | the same, client "
    "slower than 1 s | told to close | in flight in a killed worker | workers seen |"
)


async def prove(arguments: argparse.Namespace, server: Managed) -> list[Phase]:
    """Run all phases of changes under load."""
    load = Load(server.number, arguments.load)
    load.start()
    changes = Changes(server, load)
    phases = []
    workers = 2
    if arguments.reloads:
        phases.append(show(await changes.reloads(arguments.reloads, workers)))
    if arguments.restarts:
        phases.append(show(await changes.restarts(arguments.restarts, workers)))
    if arguments.scalings:
        phases.append(show(await changes.scalings(arguments.scalings)))
    if arguments.kills:
        phases.append(show(await changes.kills(arguments.kills, 4)))
    await load.stop()
    return phases


def show(phase: Phase) -> Phase:
    """Print what became of a phase, as it may be long until the next."""
    print(row(phase), f"{phase.seconds:.0f} s", flush=True)
    return phase


def row(phase: Phase) -> str:
    """A line of the table."""
    tally, wrong = phase.tally, {id(each) for each in phase.wrong}
    cells = [
        phase.name,
        phase.count,
        tally.sent,
        tally.complete,
        sum(id(each) in wrong for each in tally.failed),
        sum(id(each) in wrong for each in tally.closed_early),
        len(tally.closed_late),
        tally.told_to_close,
        len(phase.allowed) - len(tally.closed_late),
        len(tally.pids),
    ]
    return "| " + " | ".join(map(str, cells)) + " |"


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m tests.worker.proof", description=__doc__)
    parser.add_argument("--reloads", type=int, default=0)
    parser.add_argument("--restarts", type=int, default=0, help="of all workers at once")
    parser.add_argument("--scalings", type=int, default=0)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--load", type=float, default=1.0, help="number of clients, times usual")
    parser.add_argument("--method", default="spawn", help="start method")
    parser.add_argument("--signals", type=int, default=0, help="at random moments")
    parser.add_argument("--seed", type=int, default=1, help="of the random moments")
    parser.add_argument("--cost", type=int, default=0, help="rounds of measuring what it costs")
    arguments = parser.parse_args()
    wrong = False
    if arguments.reloads or arguments.restarts or arguments.scalings or arguments.kills:
        wrong = prove_changes(arguments)
    if arguments.signals:
        wrong = prove_signals(arguments.signals, arguments.seed) or wrong
    if arguments.cost:
        measure(arguments.cost)
    return int(wrong)


def measure(rounds: int) -> None:
    """Print what a server costs."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print("idle, percent of a processor:", idle(folder, 6.0 * rounds, True), flush=True)
        if has_wrk():
            cost = per_request(folder, rounds, 2)
            print("us per request by workers:", cost, f"{100 * (cost[2] / cost[1] - 1):+.1f} %")
        print("| workers | connections | sockets | least, largest share: median | worst |")
        print("|---|---|---|---|---|", flush=True)
        for workers, connections in ((2, 64), (2, 256), (4, 64), (4, 256)):
            for kind in ("shared", "of each worker"):
                env = {} if kind == "shared" else {"SANIC_REUSE_PORT": "1"}
                found = shares(folder, workers, connections, rounds, **env)
                low, high = sorted(each[0] for each in found), sorted(each[1] for each in found)
                middle = f"{statistics.median(low):.2f}, {statistics.median(high):.2f}"
                print(f"| {workers} | {connections} | {kind} | {middle} | "
                      f"{low[0]:.2f}, {high[-1]:.2f} |", flush=True)


def prove_signals(count: int, seed: int) -> bool:
    """Send signals at random moments and print what came of it; whether anything was wrong."""
    chance = random.Random(seed)
    table: Counter[tuple[str, ...]] = Counter()
    slowest, wrong, repeated = 0.0, 0, 0
    for turn in range(count):
        plan = Plan.make(chance)
        with tempfile.TemporaryDirectory() as folder:
            outcome = attempt(plan, Path(folder))
        table[plan.number, plan.moment, str(outcome.status)] += 1
        slowest = max(slowest, outcome.seconds)
        repeated += outcome.repeated
        if outcome.wrong:
            wrong += 1
            print(turn, plan, outcome.wrong, outcome.output, sep="\n", flush=True)
    print("| signal | moment | status | times |", "|---|---|---|---|", sep="\n")
    for cells, times in sorted(table.items()):
        print("|", *(f"{cell} |" for cell in cells), times, "|")
    print(f"{count} signals, {wrong} wrong; the slowest end took {slowest:.1f} s")
    print(f"{repeated} times Python itself lost a SIGINT before the server started")
    return bool(wrong)


def prove_changes(arguments: argparse.Namespace) -> bool:
    """Change a server under load and print what came of it; whether anything was wrong."""
    with tempfile.TemporaryDirectory() as folder, Managed(
        Path(folder), 2, program=PROGRAM.read_text(), START_METHOD=arguments.method
    ) as server:
        try:
            phases = asyncio.run(prove(arguments, server))
        except BaseException:
            print(server.process.poll(), server.output[-20000:], sep="\n")
            raise
        status = server.stop()
        output = server.output
    print(HEAD, "|---" * (HEAD.count("|") - 1) + "|", *map(row, phases), sep="\n")
    for phase in phases:
        print(f"{phase.name}: {phase.seconds:.0f} s")
        for trouble in phase.wrong:
            print("  WRONG", trouble)
    noise = [line for line in output.splitlines() if "Traceback" in line or "Error" in line]
    print(f"exit status {status}", *noise[:20], sep="\n")
    return bool(status or noise or any(phase.wrong for phase in phases))


if __name__ == "__main__":
    sys.exit(main())
