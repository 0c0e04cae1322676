"""The file that names the process of a daemon, and the lock beside it.

The file is text: a line `sanic`, then `pid=`, `started=` and `name=`, a line each. The lock tells
for sure whether a daemon runs: the system gives it back however the process ended, and the number
in the file may belong to another program by now.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sanic_fast.compat import OS_IS_WINDOWS

if not OS_IS_WINDOWS:
    import fcntl

__all__ = (
    "PidfileInfo",
    "is_alive",
    "is_running",
    "lock_of",
    "lock_path",
    "read",
    "remove",
    "write",
)

MAGIC = "sanic"
MODE = 0o644
LIMIT = 4096  # bytes; what is longer is no file of ours


@dataclass(frozen=True)
class PidfileInfo:
    """What the file says.

    Attributes:
        pid: of the main process.
        started: seconds of the clock at which it became a daemon.
        name: of its app.
    """

    pid: int
    started: int | None = None
    name: str | None = None


def read(path: str | Path) -> PidfileInfo | None:
    """What a file says, or None if there is none or it is not of a daemon of ours."""
    try:
        with open(path, encoding="utf-8") as file:
            first, *lines = file.read(LIMIT).splitlines() or [""]
    except (OSError, UnicodeDecodeError):
        return None
    values = dict(line.partition("=")[::2] for line in lines)
    pid, started = values.get("pid", ""), values.get("started", "")
    if first != MAGIC or not pid.isdecimal() or not int(pid):
        return None
    return PidfileInfo(
        int(pid), int(started) if started.isdecimal() else None, values.get("name") or None
    )


def write(path: Path, info: PidfileInfo) -> None:
    """Write a file, in one piece for whoever reads it meanwhile.

    Raises:
        OSError: it cannot be written.
    """
    text = f"{MAGIC}\npid={info.pid}\nstarted={info.started}\nname={info.name}\n".encode()
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, MODE)
    try:
        os.write(fd, text)
        os.ftruncate(fd, len(text))
    finally:
        os.close(fd)


def remove(path: Path, pid: int) -> None:
    """Remove a file, unless it is of another process by now or may not be removed."""
    info = read(path)
    if info is not None and info.pid == pid:
        with suppress(OSError):
            path.unlink()


def lock_path(pidfile: str | Path) -> Path:
    """Where the lock of a daemon is."""
    path = Path(pidfile)
    if path.suffix == ".pid":
        return path.with_suffix(".lock")
    return path.with_name(f"{path.name}.lock")


def lock_of(path: Path, shared: bool = False) -> int | None:
    """Take the lock, until the descriptor is closed or the process ends.

    Args:
        shared: only to see whether somebody has it; no file is made.

    Returns:
        A descriptor, or None if somebody else has it.

    Raises:
        OSError: the file cannot be opened.
    """
    flags = os.O_RDONLY if shared else os.O_RDWR | os.O_CREAT
    fd = os.open(path, flags | os.O_NOFOLLOW, MODE)
    try:
        fcntl.flock(fd, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(fd)
        return None
    except BaseException:
        os.close(fd)
        raise
    if not shared and not _is_file(fd, path):
        # Its last owner removed it between our two steps.
        os.close(fd)
        return lock_of(path)
    return fd


def _is_file(fd: int, path: Path) -> bool:
    """Whether an open file is still the one of that name."""
    try:
        return os.path.samestat(os.fstat(fd), os.stat(path))
    except FileNotFoundError:
        return False


def is_alive(pid: int) -> bool:
    """Whether there is a process of that number that has not ended."""
    try:
        os.kill(pid, 0)
    except PermissionError:
        pass  # it is somebody else's
    except (ProcessLookupError, OverflowError):
        return False
    try:
        # In a container there may be nobody who takes notice of its end.
        state = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[0]
    except (OSError, IndexError):
        return True
    return state not in (b"Z", b"X")


def is_running(pid: int, pidfile: str | Path) -> bool:
    """Whether the daemon that wrote a file runs, rather than another program of its number."""
    if not is_alive(pid):
        return False
    try:
        fd = lock_of(lock_path(pidfile), shared=True)
    except OSError:
        return _looks_like_ours(pid)  # a daemon without a lock
    if fd is None:
        return True
    os.close(fd)
    return False


def _looks_like_ours(pid: int) -> bool:
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        return not os.path.isdir("/proc/self")  # a system that does not tell
    except OSError:
        return True
    return MAGIC.encode() in command
