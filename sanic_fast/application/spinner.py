"""A turning sign on the terminal while something takes its time."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from threading import Event, Thread

__all__ = ("Spinner", "loading")

FRAMES = "|/-\\"
PERIOD = 0.1  # s per frame


class Spinner:
    """Turns on standard output between `start()` and `stop()`; silent without a terminal."""

    def __init__(self, message: str) -> None:
        self.message = message
        self._stopped = Event()
        self._thread = Thread(target=self.run, daemon=True)

    def start(self) -> None:
        """Begin to turn."""
        if sys.stdout.isatty():
            self.hide()
            self._thread.start()

    def run(self) -> None:
        """Draw frames until stopped; runs in its own thread."""
        for frame in cycle(FRAMES):
            sys.stdout.write(f"\r[{frame}] {self.message}")
            sys.stdout.flush()
            if self._stopped.wait(PERIOD):
                return

    def stop(self) -> None:
        """Stop turning and clear the line."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()
            sys.stdout.write("\r\033[K")
            self.show()

    @staticmethod
    def cursor() -> Iterator[str]:
        """The frames, for ever."""
        return cycle(FRAMES)

    @staticmethod
    def hide() -> None:
        """Hide the terminal's cursor."""
        sys.stdout.write("\033[?25l")
        sys.stdout.flush()

    @staticmethod
    def show() -> None:
        """Show the terminal's cursor."""
        sys.stdout.write("\033[?25h")
        sys.stdout.flush()


@contextmanager
def loading(message: str = "Loading") -> Iterator[None]:
    """Turn a spinner for the length of a block."""
    spinner = Spinner(message)
    spinner.start()
    try:
        yield
    finally:
        spinner.stop()
