"""Run a program with `sanic` meaning our package: `python aliased.py SITE_PACKAGES PROGRAM`.

`SITE_PACKAGES` is where the original's tools (`sanic_testing`) are; they come last on the path.
"""

from __future__ import annotations

import runpy
import sys

from sanic_fast.alias import install

if __name__ == "__main__":
    install()
    sys.path.append(sys.argv[1])
    runpy.run_path(sys.argv[2], run_name="__main__")
