"""The load generators, on a core of their own: wrk driven by a script, and the websocket client."""

from __future__ import annotations

import json
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path

from perf import servers
from perf.scenarios import Scenario

LOAD_CORE = 1
_SUMMARY = """
done = function(summary, latency)
  local e = summary.errors
  io.write(string.format(
    'SUMMARY {"requests":%d,"seconds":%.6f,"bytes":%d,"p50_us":%d,"p99_us":%d,"errors":%d}\\n',
    summary.requests, summary.duration / 1e6, summary.bytes,
    latency:percentile(50), latency:percentile(99),
    e.connect + e.read + e.write + e.status + e.timeout))
end
"""
_PIPELINE = """
init = function(args)
  local one = wrk.format()
  local all = {}
  for i = 1, %d do all[i] = one end
  batch = table.concat(all)
end
request = function() return batch end
"""


@dataclass(frozen=True)
class Load:
    """What one run of wrk saw."""

    requests: int
    seconds: float
    errors: int
    bytes: int = 0
    p50_us: int = 0
    p99_us: int = 0

    @property
    def rps(self) -> float:
        """Requests answered per second."""
        return self.requests / self.seconds if self.seconds else 0.0

    def as_dict(self) -> dict[str, float]:
        """Plain values for a result file."""
        return asdict(self) | {"rps": self.rps}


def _quoted(value: str) -> str:
    """A Lua string literal; Lua 5.1 reads decimal escapes of single bytes."""
    return '"' + "".join(f"\\{byte:03d}" for byte in value.encode()) + '"'


def lua_script(scenario: Scenario) -> str:
    """The wrk script that sends `scenario`. Requests are fixed, so wrk formats them once."""
    lines = [f"wrk.method = {_quoted(scenario.method)}"]
    lines += [
        f"wrk.headers[{_quoted(name)}] = {_quoted(value)}" for name, value in scenario.headers
    ]
    if scenario.send:
        if len(set(scenario.send)) == 1:
            one = _quoted(scenario.send[:1].decode())
            lines.append(f"wrk.body = string.rep({one}, {len(scenario.send)})")
        else:
            lines.append(f"wrk.body = {_quoted(scenario.send.decode())}")
    if scenario.pipeline > 1:
        lines.append(_PIPELINE % scenario.pipeline)
    return "\n".join(lines) + _SUMMARY


def parse_summary(output: str) -> Load:
    """Read the line that the `done` function of our script prints.

    Raises:
        ValueError: the line is missing, as when wrk could not connect.
    """
    for line in output.splitlines():
        if line.startswith("SUMMARY "):
            return Load(**json.loads(line[8:]))
    raise ValueError(f"no summary in the output of wrk: {output.strip()[-300:]!r}")


def run(scenario: Scenario, port: int, seconds: float, script: Path, connections: int = 64) -> Load:
    """Load `port` for `seconds` (whole, at least one) from one thread on its own core.

    Raises:
        ValueError: the server could not be reached.
    """
    pinned = ["taskset", "-c", str(LOAD_CORE)]
    length = max(1, round(seconds))
    if scenario.driver == "websocket":
        client = servers.APPS / "ws_client.py"
        done = _run([*pinned, servers.python(), str(client), str(port), str(connections),
                     str(length)], length)  # fmt: skip
        return parse_websocket(done)
    script.write_text(lua_script(scenario))
    done = _run([*pinned, "wrk", "-t1", f"-c{connections}", f"-d{length}s", "--timeout", "10s",
                 "-s", str(script), f"http://127.0.0.1:{port}{scenario.path}"], length)  # fmt: skip
    return parse_summary(done)


def parse_websocket(output: str) -> Load:
    """Read the line of JSON our websocket client prints.

    Raises:
        ValueError: it ended before it came to that.
    """
    lines = output.strip().splitlines()
    if not lines or not lines[-1].startswith("{"):
        raise ValueError(f"no figures from the websocket client: {lines[-1:]}")
    return Load(**json.loads(lines[-1]))


def _run(argv: list[str], seconds: int) -> str:
    done = subprocess.run(argv, capture_output=True, text=True, timeout=seconds + 60, check=False)
    return done.stderr + done.stdout
