"""The queries about books, shared by both versions of the API."""

from __future__ import annotations

from typing import Any

from sanic_fast import NotFound

from .database import Database, Row
from .fields import LARGEST, Invalid, string, whole

CHECKS = {"title": string(300), "year": whole(-3000, 2100), "author": whole(1, LARGEST)}
COLUMNS = "id, title, year, author"


async def find(database: Database, author: int | None, first: int, most: int) -> list[Row]:
    """Some books, oldest first.

    Args:
        author: number of an author; None for all.
        first: how many to leave out at the beginning.
        most: how many to return at most.
    """
    # The casts tell PostgreSQL the type of a value that may be NULL.
    query = f"""
        SELECT {COLUMNS} FROM books
        WHERE CAST($1 AS INTEGER) IS NULL OR author = CAST($1 AS INTEGER)
        ORDER BY year, id LIMIT $2 OFFSET $3
    """
    return await database.rows(query, author, most, first)


async def get(database: Database, number: int) -> Row:
    """One book; raises NotFound."""
    return one(await database.rows(f"SELECT {COLUMNS} FROM books WHERE id = $1", number), number)


async def add(database: Database, values: dict[str, Any]) -> Row:
    """A new book; raises Conflict, Invalid."""
    await check_author(database, values)
    query = f"INSERT INTO books (title, year, author) VALUES ($1, $2, $3) RETURNING {COLUMNS}"
    (row,) = await database.rows(query, values["title"], values["year"], values["author"])
    return row


async def change(database: Database, number: int, values: dict[str, Any]) -> Row:
    """Set some columns of a book; raises NotFound, Conflict, Invalid."""
    await check_author(database, values)
    # Names of columns come from CHECKS, never from a client.
    columns = ", ".join(f"{name} = ${place}" for place, name in enumerate(values, 2))
    query = f"UPDATE books SET {columns} WHERE id = $1 RETURNING {COLUMNS}"
    return one(await database.rows(query, number, *values.values()), number)


async def remove(database: Database, number: int) -> None:
    """Remove a book; raises NotFound."""
    one(await database.rows("DELETE FROM books WHERE id = $1 RETURNING id", number), number)


async def check_author(database: Database, values: dict[str, Any]) -> None:
    """Raise Invalid where there is no such author: a better answer than the database's refusal."""
    query = "SELECT id FROM authors WHERE id = $1"
    if "author" in values and not await database.rows(query, values["author"]):
        raise Invalid({"author": "no author has this number"})


def one(rows: list[Row], number: int) -> Row:
    """The only row; raises NotFound where there is none."""
    if not rows:
        raise NotFound(f"There is no book {number}.")
    return rows[0]
