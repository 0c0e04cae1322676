"""The shared state: one row per process, kept by the main process, seen by all.

The main process owns plain dicts. Each child has a pair of connected sockets to it, made when the
child is; it writes its own row and reads all of them. There is no further process to be started,
orphaned or waited for, and a row cannot be written by anybody but its process and the main one.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any

from sanic_fast.log import error_logger
from sanic_fast.worker.constants import ProcessState

__all__ = ("Board", "BoardView", "Link")

REPLY_LIMIT = 5.0  # s a child waits for the main process before it goes on with what it knows


class Link:
    """The main process's end of one child's line, and the row that child writes.

    Attributes:
        row: facts about the process; its state, process id, times, and what it adds itself.
        begun: whether the child got as far as code of ours.
        acked: whether it said that it has started; its row may show a later state.
        beat: time of the last sign of life of its event loop; None before the first.
        open: whether the child still holds its end.
    """

    def __init__(self, board: Board, row: dict[str, Any]) -> None:
        self.board = board
        self.row = row
        self.begun = False
        self.acked = False
        self.beat: float | None = None
        self.open = True
        self.connection, self._theirs = Pipe()

    def view(self) -> BoardView:
        """The child's end, to be sent to it."""
        return BoardView(self._theirs)

    def sent(self) -> None:
        """The child has its end now; without this its death would not be seen."""
        self._theirs.close()

    def serve(self) -> None:
        """Read one message and answer it."""
        try:
            kind, *content = self.connection.recv()
            getattr(self, f"_on_{kind}")(*content)
        except (EOFError, OSError):
            self.close()
        except Exception:
            # Such as a value of a class that this process cannot import.
            error_logger.exception("A worker's message could not be read")

    def close(self) -> None:
        """Drop the line; the child's writes are over."""
        if self.open:
            self.open = False
            self.connection.close()
            self.board.links.pop(self.connection, None)

    def _on_rows(self, number: int) -> None:
        self.connection.send((number, {name: dict(row) for name, row in self.board.items()}))

    def _on_row(self, number: int) -> None:
        self.connection.send((number, dict(self.row)))

    def _on_update(self, changes: dict[str, Any]) -> None:
        self.row.update(changes)
        self.acked = self.acked or changes.get("state") == ProcessState.ACKED.name

    def _on_delete(self, key: str) -> None:
        self.row.pop(key, None)

    def _on_leave(self) -> None:
        for name in [name for name, row in self.board.items() if row is self.row]:
            del self.board[name]

    def _on_begin(self) -> None:
        self.begun = True

    def _on_beat(self) -> None:
        self.beat = time.monotonic()


class Board(dict[str, dict[str, Any]]):
    """Name of a process -> its row, in the main process.

    Sent to a child process it arrives there as a `BoardView`.

    Attributes:
        links: connection -> link, of all children.
    """

    def __init__(self) -> None:
        super().__init__()
        self.links: dict[Connection, Link] = {}

    def link(self, row: dict[str, Any]) -> Link:
        """A new line for a child that is about to be started."""
        link = Link(self, row)
        self.links[link.connection] = link
        return link

    def __reduce__(self) -> Any:
        link = self.link({})
        return (BoardView, (link._theirs,))


class BoardView(Mapping[str, dict[str, Any]]):
    """All rows, as a child sees them: a mapping that asks the main process each time.

    When the main process is gone or does not answer, the last known rows are given, and writes
    are dropped: a worker must be able to finish its work alone.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        self._number = 0
        self._known: dict[str, dict[str, Any]] = {"rows": {}, "row": {}}

    def __reduce__(self) -> Any:
        return (BoardView, (self._connection,))

    def rows(self) -> dict[str, dict[str, Any]]:
        """A copy of all rows."""
        rows: dict[str, dict[str, Any]] = self._ask("rows")
        return rows

    def row(self) -> dict[str, Any]:
        """A copy of this process's row."""
        row: dict[str, Any] = self._ask("row")
        return row

    def update_row(self, changes: dict[str, Any]) -> None:
        """Write to this process's row."""
        self._tell("update", changes)

    def delete(self, key: str) -> None:
        """Delete from this process's row."""
        self._tell("delete", key)

    def leave(self) -> None:
        """Delete this process's row."""
        self._tell("leave")

    def begin(self) -> None:
        """Say that this process got as far as code of ours."""
        self._tell("begin")

    def beat(self) -> None:
        """Say that this process's event loop runs."""
        self._tell("beat")

    def __getitem__(self, name: str) -> dict[str, Any]:
        return self.rows()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.rows())

    def __len__(self) -> int:
        return len(self.rows())

    def items(self) -> Any:
        """Names and rows, asked for once."""
        return self.rows().items()

    def values(self) -> Any:
        """Rows, asked for once."""
        return self.rows().values()

    def copy(self) -> dict[str, dict[str, Any]]:
        """A copy of all rows."""
        return self.rows()

    def __repr__(self) -> str:
        return repr(self.rows())

    def _tell(self, *message: Any) -> bool:
        with self._lock:
            try:
                self._connection.send(message)
            except OSError:
                return False
        return True

    def _ask(self, kind: str) -> Any:
        with self._lock:
            self._number += 1
            end = time.monotonic() + REPLY_LIMIT
            try:
                self._connection.send((kind, self._number))
                while self._connection.poll(max(0.0, end - time.monotonic())):
                    number, content = self._connection.recv()
                    if number == self._number:  # others answer what we gave up on
                        self._known[kind] = content
                        break
            except (EOFError, OSError):
                pass
            return dict(self._known[kind])
