"""One app served for real: order of listeners, middleware, signals and late changes."""

import subprocess
import sys

SCRIPT = '''
import asyncio, socket, urllib.error, urllib.request
from sanic_fast import Blueprint, Sanic, json, text

app = Sanic("flow")
bp = Blueprint("bp", url_prefix="/bp")
log = []

@app.get("/")
async def root(request):
    return text("root")

@app.get("/x/<a:int>")
def number(request, a):
    return json({"a": a})

@app.on_request
def first(request):
    request.ctx.marks = "1"

@app.on_response
async def last(request, response):
    response.headers["x-marks"] = request.ctx.marks

@bp.get("/e")
async def fails(request):
    raise ValueError("boom")

@bp.exception(ValueError)
async def caught(request, exception):
    return text("caught", status=418)

@bp.on_request
async def second(request):
    request.ctx.marks += "b"

app.blueprint(bp)

for event in ("before_server_start", "after_server_start", "before_server_stop",
              "after_server_stop"):
    getattr(app, event)(priority=1)(lambda app, event=event: log.append(event + " high"))
    getattr(app, event)(lambda app, event=event: log.append(event))

@app.signal("http.routing.after")
async def routed(request, route, kwargs, handler):
    log.append(f"{route.name} {kwargs}")

@app.report_exception
async def report(app, exception):
    log.append(type(exception).__name__)

app.add_task(lambda app: log.append("delayed task"))
sock = socket.socket()
sock.bind(("127.0.0.1", 0))
base = "http://127.0.0.1:%d" % sock.getsockname()[1]

def fetch(path):
    try:
        with urllib.request.urlopen(base + path, timeout=10) as response:
            return f"{response.status} {response.read().decode()} {response.headers['x-marks']}"
    except urllib.error.HTTPError as error:
        return f"{error.code} {error.headers['x-marks']}"

@app.after_server_start
async def go(app):
    async def run():
        for path in ("/", "/x/5", "/x/z", "/bp/e"):
            log.append(await asyncio.to_thread(fetch, path))
        app.get("/late", name="late")(root)
        bp.get("/late", name="late")(root)
        for path in ("/late", "/bp/late"):
            log.append(await asyncio.to_thread(fetch, path))
        app.stop()
    app.add_task(run())

app.run(sock=sock, single_process=True, motd=False)
print(*log, sep="\\n")
'''

EXPECTED = """\
before_server_start high
before_server_start
after_server_start high
after_server_start
delayed task
flow.root {}
200 root 1
flow.number {'a': 5}
200 {"a":5} 1
NotFound
404 1
flow.bp.fails {}
ValueError
418 1b
flow.late {}
200 root 1
flow.bp.late {}
200 root 1
before_server_stop
before_server_stop high
after_server_stop
after_server_stop high
"""


def test_everything_runs_in_order():
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=60, check=False
    )
    lines = [line for line in done.stdout.splitlines(True) if not line.startswith("Main ")]
    assert "".join(lines) == EXPECTED, done.stderr
    assert done.returncode == 0
