"""Compiled hot path.

Raises:
    ImportError: the compiled modules are not here, or are those of another Python.
"""

import sys
from importlib.util import find_spec

if find_spec(f"{__name__}.capi") is None:
    raise ImportError(
        f"sanic_fast is not built for Python {sys.version_info[0]}.{sys.version_info[1]}. "
        "In a checkout run scripts/build, elsewhere `pip install` the package."
    )
