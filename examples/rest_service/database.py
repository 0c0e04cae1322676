"""One small interface, two databases behind it."""

from __future__ import annotations

from typing import Any, Protocol

Row = dict[str, Any]


class Conflict(Exception):
    """A constraint of the database refused a change."""


class Database(Protocol):
    """What the service needs of a database.

    Queries are written for PostgreSQL: `$1`, `$2`, ... stand for the values. Each is a transaction.
    """

    async def open(self) -> None:
        """Connect, and make the tables if they are not there."""

    async def close(self) -> None:
        """Give all connections back."""

    async def rows(self, query: str, *values: object) -> list[Row]:
        """All rows of the answer.

        Raises:
            Conflict: a row with the same key exists, or another table refers to it.
        """


def connect(url: str) -> Database:
    """A database, not open yet.

    Args:
        url: `sqlite:PATH` or `postgresql://USER:PASSWORD@HOST/NAME`.

    Raises:
        ValueError: neither of them.
    """
    # Imported here: only the one in use need be installed.
    scheme, _, rest = url.partition(":")
    if scheme == "sqlite":
        from .sqlite import SqliteDatabase

        return SqliteDatabase(rest)
    if scheme in ("postgres", "postgresql"):
        from .postgres import PostgresDatabase

        return PostgresDatabase(url)
    raise ValueError(f"DATABASE_URL is {url!r}: neither sqlite:PATH nor postgresql://...")


# {key}: a number the database counts up by itself.
TABLES = (
    """
    CREATE TABLE IF NOT EXISTS authors (
        id {key},
        name TEXT NOT NULL UNIQUE
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS books (
        id {key},
        title TEXT NOT NULL,
        year INTEGER NOT NULL,
        author INTEGER NOT NULL REFERENCES authors (id),
        UNIQUE (title, author)
    )
    """,
)
