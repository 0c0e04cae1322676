"""Listeners, signals and tasks: the order of events from start to stop."""

import asyncio
import re

from sanic import Blueprint, Sanic
from sanic.exceptions import NotFound, SanicException
from sanic.response import json, text
from sanic.signals import Event

app = Sanic("lifecycle")
app.ctx.sent = []
bp = Blueprint("bp", url_prefix="/bp")


def event(*words):
    print("EVENT", *words, flush=True)


EVENTS = ("before_server_start", "after_server_start", "before_server_stop", "after_server_stop")
for name in EVENTS:
    for word, priority in (("a", 0), ("b", 5), ("c", 0), ("d", -1)):

        def listener(app, name=name, word=word):
            event(name, word, app.state.stage.name if hasattr(app.state, "stage") else "")

        app.listener(name, priority=priority)(listener)


@app.before_server_start
async def coroutine(app):
    app.ctx.started = True
    event("coroutine", app.state.is_running, app.state.is_started)


@app.after_server_start
async def with_loop(app, loop):
    event("with loop", loop is asyncio.get_running_loop(), app.loop is loop)


@app.before_server_start(priority=9)
async def first(app):
    event("first")


@bp.before_server_start
async def of_blueprint(app):
    event("blueprint", app.name)


@bp.after_server_stop
async def blueprint_stop(app):
    event("blueprint stop")


@app.main_process_start
async def main_start(app):
    event("main start")


@app.main_process_ready
async def main_ready(app):
    event("main ready")


@app.main_process_stop
async def main_stop(app):
    event("main stop")


for member in (Event.SERVER_INIT_BEFORE, Event.SERVER_INIT_AFTER, Event.SERVER_SHUTDOWN_BEFORE,
               Event.SERVER_SHUTDOWN_AFTER):  # fmt: skip

    @app.signal(member)
    async def server_signal(app, loop, name=member.value):
        event("signal", name)


HTTP = [member for member in Event if member.value.startswith("http.") and "middleware" not in
        member.value]  # fmt: skip


def describe(value):
    if isinstance(value, bytes) and value.startswith((b"GET", b"POST")):
        return value.split(b"\r\n")[0].decode("latin-1")
    return type(value).__name__


for member in HTTP:

    @app.signal(member)
    async def http_signal(name=member.value, **context):
        if name == "http.lifecycle.send":
            app.ctx.sent.append(re.sub(rb"date: [^\r]*\r\n", b"", context["data"]).decode())
        shown = {key: describe(value) for key, value in context.items()}
        event(name, *[f"{k}={shown[k]}" for k in sorted(shown) if k != "name"])


@app.signal(Event.HTTP_MIDDLEWARE_BEFORE, condition={"attach_to": "request"})
async def middleware_before(request, response):
    event("middleware before", response)


@app.signal(Event.HTTP_MIDDLEWARE_AFTER, condition={"attach_to": "response"})
async def middleware_after(request, response):
    event("middleware after", response.status)


@app.signal(Event.HTTP_MIDDLEWARE_BEFORE)
async def never(**context):
    event("without a condition this never runs")


@app.report_exception
async def reported(app, exception):
    event("reported", type(exception).__name__, exception)


@app.on_request
async def request_middleware(request):
    event("request middleware")


@app.on_response
async def response_middleware(request, response):
    event("response middleware")


@app.get("/")
async def index(request):
    event("handler")
    return text("index")


@app.post("/body")
async def body(request):
    event("handler", len(request.body))
    return text("body")


@app.get("/stream")
async def stream(request):
    response = await request.respond(content_type="text/plain")
    event("responded")
    await response.send("a")
    event("sent a")
    await response.send("b")
    event("sent b")


@app.get("/ended")
async def ended(request):
    response = await request.respond(
        headers={"x-a": "b", "content-length": "5"}, content_type="text/plain"
    )
    await response.send("aa")
    await response.send(b"bbb", True)


@app.get("/large")
async def large(request):
    return text("x" * 70000)


@app.get("/fails")
async def fails(request):
    raise SanicException("it fails", status_code=409)


@app.get("/crashes")
async def crashes(request):
    raise ValueError("it crashes")


@app.exception(NotFound)
async def not_found(request, exception):
    event("exception handler")
    return text("handled", status=404)


# Signals of our own.


@app.signal("own.thing.happened")
async def own(**context):
    event("own", sorted(context.items()))


@app.signal("own.other.<what>")
async def own_other(what, **context):
    event("own other", what, sorted(context.items()))
    return f"result {what}"


@app.signal("prio.prio.prio", priority=1)
async def p1():
    event("p1")


@app.signal("prio.prio.prio", priority=3)
async def p3():
    event("p3")


@app.signal("prio.prio.prio")
async def p0():
    event("p0")


@bp.signal("bp.signal.one")
async def bp_signal(**context):
    event("bp signal", sorted(context))


@app.signal("word")
async def word(**context):
    event("word", sorted(context))


@app.signal("fails.in.signal")
async def signal_fails():
    raise RuntimeError("in a signal")


@app.get("/dispatch/<name>")
async def dispatch(request, name):
    try:
        result = await app.dispatch(name, inline=True, context={"x": 1})
        return json([type(result).__name__, str(result)])
    except Exception as error:
        return json([type(error).__name__, str(error)])


@app.get("/dispatch-prio")
async def dispatch_prio(request):
    await app.dispatch("prio.prio.prio", inline=True)
    await app.dispatch("prio.prio.prio", inline=True, reverse=True)
    return text("ok")


@app.get("/dispatch-task/<name>")
async def dispatch_task(request, name):
    task = await app.dispatch(name)
    try:
        result = await task
    except Exception as error:
        result = [type(error).__name__, str(error)]
    return json([isinstance(task, asyncio.Task), result])


@app.get("/dispatch-bp")
async def dispatch_bp(request):
    results = await bp.dispatch("bp.signal.one")
    await asyncio.gather(*[r for r in results if r])
    await app.dispatch("bp.signal.one", inline=True)
    return json(len(results))


@app.get("/wait")
async def wait(request):
    waiting = asyncio.create_task(app.event("own.thing.happened", timeout=5))
    wild = asyncio.create_task(app.event("own.other.*", timeout=5))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await app.dispatch("own.thing.happened", context={"c": 1})
    await app.dispatch("own.other.zz", context={"c": 2})
    return json([await waiting, await wild])


@app.get("/wait-timeout")
async def wait_timeout(request):
    found = []
    for name in ("own.thing.happened", "no.such.event"):
        try:
            await app.event(name, timeout=0.01)
        except Exception as error:
            found.append([type(error).__name__, str(error)])
    return json(found)


# Tasks.


async def work(word):
    event("task", word)
    return word


async def with_app(app):
    event("task with app", app.name)


async def failing():
    raise LookupError("in a task")


app.add_task(work("before the start"))
app.add_task(with_app)
app.add_task(lambda: event("plain function"))
app.add_task(with_app(app))


@app.get("/tasks")
async def tasks(request):
    named = app.add_task(work("named"), name="named")
    plain = app.add_task(work("plain"))
    sleeping = app.add_task(asyncio.sleep(60), name="sleeping")
    await asyncio.sleep(0.01)
    found = [
        isinstance(named, asyncio.Task),
        isinstance(plain, asyncio.Task),
        named.done(),
        app.get_task("named") is named,
        sorted(task.get_name() for task in app.tasks),
    ]
    await app.cancel_task("sleeping")
    found += [sleeping.cancelled(), sorted(task.get_name() for task in app.tasks)]
    app.purge_tasks()
    found.append(sorted(task.get_name() for task in app.tasks))
    for name in ("zz", "named"):
        try:
            found.append(str(app.get_task(name)))
        except SanicException as error:
            found.append(str(error))
    found.append(app.get_task("zz", raise_exception=False))
    return json(found)


@app.get("/failing-task")
async def failing_task(request):
    task = app.add_task(failing(), name="failing")
    try:
        await task
    except LookupError as error:
        await asyncio.sleep(0.01)
        return json([type(error).__name__, str(error)])


@app.get("/state")
async def state(request):
    return json(
        [
            app.state.is_running,
            app.state.is_started,
            app.state.is_stopping,
            app.state.stage.name,
            app.state.asgi,
            app.ctx.started,
            app.loop is asyncio.get_running_loop(),
            len(app.state.server_info),
        ]
    )


@app.get("/sent")
async def sent(request):
    """What the signals of the responses since the last call told."""
    sent, app.ctx.sent = app.ctx.sent, []
    return json(sent)


app.blueprint(bp)
