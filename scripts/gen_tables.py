"""Write cext/pyhttp/tables.h: byte classes of the HTTP grammar as C tables.

Run without arguments to write the file, with `--check` to fail when it is stale.
"""

from __future__ import annotations

import string
import sys
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "cext" / "pyhttp" / "tables.h"

# RFC 9110 5.6.2: tchar
TCHAR = frozenset((string.ascii_letters + string.digits + "!#$%&'*+-.^_`|~").encode())
# RFC 9110 5.5: field-vchar (VCHAR and obs-text), SP, HTAB
VALUE = frozenset(range(0x20, 0x7F)) | frozenset(range(0x80, 0x100)) | {0x09}
# Request target: every visible ASCII byte; which of them make sense is for the caller
TARGET_BYTES = frozenset(range(0x21, 0x7F))

CLASSES = (
    ("PYHTTP_C_TOKEN", 1, TCHAR),
    ("PYHTTP_C_VALUE", 2, VALUE),
    ("PYHTTP_C_TARGET", 4, TARGET_BYTES),
)
NOT_HEX = 0xFF


def rows(values: list[int], per_row: int = 16) -> str:
    """Format numbers as the inside of a C initialiser."""
    lines = (values[i : i + per_row] for i in range(0, len(values), per_row))
    return ",\n".join("    " + ", ".join(f"{v:3d}" for v in line) for line in lines)


def token_nibbles() -> list[int]:
    """For each low nibble, the set of high nibbles (as bits) that make a tchar with it."""
    return [sum(1 << high for high in range(8) if (high << 4 | low) in TCHAR) for low in range(16)]


def high_bits() -> list[int]:
    """For each high nibble, its bit in the sets of token_nibbles; none over 0x7f."""
    return [1 << high if high < 8 else 0 for high in range(16)]


def signed(values: list[int]) -> list[int]:
    """Bytes as signed chars, which is what the vector constructors take."""
    return [v - 256 if v > 127 else v for v in values]


def hex_digits() -> list[int]:
    """Value of each byte as a hex digit, or NOT_HEX."""
    return [int(chr(c), 16) if chr(c) in string.hexdigits else NOT_HEX for c in range(256)]


def render() -> str:
    """Return the text of tables.h."""
    classes = [sum(bit for _, bit, members in CLASSES if c in members) for c in range(256)]
    defines = "\n".join(f"#define {name} {bit}" for name, bit, _ in CLASSES)
    return f"""\
/* Byte classes of the HTTP grammar. Written by scripts/gen_tables.py: do not edit. */
#ifndef PYHTTP_TABLES_H
#define PYHTTP_TABLES_H

#include <stdint.h>

{defines}
#define PYHTTP_NOT_HEX {NOT_HEX}

/* Which classes each byte belongs to. */
static const uint8_t pyhttp_class[256] = {{
{rows(classes)}
}};

/* Value of each byte as a hex digit. */
static const uint8_t pyhttp_hex[256] = {{
{rows(hex_digits())}
}};

/* Bit h of entry l is set when byte h << 4 | l is a token byte. */
#define PYHTTP_TOKEN_NIBBLES \\
    {", ".join(f"{v:d}" for v in signed(token_nibbles()))}
#define PYHTTP_HIGH_BITS {", ".join(f"{v:d}" for v in signed(high_bits()))}

#endif
"""


def main() -> int:
    """Write or check the file; return the exit code."""
    text = render()
    if "--check" in sys.argv[1:]:
        if TARGET.read_text() != text:
            print("cext/pyhttp/tables.h is stale: run scripts/gen_tables.py")
            return 1
        return 0
    TARGET.write_text(text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
