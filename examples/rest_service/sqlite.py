"""SQLite through aiosqlite: one connection, in a thread of its own."""

from __future__ import annotations

import sqlite3

import aiosqlite

from .database import TABLES, Conflict, Row


class SqliteDatabase:
    """A database in a file; see `Database`."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.connection: aiosqlite.Connection

    async def open(self) -> None:
        """Open the file; make it and its tables if needed."""
        # isolation_level=None: each statement is a transaction.
        self.connection = await aiosqlite.connect(self.path, isolation_level=None)
        self.connection.row_factory = sqlite3.Row
        await self.connection.execute("PRAGMA foreign_keys = ON")
        # Readers do not wait for a writer of another worker.
        await self.connection.execute("PRAGMA journal_mode = WAL")
        for table in TABLES:
            await self.connection.execute(table.format(key="INTEGER PRIMARY KEY"))

    async def close(self) -> None:
        """Close the file."""
        await self.connection.close()

    async def rows(self, query: str, *values: object) -> list[Row]:
        """All rows of the answer; raises Conflict."""
        # To SQLite `$1` is a parameter whose name is "1".
        named = {str(number): value for number, value in enumerate(values, 1)}
        try:
            found = await self.connection.execute_fetchall(query, named)
        except sqlite3.IntegrityError as error:
            raise Conflict(str(error)) from error
        return [dict(row) for row in found]
