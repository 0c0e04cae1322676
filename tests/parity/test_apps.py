"""The same apps and requests under the released package and under ours."""

from __future__ import annotations

import dataclasses
import pprint
from collections.abc import Callable

import pytest

from tests.parity.compare import ADDED, DOCUMENT, ROWS, Row, differing, expected_fields, has_date
from tests.parity.run import APPS, Served, cases
from tests.parity.wire import Case

pytestmark = [pytest.mark.slow, pytest.mark.net]
Serve = Callable[[str], tuple[Served, Served]]
ALL = [(app, case) for app in APPS for case in cases(app)]


@pytest.mark.parametrize(("app", "case"), ALL, ids=[f"{app}: {case.name}" for app, case in ALL])
def test_answer_is_that_of_the_original(served: Serve, app: str, case: Case) -> None:
    original, ours = served(app)
    mine = ours.exchanges[case.name]
    found = differing(case, original.exchanges[case.name], mine)
    wanted = expected_fields(app, case.name)
    unlisted = {key: value for key, value in found.items() if key not in wanted}
    if unlisted:
        pytest.fail(f"original, ours:\n{pprint.pformat(unlisted, width=160)}", pytrace=False)
    if gone := wanted - found.keys():
        pytest.fail(f"listed in differences.toml, but equal: {sorted(gone)}", pytrace=False)
    assert all(map(has_date, mine.responses))


@pytest.mark.parametrize("app", APPS)
def test_events_are_those_of_the_original(served: Serve, app: str) -> None:
    original, ours = served(app)
    found = {"events": (original.events, ours.events), "exit": (original.status, ours.status)}
    wanted = expected_fields(app, "")
    for key, (theirs, mine) in found.items():
        if key in wanted:
            assert mine != theirs, f"{key}: listed in differences.toml, but equal"
        else:
            assert mine == theirs, f"{key}; log:\n{ours.log}"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.app}: {row.cases[0]}")
def test_difference_is_documented_and_has_a_case(row: Row) -> None:
    assert row.why in DOCUMENT.read_text(encoding="utf-8")
    if row.app in APPS:
        names = ["", *(case.name for case in cases(row.app))]
        for pattern in row.cases:
            alone = dataclasses.replace(row, cases=(pattern,))
            assert any(alone.covers(row.app, name) for name in names), pattern
    else:
        assert row.app.startswith("calls/")


@pytest.mark.parametrize("header", ADDED)
def test_added_header_is_documented_and_sent(served: Serve, header: str) -> None:
    assert ADDED[header] in DOCUMENT.read_text(encoding="utf-8")
    answers = [r for e in served("static")[1].exchanges.values() for r in e.responses]
    assert any(response.header(header) for response in answers)
