"""What the main process tells a service manager, and when."""

from __future__ import annotations

import time
from typing import Any

from sanic_fast.server.notify import Notifier

__all__ = ("Herald",)


class Herald:
    """Tells when the workers serve, are replaced, and stop; and that the main process lives.

    Args:
        manager: the `WorkerManager`, which stands above.

    Attributes:
        notifier: where it goes.
        due: monotonic time of the next sign of life; None if nobody waits for one.
    """

    def __init__(self, manager: Any) -> None:
        self.manager = manager
        self.notifier = Notifier.from_environment()
        self.due = time.monotonic() if self.notifier.watchdog else None
        self._awaited = True  # the workers are about to serve
        self._stopping = False

    def reloading(self) -> None:
        """All workers are about to be replaced."""
        if not self._stopping and not self._awaited:
            self._awaited = True
            self.notifier.reloading()

    def stopping(self) -> None:
        """The server is about to stop."""
        if not self._stopping:
            self._stopping = True
            self.notifier.stopping()

    def look(self) -> None:
        """See whether there is something to tell; called after everything that happens."""
        if self._awaited and not self._stopping and self._settled():
            self._awaited = False
            self.notifier.ready()
        if self.due is not None and self.due <= (moment := time.monotonic()):
            self.due = moment + self.notifier.watchdog
            self.notifier.alive()

    def _settled(self) -> bool:
        """Whether there are workers that serve, and none is about to come or to be replaced."""
        manager = self.manager
        slots = [slot for worker in manager.servers for slot in worker.processes]
        alive = [slot.is_alive() for slot in slots]
        if manager.is_rolling or not (all(alive) if manager.is_starting else any(alive)):
            return False
        return not any(
            slot.previous is not None
            or slot.respawn_at is not None
            or (slot.is_alive() and not slot.child.ready)
            for slot in slots
        )
