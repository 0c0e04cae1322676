"""The banner, in both forms."""

from __future__ import annotations

import logging

import pytest

from sanic_fast.application.logo import BASE_LOGO, COFFEE_LOGO, COLOR_LOGO, get_logo
from sanic_fast.application.motd import MOTD, MOTDTTY, MOTDBasic

DATA = {"app": "x", "mode": "debug, single worker", "a longer key": "v" * 100}


def table(**changes: object) -> list[str]:
    arguments = {"logo": COLOR_LOGO, "serve_location": "http://h:1", "data": DATA, "extra": {}}
    written: list[str] = []
    MOTDTTY(**(arguments | changes)).display(out=written.append)
    assert len(written) == 1
    return [line for line in plain(written[0]).split("\n") if line]


def plain(text: str) -> str:
    parts = text.split("\033[")
    return parts[0] + "".join(part.split("m", 1)[1] for part in parts[1:])


@pytest.mark.parametrize("logo", [COLOR_LOGO, COFFEE_LOGO, None])
@pytest.mark.parametrize("extra", [{}, {"more": "lines", "and": "w" * 200}])
def test_table_is_a_rectangle(logo: str | None, extra: dict[str, str]) -> None:
    lines = table(logo=logo, extra=extra)
    assert len({len(line) for line in lines}) == 1
    assert lines[0].strip().startswith("┌") and lines[0].endswith("┐")
    assert lines[-1].strip().startswith("└") and lines[-1].endswith("┘")


def test_table_holds_every_fact() -> None:
    text = "\n".join(table(extra={"more": "lines"}))
    for fact in ("Sanic v", "Goin' Fast @ http://h:1", "app: x", "more: lines", "Build Fast."):
        assert fact in text
    assert text.count("v" * 20) >= 2  # wrapped, not cut


def test_table_without_location_leaves_it_out() -> None:
    assert not any("@" in line for line in table(serve_location=""))


def test_lines_are_one_record_each(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "sanic.root"):
        MOTDBasic(BASE_LOGO, "http://h:1", {"app": "x"}, {"more": "lines"}).display()
    records = [(record.levelname, record.getMessage()) for record in caplog.records]
    assert records[0] == ("DEBUG", BASE_LOGO)
    assert [level for level, _ in records[1:]] == ["INFO"] * 4
    assert [text for _, text in records[2:]] == ["Goin' Fast @ http://h:1", "app: x", "more: lines"]


def test_output_without_terminal_is_lines(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "sanic.root"):
        MOTD.output(None, "", {"app": "x"}, {})
    assert [record.getMessage() for record in caplog.records][1:] == ["app: x"]


def test_logo_without_terminal_is_plain() -> None:
    assert get_logo() == get_logo(full=True) == get_logo(coffee=True) == BASE_LOGO
    assert "Build Fast. Run Fast." in BASE_LOGO
