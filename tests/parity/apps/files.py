"""Files with the rarer options of `static`, `file` and `file_stream`."""

import os
import shutil
from pathlib import Path

from sanic import Blueprint, Sanic
from sanic.exceptions import FileNotFound
from sanic.handlers import DirectoryHandler
from sanic.models.protocol_types import Range
from sanic.response import ResponseStream, file, file_stream, json, text

HERE = Path(__file__).parent / "files"
WHEN = 1704164645  # Tue, 02 Jan 2024 03:04:05 GMT
root = HERE / "root"


def make():
    shutil.rmtree(HERE, ignore_errors=True)
    for folder in ("sub/deep", "empty", "é folder", "with.dot", "percent%41"):
        (root / folder).mkdir(parents=True)
    contents = {
        "a.txt": b"hello world",
        "big.bin": bytes(range(256)) * 1000,
        "page.html": b"<p>",
        "data.csv": b"a,b",
        "mod.mjs": b"m",
        "s.wasm": b"w",
        "x.xml": b"<x/>",
        "y.yaml": b"y",
        "UPPER.TXT": b"u",
        "no-extension": b"n",
        "two.tar.gz": b"g",
        "a;b.txt": b"semicolon",
        "a&b=c.txt": b"query like",
        "q?.txt": b"question",
        "h#.txt": b"hash",
        "plus+.txt": b"plus",
        "+.txt": b"plus alone",
        "quote'\".txt": b"quotes",
        "<b>.txt": b"tag",
        "back\\slash.txt": b"backslash",
        "new\nline.txt": b"newline",
        "é folder/ü.txt": b"foreign",
        "with.dot/x": b"dot",
        "percent%41/x.txt": b"percent",
        "sub/index.html": b"<i>",
        "sub/deep/home.htm": b"<h>",
        "..double": b"dots",
        "trailing..": b"dots",
        "...": b"three",
    }
    for name, data in contents.items():
        (root / name).write_bytes(data)
    (root / "dangling").symlink_to(HERE / "nowhere")
    (root / "up").symlink_to(root / "sub")
    (root / "absolute").symlink_to("/etc/hostname")
    (HERE / "rootlink").symlink_to(root)
    (HERE / "root-sibling").mkdir()
    (HERE / "root-sibling" / "s.txt").write_bytes(b"sibling")
    (root / "sibling").symlink_to(HERE / "root-sibling")
    for folder, folders, names in os.walk(HERE):
        for name in [*folders, *names]:
            os.utime(Path(folder) / name, (WHEN, WHEN), follow_symlinks=False)


make()
app = Sanic("files")
app.static("/", root, name="top")
app.static("/all", root, name="all", use_content_range=True, stream_large_files=100_000,
           directory_view=True, index=("index.html", "home.htm"))  # fmt: skip
app.static("/link", HERE / "rootlink", name="link")
app.static("/typed", root, name="typed", content_type="text/plain; charset=latin-1")
app.static("/texttyped", root, name="texttyped", content_type="text/plain")
app.static("/v", root, name="view", directory_view=True, follow_external_symlink_dirs=True,
           follow_external_symlink_files=True)  # fmt: skip
app.static("/plain-view", root, name="plain_view", directory_view=True)
app.static("/one", root / "a.txt", name="one", use_content_range=True, use_modified_since=False)
app.static("/one-stream", root / "big.bin", name="one_stream", stream_large_files=True)
app.static("/one-typed", root / "no-extension", name="one_typed", content_type="text/css")
app.static("/as-dir", root, name="as_dir", resource_type="dir")
app.static("/as-file", root / "a.txt", name="as_file", resource_type="file")
app.static("/strict/", root, name="strict", strict_slashes=True)
app.static("/p/<x:int>/files", root, name="parameter")
app.static("/str", str(root), name="str")
app.static("/relative", os.path.relpath(root), name="relative")
app.static("/index-str", root, name="index_str", index="a.txt")
app.static("/index-path", root, name="index_path", index=["none", "page.html"])
app.static("/large-true", root, name="large_true", stream_large_files=True)


class Handler(DirectoryHandler):
    async def handle(self, request, path):
        return text(f"own handler: {path!r} {type(path).__name__}")


app.static("/own-handler", root, name="own_handler", directory_handler=Handler("/", root))
bp = Blueprint("bp", url_prefix="/bp", version=2)
bp.static("/st", root, name="files", directory_view=True)
bp.static("/one", root / "a.txt", name="one")
app.blueprint(bp)


@app.exception(FileNotFound)
async def missing(request, exception):
    shown = [str(exception), exception.relative_url]
    return json([*shown, str(exception.path).replace(str(HERE), "")], status=404)


@app.on_response
async def mark(request, response):
    response.headers["x-stream"] = str(isinstance(response, ResponseStream))
    if "replace" in request.args:
        return text(f"replaced {response.status}", status=299)
    if "cookie" in request.args:
        response.cookies.add_cookie("a", "b")
        response.status = 203


FILE = {
    "unicode-name": {"filename": "x.pdf"},
    "etag": {"headers": {"ETag": '"x"'}},
    "range": {"_range": (2, 5, 4, 11)},
    "range-status": {"_range": (0, 10, 11, 11), "status": 200},
    "max-age-none": {"max_age": 0},
    "status-404": {"status": 404},
    "big": {"location": root / "big.bin"},
    "big-range": {"location": root / "big.bin", "_range": (100, 99_999, 99_900, 256_000)},
    "relative": {"location": os.path.relpath(root / "a.txt")},
    "mime": {"mime_type": "text/x-own; charset=x"},
    "content-type": {"headers": {"Content-Type": "q/r"}},
}


class Slice:
    def __init__(self, start, end, size, total):
        self.start, self.end, self.size, self.total = start, end, size, total


@app.get("/respond/file/<name>")
async def respond_file(request, name):
    options = {"location": root / "a.txt", **FILE[name]}
    if "_range" in options:
        options["_range"] = Slice(*options["_range"])
    return await file(**options)


STREAM = {
    "range": {"_range": (2, 5, 4, 11)},
    "range-chunk": {"_range": (0, 9, 10, 11), "chunk_size": 3},
    "big": {"location": root / "big.bin", "chunk_size": 100_000},
    "html": {"location": root / "page.html"},
    "length": {"headers": {"content-length": "11"}},
    "status": {"status": 404, "mime_type": "a/b"},
}


@app.get("/respond/stream/<name>")
async def respond_stream(request, name):
    options = {"location": root / "a.txt", **STREAM[name]}
    if "_range" in options:
        options["_range"] = Slice(*options["_range"])
    return await file_stream(**options)


@app.get("/respond/caught/<name>")
async def caught(request, name):
    calls = {
        "bytes": lambda: app.static("/x", bytes(root), name="x1"),
        "int": lambda: app.static("/x", 5, name="x2"),
        "none": lambda: app.static("/x", None, name="x3"),
        "as-file": lambda: app.static("/x", root, name="x4", resource_type="file"),
        "as-dir": lambda: app.static("/x", root / "a.txt", name="x5", resource_type="dir"),
        "as-other": lambda: app.static("/x", root, name="x6", resource_type="link"),
        "both": lambda: app.static(
            "/x", root, name="x7", directory_view=True, directory_handler=Handler("/", root)
        ),
        "both-index": lambda: app.static(
            "/x", root, name="x8", index="a", directory_handler=Handler("/", root)
        ),
        "name": lambda: app.static("/x", root, name=""),
        "uri": lambda: app.static("x", root, name="x9"),
        "unknown": lambda: app.static("/x", root, nothing=1),
    }
    try:
        return json(str(calls[name]()))
    except Exception as error:
        return json([type(error).__name__, str(error).replace(str(HERE), "")])


@app.get("/respond/range")
async def protocol(request):
    return json([Range.__name__, sorted(Range.__annotations__)])
