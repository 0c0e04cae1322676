"""Build of the compiled parts: one table of extensions, one table of modes.

`SANIC_FAST_BUILD` picks the mode: release (default), debug, trace, profile, asan.
"""

from __future__ import annotations

import os
from pathlib import Path

from Cython.Build import cythonize
from setuptools import Extension, setup

ROOT = Path(__file__).parent
CORE = "sanic_fast/_core"
# In rank order: each module may cimport only what is left of it.
MODULES = (
    "capi",
    "clock",
    "headers",
    "router",
    "plan",
    "parser",
    "stream",
    "request",
    "response",
    "dispatch",
    "protocol",
)
MODE = os.environ.get("SANIC_FAST_BUILD", "release")
UNCHECKED = {
    "boundscheck": False,
    "wraparound": False,
    "initializedcheck": False,
    "nonecheck": False,
}
CHECKED = {name: True for name in UNCHECKED}
COMMON = {"language_level": "3", "cdivision": True, "binding": True, "embedsignature": True}
MODES = {
    "release": (COMMON | UNCHECKED, ["-O2"], []),
    "profile": (COMMON | UNCHECKED, ["-O2", "-g", "-fno-omit-frame-pointer"], []),
    "debug": (COMMON | CHECKED, ["-O1", "-g", "-DSF_DEBUG=1"], []),
    "trace": (
        COMMON | CHECKED | {"linetrace": True},
        ["-O1", "-g", "-DSF_DEBUG=1", "-DCYTHON_TRACE_NOGIL=1", "-DCYTHON_USE_SYS_MONITORING=0"],
        [],
    ),
    "asan": (
        COMMON | CHECKED,
        ["-O1", "-g", "-DSF_DEBUG=1", "-DCYTHON_USE_FREELISTS=0",
         "-fsanitize=address,undefined", "-fno-omit-frame-pointer"],
        ["-fsanitize=address,undefined"],
    ),
}
directives, cflags, ldflags = MODES[MODE]

extensions = [
    Extension(
        f"sanic_fast._core.{name}",
        [f"{CORE}/{name}.pyx"],
        include_dirs=[CORE, "cext/pyhttp"],
        extra_compile_args=cflags,
        extra_link_args=ldflags,
    )
    for name in MODULES
    if (ROOT / CORE / f"{name}.pyx").exists()
]

setup(
    ext_modules=cythonize(
        extensions,
        compiler_directives=directives,
        build_dir="build/cython",
        nthreads=int(os.environ.get("SANIC_FAST_JOBS", os.cpu_count() or 1)),
    ),
    cffi_modules=["cext/pyhttp/build_ffi.py:ffi"],
)
