"""Argument parser and help layout of all commands."""

from __future__ import annotations

from argparse import (
    Action,
    ArgumentError,
    ArgumentParser,
    RawTextHelpFormatter,
)
from typing import Any, NoReturn

__all__ = ("PROGRAM", "SanicArgumentParser", "SanicHelpFormatter")

PROGRAM = "sanic"  # in messages, whatever the command is called
HELP_COLUMN = 36


class SanicHelpFormatter(RawTextHelpFormatter):
    """Keeps line breaks; leaves out the usage line, the description has it."""

    def __init__(self, prog: str, **kwargs: Any) -> None:
        kwargs.setdefault("max_help_position", HELP_COLUMN)
        kwargs.setdefault("indent_increment", 4)
        super().__init__(prog, **kwargs)

    def add_usage(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: the usage line would take half a screen."""


class SanicArgumentParser(ArgumentParser):
    """A parser with our layout, whose messages are the same on every Python."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("prog", PROGRAM)
        kwargs.setdefault("formatter_class", SanicHelpFormatter)
        super().__init__(**kwargs)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and exit with status 2."""
        self.exit(2, f"{PROGRAM}: error: {message}\n")

    def _check_value(self, action: Action, value: Any) -> None:
        # The quotes around the choices come and go between Python versions.
        if action.choices is not None and value not in action.choices:
            choices = ", ".join(map(repr, action.choices))
            raise ArgumentError(action, f"invalid choice: {value!r} (choose from {choices})")
