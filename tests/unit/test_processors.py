"""Processors this process may use, by made-up control groups."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sanic_fast.application.processors import available_processors

HERE = len(os.sched_getaffinity(0))


@pytest.fixture
def groups(tmp_path: Path) -> Path:
    (tmp_path / "mount" / "a" / "b").mkdir(parents=True)
    return tmp_path


def count(groups: Path, own: str) -> int:
    (groups / "own").write_text(own)
    return available_processors(groups / "mount", groups / "own")


def test_without_control_groups_the_affinity_counts(tmp_path: Path) -> None:
    assert available_processors(tmp_path, tmp_path / "none") == HERE


@pytest.mark.parametrize(("text", "expected"), [("50000 100000", 1), ("max 100000", HERE)])
def test_second_version(groups: Path, text: str, expected: int) -> None:
    (groups / "mount" / "a" / "b" / "cpu.max").write_text(text + "\n")
    assert count(groups, "0::/a/b\n") == expected


def test_limit_of_a_group_above_counts(groups: Path) -> None:
    (groups / "mount" / "a" / "b" / "cpu.max").write_text("max 100000\n")
    (groups / "mount" / "a" / "cpu.max").write_text("90000 100000\n")
    assert count(groups, "0::/a/b\n") == 1


@pytest.mark.parametrize(("quota", "expected"), [("100000", 1), ("-1", HERE)])
def test_first_version(groups: Path, quota: str, expected: int) -> None:
    folder = groups / "mount" / "cpu,cpuacct" / "a"
    folder.mkdir(parents=True)
    (folder / "cpu.cfs_quota_us").write_text(quota)
    (folder / "cpu.cfs_period_us").write_text("100000")
    assert count(groups, "4:memory:/x\n2:cpu,cpuacct:/a\n") == expected
