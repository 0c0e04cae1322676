"""cffi recipe of `sanic_fast._pyhttp` (API mode): compile the C files, bind what pyhttp.h marks.

`setup.py` names `ffi` of this file in `cffi_modules`. `SANIC_FAST_BUILD` picks the mode, as there.
"""

from __future__ import annotations

import os
from pathlib import Path

from cffi import FFI

HERE = Path(__file__).resolve().parent
SOURCES = (
    "request.c",
    "request_sse42.c",
    "request_avx2.c",
    "request_neon.c",
    "chunked.c",
    "scan_dispatch.c",
)
HEADERS = ("pyhttp.h", "internal.h", "scan.h", "tables.h", "request_simd.h")
SANITIZE = ["-fsanitize=address,undefined"]
MODES = {
    "release": ["-O2"],
    "profile": ["-O2", "-g", "-fno-omit-frame-pointer"],
    "debug": ["-O1", "-g"],
    "trace": ["-O1", "-g"],
    "asan": ["-O1", "-g", "-fno-omit-frame-pointer", *SANITIZE],
}


def declarations(header: str) -> str:
    """Return what stands between the two `cffi:` marks of the header text."""
    return header.split("/* cffi: begin */")[1].split("/* cffi: end */")[0]


def relative(name: str) -> str:
    """Path of a file beside this one from the working directory, as setuptools wants it."""
    return os.path.relpath(HERE / name)


mode = os.environ.get("SANIC_FAST_BUILD", "release")
gnu_like = os.name == "posix"

ffi = FFI()
ffi.cdef(declarations((HERE / "pyhttp.h").read_text()))
ffi.set_source(
    "sanic_fast._pyhttp",
    '#include "pyhttp.h"',
    sources=[relative(name) for name in SOURCES],
    depends=[relative(name) for name in HEADERS],
    include_dirs=[relative(".")],
    extra_compile_args=[*MODES[mode], "-fvisibility=hidden"] if gnu_like else [],
    extra_link_args=SANITIZE if mode == "asan" else [],
)

if __name__ == "__main__":
    ffi.compile(verbose=True)
