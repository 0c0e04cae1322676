"""Filter of log records by verbosity."""

from __future__ import annotations

import logging


class VerbosityFilter(logging.Filter):
    """Lets a record pass if its `verbosity` (0 unless given in `extra`) is at most ours.

    The level is that of the class, so one assignment changes all loggers:
    `VerbosityFilter.verbosity = 1`.
    """

    verbosity: int = 0

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is to be shown."""
        return bool(getattr(record, "verbosity", 0) <= self.verbosity)
