"""Pages of the guide, taken apart and run.

Code blocks of a page:

* `python app`: a module with an app. It is served for the console blocks that follow it, under the
  name its first line tells (`# shop.py`), or as `server`.
* `console`: commands after `$`, and what they print. `localhost:8000` is the app; `...` stands for
  any text, alone on a line for any lines.
* `python client`: a program that talks to that app, in the same order; it ends with status 0.
* `python run`: a program of its own; it ends with status 0.
* `python`: a part of a program; it must be one that Python can read.

`only`, after any of them: not under the released package, which behaves otherwise there.
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from tests.examples.programs import OURS, interpreter, translated
from tests.servers import LIMIT, ROOT, Server, free_port

FENCE = re.compile(r"^```(\S+)([^\n]*)\n(.*?)^```$", re.M | re.S)
NAMED = re.compile(r"# (\w+)\.py\n")
ADDRESS = "localhost:8000"


@dataclass
class Block:
    """One code block.

    Attributes:
        kind: `app`, `run`, `part`, `client` or `console`.
        only: not for the released package.
        text: what stands in it.
        line: where it begins in the page.
        talks: of an app, the console and client blocks that follow.
    """

    kind: str
    only: bool
    text: str
    line: int
    talks: list[Block] = field(default_factory=list)


def blocks(page: Path) -> list[Block]:
    """The blocks of a page; those that talk to an app are inside its block.

    Raises:
        ValueError: a mark is unknown, or a block that talks has no app before it.
    """
    text = page.read_text(encoding="utf-8")
    found: list[Block] = []
    app: Block | None = None
    for match in FENCE.finditer(text):
        language, marks, code = match[1], match[2].split(), match[3]
        line = text.count("\n", 0, match.start()) + 1
        only = "only" in marks
        kinds = [mark for mark in marks if mark != "only"]
        if language not in ("python", "console"):
            continue
        kind = kinds[0] if kinds else "part" if language == "python" else "console"
        if kind not in ("app", "run", "part", "client", "console"):
            raise ValueError(f"{page.name}:{line}: {kind}")
        block = Block(kind, only, code, line)
        if kind not in ("client", "console"):
            found.append(block)
            app = block if kind == "app" else app
        elif app is None:
            raise ValueError(f"{page.name}:{line}: no app before this block")
        else:
            app.talks.append(block)
    return found


def check(block: Block, folder: Path, package: str) -> None:
    """Run a block; AssertionError or SyntaxError where it does not do what it says."""
    source = translated(block.text, package)
    if block.kind == "part":
        # Parts may await and return.
        inner = "".join(f"    {line}\n" for line in source.splitlines())
        compile(f"async def part():\n{inner}", "part", "exec", ast.PyCF_ONLY_AST)
    elif block.kind == "run":
        _run(source, folder, package)
    else:
        _serve(block, source, folder, package)


def _run(source: str, folder: Path, package: str) -> None:
    # Server keeps the output of each in a file of one name.
    place = folder / "program"
    place.mkdir(exist_ok=True)
    (place / "program.py").write_text(source, encoding="utf-8")
    with Server(place, "program.py", python=interpreter(package)) as program:
        assert program.wait() == 0, program.output


def _serve(block: Block, source: str, folder: Path, package: str) -> None:
    named = NAMED.match(source)
    name = named[1] if named else "server"
    (folder / f"{name}.py").write_text(source, encoding="utf-8")
    port = free_port()
    words = ["-m", package, f"{name}:app", "--port", str(port), "--single-process", "--no-motd"]
    with Server(folder, *words, python=interpreter(package)) as server:
        server.wait_for("Worker ready")
        for talk in block.talks:
            if talk.only and package != OURS:
                continue
            if talk.kind == "client":
                _run(talk.text.replace(ADDRESS, f"127.0.0.1:{port}"), folder, package)
            else:
                _converse(talk.text, folder, package, port)
        assert server.stop() == 0, server.output


def _converse(transcript: str, folder: Path, package: str, port: int) -> None:
    """Type the commands of a console block and compare what they print."""
    here = f"127.0.0.1:{port}"
    for command, expected in commands(transcript):
        typed = command.replace(ADDRESS, here)
        typed = re.sub(r"^sanic-fast\b", f"{interpreter(package)} -m {package}", typed)
        done = subprocess.run(
            ["sh", "-c", typed],
            cwd=folder,
            env=_environment(folder, package),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=LIMIT,
            check=False,
        )
        # curl -i ends its lines as the server does.
        printed = done.stdout.decode().replace("\r\n", "\n").replace(here, ADDRESS)
        assert fits(printed, expected), f"$ {command}\n{printed}\ninstead of\n{expected}"


def _environment(folder: Path, package: str) -> dict[str, str]:
    (folder / ".curlrc").write_text("silent\nshow-error\n", encoding="ascii")
    paths = {"PYTHONPATH": str(ROOT)} if package == OURS else {}
    return {**os.environ, **paths, "CURL_HOME": str(folder), "HOME": str(folder)}


def commands(text: str) -> list[tuple[str, str]]:
    """The commands of a console block, each with what it prints."""
    found: list[tuple[str, str]] = []
    for part in re.split(r"^\$ ", text, flags=re.M)[1:]:
        command, _, printed = part.partition("\n")
        while command.endswith("\\"):
            more, _, printed = printed.partition("\n")
            command = f"{command[:-1]}{more}"
        found.append((command, printed))
    return found


def fits(printed: str, expected: str) -> bool:
    """True if a text is the expected one, with `...` for anything; blanks at ends do not count."""
    patterns = []
    for line in expected.strip().splitlines():
        parts = (re.escape(part) for part in line.rstrip().split("..."))
        patterns.append(r"(?:.*\n)*?" if line.strip() == "..." else ".*".join(parts) + r"[ ]*\n")
    return re.fullmatch("".join(patterns), printed.strip() + "\n" * bool(patterns)) is not None
