"""Commands about a daemon that runs: `kill`, `status`, `restart`, `stop`."""

from __future__ import annotations

import os
import signal
import sys
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import NoReturn

from sanic_fast.application.logo import get_logo
from sanic_fast.cli.base import SanicArgumentParser
from sanic_fast.compat import OS_IS_WINDOWS
from sanic_fast.worker.daemon import Daemon
from sanic_fast.worker.pidfile import is_alive, is_running, lock_path

__all__ = (
    "COMMANDS",
    "TARGET_COMMANDS",
    "kill_daemon",
    "resolve_target",
    "restart_daemon",
    "run_command",
    "run_target_command",
    "status_daemon",
    "stop_daemon",
)

COMMANDS = () if OS_IS_WINDOWS else ("kill", "status", "restart")  # as the first word
TARGET_COMMANDS = () if OS_IS_WINDOWS else ("status", "restart", "stop")  # after a target


def run_command(command: str, words: list[str]) -> None:
    """`sanic-fast kill|status|restart`: about the process of a number, or of a PID file.

    Raises:
        SystemExit: with 2 for wrong usage, 1 if there is no such process.
    """
    parser = SanicArgumentParser(description=get_logo(True), add_help=False)
    group = parser.add_argument_group("  General")
    group.add_argument("-h", "--help", action="help", help="show this help message and exit")
    _add_process(group.add_mutually_exclusive_group(required=True))  # type: ignore[arg-type]
    args = parser.parse_args(words)
    pid, pidfile = resolve_target(args.pid, args.pidfile)
    _act(command, pid, pidfile)


def run_target_command(command: str, name: str, pidfile: str | None, force: bool = False) -> None:
    """`sanic-fast <target> status|restart|stop`: about the daemon of an app.

    Args:
        name: of the app.
        pidfile: in place of the file that is named after the app.
        force: stop it at once.

    Raises:
        SystemExit: with 1 if it does not run.
    """
    pid, path = resolve_target(None, pidfile or str(Daemon.get_pidfile_path(name)))
    _act(command, pid, path, force)


def _add_process(parser: ArgumentParser) -> None:
    parser.add_argument("--pid", type=_pid, help="Process ID of the daemon")
    parser.add_argument("--pidfile", metavar="PATH", help="Path to PID file of the daemon")


def _pid(text: str) -> int:
    """A number of one process; 0 and below stand for many."""
    if not text.isdecimal() or not int(text):
        raise ArgumentTypeError(f"invalid int value: {text!r}")
    return int(text)


def _act(command: str, pid: int, pidfile: Path | None, force: bool = False) -> None:
    if command == "status":
        if not status_daemon(pid, pidfile):
            sys.exit(1)
        return
    if pidfile is not None and not is_running(pid, pidfile):
        # The number may be that of another program by now.
        _remove(pidfile, "stale PID file")
        _fail(f"Process {pid} not found")
    if command == "kill":
        kill_daemon(pid, pidfile)
    elif command == "stop":
        stop_daemon(pid, pidfile, force)
    else:
        restart_daemon(pid)


def resolve_target(pid: int | None, pidfile: str | None) -> tuple[int, Path | None]:
    """The process that is meant, and its PID file if that is how it was named.

    Raises:
        SystemExit: there is no such file, or it is none of ours.
    """
    if pid is not None:
        return pid, None
    path = Path(pidfile or "")
    if not path.is_file():
        _fail(f"PID file not found: {path}")
    found = Daemon.read_pidfile(path)
    if found is None:
        _fail(f"Invalid PID file: {path}")
    return found, path


def kill_daemon(pid: int, pidfile: Path | None = None) -> None:
    """End a main process at once; its workers notice, and finish.

    Raises:
        SystemExit: it does not exist, or is not ours to signal.
    """
    _signal(pid, signal.SIGKILL)
    if pidfile is not None:
        _remove(pidfile, "PID file")
        _remove_lock(pidfile)


def stop_daemon(pid: int, pidfile: Path | None = None, force: bool = False) -> None:
    """Tell a daemon to finish its requests and stop; does not wait for it.

    The lock is left to the daemon, so that none is started beside one that is still finishing.

    Args:
        force: end it at once.

    Raises:
        SystemExit: it does not exist, or is not ours to signal.
    """
    if force:
        kill_daemon(pid, pidfile)
        return
    _signal(pid, signal.SIGTERM)
    if pidfile is not None:
        _remove(pidfile, "PID file")


def status_daemon(pid: int, pidfile: Path | None = None) -> bool:
    """Print and return whether a daemon runs; if not, remove its PID file."""
    running = is_alive(pid) if pidfile is None else is_running(pid, pidfile)
    if running:
        print(f"Process {pid} is running")
        return True
    print(f"Process {pid} is NOT running")
    if pidfile is not None:
        _remove(pidfile, "stale PID file")
    return False


def restart_daemon(pid: int) -> None:
    """Tell a daemon to replace its workers, one after the other; does not wait for it.

    Raises:
        SystemExit: it does not exist, or is not ours to signal.
    """
    _signal(pid, signal.SIGHUP)


def _signal(pid: int, number: signal.Signals) -> None:
    if not is_alive(pid):  # nor one that has ended, where nobody took notice of it yet
        _fail(f"Process {pid} not found")
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        _fail(f"Process {pid} not found")
    except PermissionError:
        _fail(
            f"Permission denied to signal process {pid}. Are you running as the correct user?"
        )
    except OSError as error:
        _fail(f"Failed to signal process {pid}: {error}")
    print(f"Sent {number.name} to process {pid}")


def _remove(path: Path, what: str) -> None:
    try:
        path.unlink()
    except OSError:
        return  # the daemon was quicker, or it is not ours to remove
    print(f"Removed {what}: {path}")


def _remove_lock(pidfile: Path) -> None:
    try:
        lock_path(pidfile).unlink()
    except OSError:
        return


def _fail(message: str) -> NoReturn:
    sys.stderr.write(f"{message}\n")
    sys.exit(1)
