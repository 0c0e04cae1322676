"""Files and directories."""

import os
import shutil
from pathlib import Path

from sanic import Blueprint, Sanic
from sanic.handlers import DirectoryHandler
from sanic.response import file, file_stream, json, text, validate_file

HERE = Path(__file__).parent / "files"
WHEN = 1704164645  # Tue, 02 Jan 2024 03:04:05 GMT


def make():
    shutil.rmtree(HERE, ignore_errors=True)
    root = HERE / "root"
    (root / "sub" / "deep").mkdir(parents=True)
    (root / "indexed").mkdir()
    (HERE / "outside").mkdir()
    contents = {
        "root/a.txt": b"hello world",
        "root/b.bin": bytes(range(256)),
        "root/c.js": b"var a",
        "root/d.css": b"a{}",
        "root/e.html": b"<p>",
        "root/f": b"no extension",
        "root/g.unknownext": b"?",
        "root/h.json": b"{}",
        "root/i.svg": b"<svg/>",
        "root/j.tar.gz": b"gz",
        "root/k.png": b"png",
        "root/empty.txt": b"",
        "root/with space.txt": b"space",
        "root/é.txt": b"foreign",
        "root/per%20cent.txt": b"percent",
        "root/.hidden": b"hidden",
        "root/big.txt": b"x" * 300_000,
        "root/sub/x.txt": b"x",
        "root/sub/deep/y.txt": b"y",
        "root/indexed/index.html": b"<h1>index</h1>",
        "root/indexed/z.txt": b"z",
        "outside/secret.txt": b"secret",
    }
    for name, data in contents.items():
        (HERE / name).write_bytes(data)
    (root / "link.txt").symlink_to(HERE / "outside" / "secret.txt")
    (root / "inner.txt").symlink_to(root / "a.txt")
    (root / "linked").symlink_to(HERE / "outside")
    for folder, folders, names in os.walk(HERE):
        for name in [*folders, *names]:
            os.utime(Path(folder) / name, (WHEN, WHEN), follow_symlinks=False)


make()
root = HERE / "root"
app = Sanic("files")
app.static("/st", root)
app.static("/range", root, name="range", use_content_range=True)
app.static("/nomod", root, name="nomod", use_modified_since=False)
app.static("/view", root, name="view", directory_view=True)
app.static("/index", root, name="index", index="index.html")
app.static("/both", root, name="both", index=["none.html", "index.html"], directory_view=True)
app.static("/follow", root, name="follow", follow_external_symlink_files=True)
app.static("/followdir", root, name="followdir", follow_external_symlink_dirs=True)
app.static("/large", root, name="large", stream_large_files=1000)
app.static("/typed", root, name="typed", content_type="x/y")
app.static("/file", root / "a.txt", name="file")
app.static("/file-strict", str(root / "a.txt"), name="file_strict", strict_slashes=True)
app.static("/file-range", root / "a.txt", name="file_range", use_content_range=True)
app.static("/gone", HERE / "gone", name="gone")
app.static("/slash/", root, name="slash")
app.static("/handler", root, name="handler",
           directory_handler=DirectoryHandler("/handler", root, directory_view=True))  # fmt: skip
app.static("/host", root, name="host", host="files.example")
bp = Blueprint("bp", url_prefix="/bp")
bp.static("/st", root)
app.blueprint(bp)


@app.get("/file/<name>")
async def served(request, name):
    options = {
        "plain": {},
        "missing": {"location": root / "zz"},
        "dir": {"location": root},
        "name": {"filename": "other.pdf"},
        "mime": {"mime_type": "text/x-own"},
        "status": {"status": 203},
        "headers": {"headers": {"X-A": "b", "Cache-Control": "private"}},
        "max_age": {"max_age": 10, "last_modified": None},
        "no_store": {"no_store": True},
        "no_modified": {"last_modified": None},
        "modified": {"last_modified": 1000000000},
        "validate": {"request_headers": request.headers},
        "no_validate": {"request_headers": request.headers, "validate_when_requested": False},
        "str": {"location": str(root / "e.html")},
        "bin": {"location": root / "b.bin"},
        "none": {"location": root / "f"},
    }[name]
    response = await file(**{"location": root / "a.txt", **options})
    if name == "max_age":
        response.headers["expires"] = str("expires" in response.headers)
    return response


@app.get("/stream/<name>")
async def streamed(request, name):
    options = {
        "plain": {},
        "missing": {"location": root / "zz"},
        "chunk": {"chunk_size": 4},
        "mime": {"mime_type": "x/y"},
        "name": {"filename": "other.pdf"},
        "headers": {"headers": {"X-A": "b"}, "status": 201},
        "bin": {"location": root / "b.bin"},
    }[name]
    return await file_stream(**{"location": root / "a.txt", **options})


@app.get("/validate/<when:int>")
async def validate(request, when):
    response = await validate_file(request.headers, when)
    return response or text("none")


@app.get("/urls")
async def urls(request):
    return json(
        [
            app.url_for("static", filename="a.txt"),
            app.url_for("static", name="range", filename="/a b.txt"),
            app.url_for("file"),
            app.url_for("bp.static", filename="x"),
            [route.name for route in app.router.routes if route.extra.static],
            sorted({method for r in app.router.routes if r.extra.static for method in r.methods}),
        ]
    )
