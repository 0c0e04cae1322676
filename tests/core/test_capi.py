"""The typed pointers of `_core.capi`: where they come from, and the check of the layout."""

from __future__ import annotations

import subprocess
import sys

import pytest

from sanic_fast._core import capi
from sanic_fast._pyhttp import ffi, lib


def test_address_when_known_then_it_is_the_function_of_the_library() -> None:
    call = ffi.cast("uint64_t(*)(void)", capi.address("pyhttp_abi"))
    assert call() == lib.pyhttp_abi()


def test_address_when_unknown_then_attribute_error() -> None:
    with pytest.raises(AttributeError):
        capi.address("pyhttp_nothing")


def test_abi_when_built_together_then_both_agree() -> None:
    ours, theirs = capi.abi()
    assert ours == theirs == lib.pyhttp_abi()
    capi.check_abi(ours, theirs)


def test_check_abi_when_stale_then_the_error_says_what_to_do() -> None:
    with pytest.raises(ImportError, match="build_ext --inplace --force"):
        capi.check_abi(1, 2)


def test_import_when_the_library_is_missing_then_the_error_says_what_to_do() -> None:
    code = (
        "import sys; sys.modules['sanic_fast._pyhttp'] = None\n"
        "try:\n    import sanic_fast._core.capi\n"
        "except ImportError as error:\n    print(error)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert "build_ext --inplace" in run.stdout, run.stderr
