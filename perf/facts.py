"""Facts of the machine and the versions, stored with every result."""

from __future__ import annotations

import json
import os
import platform
import subprocess

from perf import servers

_PROBE = """
import importlib.metadata as m, json, platform, sys, sysconfig
names = %r
found = {}
for name in names:
    try: found[name] = m.version(name)
    except m.PackageNotFoundError: pass
print(json.dumps({"python": platform.python_version(), "compiler": platform.python_compiler(),
    "config_args": sysconfig.get_config_var("CONFIG_ARGS") or "",
    "cflags": sysconfig.get_config_var("CFLAGS") or "", "versions": found}))
"""
_PACKAGES = (
    "sanic", "sanic-routing", "uvloop", "ujson", "socketify", "granian", "blacksheep",
    "starlette", "uvicorn", "httptools", "aiohttp", "picows", "websockets", "multidict", "cffi",
)  # fmt: skip


def _first_line(*argv: str) -> str:
    try:
        done = subprocess.run(argv, capture_output=True, text=True, timeout=20, check=False)
    except OSError:
        return ""
    return (done.stdout or done.stderr).strip().partition("\n")[0]


def cpu_model() -> str:
    """The CPU's name as the kernel gives it."""
    with open("/proc/cpuinfo") as file:
        for line in file:
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()


def commit() -> str:
    """The checked-out commit, with a mark when files differ from it."""
    head = _first_line("git", "-C", str(servers.ROOT), "rev-parse", "--short", "HEAD")
    dirty = _first_line("git", "-C", str(servers.ROOT), "status", "--porcelain", "-uno")
    return head + ("+changes" if dirty else "")


def collect() -> dict[str, object]:
    """Everything a reader needs to judge the figures."""
    probe = subprocess.run(
        [servers.python(), "-c", _PROBE % (_PACKAGES,)], capture_output=True, text=True, check=True
    )
    return {
        "cpu": cpu_model(),
        "cores": os.cpu_count(),
        "kernel": platform.release(),
        "load_average": os.getloadavg(),
        "wrk": _first_line("wrk", "-v"),
        "c_compiler": _first_line(*os.environ.get("CC", "cc").split(), "--version"),
        "commit": commit(),
        **json.loads(probe.stdout),
    }
