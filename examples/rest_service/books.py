"""Books, version 1 of the API: plain functions, plain lists."""

from __future__ import annotations

from sanic_fast import Blueprint, HTTPResponse, empty, json

from . import library
from .fields import LARGEST, read
from .fields import number as query_number
from .types import AppRequest

blueprint = Blueprint("books", url_prefix="/books", version=1)


@blueprint.get("/")
async def books(request: AppRequest) -> HTTPResponse:
    """The first books, of one author with `?author=1`."""
    author = query_number(request.args, "author", 1, LARGEST, None)
    return json(await library.find(request.app.ctx.database, author, 0, request.app.config.PAGE))


@blueprint.post("/")
async def add_book(request: AppRequest) -> HTTPResponse:
    """Add one."""
    row = await library.add(request.app.ctx.database, read(request.json, library.CHECKS))
    location = request.app.url_for("books.book", number=row["id"])
    return json(row, status=201, headers={"location": location})


@blueprint.get("/<number:key>")
async def book(request: AppRequest, number: int) -> HTTPResponse:
    """Show one."""
    return json(await library.get(request.app.ctx.database, number))


@blueprint.put("/<number:key>")
async def replace_book(request: AppRequest, number: int) -> HTTPResponse:
    """Replace all fields of one."""
    values = read(request.json, library.CHECKS)
    return json(await library.change(request.app.ctx.database, number, values))


@blueprint.delete("/<number:key>")
async def remove_book(request: AppRequest, number: int) -> HTTPResponse:
    """Remove one."""
    await library.remove(request.app.ctx.database, number)
    return empty()
