"""The banner at start-up: log lines, or a table on a terminal."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from shutil import get_terminal_size
from textwrap import wrap
from typing import Any

from sanic_fast.__version__ import __version__
from sanic_fast.helpers import is_atty
from sanic_fast.log import logger

__all__ = ("MOTD", "MOTDTTY", "MOTDBasic")

LOGO_WIDTH = 24  # columns of the left cell, margins included
MIN_VALUE_WIDTH = 36
MAX_KEY_WIDTH = 24
MIN_TERMINAL = 108  # narrower terminals get the narrow table


class MOTD(ABC):
    """What is told about the server when it starts.

    Args:
        logo: text of several lines, or None.
        serve_location: URL the server answers at; "" if unknown.
        data: facts about the server, in order.
        extra: further lines the user asked for.
    """

    def __init__(
        self,
        logo: str | None,
        serve_location: str,
        data: dict[str, str],
        extra: dict[str, str],
    ) -> None:
        self.logo = logo
        self.serve_location = serve_location
        self.data = data
        self.extra = extra

    @abstractmethod
    def display(self) -> None:
        """Write it to the log."""

    @classmethod
    def output(
        cls,
        logo: str | None,
        serve_location: str,
        data: dict[str, str],
        extra: dict[str, str],
    ) -> None:
        """Write the form that suits standard output."""
        motd = MOTDTTY if is_atty() else MOTDBasic
        motd(logo, serve_location, data, extra).display()


class MOTDBasic(MOTD):
    """One log record per fact."""

    def display(self) -> None:
        """Write it to the log."""
        if self.logo:
            logger.debug(self.logo)
        logger.info(f"Sanic v{__version__}")
        if self.serve_location:
            logger.info(f"Goin' Fast @ {self.serve_location}")
        for key, value in (self.data | self.extra).items():
            logger.info(f"{key}: {value}")


class MOTDTTY(MOTD):
    """A table of box characters, the logo in its left cell."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_variables()

    def set_variables(self) -> None:
        """Work out the widths."""
        keys = [*self.data, *self.extra]
        values = [str(value) for value in (self.data | self.extra).values()]
        self.key_width = min(max(map(len, keys), default=0), MAX_KEY_WIDTH)
        room = MIN_VALUE_WIDTH
        if (columns := get_terminal_size().columns) >= MIN_TERMINAL:
            room = columns - LOGO_WIDTH - self.key_width - 8
        self.value_width = max(MIN_VALUE_WIDTH, min(room, max(map(len, values), default=0)))
        self.logo_lines = self.logo.split("\n") if self.logo else []
        self.logo_line_length = LOGO_WIDTH
        # Right cell: margin, key, colon, space, value, margin.
        self.display_length = self.key_width + self.value_width + 2
        self.centering_length = self.logo_line_length + self.display_length

    def display(
        self,
        version: bool = True,
        action: str = "Goin' Fast",
        out: Callable[[str], Any] | None = None,
    ) -> None:
        """Write the table.

        Args:
            version: put the version above the location.
            action: words before the location.
            out: called with the text; the log's INFO level unless given.
        """
        left, right = "─" * (self.logo_line_length - 1), "─" * (self.display_length + 2)
        lines = ["┌" + "─" * (len(left) + len(right) + 1) + "┐"]
        heads = [f"Sanic v{__version__}"] if version else []
        if self.serve_location:
            heads.append(f"{action} @ {self.serve_location}")
        lines += [f"│ {head:^{self.centering_length}} │" for head in heads]
        lines.append(f"├{left}┬{right}┤")
        logo = iter(self.logo_lines)
        lines += [self._row(next(logo, ""), cell) for cell in self._cells(self.data)]
        if self.extra:
            lines.append(f"{self._logo_cell(next(logo, ''))}├{right}┤")
            lines += [self._row(next(logo, ""), cell) for cell in self._cells(self.extra)]
        lines += [self._row(rest, " " * self.display_length) for rest in logo]
        lines.append(f"└{left}┴{right}┘")
        (out or logger.info)("\n" + "\n".join(f"  {line}" for line in lines) + "\n")

    def _cells(self, data: dict[str, str]) -> Iterator[str]:
        """The right cells of some facts: long values go on below themselves."""
        for key, value in data.items():
            label = f"{key[: self.key_width]:>{self.key_width}}: "
            for part in wrap(str(value), self.value_width) or [""]:
                yield f"{label}{part:<{self.value_width}}"
                label = " " * len(label)

    def _row(self, logo: str, cell: str) -> str:
        return f"{self._logo_cell(logo)}│ {cell} │"

    def _logo_cell(self, logo: str) -> str:
        # Colour codes take no columns; a coloured line is as wide as the cell already.
        width = self.logo_line_length - 3
        return f"│ {logo if logo.startswith(chr(27)) else format(logo, f'<{width}')} "


