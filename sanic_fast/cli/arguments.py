"""Options of the server command, in the groups the help shows."""

from __future__ import annotations

from abc import ABC, abstractmethod
from argparse import (
    ArgumentParser,
    ArgumentTypeError,
    Namespace,
    _ArgumentGroup,
    _MutuallyExclusiveGroup,
)
from typing import Any, ClassVar

from sanic_fast.__version__ import __version__
from sanic_fast.cli.daemon import TARGET_COMMANDS
from sanic_fast.compat import OS_IS_WINDOWS
from sanic_fast.http.constants import HTTP

__all__ = ("Group", "groups")


class Group(ABC):
    """One group of options.

    Attributes:
        name: title in the help.
        short: whether the short help shows the group.
    """

    name: ClassVar[str]
    short: ClassVar[bool] = False

    def __init__(self, parser: ArgumentParser) -> None:
        self.parser = parser
        self.container: _ArgumentGroup = parser.add_argument_group(f"  {self.name}")

    @abstractmethod
    def attach(self, short: bool = False) -> None:
        """Add the options; `short` asks only for those of the short help."""

    def prepare(self, args: Namespace) -> None:
        """Bring what was parsed into its final form."""

    def add_bool_arguments(
        self,
        *names: str,
        dest: str,
        default: bool | None,
        help: str,
        negative_help: str,
    ) -> None:
        """Add `--name` and `--no-name`, which exclude each other."""
        group: _MutuallyExclusiveGroup = self.container.add_mutually_exclusive_group()
        group.add_argument(*names, dest=dest, action="store_true", default=default, help=help)
        group.add_argument(
            f"--no-{names[0].lstrip('-')}",
            dest=dest,
            action="store_false",
            default=default,
            help=negative_help,
        )


class TargetGroup(Group):
    """What to serve."""

    name = "Positional"

    def attach(self, short: bool = False) -> None:
        """`target` and `action`."""
        self.container.add_argument(
            "target",
            help=(
                "Path to your Sanic app instance.\n"
                "    Example: path.to.server:app\n"
                "With --simple, the directory to serve.\n"
                "    Example: ./\n"
                "Or a function that returns a Sanic app instance.\n"
                "    Example: path.to.server:create_app"
            ),
        )
        self.container.add_argument(
            "action",
            nargs="?",
            default="serve",
            choices=["serve", "exec", *TARGET_COMMANDS],
            help=(
                "What to do.\n"
                "    serve: Run the Sanic app [default]\n"
                "    exec: Execute a command in the Sanic app context\n"
                "    status: Tell whether the daemon of the app runs\n"
                "    restart: Replace the workers of the daemon\n"
                "    stop: Stop the daemon (with -f, at once)"
            ),
        )


class GeneralGroup(Group):
    """Help and version."""

    name = "General"
    short = True

    def attach(self, short: bool = False) -> None:
        """`--help` and `--version`."""
        self.container.add_argument(
            "-h", "--help", action="help", help="show this help message and exit"
        )
        if not short:
            self.container.add_argument(
                "--version",
                action="version",
                version=f"Sanic {__version__}; Routing {__version__}",
                help="show program's version number and exit",
            )


class ApplicationGroup(Group):
    """How the target is to be understood."""

    name = "Application"

    def attach(self, short: bool = False) -> None:
        """`--factory` and `--simple`."""
        group = self.container.add_mutually_exclusive_group()
        group.add_argument(
            "--factory",
            action="store_true",
            help="Treat the target as a function that returns the app",
        )
        group.add_argument(
            "-s",
            "--simple",
            action="store_true",
            help="Serve the files of a directory; the target is its path",
        )


class SocketGroup(Group):
    """Where to listen."""

    name = "Socket binding"
    short = True

    def attach(self, short: bool = False) -> None:
        """`--host`, `--port`, `--unix`."""
        self.container.add_argument("-H", "--host", help="Host address [default 127.0.0.1]")
        self.container.add_argument(
            "-p", "--port", type=port_number, help="Port to serve on [default 8000]"
        )
        if not short and not OS_IS_WINDOWS:
            self.container.add_argument(
                "-u", "--unix", default="", help="location of UNIX socket"
            )


def port_number(text: str) -> int:
    """A TCP port.

    Raises:
        ArgumentTypeError: it is no number, or none of a port.
    """
    try:
        number = int(text)
    except ValueError:
        raise ArgumentTypeError(f"invalid int value: {text!r}") from None
    if not 0 <= number <= 65535:
        raise ArgumentTypeError(f"must be from 0 to 65535, not {number}")
    return number


class HTTPVersionGroup(Group):
    """Which versions of HTTP to serve."""

    name = "HTTP version"

    def attach(self, short: bool = False) -> None:
        """`--http`, `-1`, `-3`."""
        values = [version.value for version in HTTP]
        self.container.add_argument(
            "--http",
            dest="http",
            action="append",
            choices=values,
            type=int,
            help="HTTP version to serve: 1 for HTTP/1.1, or 3. [default 1]",
        )
        for version in HTTP:
            self.container.add_argument(
                f"-{version.value}",
                dest="http",
                action="append_const",
                const=version.value,
                help=f"Serve {version.display()}",
            )

    def prepare(self, args: Namespace) -> None:
        """The versions without repetition; HTTP/3 must be prepared first."""
        chosen = {HTTP(value) for value in args.http or [1]}
        args.http = tuple(sorted(chosen, reverse=True))


class TLSGroup(Group):
    """Certificates."""

    name = "TLS certificate"

    def attach(self, short: bool = False) -> None:
        """`--cert`, `--key`, `--tls`, `--tls-strict-host`."""
        self.container.add_argument("--cert", help="File with the certificate and its chain")
        self.container.add_argument("--key", help="File with the private key")
        self.container.add_argument(
            "--tls",
            metavar="DIR",
            action="append",
            help=(
                "Folder with fullchain.pem and privkey.pem\n"
                "May be given several times, to choose by host name"
            ),
        )
        self.container.add_argument(
            "--tls-strict-host",
            dest="tlshost",
            action="store_true",
            help="Refuse clients that ask for no host of the certificates",
        )


class DevelopmentGroup(Group):
    """For work on the app."""

    name = "Development"
    short = True

    def attach(self, short: bool = False) -> None:
        """`--debug`, `--reload`, `--reload-dir`, `--dev`, `--auto-tls`."""
        add = self.container.add_argument
        if not short:
            add("--debug", dest="debug", action="store_true", help="Run the server in debug mode")
            add(
                *("-r", "--reload", "--auto-reload"),
                dest="auto_reload",
                action="store_true",
                help="Auto-reload on source changes",
            )
            add(
                *("-R", "--reload-dir"),
                dest="path",
                action="append",
                help="Further directories to watch for changes",
            )
        add(
            *("-d", "--dev"),
            dest="dev",
            action="store_true",
            help="Run in development mode (debug + auto-reload)",
        )
        if not short:
            add(
                "--auto-tls",
                dest="auto_tls",
                action="store_true",
                help="Make a certificate for local development (needs mkcert or trustme)",
            )


class WorkerGroup(Group):
    """Processes and their log."""

    name = "Worker"

    def attach(self, short: bool = False) -> None:
        """`--workers`, `--fast`, `--single-process`, `--legacy`, and about workers."""
        group = self.container.add_mutually_exclusive_group()
        group.add_argument(
            "-w",
            "--workers",
            type=int,
            help="Number of worker processes [default 1]",
        )
        group.add_argument("--fast", action="store_true", help="As many workers as processors")
        group.add_argument(
            "--single-process",
            dest="single",
            action="store_true",
            help="Do not use multiprocessing, run server in a single process",
        )
        self.container.add_argument(
            "--legacy",
            action="store_true",
            help="Deprecated: one worker in this process, with its listeners and reloader",
        )
        self.container.add_argument(
            "--startup-timeout",
            type=float,
            metavar="SECONDS",
            help="How long workers may take to start [default 30]",
        )
        self.add_bool_arguments(
            "--access-logs",
            dest="access_log",
            default=None,
            help="Display access logs",
            negative_help="Do not display access logs",
        )


class DaemonGroup(Group):
    """Serving in the background."""

    name = "Daemon"
    short = True

    def attach(self, short: bool = False) -> None:
        """`--daemon`, where its files go, as whom it runs; not on Windows."""
        if OS_IS_WINDOWS:
            return
        add = self.container.add_argument
        add("-D", "--daemon", action="store_true", help="Run the server in the background")
        if short:
            return
        add("--pidfile", metavar="PATH", help="PID file [default named after the app]")
        add("--logfile", metavar="PATH", help="File for the output of a daemon [default none]")
        add("-f", "--force", action="store_true", help="With stop: do not wait for requests")
        add("--user", dest="daemon_user", metavar="NAME", help="User to become (as root only)")
        add("--group", dest="daemon_group", metavar="NAME", help="Group to become (as root only)")


class OutputGroup(Group):
    """What is shown."""

    name = "Output"

    def attach(self, short: bool = False) -> None:
        """`--coffee`, `--motd`, `--verbosity`, `--noisy-exceptions`."""
        self.add_bool_arguments(
            "--coffee",
            dest="coffee",
            default=False,
            help="A cup at the start",
            negative_help="No cup",
        )
        self.add_bool_arguments(
            "--motd",
            dest="motd",
            default=True,
            help="Show the startup display",
            negative_help="Do not show the startup display",
        )
        self.container.add_argument(
            "-v", "--verbosity", action="count", help="Detail of the log, e.g. -vv [default 0]"
        )
        self.add_bool_arguments(
            "--noisy-exceptions",
            dest="noisy_exceptions",
            default=None,
            help="Log every exception with its traceback",
            negative_help="Do not log quiet exceptions",
        )

    def prepare(self, args: Namespace) -> None:
        """The verbosity as a number."""
        args.verbosity = args.verbosity or 0


ALL: tuple[type[Group], ...] = (
    TargetGroup,
    GeneralGroup,
    ApplicationGroup,
    SocketGroup,
    HTTPVersionGroup,
    TLSGroup,
    DevelopmentGroup,
    WorkerGroup,
    DaemonGroup,
    OutputGroup,
)


def groups(parser: ArgumentParser, short: bool = False) -> list[Any]:
    """Add the groups to a parser, all or those of the short help."""
    made = []
    for group_class in ALL:
        if short and not group_class.short:
            continue
        group = group_class(parser)
        group.attach(short)
        made.append(group)
    return made
