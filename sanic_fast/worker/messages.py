"""What workers, the reloader, the inspector and users send to the main process."""

from __future__ import annotations

from dataclasses import dataclass

from sanic_fast.worker.constants import RestartOrder

__all__ = ("ALL_PROCESSES", "SCALE", "TERMINATE", "TERMINATE_EARLY", "RestartRequest")

ALL_PROCESSES = "__ALL_PROCESSES__"
SCALE = "__SCALE__"
TERMINATE = "__TERMINATE__"
TERMINATE_EARLY = "__TERMINATE_EARLY__"


@dataclass(frozen=True)
class RestartRequest:
    """A restart, as asked for by `<names>:<files>:<order>`.

    Attributes:
        names: of processes; None for all.
        files: the changed files, joined by commas; None if the text had no colon.
        order: which of the two processes comes first.
    """

    names: list[str] | None
    files: str | None
    order: RestartOrder

    @classmethod
    def parse(cls, text: str) -> RestartRequest:
        """Read a request; its order may stand for any of the last two parts."""
        names, *rest = text.split(":", 2)
        order = RestartOrder.SHUTDOWN_FIRST
        for part in [part for part in rest if part == RestartOrder.STARTUP_FIRST]:
            order = RestartOrder.STARTUP_FIRST
            rest.remove(part)
        files = None
        if ":" in text:
            files = rest[0] if rest else ""
        wanted = [name.strip() for name in names.split(",") if name.strip()]
        return cls(None if ALL_PROCESSES in wanted else wanted, files, order)
