"""Books, version 2 of the API: pages with a link to the next, changes of single fields."""

from __future__ import annotations

from sanic_fast import Blueprint, HTTPResponse, empty, json
from sanic_fast.views import HTTPMethodView

from . import library
from .fields import LARGEST, read
from .fields import number as query_number
from .types import AppRequest

blueprint = Blueprint("books_v2", url_prefix="/books", version=2)


class Books(HTTPMethodView, attach=blueprint, uri="/"):
    """All books."""

    async def get(self, request: AppRequest) -> HTTPResponse:
        """A page: `?author=1&first=20`."""
        author = query_number(request.args, "author", 1, LARGEST, None)
        first = query_number(request.args, "first", 0, LARGEST, 0)
        size = request.app.config.PAGE
        # One more than asked for tells whether there is a next page.
        rows = await library.find(request.app.ctx.database, author, first, size + 1)
        following = None
        if len(rows) > size:
            query = {"first": first + size} | ({"author": author} if author else {})
            following = request.app.url_for("books_v2.Books", **query)
        return json({"books": rows[:size], "next": following})

    async def post(self, request: AppRequest) -> HTTPResponse:
        """Add one."""
        row = await library.add(request.app.ctx.database, read(request.json, library.CHECKS))
        location = request.app.url_for("books_v2.Book", number=row["id"])
        return json(row, status=201, headers={"location": location})


class Book(HTTPMethodView, attach=blueprint, uri="/<number:key>"):
    """One book."""

    async def get(self, request: AppRequest, number: int) -> HTTPResponse:
        """Show it."""
        return json(await library.get(request.app.ctx.database, number))

    async def patch(self, request: AppRequest, number: int) -> HTTPResponse:
        """Change some fields."""
        values = read(request.json, library.CHECKS, partial=True)
        return json(await library.change(request.app.ctx.database, number, values))

    async def delete(self, request: AppRequest, number: int) -> HTTPResponse:
        """Remove it."""
        await library.remove(request.app.ctx.database, number)
        return empty()
