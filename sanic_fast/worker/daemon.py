"""Serving in the background, without a terminal."""

from __future__ import annotations

import atexit
import os
import re
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from sanic_fast.compat import OS_IS_WINDOWS
from sanic_fast.log import logger
from sanic_fast.logging.formatter import AutoFormatter
from sanic_fast.server.notify import when_ready
from sanic_fast.worker import pidfile as pidfiles
from sanic_fast.worker.pidfile import PidfileInfo

if not OS_IS_WINDOWS:
    import grp
    import pwd

__all__ = ("Daemon", "DaemonError", "PidfileInfo")

AUTO = ("auto", "")  # a PID file named after the app
UMASK = 0o022
READY = b"\0"  # to the process that started us
FAILED = "The server did not start."


class DaemonError(Exception):
    """The process cannot become a daemon; the message is for the user."""


class Daemon:
    """Makes this process one that runs in the background.

    Its folder and that of its workers is `/`: an app should name its files by absolute paths.
    Modules are still found from the folder it was started in.

    In order: `validate`, `daemonize`, `drop_privileges`, serve. `daemonize` returns in the daemon
    only; the process that called it waits until the daemon serves, and exits.

    Args:
        pidfile: path of the file that names the process; `auto` or `""` for one named after the
            app; None for none.
        logfile: path of what is appended to; nothing is kept without one.
        user, group: names of whom the server is to run as; needs root.
        name: of the app.
        lockfile: path of the lock; beside the PID file unless given.
    """

    def __init__(
        self,
        pidfile: str | None = None,
        logfile: str | None = None,
        user: str | None = None,
        group: str | None = None,
        name: str | None = None,
        lockfile: str | None = None,
    ) -> None:
        self.name = name
        # Absolute, as the folder is about to change.
        self.pidfile: Path | None = None
        if pidfile in AUTO:
            self.pidfile = self.get_pidfile_path(name or "").absolute()
        elif pidfile is not None:
            self.pidfile = Path(pidfile).absolute()
        self.logfile = Path(logfile).absolute() if logfile else None
        self.lockfile: Path | None = None
        if lockfile:
            self.lockfile = Path(lockfile).absolute()
        elif self.pidfile is not None:
            self.lockfile = pidfiles.lock_path(self.pidfile)
        self.user = user
        self.group = group
        self.pid: int | None = None
        self._started = 0
        self._lock: int | None = None
        self._parent: int | None = None  # writing end of the pipe to who started us

    # -- before

    def validate(self) -> None:
        """See whether this process can become a daemon.

        Raises:
            DaemonError: it cannot, and why.
        """
        self._ids()
        for label, path in (
            ("PID file", self.pidfile),
            ("Log file", self.logfile),
            ("Lock file", self.lockfile),
        ):
            if path is None:
                continue
            if not path.parent.is_dir():
                raise DaemonError(f"{label} directory does not exist: {path.parent}")
            if not os.access(path.parent, os.W_OK):
                raise DaemonError(f"Cannot write to {label} directory: {path.parent}")
        if self.pidfile is None:
            return
        info = pidfiles.read(self.pidfile)
        if info is not None and pidfiles.is_running(info.pid, self.pidfile):
            raise DaemonError(f"Daemon already running with PID {info.pid}")
        if info is None and self.pidfile.exists() and self.pidfile.stat().st_size:
            raise DaemonError(f"Invalid PID file: {self.pidfile}")  # not ours to write over

    def _ids(self) -> tuple[int | None, int | None, str]:
        """Numbers of the user and the group to become, and the user's name."""
        uid = gid = None
        name = self.user or ""
        if self.user:
            try:
                entry = pwd.getpwnam(self.user)
            except KeyError:
                raise DaemonError(f"User '{self.user}' does not exist") from None
            uid, gid = entry.pw_uid, entry.pw_gid
        if self.group:
            try:
                gid = grp.getgrnam(self.group).gr_gid
            except KeyError:
                raise DaemonError(f"Group '{self.group}' does not exist") from None
        return uid, gid, name

    # -- becoming one

    def daemonize(self) -> None:
        """Go on as a daemon: no terminal, folder `/`, output to the log file.

        The process that calls this exits: with status 0 once the daemon serves, with 1 if it ends
        before.

        Raises:
            DaemonError: another one has the lock, or there can be no further process.
        """
        if self.lockfile is not None:
            try:
                self._lock = pidfiles.lock_of(self.lockfile)
            except OSError as error:
                raise DaemonError(f"Cannot open lock file: {self.lockfile}: {error}") from None
            if self._lock is None:
                raise DaemonError(f"Daemon already running (lock held): {self.lockfile}")
        log = self._open_log()
        sys.stdout.flush()
        sys.stderr.flush()
        self._leave(log)
        os.chdir("/")
        os.umask(UMASK)
        self._redirect(log)
        self.pid = os.getpid()
        self._started = int(time.time())
        self._write_pidfile()
        atexit.register(self._clean_up)
        signal.signal(signal.SIGHUP, self._on_hangup)
        when_ready(self._tell_parent)
        logger.info(
            "Sanic daemon started",
            extra={
                "daemon_pid": self.pid,
                "daemon_pidfile": str(self.pidfile),
                "daemon_logfile": str(self.logfile),
                "daemon_name": self.name,
            },
        )

    def _leave(self, log: int) -> None:
        """Fork twice, so that we are no leader of a session and get no terminal."""
        reading, self._parent = os.pipe()
        try:
            child = os.fork()
        except OSError as error:
            raise DaemonError(f"First fork failed: {error}") from None
        if child:
            os.close(self._parent)
            _wait_for(reading)
        os.close(reading)
        os.setsid()
        try:
            child = os.fork()
        except OSError as error:
            self.report(f"Second fork failed: {error}")
            os._exit(1)
        if child:
            os._exit(0)

    def _open_log(self) -> int:
        path = self.logfile or os.devnull
        try:
            return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, pidfiles.MODE)
        except OSError as error:
            raise DaemonError(f"Cannot write to log file: {path}: {error.strerror}") from None

    def _redirect(self, log: int) -> None:
        """Read from nowhere, write to the log."""
        nowhere = os.open(os.devnull, os.O_RDONLY)
        for fd, number in ((nowhere, 0), (log, 1), (log, 2)):
            os.dup2(fd, number)
        for fd in {nowhere, log}:
            if fd > 2:
                os.close(fd)
        # Decided when it was imported, where there may have been a terminal.
        AutoFormatter.ATTY = False
        for handler in logger.handlers:
            if type(handler.formatter) is AutoFormatter:
                handler.setFormatter(AutoFormatter())

    def _write_pidfile(self) -> None:
        if self.pidfile is None or self.pid is None:
            return
        info = PidfileInfo(os.getpid(), self._started, self.name)
        try:
            pidfiles.write(self.pidfile, info)
        except OSError as error:
            raise DaemonError(f"Cannot write PID file: {self.pidfile}: {error}") from None

    # -- being one

    def report(self, message: str) -> None:
        """Have the process that started us say why there is no server."""
        if self._parent is not None:
            with suppress(OSError):
                os.write(self._parent, message.encode())

    def _tell_parent(self) -> None:
        if self._parent is not None:
            with suppress(OSError):  # it may have been told to go
                os.write(self._parent, READY)
            os.close(self._parent)
            self._parent = None

    def _on_hangup(self, *_: Any) -> None:
        """The PID file was removed, or the log was moved away: make them anew."""
        with suppress(DaemonError):
            self._write_pidfile()
        if self.logfile is not None:
            with suppress(DaemonError):
                self._redirect(self._open_log())

    def _clean_up(self) -> None:
        if self.pid != os.getpid():
            return  # a child of ours
        if self.pidfile is not None:
            pidfiles.remove(self.pidfile, self.pid)
        if self.lockfile is not None:
            with suppress(OSError):
                self.lockfile.unlink()

    def drop_privileges(self) -> None:
        """Become the user and the group that were asked for.

        Raises:
            DaemonError: this is not allowed.
        """
        uid, gid, name = self._ids()
        if uid is None and gid is None:
            return
        if os.getuid() != 0:
            logger.warning("Not running as root: the user and the group stay what they are.")
            return
        for path in (self.pidfile, self.logfile):
            if path is not None:
                with suppress(OSError):
                    os.chown(path, -1 if uid is None else uid, -1 if gid is None else gid)
        try:
            if gid is not None:
                os.setgid(gid)
                os.initgroups(name, gid) if name else os.setgroups([gid])
            if uid is not None:
                os.setuid(uid)
        except OSError:
            raise DaemonError(f"Cannot change user to '{self.user}'. Are you root?") from None

    # -- files

    @staticmethod
    def get_pidfile_path(name: str) -> Path:
        """Where the PID file of an app goes, unless told; the folder is made."""
        stem = re.sub(r"[^A-Za-z0-9\-_.]", "_", name).strip("._") or "sanic"
        return _runtime_folder() / f"{stem}.pid"

    @staticmethod
    def read_pidfile(pidfile: str | Path) -> int | None:
        """Number of the process that a PID file names; None if it names none."""
        info = pidfiles.read(pidfile)
        return info.pid if info else None

    @staticmethod
    def read_pidfile_info(pidfile: str | Path) -> PidfileInfo | None:
        """What a PID file says; None if it is none of ours."""
        return pidfiles.read(pidfile)


def _runtime_folder() -> Path:
    home = Path("~").expanduser()
    places = [home / ".local" / "state", home / ".cache"]
    if runtime := os.environ.get("XDG_RUNTIME_DIR"):
        places.insert(0, Path(runtime))
    for place in places:
        folder = place / "sanic"
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return folder
    return Path.cwd()


def _wait_for(reading: int) -> NoReturn:
    """Exit as the daemon tells."""
    received = b""
    with suppress(KeyboardInterrupt):
        while data := os.read(reading, 4096):
            received += data
            if READY in received:
                os._exit(0)
        message = received.decode(errors="replace") or FAILED
        sys.stderr.write(f"Daemon error: {message}\n")
        sys.stderr.flush()
    os._exit(1)
