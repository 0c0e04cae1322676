"""Authors: a class-based view each for the list and for one of them."""

from __future__ import annotations

from sanic_fast import Blueprint, HTTPResponse, NotFound, empty, json
from sanic_fast.views import HTTPMethodView

from .fields import read, string
from .types import AppRequest

blueprint = Blueprint("authors", url_prefix="/authors", version=1)
CHECKS = {"name": string(200)}


class Authors(HTTPMethodView, attach=blueprint, uri="/"):
    """All authors."""

    async def get(self, request: AppRequest) -> HTTPResponse:
        """List them."""
        rows = await request.app.ctx.database.rows("SELECT id, name FROM authors ORDER BY name")
        return json(rows)

    async def post(self, request: AppRequest) -> HTTPResponse:
        """Add one."""
        values = read(request.json, CHECKS)
        query = "INSERT INTO authors (name) VALUES ($1) RETURNING id, name"
        (row,) = await request.app.ctx.database.rows(query, values["name"])
        location = f"{request.path.rstrip('/')}/{row['id']}"
        return json(row, status=201, headers={"location": location})


class Author(HTTPMethodView, attach=blueprint, uri="/<number:key>"):
    """One author."""

    async def get(self, request: AppRequest, number: int) -> HTTPResponse:
        """Show one, with the titles."""
        database = request.app.ctx.database
        rows = await database.rows("SELECT id, name FROM authors WHERE id = $1", number)
        if not rows:
            raise NotFound(f"There is no author {number}.")
        query = "SELECT title FROM books WHERE author = $1 ORDER BY year, title"
        titles = [book["title"] for book in await database.rows(query, number)]
        return json({**rows[0], "books": titles})

    async def delete(self, request: AppRequest, number: int) -> HTTPResponse:
        """Remove one who has no books here; 409 for others."""
        query = "DELETE FROM authors WHERE id = $1 RETURNING id"
        if not await request.app.ctx.database.rows(query, number):
            raise NotFound(f"There is no author {number}.")
        return empty()
