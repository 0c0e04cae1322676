"""What of two exchanges is compared, and which differences are meant.

Deliberate differences are listed in differences.toml, and nowhere else. A listed difference must be
there: a row that no longer applies fails as much as a difference that is not listed.
"""

from __future__ import annotations

import dataclasses
import fnmatch
import html.parser
import json
import re
import sys
from pathlib import Path
from typing import Any

from tests.parity.wire import Case, Exchange, Response

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

HERE = Path(__file__).resolve().parent
DOCUMENT = HERE.parents[1] / "docs" / "differences.md"


@dataclasses.dataclass(frozen=True)
class Row:
    """One entry of differences.toml.

    Attributes:
        app: the app or table of calls.
        cases: names of cases; `*` stands for any text.
        fields: what differs: `status`, `headers`, `header:NAME`, `body`, `chunks`, `end`, `count`;
            `result` for calls.
        why: text of the row of docs/differences.md that says so.
    """

    app: str
    cases: tuple[str, ...]
    fields: frozenset[str]
    why: str

    def covers(self, app: str, name: str) -> bool:
        """True if the row speaks of that case."""
        return self.app == app and any(_matches(name, pattern) for pattern in self.cases)


def _matches(name: str, pattern: str) -> bool:
    # Only `*` is special: names of cases are full of brackets and question marks.
    return fnmatch.fnmatchcase(name, pattern.replace("[", "[[]").replace("?", "[?]"))


TABLE = tomllib.loads((HERE / "differences.toml").read_text(encoding="utf-8"))
ROWS = [
    Row(entry["app"], tuple(entry["cases"]), frozenset(entry["fields"]), entry["why"])
    for entry in TABLE["difference"]
]
# Headers that ours sends where the original sends none: name -> reason.
ADDED: dict[str, str] = {entry["header"]: entry["why"] for entry in TABLE["added"]}


def expected_fields(app: str, name: str) -> set[str]:
    """The fields of a case that differ on purpose."""
    found: set[str] = set()
    for row in ROWS:
        if row.covers(app, name):
            found |= row.fields
    return found


def differing(case: Case, original: Exchange, ours: Exchange) -> dict[str, tuple[Any, Any]]:
    """Field -> (original, ours) for all that differs between two exchanges."""
    found: dict[str, tuple[Any, Any]] = {}
    pairs = list(zip(original.responses, ours.responses, strict=False))
    if len(original.responses) != len(ours.responses):
        found["count"] = tuple([r.status for r in e.responses] for e in (original, ours))
    if original.end != ours.end:
        found["end"] = (original.end, ours.end)
    for theirs, mine in pairs:
        for name, left, right in _fields(theirs, mine, case.raw):
            if left != right:
                found.setdefault(name, (left, right))
    return found


def _fields(theirs: Response, mine: Response, raw: bool) -> list[tuple[str, Any, Any]]:
    left, right = dict(_headers(theirs)), dict(_headers(mine))
    fields = [
        ("status", theirs.status, mine.status),
        ("body", _body(theirs, raw), _body(mine, raw)),
        ("chunks", theirs.chunks, mine.chunks),
    ]
    for name in {**left, **right}:
        if name in ADDED and name not in left:
            continue
        if name == "content-length" and type(_body(theirs, raw)) is not bytes:
            continue
        fields.append((f"header:{name}", left.get(name), right.get(name)))
    # The order, names as spelled, and how often each comes, of what both have.
    order = [[name for name, _ in r.headers if name.lower() in left.keys() & right.keys()]
             for r in (theirs, mine)]  # fmt: skip
    return [*fields, ("headers", *order)]


def _headers(response: Response) -> list[tuple[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for name, value in response.headers:
        found.setdefault(name.lower(), []).append(value)
    if "date" in found:
        found["date"] = [re.sub(r"^\w{3}, .* GMT$", "now", value) for value in found["date"]]
    if "allow" in found:
        # The original gives the methods in the order of a set.
        found["allow"] = [", ".join(sorted(value.split(", "))) for value in found["allow"]]
    return list(found.items())


def has_date(response: Response) -> bool:
    """True if a `date` is there where it must be (RFC 9110 6.6.1)."""
    status = int(response.status.split(" ")[1])
    return not 200 <= status < 500 or response.header("date") is not None


def _body(response: Response, raw: bool) -> Any:
    """The body as it is compared: pages by what they show, debug pages by the frames of the app."""
    kind = response.header("content-type") or ""
    start = response.body[:20].lower()
    if raw or not response.body:
        return response.body
    if kind.startswith("text/html") and start.startswith(b"<!doctype html>"):
        return visible(response.body.decode())
    if kind == "application/json" and b'"exceptions":' in response.body:
        return _own_frames(json.loads(response.body))
    if kind.startswith("text/plain") and b"\nTraceback of " in response.body:
        return _own_lines(response.body.decode())
    return response.body


def _own_frames(page: Any) -> Any:
    # Debug pages show frames of the package itself; only those of the app can be compared.
    for shown in page["exceptions"]:
        shown["frames"] = [f for f in shown["frames"] if "/apps/" in f["file"]]
        for frame in shown["frames"]:
            frame["file"] = frame["file"].rsplit("/", 1)[1]
    return page


def _own_lines(page: str) -> list[str]:
    found: list[str] = []
    foreign = False
    for line in page.split("\n"):
        if line.startswith("    File "):
            foreign = "/apps/" not in line
            line = "    File " + line.rsplit("/", 1)[1]
        elif not line.startswith("    "):
            foreign = False
        if not foreign:
            found.append(line)
    return found


class _Visible(html.parser.HTMLParser):
    """Collects what pages of both must show; wording, style and tracebacks are their own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.divisions: list[bool] = []
        self.tag = ""
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tag = tag
        if tag == "div":
            own = "tracerite" in (values.get("class") or "") or values.get("id") == "enduser"
            self.divisions.append(own)
        elif tag == "footer":
            self.divisions.append(True)
        if tag == "a" and not any(self.divisions):
            self.words.append(f"-> {values.get('href')}")
        if tag == "dl":
            self.words.append(f"<{values.get('id')}>")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("div", "footer") and self.divisions:
            self.divisions.pop()

    def handle_data(self, data: str) -> None:
        if self.tag not in ("style", "script", "desc") and not any(self.divisions):
            self.words += data.split()


def visible(page: str) -> list[str]:
    """The words and links of a page: what a reader sees of it, not how it is styled."""
    parser = _Visible()
    parser.feed(page)
    return parser.words
