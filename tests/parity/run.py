"""Runs one app under one package, in a process of its own, and puts its cases to it."""

from __future__ import annotations

import dataclasses
import importlib
import re
import signal
import socket
import subprocess
import time
from pathlib import Path

from tests.parity.original import HERE, environment, interpreter, translate
from tests.parity.wire import LIMIT, Case, Exchange, exchange

APPS = sorted(path.stem for path in (HERE / "apps").glob("*.py"))


@dataclasses.dataclass
class Served:
    """What an app answered under one package.

    Attributes:
        exchanges: name of the case -> what came.
        events: lines the app printed that begin with `EVENT`, in order, up to its end.
        status: exit status after SIGTERM.
        log: everything printed.
    """

    exchanges: dict[str, Exchange]
    events: list[str]
    status: int
    log: str


def cases(app: str) -> list[Case]:
    """The cases of an app."""
    found: list[Case] = importlib.import_module(f"tests.parity.requests.{app}").CASES
    names = [case.name for case in found]
    assert len(names) == len(set(names)), [name for name in names if names.count(name) > 1]
    return found


class Process:
    """An app being served by one package."""

    def __init__(self, app: str, package: str, folder: Path) -> None:
        self.app = app
        place = folder / package / "apps"
        place.mkdir(parents=True)
        source = place / f"{app}.py"
        text = (HERE / "apps" / f"{app}.py").read_text(encoding="utf-8")
        source.write_text(translate(text, package), encoding="utf-8")
        self.log = folder / package / "log"
        with socket.create_server(("127.0.0.1", 0)) as listener, self.log.open("wb") as log:
            self.port = listener.getsockname()[1]
            number = listener.fileno()
            self.process = subprocess.Popen(
                [interpreter(package), HERE / "serve.py", source, str(number)],
                cwd=HERE,
                env=environment(package),
                pass_fds=[number],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def finish(self) -> Served:
        """Put all cases, stop the server, and wait for its end."""
        try:
            self.wait()
            found = {case.name: exchange(self.port, case) for case in cases(self.app)}
            self.process.send_signal(signal.SIGTERM)
            status = self.process.wait(LIMIT)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise RuntimeError(f"{error}; log:\n{self.output()}") from error
        finally:
            self.process.kill()
            self.process.wait()
        log = self.output()
        events = [line for line in log.splitlines() if line.startswith("EVENT ")]
        return Served(found, events, status, log)

    def wait(self) -> None:
        """Wait until every start listener has run: requests before that come in no order."""
        end = time.monotonic() + LIMIT
        while "READY" not in self.output():
            if self.process.poll() is not None or time.monotonic() > end:
                raise OSError("the server never became ready")
            time.sleep(0.01)

    def output(self) -> str:
        """What the process printed so far, without the source lines of tracebacks."""
        text = self.log.read_text(encoding="utf-8", errors="replace")
        return re.sub(r"^(  File .*\n)(?: {4}.*\n)+", r"\1", text, flags=re.M)
