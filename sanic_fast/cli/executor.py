"""Commands an app defines: `sanic-fast path.to.app exec NAME --option value`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from inspect import Parameter, isawaitable, signature
from typing import Any

from sanic_fast.application.logo import get_logo
from sanic_fast.cli.base import SanicArgumentParser

__all__ = ("Executor",)


class Executor:
    """Runs one command of an app, without serving it.

    Args:
        app: the app; its commands were registered with `@app.command`.
        kwargs: what the server would have been run with.
    """

    def __init__(self, app: Any, kwargs: dict[str, Any]) -> None:
        self.app = app
        self.kwargs = kwargs
        self.commands = self._make_commands()
        self.parser = self._make_parser()

    def run(self, command: str | None, args: Sequence[str]) -> None:
        """Run a command to its end; its result is not used.

        Every option is a string; one that was not given and has no default is None.

        Args:
            command: its name; None lists the commands.
            args: its options, as typed.

        Raises:
            SystemExit: the command or an option is unknown, or help was asked for.
        """
        if command is None:
            self.parser.print_help()
            return
        options = vars(self.parser.parse_args([command, *args]))
        options.pop("command")
        asyncio.run(_run(self.commands[command], options))

    def _make_commands(self) -> dict[str, Callable[..., Any]]:
        # Read now, not earlier: extensions put their own set in place of the app's.
        return {command.name: command.func for command in self.app._future_commands}

    def _make_parser(self) -> SanicArgumentParser:
        parser = SanicArgumentParser(description=get_logo(True))
        commands = parser.add_subparsers(
            title="  Commands", dest="command", parser_class=SanicArgumentParser
        )
        for name, func in self.commands.items():
            about = func.__doc__ or f"Execute {name}"
            command = commands.add_parser(name, help=about, description=get_logo(True))
            self._add_arguments(command, func)
        return parser

    def _add_arguments(self, parser: SanicArgumentParser, func: Callable[..., Any]) -> None:
        """One option per parameter; its annotation is its help."""
        for parameter in signature(func).parameters.values():
            if parameter.kind in (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD):
                continue
            kwargs: dict[str, Any] = {"dest": parameter.name}
            if parameter.default is not Parameter.empty:
                kwargs["default"] = parameter.default
            if (annotation := parameter.annotation) is not Parameter.empty:
                about = getattr(annotation, "__name__", None) or str(annotation)
                kwargs["help"] = about.replace("%", "%%")
            parser.add_argument(f"--{parameter.name}", **kwargs)


async def _run(func: Callable[..., Any], options: dict[str, Any]) -> None:
    result = func(**options)
    if isawaitable(result):
        await result
