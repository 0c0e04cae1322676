"""Ask each server each question once and compare the answer with what must come back."""

from __future__ import annotations

import http.client
import json
import subprocess
import time
from pathlib import Path

from perf import load, servers
from perf.scenarios import Scenario


def check(scenario: Scenario, port: int) -> str | None:
    """None when the answer is right, else one line that says what is wrong.

    Two requests on one connection, so that keep-alive is checked as well.
    """
    if scenario.driver == "websocket":
        return _check_websocket(scenario, port)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        for _ in range(2):
            connection.request(
                scenario.method, scenario.path, scenario.send or None, dict(scenario.headers)
            )
            response = connection.getresponse()
            problem = compare(
                scenario, response.status, dict(response.getheaders()), response.read()
            )
            if problem:
                return problem
    except (OSError, http.client.HTTPException) as exc:
        return f"{type(exc).__name__}: {exc}"
    finally:
        connection.close()
    return None


def logged(scenario: Scenario, output: Path, patience: float = 3.0) -> str | None:
    """None when the output of a server that should log requests shows one, or none is asked for.

    Lines may be written in batches, so they get `patience` seconds to appear.
    """
    if not scenario.variant.startswith("access_log"):
        return None
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if b"GET" in output.read_bytes():
            return None
        time.sleep(0.1)
    return "no request appears in its access log"


def _check_websocket(scenario: Scenario, port: int) -> str | None:
    """Two connections for a second: each must get messages of the right length back."""
    try:
        seen = load.run(scenario, port, 1, servers.RESULTS / "check.lua", connections=2)
    except (ValueError, subprocess.TimeoutExpired) as exc:
        return str(exc)
    return f"{seen.errors} connections without an echo" if seen.errors else None


def compare(scenario: Scenario, status: int, headers: dict[str, str], body: bytes) -> str | None:
    """The pure half of `check`. Header names are compared without regard to case."""
    if status != 200:
        return f"status {status}, body {body[:80]!r}"
    if scenario.body is not None and body != scenario.body:
        return f"body {body[:80]!r}"
    if scenario.size is not None and len(body) != scenario.size:
        return f"{len(body)} bytes instead of {scenario.size}"
    if scenario.json is not None:
        try:
            value = json.loads(body)
        except ValueError:
            return f"not JSON: {body[:80]!r}"
        if value != scenario.json:
            return f"JSON {value!r}"
    found = {name.lower(): value for name, value in headers.items()}
    for name, value in scenario.fields.items():
        if found.get(name) != value:
            return f"header {name}: {found.get(name)!r}"
    return None
