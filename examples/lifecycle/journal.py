"""Where all hooks write down that they ran."""

from __future__ import annotations

from sanic_fast import Config, Sanic


class Journal:
    """The app's context.

    Attributes:
        lines: what happened, in order.
        sold: pieces sold, by item.
    """

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.sold: dict[str, int] = {}


App = Sanic[Config, Journal]


def note(app: App, line: str) -> None:
    """Write a line, and print it: other processes have journals of their own."""
    app.ctx.lines.append(line)
    print("NOTE", line, flush=True)
