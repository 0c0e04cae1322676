"""The C parser by address: cffi binds it, compiled modules call it through typed pointers.

`sanic_fast._pyhttp` is the only copy of the C code. Asking cffi for an address happens once, here,
at import; from then on a call is one indirect C call.
"""

from libc.stdint cimport uintptr_t

from sanic_fast._core.pyhttp cimport PYHTTP_ABI, pyhttp_abi_t

try:
    from sanic_fast._pyhttp import ffi, lib
except ImportError as exc:
    raise ImportError(
        "sanic_fast._pyhttp is not built; run `python setup.py build_ext --inplace` "
        "in the source tree, or install a wheel"
    ) from exc


def address(name: str) -> int:
    """Return the address of a function of the C parser.

    Raises:
        AttributeError: there is no function of that name.
    """
    return int(ffi.cast("uintptr_t", ffi.addressof(lib, name)))


def abi() -> tuple[int, int]:
    """Return the layout hash that this module was compiled with, and that of the loaded library."""
    return PYHTTP_ABI, (<pyhttp_abi_t><uintptr_t>address("pyhttp_abi"))()


def check_abi(ours: int, theirs: int) -> None:
    """Refuse to work with a library whose structs are laid out differently.

    Raises:
        ImportError: the two hashes differ.
    """
    if ours != theirs:
        raise ImportError(
            f"sanic_fast._core.capi was compiled for parser ABI {ours:#x} but sanic_fast._pyhttp "
            f"has {theirs:#x}: one of them is stale. Rebuild both with "
            "`python setup.py build_ext --inplace --force`, or reinstall the package"
        )


check_abi(*abi())

parse_request = <pyhttp_parse_request_t><uintptr_t>address("pyhttp_parse_request")
parse_response = <pyhttp_parse_response_t><uintptr_t>address("pyhttp_parse_response")
parse_headers = <pyhttp_parse_headers_t><uintptr_t>address("pyhttp_parse_headers")
decode_chunked = <pyhttp_decode_chunked_t><uintptr_t>address("pyhttp_decode_chunked")
