"""The `sanic-fast` command: parse, load the app, serve it or run one of its commands."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from typing import Any, NoReturn

from sanic_fast.app import Sanic
from sanic_fast.application.logo import get_logo
from sanic_fast.cli.arguments import groups
from sanic_fast.cli.background import become_daemon, check_daemon_options, hand_over
from sanic_fast.cli.base import SanicArgumentParser
from sanic_fast.cli.daemon import COMMANDS, TARGET_COMMANDS, run_command, run_target_command
from sanic_fast.cli.executor import Executor
from sanic_fast.exceptions import SanicException
from sanic_fast.http.constants import HTTP
from sanic_fast.log import error_logger
from sanic_fast.server.socket import inherited_sockets
from sanic_fast.startup.errors import explain, maybe_handle_startup_error
from sanic_fast.worker.daemon import Daemon
from sanic_fast.worker.loader import AppLoader, TargetError

__all__ = ("SanicCLI",)

USAGE = """\
 Usage:
     sanic-fast <target> [options]       Run a Sanic application
     sanic-fast <target> exec <cmd>      Execute a command in app context
     sanic-fast <target> status|stop     About a server started with --daemon
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
        if words[:1] and words[0] in COMMANDS:
            run_command(words[0], words[1:])
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
        if self.args.action in TARGET_COMMANDS:
            self._manage()
            return
        if self.args.action == "exec" and command is None:
            command = []
        self._precheck()
        loader = self._loader()
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
        check_daemon_options(self.args)
        self._serve(app, loader, kwargs)

    def _loader(self) -> AppLoader:
        args = self.args
        return AppLoader(args.target, args.factory, args.simple, args)

    def _serve(self, app: Sanic[Any, Any], loader: AppLoader, kwargs: dict[str, Any]) -> None:
        args = self.args
        daemon: Daemon | None = None
        try:
            sockets = inherited_sockets()
            if args.startup_timeout is not None:
                app.config.WORKER_STARTUP_TIMEOUT = args.startup_timeout
            if getattr(args, "daemon", False):
                daemon = become_daemon(args, app.name)
                kwargs = self._build_run_kwargs()  # with paths that are absolute now
            self._prepare(app, kwargs, sockets)
            if daemon is not None:
                hand_over(daemon, app)
            if args.single:
                Sanic.serve_single(app)
            elif args.legacy:
                Sanic.serve_legacy(app, app_loader=loader)
            else:
                Sanic.serve(app, app_loader=loader)
        except TargetError as error:
            if daemon is not None:
                daemon.report(str(error))
            error_logger.error(f"Failed to run app: {error}")
            sys.exit(1)
        except Exception as error:
            if daemon is not None:
                daemon.report(explain(error) or f"{type(error).__name__}: {error}")
            maybe_handle_startup_error(error)

    def _prepare(
        self, app: Sanic[Any, Any], kwargs: dict[str, Any], sockets: list[Any]
    ) -> None:
        """Prepare the app once for each version of HTTP, or for each socket we were given.

        Raises:
            TargetError: the options cannot be served.
            OSError: a certificate cannot be read.
        """
        for path in (self.args.cert, self.args.key):
            if path:
                open(path).close()  # its error names the file, that of `ssl` does not
        for version in self.args.http:
            binds: list[dict[str, Any]] = [{}]
            if sockets and version != HTTP.VERSION_3:
                no_address = {"host": None, "port": None, "unix": None}
                binds = [{**no_address, "sock": sock} for sock in sockets]
            for bind in binds:
                try:
                    app.prepare(**{**kwargs, **bind}, version=version)
                except (RuntimeError, ValueError, SanicException) as error:
                    raise TargetError(str(error)) from error

    def _manage(self) -> None:
        """`status`, `restart` and `stop` of the daemon of an app."""
        args = self.args
        try:
            name = self._get_app(self._loader()).name
        except Exception as error:
            error_logger.error(f"Failed to load app: {error}")
            sys.exit(1)
        run_target_command(args.action, name, args.pidfile, args.force)

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
        """Refuse TLS options that do not make a certificate, and a directory that is none."""
        args = self.args
        wrong = (
            bool(args.cert) != bool(args.key)
            or (args.tls and args.cert)
            or (args.tlshost and not (args.tls or args.cert))
        )
        if wrong:
            self._fail(BAD_TLS)
        if args.simple and not os.path.isdir(args.target):
            self._fail("Cannot setup Sanic Simple Server without a path to a directory\n")

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
            "legacy": args.legacy,
            "host": args.host,
            "motd": args.motd,
            "noisy_exceptions": args.noisy_exceptions,
            "port": _port(args.port),
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
        if workers is not None and workers < 1:
            raise TargetError("Cannot serve with no workers")
        return workers or 1

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


def _port(given: int | None) -> int | None:
    """The port to serve on.

    Raises:
        TargetError: `PORT` in the environment is none.
    """
    port = _number(given, "PORT")
    if port is not None and not 0 <= port <= 65535:
        raise TargetError(f"PORT must be from 0 to 65535, not {port}")
    return port


def _number(given: int | None, variable: str) -> int | None:
    """An option, or the environment variable that hosting platforms set in its place.

    Raises:
        TargetError: the variable is no number.
    """
    if given is not None or not (text := os.environ.get(variable)):
        return given
    try:
        return int(text)
    except ValueError:
        raise TargetError(f"{variable} must be a number, not {text!r}") from None
