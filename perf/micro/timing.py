"""Nanoseconds per call, taken from interleaved rounds: the minimum of each case.

The minimum of many short rounds is what the code costs when nothing else runs; interleaving keeps a
slow spell of the machine from hitting one case only.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

ROUNDS = 15


def bench(cases: Mapping[str, Callable[[int], object]], number: int = 20_000) -> dict[str, float]:
    """Time cases and print a table.

    Args:
        cases: name -> function that does its work as often as its argument says.
        number: repetitions per round.

    Returns:
        Nanoseconds per repetition of each case.
    """
    best = dict.fromkeys(cases, float("inf"))
    for function in cases.values():
        function(number // 10 or 1)
    for _ in range(ROUNDS):
        for name, function in cases.items():
            start = time.perf_counter_ns()
            function(number)
            best[name] = min(best[name], (time.perf_counter_ns() - start) / number)
    width = max(map(len, cases))
    for name, nanoseconds in best.items():
        print(f"{name.ljust(width)}  {nanoseconds:10.1f} ns")
    return best


def repeat(function: Callable[[], object]) -> Callable[[int], None]:
    """The function as a case: called again and again."""

    def run(number: int) -> None:
        for _ in range(number):
            function()

    return run


def nothing(number: int) -> None:
    """The empty loop, to subtract by eye."""
    for _ in range(number):
        pass
