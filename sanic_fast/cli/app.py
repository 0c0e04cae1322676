"""The `sanic-fast` command: parse, load the app, serve it or run one of its commands."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from functools import partial
from typing import Any, NoReturn

from sanic_fast.app import Sanic
from sanic_fast.application.logo import get_logo
from sanic_fast.cli.arguments import groups
from sanic_fast.cli.base import SanicArgumentParser
from sanic_fast.cli.executor import Executor
from sanic_fast.log import error_logger
from sanic_fast.startup.errors import maybe_handle_startup_error
from sanic_fast.worker.loader import AppLoader, TargetError

__all__ = ("SanicCLI",)

USAGE = """\
 Usage:
     sanic-fast <target> [options]       Run a Sanic application
     sanic-fast <target> exec <cmd>      Execute a command in app context
     sanic-fast help [--full]            Show help (--full for all options)

 Examples:
     sanic-fast path.to.server:app       Run app
     sanic-fast path.to.server --dev     Run in development mode
     sanic-fast ./static --simple        Serve static files
"""
FOOTER = """\
(additional options available)

For complete options and documentation:
    sanic-fast help --full
"""
EXPLANATION = """\
 To run a Sanic application, give the path to its module and, after a colon, the
 name of the Sanic() instance in it:

     $ sanic-fast path.to.server:app

 An instance called 'app' need not be named:

     $ sanic-fast path.to.server

 The name may also be that of a function that returns a Sanic() instance:

     $ sanic-fast path.to.factory:create_app

 Or serve the files of a directory:

     $ sanic-fast ./path/to/static

 Commands that the app defines:

     $ sanic-fast path.to.server:app exec <cmd>
"""
BAD_TLS = """\
TLS certificates must be specified by either of:
  --cert certdir/fullchain.pem --key certdir/privkey.pem
  --tls certdir  (equivalent to the above)
"""


class SanicCLI:
    """The command line, from arguments to a server that has stopped."""

    def __init__(self) -> None:
        self.parser = SanicArgumentParser(
            description=f"{get_logo(True)}{EXPLANATION}", add_help=False
        )
        self.groups: list[Any] = []
        self.args = Namespace()

    def attach(self) -> None:
        """Add all options."""
        self.groups = groups(self.parser)

    def run(self, parse_args: Sequence[str] | None = None) -> None:
        """Do what the arguments say; those of the process unless given.

        Raises:
            SystemExit: with 0 after help or version, 2 for wrong usage, 1 where the app cannot be
                found or its server cannot start.
        """
        words = list(sys.argv[1:] if parse_args is None else parse_args)
        if words in (["-h"], ["--help"]) or words[:1] == ["help"]:
            self._help(full="--full" in words)
            return
        if words == ["-v"]:
            words = ["--version"]
        # What follows `exec NAME` belongs to that command, even where an option of ours is alike.
        command: list[str] | None = None
        if words[1:2] == ["exec"]:
            words, command = words[:2], words[2:]
        self.args = self._parse(words)
        for group in self.groups:
            group.prepare(self.args)
        self._precheck()
        loader = AppLoader(self.args.target, self.args.factory, self.args.simple, self.args)
        try:
            app = self._get_app(loader)
            kwargs = self._build_run_kwargs()
        except TargetError as error:
            error_logger.error(f"Failed to run app: {error}")
            sys.exit(1)
        except ValueError as error:
            error_logger.exception(f"Failed to run app: {error}")
            sys.exit(1)
        if command is not None:
            listed = not command or command[0] in ("-h", "--help")
            Executor(app, kwargs).run(None if listed else command[0], command[1:])
            return
        self._serve(app, loader, kwargs)

    def _serve(self, app: Sanic[Any, Any], loader: AppLoader, kwargs: dict[str, Any]) -> None:
        try:
            for version in self.args.http:
                app.prepare(**kwargs, version=version)
            serve = Sanic.serve_single
            if not self.args.single:
                serve = partial(Sanic.serve, app_loader=loader)
            serve(app)
        except Exception as error:
            maybe_handle_startup_error(error)

    def _parse(self, words: list[str]) -> Namespace:
        """The arguments; with `--factory`, unknown options too, for the factory."""
        args, unknown = self.parser.parse_known_args(words)
        if unknown and args.factory:
            for word in unknown:
                if word.startswith("--"):
                    self.parser.add_argument(word.split("=", 1)[0])
        return self.parser.parse_args(words) if unknown else args

    def _help(self, full: bool) -> None:
        if full:
            self.parser.print_help()
            return
        parser = SanicArgumentParser(
            description=f"{get_logo(True)}{USAGE}", epilog=FOOTER, add_help=False
        )
        groups(parser, short=True)
        parser.print_help()

    def _precheck(self) -> None:
        """Refuse TLS options that do not make a certificate."""
        args = self.args
        wrong = (
            bool(args.cert) != bool(args.key)
            or (args.tls and args.cert)
            or (args.tlshost and not (args.tls or args.cert))
        )
        if wrong:
            self._fail(BAD_TLS)

    def _fail(self, message: str) -> NoReturn:
        sys.stderr.write(message)
        sys.exit(1)

    def _get_app(self, app_loader: AppLoader) -> Sanic[Any, Any]:
        """The app.

        Raises:
            SystemExit: the module of the target is missing.
            ImportError: a module it imports is.
            TargetError: there is no app in it.
        """
        try:
            app: Sanic[Any, Any] = app_loader.load()
        except ImportError as error:
            module = app_loader.module_name
            # Only where the target itself is missing: else the traceback tells more.
            if not error.name or not f"{module}.".startswith(f"{error.name}."):
                raise
            error_logger.error(
                f"No module named {error.name} found.\n"
                "  Example File: project/sanic_server.py -> app\n"
                "  Example Module: project.sanic_server.app"
            )
            error_logger.error(f"\nThe error below might have caused the above one:\n{error.msg}")
            sys.exit(1)
        return app

    def _build_run_kwargs(self) -> dict[str, Any]:
        """The arguments of `prepare`."""
        args = self.args
        kwargs = {
            "access_log": args.access_log,
            "auto_reload": bool(args.auto_reload or args.path) or None,
            "auto_tls": args.auto_tls,
            "coffee": args.coffee,
            "debug": args.debug,
            "dev": args.dev,
            "fast": args.fast,
            "host": args.host,
            "motd": args.motd,
            "noisy_exceptions": args.noisy_exceptions,
            "port": _number(args.port, "PORT"),
            "single_process": args.single,
            "ssl": self._ssl(),
            "unix": getattr(args, "unix", None) or None,
            "verbosity": args.verbosity,
            "workers": self._workers(),
        }
        if args.path:
            kwargs["reload_dir"] = args.path
        return kwargs

    def _workers(self) -> int:
        args = self.args
        if args.fast or args.single:
            return 1
        workers = _number(args.workers, "WEB_CONCURRENCY")
        return 1 if workers is None else workers

    def _ssl(self) -> Any:
        args = self.args
        if args.cert:
            single: Any = {"cert": args.cert, "key": args.key}
            return [None, single] if args.tlshost else single
        if not args.tls:
            return None
        if args.tlshost:
            return [None, *args.tls]
        return args.tls if len(args.tls) > 1 else args.tls[0]


def _number(given: int | None, variable: str) -> int | None:
    """An option, or the environment variable that hosting platforms set in its place.

    Raises:
        ValueError: the variable is no number.
    """
    if given is not None or not (text := os.environ.get(variable)):
        return given
    try:
        return int(text)
    except ValueError:
        raise ValueError(f"{variable} must be a number, not {text!r}") from None
