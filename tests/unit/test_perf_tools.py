"""The pure parts of the measurement tools: what they compute, not how fast anything is."""

import json
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from perf import callgrind, chart, check, compare, gate, load, report, servers, stats, table  # noqa: E402
from perf.scenarios import QUICK, SCENARIOS  # noqa: E402


def row(*cpu_us):
    """Rounds of one server as run.py stores them."""
    return {
        "cpu_us": list(cpu_us),
        "rps": [1e6 / value for value in cpu_us],
        "p99_us": [1000.0] * len(cpu_us),
    }


ROWS = {"floor": row(6, 7, 8), "sanic_fast": row(9, 10.5, 12), "sanic": row(36, 42, 48)}
FACTS = {
    "cpu": "A CPU", "cores": 2, "kernel": "6.1", "python": "3.11.7", "compiler": "GCC 12",
    "c_compiler": "cc 12", "wrk": "wrk 4", "commit": "abc", "versions": {"uvloop": "0.23.0"},
}  # fmt: skip


def result(rows):
    return {
        "facts": FACTS,
        "settings": {"rounds": 3, "seconds": 2, "time": 0},
        "results": {"text": rows},
        "extras": {"idle": {"sanic": [8.0, 9.0, 8.5]}},
    }


def test_median_ratio_takes_rounds_in_pairs():
    assert stats.median_ratio([2, 40, 6], [1, 10, 2]) == 3
    assert stats.median_ratio([1, 0], [0, 1]) is None


def test_bootstrap_of_equal_rounds_is_a_point():
    assert stats.bootstrap([3, 3, 3], [2, 2, 2]) == (1.5, 1.5)
    low, high = stats.bootstrap([9, 10, 11], [10, 10, 10])
    assert low <= 1.0 <= high
    with pytest.raises(ValueError):
        stats.bootstrap([], [1])


def test_lua_script_sets_method_body_and_pipeline():
    post = load.lua_script(SCENARIOS["post_json"])
    assert 'wrk.method = "\\080\\079\\083\\084"' in post  # POST, byte by byte
    assert "wrk.body" in post and "init" not in post
    assert "for i = 1, 16 do" in load.lua_script(SCENARIOS["pipe16"])
    upload = load.lua_script(SCENARIOS["upload"])
    assert "string.rep" in upload and len(upload) < 2000


def test_parse_summary_reads_our_line_and_refuses_silence():
    text = 'noise\nSUMMARY {"requests":10,"seconds":2.0,"bytes":1,"p50_us":1,"p99_us":2,"errors":0}'
    assert load.parse_summary(text).rps == 5
    with pytest.raises(ValueError, match="refused"):
        load.parse_summary("unable to connect: refused")


def test_compare_answer_names_what_differs():
    scenario = SCENARIOS["headers"]
    good = {"X-Request-Id": scenario.fields["x-request-id"], "Cache-Control": "no-store"}
    assert check.compare(scenario, 200, good, scenario.body) is None
    assert "cache-control" in check.compare(
        scenario, 200, good | {"Cache-Control": "x"}, scenario.body
    )
    assert "status 500" in check.compare(scenario, 500, good, b"")
    assert check.compare(SCENARIOS["params"], 200, {}, b'{"name": "joe"}').startswith("JSON")


def test_access_log_must_show_a_request(tmp_path):
    log = tmp_path / "log"
    log.write_text("Worker ready\n")
    assert check.logged(SCENARIOS["text"], log) is None
    assert "access log" in check.logged(SCENARIOS["access_log"], log, patience=0.05)
    log.write_text("127.0.0.1 GET / 200\n")
    assert check.logged(SCENARIOS["access_log"], log) is None


def test_every_scenario_has_a_server_and_the_quick_ones_exist():
    assert set(QUICK) <= SCENARIOS.keys()
    for scenario in SCENARIOS.values():
        ours = servers.SERVERS["sanic_fast"].variant_for(scenario)
        assert ours == servers.SERVERS["sanic"].variant_for(scenario) == scenario.variant


def test_yardsticks_join_only_where_they_are_fair():
    assert servers.SERVERS["uvloop"].variant_for(SCENARIOS["text"]) == "main"
    assert servers.SERVERS["uvloop"].variant_for(SCENARIOS["post_json"]) is None
    assert servers.SERVERS["floor"].variant_for(SCENARIOS["static"]) == "sendfile"
    assert servers.SERVERS["floor"].variant_for(SCENARIOS["pipe16"]) is None


def test_table_orders_by_cost_and_counts_ratios():
    lines = table.scenario_table("text", ROWS).splitlines()
    assert [line.split()[0] for line in lines[2:5]] == ["floor", "sanic_fast", "sanic"]
    assert lines[3].split()[3:5] == ["1.50", "4.00"]


def test_compare_calls_a_clear_loss_worse_and_cancels_the_machine():
    slower = {"text": ROWS | {"sanic_fast": row(12, 14, 16)}}
    busy = {"text": {name: row(*(2 * v for v in r["cpu_us"])) for name, r in ROWS.items()}}
    (found,) = compare.changes({"text": ROWS}, slower, "sanic_fast")
    assert found.verdict(0.03) == "worse"
    (found,) = compare.changes({"text": ROWS}, busy, "sanic_fast")
    assert found.verdict(0.03) == "same"


def test_chart_is_well_formed_and_names_each_server():
    drawn = chart.chart({"text": ROWS, "json": {}})
    root = ElementTree.fromstring(drawn)
    words = {element.text for element in root.iter("{http://www.w3.org/2000/svg}text")}
    assert ROWS.keys() <= words and "plain text" in words
    with pytest.raises(ValueError):
        chart.chart({})


def test_report_puts_our_figures_first():
    page = report.report(json.loads(json.dumps(result(ROWS))))
    assert "| text | 10.50 |" in page.partition("## Beside others")[0]
    assert "KiB per idle connection" in page


def test_gate_request_is_fixed_bytes_and_answers_are_measured():
    scenario = SCENARIOS["post_json"]
    sent = gate.request_bytes(scenario)
    head, _, body = sent.partition(b"\r\n\r\n")
    assert body == scenario.send and b"content-length: %d" % len(body) in head
    assert gate.response_length(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel") == 43
    with pytest.raises(gate.GateError):
        gate.response_length(b"HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n")


def test_gate_judges_by_three_per_cent_and_whole_system_calls():
    old = {"text": {"instructions": 1000.0, "syscalls": 3.0}}
    assert gate.judge(old, {"text": {"instructions": 1030.0, "syscalls": 3.01}}) == []
    problems = gate.judge(old, {"text": {"instructions": 1031.0, "syscalls": 4.0}})
    assert len(problems) == 2
    assert gate.judge(old, {"new": {"instructions": 1.0, "syscalls": 1.0}}) == []


def test_callgrind_costs_are_of_the_function_itself(tmp_path):
    first, second = tmp_path / "out.1", tmp_path / "out.2"
    first.write_text("fn=(1) main\n10 5\ncfn=(2) inner'2\ncalls=1 20\n10 100\ntotals: 42\n")
    second.write_text("fn=(1)\n+3 7\nfn=(2)\n* 9\ntotals: 16\n")
    assert callgrind.read_total(first) == 42
    names = {}
    assert callgrind.self_costs(first, names) == {"main": 5}
    assert callgrind.self_costs(second, names) == {"main": 7, "inner": 9}
    assert callgrind.top([first], second, 1, 1) == ["         9  inner"]
    (tmp_path / "empty").write_text("")
    with pytest.raises(ValueError):
        callgrind.read_total(tmp_path / "empty")
