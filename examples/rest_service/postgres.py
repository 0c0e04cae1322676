"""PostgreSQL through asyncpg: a pool of connections in each worker."""

from __future__ import annotations

import asyncpg

from .database import TABLES, Conflict, Row

SETUP_LOCK = 20_251_201


class PostgresDatabase:
    """A database on a server; see `Database`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.pool: asyncpg.Pool

    async def open(self) -> None:
        """Fill the pool; make the tables if needed."""
        self.pool = await asyncpg.create_pool(self.url, min_size=1, max_size=10)
        async with self.pool.acquire() as connection, connection.transaction():
            # Workers start at the same time, and two cannot create one table.
            await connection.execute("SELECT pg_advisory_xact_lock($1)", SETUP_LOCK)
            for table in TABLES:
                key = "INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
                await connection.execute(table.format(key=key))

    async def close(self) -> None:
        """Close all connections."""
        await self.pool.close()

    async def rows(self, query: str, *values: object) -> list[Row]:
        """All rows of the answer; raises Conflict."""
        try:
            found = await self.pool.fetch(query, *values)
        except asyncpg.IntegrityConstraintViolationError as error:
            raise Conflict(str(error)) from error
        return [dict(row) for row in found]
