"""Parts of the manager by themselves: messages, restarts by name, the shared state."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator
from multiprocessing import Pipe
from multiprocessing.connection import wait
from types import SimpleNamespace
from typing import Any

import pytest

from sanic_fast.application.managing import in_debugger
from sanic_fast.worker import trouble
from sanic_fast.worker.board import Board, BoardView
from sanic_fast.worker.constants import ProcessState, RestartOrder
from sanic_fast.worker.messages import RestartRequest
from sanic_fast.worker.multiplexer import WorkerMultiplexer
from sanic_fast.worker.restarter import Restarter
from sanic_fast.worker.state import WorkerState

FIRST, NEXT = RestartOrder.SHUTDOWN_FIRST, RestartOrder.STARTUP_FIRST


def test_states_ascend() -> None:
    names = "NONE IDLE RESTARTING STARTING STARTED ACKED JOINED TERMINATED FAILED COMPLETED"
    assert [state.name for state in ProcessState] == names.split()
    assert [int(state) for state in ProcessState] == list(range(1, 11))


@pytest.mark.parametrize(
    ("text", "names", "files", "order"),
    [
        ("Sanic-Server-0-0", ["Sanic-Server-0-0"], None, FIRST),
        ("Sanic-Server-0-0:", ["Sanic-Server-0-0"], "", FIRST),
        ("a, b:", ["a", "b"], "", FIRST),
        ("__ALL_PROCESSES__:", None, "", FIRST),
        ("__ALL_PROCESSES__:/x.py,/y.py", None, "/x.py,/y.py", FIRST),
        ("__ALL_PROCESSES__::STARTUP_FIRST", None, "", NEXT),
        ("a:STARTUP_FIRST", ["a"], "", NEXT),
        ("a:/x.py:STARTUP_FIRST", ["a"], "/x.py", NEXT),
        ("a:startup_first", ["a"], "", NEXT),
        (r"__ALL_PROCESSES__:C:\x.py", None, "C", FIRST),
    ],
)
def test_restart_request(
    text: str, names: list[str] | None, files: str | None, order: RestartOrder
) -> None:
    assert RestartRequest.parse(text) == RestartRequest(names, files, order)


def slot(name: str, state: ProcessState, restartable: bool = True) -> Any:
    return SimpleNamespace(name=name, state=state, restartable=restartable)


def test_restart_by_kind_and_by_name(caplog: pytest.LogCaptureFixture) -> None:
    transient = [slot("t", ProcessState.STARTED), slot("fixed", ProcessState.STARTED, False)]
    durable = [
        slot("done", ProcessState.COMPLETED),
        slot("busy", ProcessState.STARTED),
        slot("once", ProcessState.FAILED, False),
    ]

    def select(*names: str) -> list[str]:
        return [each.name for each in Restarter().select(transient, durable, list(names))]

    with caplog.at_level(logging.ERROR):
        assert select() == ["t"]
        assert not caplog.records
        assert select("t", "done") == ["t", "done"]
        assert not caplog.records
        assert select("busy", "once", "fixed", "nobody") == []
    assert (
        "Cannot restart process busy because it is not in a final state. "
        "Current state is: STARTED."
    ) in caplog.text
    assert "Failed to restart processes: busy, once, fixed, nobody" in caplog.text


class Served:
    """A board whose main process is a thread."""

    def __init__(self) -> None:
        self.board = Board()
        self.board["Sanic-Main"] = {"pid": 1}
        self.row: dict[str, Any] = {"server": True, "state": "STARTED", "pid": 2}
        self.board["me"] = self.row
        self.link = self.board.link(self.row)
        self.view = self.link.view()
        self.reading, self.writing = Pipe(duplex=False)
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        while True:
            for source in wait([self.reading, *self.board.links]):
                if source is self.reading:
                    return
                self.board.links[source].serve()

    def stop(self) -> None:
        self.writing.send(None)
        self.thread.join()
        for link in list(self.board.links.values()):
            link.close()


@pytest.fixture
def served() -> Iterator[Served]:
    made = Served()
    yield made
    made.stop()


def test_own_row_is_a_mapping_without_the_keys_of_the_manager(served: Served) -> None:
    state = WorkerState(served.view, "me")
    assert dict(state) == state == {"server": True, "state": "STARTED", "pid": 2}
    assert len(state) == 3 and "pid" in state and state.get("none") is None
    state["count"] = 1
    state.update({"count": 2, "other": [3]})
    assert state["count"] == 2 and state["other"] == [3]
    del state["other"]
    assert "other" not in state
    with pytest.raises(KeyError):
        del state["other"]
    for key in WorkerState.RESTRICTED:
        with pytest.raises(LookupError, match=f"restricted key on WorkerState: {key}"):
            state[key] = 1
        with pytest.raises(LookupError):
            del state[key]
    with pytest.raises(LookupError, match="restricted keys on WorkerState: pid, state"):
        state.update({"pid": 1, "state": 2, "fine": 3})
    assert "fine" not in state
    with pytest.raises(NotImplementedError):
        state.pop("count")
    assert state.full() == {"Sanic-Main": {"pid": 1}, "me": dict(state)}
    assert repr(state) == repr(dict(state))


def test_all_rows_are_a_mapping(served: Served) -> None:
    view = served.view
    assert dict(view.items()) == dict(view) == view.copy() == served.board
    assert len(view) == 2 and view["Sanic-Main"] == {"pid": 1}
    view["Sanic-Main"]["pid"] = 5
    assert view["Sanic-Main"] == {"pid": 1}
    view.leave()
    assert "me" not in view


def test_without_a_main_process_the_last_known_rows_remain(served: Served) -> None:
    assert served.view.row()["pid"] == 2
    served.stop()
    assert served.view.row()["pid"] == 2
    assert served.view.rows() == {}
    served.view.update_row({"x": 1})
    served.view.beat()
    served.reading, served.writing = Pipe(duplex=False)


def test_requests_of_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANIC_WORKER_NAME", "Sanic-Server-4-0")
    reading, writing = Pipe(duplex=False)
    here, there = Pipe()
    m = WorkerMultiplexer(writing, BoardView(here))
    m.restart()
    m.restart("a,b")
    m.reload(all_workers=True)
    m.restart(all_workers=True, zero_downtime=True)
    m.restart("a", zero_downtime=True)
    m.scale(3)
    m.terminate()
    m.terminate(early=True)
    m.manage("n", len, {"x": 1}, workers=2)
    expected: list[Any] = [
        "Sanic-Server-4-0:",
        "a,b:",
        "__ALL_PROCESSES__:",
        "__ALL_PROCESSES__::STARTUP_FIRST",
        "a::STARTUP_FIRST",
        "__SCALE__:3",
        "__TERMINATE__",
        "__TERMINATE_EARLY__",
        ("n", len, {"x": 1}, False, None, False, True, 2),
    ]
    assert [reading.recv() for _ in expected] == expected
    with pytest.raises(ValueError, match="Ambiguous restart"):
        m.restart("a", all_workers=True)
    assert m.name == "Sanic-Server-4-0"
    for each in (reading, writing, here, there):
        each.close()


def test_pauses_double_and_end() -> None:
    process: Any = SimpleNamespace(failures=0)
    child: Any = SimpleNamespace(acked=True, born=float("inf"))
    delays = [trouble.count_failure(process, child) for _ in range(11)]
    assert delays == [0.0, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0, 5.0, None]
    child.born = float("-inf")
    assert trouble.count_failure(process, child) == 0.0


def test_debugger_is_noticed() -> None:
    before = sys.gettrace()
    try:
        sys.settrace(None)
        assert not in_debugger()
        sys.settrace(lambda *_: None)
        assert in_debugger()
    finally:
        sys.settrace(before)
