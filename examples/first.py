"""A first app: JSON, path parameters, forms and uploads, streaming both ways, errors.

    scripts/serve
    curl http://127.0.0.1:8000/
"""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

from sanic_fast import HTTPResponse, NotFound, Request, Sanic, html, json
from sanic_fast.exceptions import SanicException

app = Sanic("first")

FORM = """\
<!doctype html><meta charset="utf-8"><title>Upload</title>
<form method="post" enctype="multipart/form-data">
  <input name="title" placeholder="title"> <input name="upload" type="file">
  <button>Send</button>
</form>
"""
ITEMS = {1: "kettle", 2: "lamp"}


@app.get("/")
async def index(request: Request) -> HTTPResponse:
    """Try: curl http://127.0.0.1:8000/?name=you"""
    return json({"hello": request.args.get("name", "world")})


# Path parameters: a converter turns the segment into a value, or the route does not match.


@app.get("/items/<number:int>")
async def item(request: Request, number: int) -> HTTPResponse:
    """Try: curl http://127.0.0.1:8000/items/1"""
    if number not in ITEMS:
        raise NotFound(f"There is no item {number}.")
    return json({"number": number, "name": ITEMS[number]})


@app.get("/users/<user_id:uuid>/files/<path:path>")
async def user_file(request: Request, user_id: UUID, path: str) -> HTTPResponse:
    """Try: curl http://127.0.0.1:8000/users/7b6b1c38-5f3c-4a39-8f6b-0d8b5a5f9c11/files/a/b.txt"""
    return json({"user": str(user_id), "path": path})


# Bodies: JSON, forms, files.


@app.post("/items")
async def add_item(request: Request) -> HTTPResponse:
    """Try: curl -X POST -d '{"name": "chair"}' http://127.0.0.1:8000/items"""
    body: Any = request.json
    if not isinstance(body, dict) or not isinstance(body.get("name"), str):
        raise SanicException('Send an object with a "name".', status_code=422)
    number = max(ITEMS) + 1
    ITEMS[number] = body["name"]
    location = app.url_for("item", number=number)
    return json({"number": number}, status=201, headers={"location": location})


@app.get("/upload")
async def upload_form(request: Request) -> HTTPResponse:
    """Open http://127.0.0.1:8000/upload in a browser."""
    return html(FORM)


@app.post("/upload")
async def upload(request: Request) -> HTTPResponse:
    """Try: curl -F title=mine -F upload=@README.md http://127.0.0.1:8000/upload"""
    sent = request.files.get("upload")
    return json(
        {
            "title": request.form.get("title"),
            "file": sent and {"name": sent.name, "type": sent.type, "size": len(sent.body)},
        }
    )


# Streams: neither side ever holds the whole body.


@app.get("/count/<last:int>")
async def count(request: Request, last: int) -> None:
    """Try: curl -N http://127.0.0.1:8000/count/5"""
    response = await request.respond(content_type="text/plain")
    for number in range(1, last + 1):
        await response.send(f"{number}\n")
        await asyncio.sleep(0.1)
    await response.eof()


@app.post("/sum", stream=True)
async def sum_of_bytes(request: Request) -> HTTPResponse:
    """Try: curl --data-binary @README.md http://127.0.0.1:8000/sum"""
    size = total = 0
    async for chunk in request.stream:
        size += len(chunk)
        total += sum(chunk)
    return json({"size": size, "sum": total})


@app.post("/upper", stream=True)
async def upper(request: Request) -> None:
    """Try: curl -d 'shout' http://127.0.0.1:8000/upper"""
    response = await request.respond(content_type="text/plain")
    async for chunk in request.stream:
        await response.send(chunk.upper())
    await response.eof()


# Errors: each becomes a page in the form the client asked for.


class Teapot(SanicException):
    """A status of our own."""

    status_code = 418
    message = "Short and stout."


@app.get("/tea")
async def tea(request: Request) -> HTTPResponse:
    """Try: curl -H 'accept: application/json' http://127.0.0.1:8000/tea"""
    raise Teapot(context={"brew": str(request.id)})


@app.get("/boom")
async def boom(request: Request) -> HTTPResponse:
    """Try: curl http://127.0.0.1:8000/boom"""
    raise ZeroDivisionError("told to the log, not to the client")


@app.exception(Teapot)
async def on_teapot(request: Request, exception: Teapot) -> HTTPResponse:
    """Answers every Teapot, wherever it was raised."""
    known = exception.context or {}
    return json({"error": str(exception), **known}, status=exception.status_code)


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=8000)
