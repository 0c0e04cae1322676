"""From the path in a URL to a file below a directory, and never to anything else."""

from __future__ import annotations

import os
import stat as stat_types
from urllib.parse import unquote

from sanic_fast.compat import OS_IS_WINDOWS

_WINDOWS_DEVICES = frozenset(
    ("CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$")
    + tuple(f"{name}{digit}" for name in ("COM", "LPT") for digit in "123456789\u00b9\u00b2\u00b3")
)


def locate(
    root: str, uri: str, *, follow_files: bool = False, follow_dirs: bool = False
) -> tuple[str, os.stat_result]:
    """Find what a percent-encoded `uri` names below `root`.

    The order matters: decode first (once), then refuse `..`, then resolve symbolic links, then
    compare real paths by component. Links that stay inside `root` are always followed.

    Args:
        root: Real path (no symbolic links in it) of the directory.
        uri: Path below it as it stood in the URL, percent-encoded; slashes at its ends and
            repeated ones do not count.
        follow_files: Whether a link to a file outside is allowed when it is the last component.
        follow_dirs: Whether links on the way (or to a directory) may lead outside.

    Returns:
        The real path, and its `stat`.

    Raises:
        FileNotFoundError: There is nothing, or it may not be shown; which of both is not told.
        PermissionError: The operating system forbids to look.
    """
    parts = _components(unquote(uri, errors="surrogateescape"))
    path, info = root, None
    try:
        for part in parts:
            path = _join(path, part)
            info = os.lstat(path)
            if stat_types.S_ISLNK(info.st_mode):
                return _locate_linked(root, parts, follow_files, follow_dirs)
        return path, info or os.stat(root)
    except PermissionError:
        raise
    except (OSError, ValueError):
        # A file where a directory is needed, a loop of links, a name too long, a NUL in it:
        # for the client there is no such file.
        raise FileNotFoundError(uri) from None


def plain_path(root: str, uri: str) -> str:
    """The path that `uri` names, not looked at; `locate` gives the same unless a link is on it.

    Raises:
        FileNotFoundError: The path leaves `root`.
    """
    path = root
    for part in _components(unquote(uri, errors="surrogateescape")):
        path = _join(path, part)
    return path


def is_inside(root: str, path: str) -> bool:
    """Whether the real path `path` is `root` or below it, component by component."""
    if path == root:
        return True
    return path.startswith(root if root.endswith(os.sep) else root + os.sep)


def may_follow(
    root: str, link: str, *, follow_files: bool = False, follow_dirs: bool = False
) -> str | None:
    """Real path behind the symbolic link `link`, or None if it must not be followed.

    A link that stays inside `root` may always be followed; one that leads outside by the flag
    for what it leads to. A link that leads nowhere gives None.
    """
    try:
        real = os.path.realpath(link)
        info = os.stat(real)
    except (OSError, ValueError):
        return None
    if is_inside(root, real):
        return real
    allowed = follow_dirs if stat_types.S_ISDIR(info.st_mode) else follow_files
    return real if allowed else None


def _locate_linked(
    root: str, parts: list[str], follow_files: bool, follow_dirs: bool
) -> tuple[str, os.stat_result]:
    """`locate` for a path that has at least one symbolic link in it."""
    path = os.path.join(root, *parts)
    real = os.path.realpath(path)
    info = os.stat(real)
    if is_inside(root, real):
        return real, info
    last_is_file_link = os.path.islink(path) and not stat_types.S_ISDIR(info.st_mode)
    if last_is_file_link:
        # Without leave to follow directories, the way to the link itself must stay inside.
        parent_inside = follow_dirs or is_inside(root, os.path.realpath(os.path.dirname(path)))
        allowed = follow_files and parent_inside
    else:
        allowed = follow_dirs
    if not allowed:
        raise FileNotFoundError(path)
    return real, info


def _join(path: str, part: str) -> str:
    return f"{path}{part}" if path.endswith(os.sep) else f"{path}{os.sep}{part}"


def _components(name: str) -> list[str]:
    """Split a decoded path; empty and `.` components do not count."""
    parts = [part for part in name.split("/") if part and part != "."]
    if ".." in parts or (OS_IS_WINDOWS and any(map(_unsafe_on_windows, parts))):
        raise FileNotFoundError(name)
    return parts


def _unsafe_on_windows(part: str) -> bool:
    """Backslashes and drives change the directory there; device names open devices."""
    device = part.split(".")[0].rstrip(" ").upper()
    return "\\" in part or ":" in part or device in _WINDOWS_DEVICES
