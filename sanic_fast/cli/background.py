"""`--daemon`: what the command does before and after it goes to the background."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from typing import Any

from sanic_fast.log import error_logger
from sanic_fast.server.socket import configure_socket
from sanic_fast.worker.daemon import Daemon

__all__ = ("become_daemon", "check_daemon_options", "hand_over")


def check_daemon_options(args: Namespace) -> None:
    """Refuse options that do not go together with the others.

    Raises:
        SystemExit: with status 1.
    """
    if not getattr(args, "daemon", False):
        if getattr(args, "pidfile", None) or getattr(args, "logfile", None):
            sys.stderr.write("Error: --pidfile and --logfile require --daemon\n")
            sys.exit(1)
        return
    message = ""
    if args.dev or args.auto_reload or args.path:
        message = "Daemon mode is not compatible with --dev or --auto-reload"
    elif getattr(args, "repl", False):
        message = "Daemon mode is not compatible with --repl"
    if message:
        error_logger.error(message)
        sys.exit(1)


def become_daemon(args: Namespace, name: str) -> Daemon:
    """Go on in the background; the process that was started exits.

    Args:
        name: of the app.

    Raises:
        DaemonError: this cannot be done.
    """
    daemon = Daemon(
        args.pidfile or "auto", args.logfile, args.daemon_user, args.daemon_group, name
    )
    print("Starting Sanic in daemon mode...")
    print(f"  PID file: {daemon.pidfile}")
    if daemon.logfile is not None:
        print(f"  Logs: {daemon.logfile}")
    daemon.validate()
    # Relative to the folder it is started in, which is about to change.
    for option in ("unix", "cert", "key"):
        if value := getattr(args, option, None):
            setattr(args, option, os.path.abspath(value))
    args.tls = [os.path.abspath(folder) for folder in args.tls or ()]
    daemon.daemonize()
    return daemon


def hand_over(daemon: Daemon, app: Any) -> None:
    """Become another user, where asked to; first bind the ports, which may be root's to bind.

    Raises:
        DaemonError: the user cannot be changed.
        OSError: an address cannot be bound.
    """
    if daemon.user or daemon.group:
        for info in app.state.server_info:
            if not info.settings.get("unix"):
                configure_socket(info.settings)
        daemon.drop_privileges()
