"""Text tables of measured rounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median

from perf.stats import median_ratio

Rows = Mapping[str, Mapping[str, Sequence[float]]]


def _cell(value: float | None, form: str) -> str:
    return format(value, form) if value is not None else "-"


def line(name: str, row: Mapping[str, Sequence[float]], rows: Rows) -> list[str]:
    """Cells for one server: CPU, rate, CPU over the floor's, gain over Sanic, latency."""
    floor, sanic = rows.get("floor"), rows.get("sanic")
    return [
        name,
        _cell(median(row["cpu_us"]), ".2f"),
        _cell(median(row["rps"]), ",.0f"),
        _cell(median_ratio(row["cpu_us"], floor["cpu_us"]) if floor else None, ".2f"),
        _cell(median_ratio(sanic["cpu_us"], row["cpu_us"]) if sanic else None, ".2f"),
        _cell(median_ratio(row["rps"], sanic["rps"]) if sanic else None, ".2f"),
        _cell(median(row["p99_us"]) / 1000, ".2f"),
    ]


HEADINGS = (
    "server", "CPU us/request", "requests/s", "x floor", "Sanic's CPU / its", "rps / Sanic's",
    "p99 ms",
)  # fmt: skip


def scenario_table(name: str, rows: Rows, *, markdown: bool = False) -> str:
    """All servers of one scenario, the cheapest first."""
    ordered = sorted(rows, key=lambda server: median(rows[server]["cpu_us"]))
    lines = [list(HEADINGS), *(line(server, rows[server], rows) for server in ordered)]
    if markdown:
        lines.insert(1, ["---"] + ["---:"] * (len(HEADINGS) - 1))
        return f"### {name}\n\n" + "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
    widths = [max(len(cells[i]) for cells in lines) for i in range(len(HEADINGS))]
    text = "\n".join(_aligned(cells, widths) for cells in lines)
    return f"== {name}\n{text}\n"


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    numbers = (cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True))
    return "  ".join([cells[0].ljust(widths[0]), *numbers])
