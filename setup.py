"""Build of the compiled parts: one table of extensions, one table of modes.

Environment:
    SANIC_FAST_BUILD: release (default), debug, trace, profile or asan.
    SANIC_FAST_WERROR: set to 1 by scripts/build and CI: warnings of Cython and of the C compiler
        are errors. Never set in a user's install.
    SANIC_FAST_ANNOTATE: set to 1 by scripts/annotate: annotated pages in build/annotate.
    SANIC_FAST_JOBS: modules built at the same time; the number of processors unless told.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from Cython.Build import cythonize
from Cython.Compiler import Options
from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

CORE = "sanic_fast/_core"
# In rank order: each module may cimport only what is left of it.
MODULES = (
    "capi",
    "clock",
    "headers",
    "target",
    "convert",
    "routes",
    "router",
    "plan",
    "response",
    "query",
    "ids",
    "stream",
    "request",
    "files",
    "parser",
    "dispatch",
    "asgi",
    "task",
    "loopstate",
    "receive",
    "accesslog",
    "send",
    "protocol",
    "wsframe",
)
MODE = os.environ.get("SANIC_FAST_BUILD", "release")
WERROR = os.environ.get("SANIC_FAST_WERROR") == "1"
ANNOTATE = os.environ.get("SANIC_FAST_ANNOTATE") == "1"
JOBS = int(os.environ.get("SANIC_FAST_JOBS") or os.cpu_count() or 1)
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
    "debug": (COMMON | CHECKED, ["-O1", "-g", "-DSF_DEBUG=1", "-DCYTHON_USE_FREELISTS=0"], []),
    "trace": (
        COMMON | CHECKED | {"linetrace": True},
        ["-O1", "-g", "-DSF_DEBUG=1", "-DCYTHON_TRACE_NOGIL=1", "-DCYTHON_USE_SYS_MONITORING=0"],
        [],
    ),
    "asan": (
        COMMON | CHECKED,
        [
            *("-O1", "-g", "-DSF_DEBUG=1", "-DCYTHON_USE_FREELISTS=0"),
            *("-fsanitize=address,undefined", "-fno-omit-frame-pointer"),
        ],
        ["-fsanitize=address,undefined"],
    ),
}
HEADERS = [*map(str, Path("cext/pyhttp").glob("*.h")), *map(str, Path(CORE).glob("*.h"))]
WARNINGS = ["-Wall", "-Wsign-compare", "-Wno-unused-function", "-Werror"]

if MODE not in MODES:
    sys.exit(f"SANIC_FAST_BUILD={MODE}: choose one of {', '.join(MODES)}")
directives, cflags, ldflags = MODES[MODE]
if WERROR:
    Options.warning_errors = True
    cflags = [*cflags, *WARNINGS]


class BuildExt(build_ext):
    """Keeps each mode and Python apart under build/: going back to one costs only a copy."""

    def finalize_options(self) -> None:
        """Choose the build folders; a wheel keeps the ones its command gave."""
        super().finalize_options()
        if self.inplace or self.editable_mode:
            base = Path("build", f"{MODE}-{sys.implementation.cache_tag}")
            self.build_lib = str(base / "lib")
            self.build_temp = str(base / "temp")

    def build_extensions(self) -> None:
        """Stop with advice where there is no C compiler."""
        command = getattr(self.compiler, "compiler_so", None)
        if command and shutil.which(command[0]) is None:
            sys.exit(
                f"C compiler not found: {command[0]}. Debian or Ubuntu: sudo apt-get install gcc "
                "python3-dev; Fedora: sudo dnf install gcc python3-devel; macOS: xcode-select "
                "--install"
            )
        super().build_extensions()

    def copy_extensions_to_source(self) -> None:
        """Put the modules beside their sources even where those of another mode are newer."""
        self.force = True
        super().copy_extensions_to_source()


extensions = [
    Extension(
        f"sanic_fast._core.{name}",
        [f"{CORE}/{name}.pyx"],
        include_dirs=[CORE, "cext/pyhttp"],
        define_macros=[("SF_BUILD_MODE", f'"{MODE}"')],
        depends=HEADERS,
        extra_compile_args=cflags,
        extra_link_args=ldflags,
    )
    for name in MODULES
]

setup(
    cmdclass={"build_ext": BuildExt},
    ext_modules=cythonize(
        extensions,
        compiler_directives=directives,
        build_dir="build/annotate" if ANNOTATE else f"build/cython-{MODE}",
        annotate=ANNOTATE,
        nthreads=JOBS,
    ),
    options={"build_ext": {"parallel": JOBS}},
    cffi_modules=["cext/pyhttp/build_ffi.py:ffi"],
)
