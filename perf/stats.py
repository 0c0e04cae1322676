"""Medians, ratios of rounds, bootstrap intervals. Standard library only."""

from __future__ import annotations

import random
from collections.abc import Sequence
from statistics import median


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    """Round by round, ours over theirs; rounds where either is missing or zero are left out."""
    return [a / b for a, b in zip(ours, theirs, strict=False) if a and b]


def median_ratio(ours: Sequence[float], theirs: Sequence[float]) -> float | None:
    """The median of the ratios of interleaved rounds, None without a common round."""
    found = ratios(ours, theirs)
    return median(found) if found else None


def bootstrap(
    ours: Sequence[float],
    theirs: Sequence[float],
    *,
    resamples: int = 2000,
    level: float = 0.95,
    seed: int = 1,
) -> tuple[float, float]:
    """Interval of median(ours) / median(theirs), by resampling the rounds of each side.

    For two result files, whose rounds were not interleaved with each other.

    Raises:
        ValueError: a side is empty or its median is zero.
    """
    if not ours or not theirs or not median(theirs):
        raise ValueError("both sides need rounds with a median above zero")
    pick = random.Random(seed)
    found = []
    for _ in range(resamples):
        below = median(pick.choices(theirs, k=len(theirs)))
        if below:
            found.append(median(pick.choices(ours, k=len(ours))) / below)
    found.sort()
    tail = (1 - level) / 2
    return found[int(tail * len(found))], found[min(int((1 - tail) * len(found)), len(found) - 1)]
