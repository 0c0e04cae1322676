"""Uploads straight to disk, downloads in ranges, a view of the folder.

    sanic-fast examples.file_server.app:app
    curl -T README.md http://127.0.0.1:8000/upload/
    curl -r 0-99 http://127.0.0.1:8000/files/README.md
    curl -X DELETE http://127.0.0.1:8000/upload/README.md

Open http://127.0.0.1:8000/ in a browser to send a file, /files/ to see them all. They are in the
folder `shared`; SANIC_FOLDER names another.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import tempfile
from pathlib import Path
from typing import BinaryIO

from sanic_fast import BadRequest, Config, HTTPResponse, NotFound, Request, Sanic, empty, html, json
from sanic_fast.exceptions import PayloadTooLarge

app = Sanic("file_server", config=Config({"FOLDER": "shared", "UPLOAD_LIMIT": 2**30}))
# Unfinished uploads are beside the files, never among them, and on the same disk.
FILES = Path(app.config.FOLDER, "files").resolve()
PARTS = Path(app.config.FOLDER, "parts").resolve()
BLOCK = 2**20  # bytes; what an upload holds in memory
PAGE = """\
<!doctype html><html lang="en"><meta charset="utf-8"><title>Send a file</title>
<input type="file" id="file"> <button id="send">Send</button> <a href="/files/">All files</a>
<p id="answer"></p>
<script>
document.getElementById("send").onclick = async () => {
  const file = document.getElementById("file").files[0]
  const place = "/upload/" + encodeURIComponent(file.name)
  const answer = await fetch(place, {method: "PUT", body: file})
  document.getElementById("answer").textContent = await answer.text()
}
</script>
"""

FILES.mkdir(parents=True, exist_ok=True)
PARTS.mkdir(exist_ok=True)
app.static("/files", FILES, name="files", use_content_range=True, directory_view=True)


@app.get("/")
async def index(request: Request) -> HTTPResponse:
    """A page that sends a file as the body of a PUT: forms cannot be streamed."""
    return html(PAGE)


# unquote: the name arrives decoded. stream: the handler begins before the body has come, and may
# take more than REQUEST_MAX_SIZE.
@app.put("/upload/<name>", unquote=True, stream=True)
async def upload(request: Request, name: str) -> HTTPResponse:
    """Store the body: 201 for a new file, 200 for one that was there."""
    target = FILES / safe(name)
    announced = int(request.headers.get("content-length", "0"))
    if announced > app.config.UPLOAD_LIMIT:
        raise PayloadTooLarge("The file is too large.")
    descriptor, part = tempfile.mkstemp(dir=PARTS)
    try:
        with open(descriptor, "wb") as file:
            size, digest = await store(request, file)
        status = 200 if target.exists() else 201
        os.chmod(part, 0o644)
        # Readers see the old file or the new one, never half of it.
        os.replace(part, target)
    except BaseException:
        # The client went away, too: that is a CancelledError.
        os.unlink(part)
        raise
    location = app.url_for("files", filename=request.path.removeprefix("/upload/"))
    body = {"name": name, "size": size, "sha256": digest}
    return json(body, status=status, headers={"location": location})


async def store(request: Request, file: BinaryIO) -> tuple[int, str]:
    """Write a body as it comes; its size and SHA-256.

    Raises:
        PayloadTooLarge: it is larger than UPLOAD_LIMIT.
    """
    digest = hashlib.sha256()
    size = 0
    block = bytearray()

    def keep(data: bytes) -> None:
        file.write(data)
        digest.update(data)

    async for chunk in request.stream:
        size += len(chunk)
        if size > app.config.UPLOAD_LIMIT:
            raise PayloadTooLarge("The file is too large.")
        block += chunk
        if len(block) >= BLOCK:
            # In a thread: a slow disk must not stop other requests.
            await asyncio.to_thread(keep, bytes(block))
            block.clear()
    await asyncio.to_thread(keep, bytes(block))
    return size, digest.hexdigest()


@app.delete("/upload/<name>", unquote=True)
async def remove(request: Request, name: str) -> HTTPResponse:
    """Remove a file."""
    try:
        os.unlink(FILES / safe(name))
    except FileNotFoundError:
        raise NotFound("There is no such file.") from None
    return empty()


def safe(name: str) -> str:
    """A name that stays in the folder and is not hidden.

    Raises:
        BadRequest: it is none.
    """
    if name.startswith(".") or "/" in name or not name.isprintable() or len(name.encode()) > 255:
        raise BadRequest("A file cannot have this name.")
    return name


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=8000)
