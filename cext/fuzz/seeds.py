"""Write the seed corpus from tests/cases: one file for each case, named after its content."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent))

from tests.reference import corpus  # noqa: E402

LONGEST = 2048


def write(folder: str, prefix: bytes, names: tuple[str, ...]) -> int:
    """Write the cases of some corpus files behind `prefix`; return how many seeds there are."""
    target = HERE / "corpus" / folder
    target.mkdir(parents=True, exist_ok=True)
    for old in target.iterdir():
        old.unlink()
    for name in names:
        for case in corpus.load(name):
            data = prefix + case["data"] + case["fault"] + case["rest"]
            if len(data) <= LONGEST:
                (target / hashlib.sha1(data).hexdigest()[:16]).write_bytes(data)
    return len(list(target.iterdir()))


if __name__ == "__main__":
    print(write("request", b"\0\x15", ("heads", "responses", "bodies", "smuggling")), "heads")
    print(write("chunked", b"\7", ("chunked",)), "bodies")
