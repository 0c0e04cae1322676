"""Signals: what may be declared, dispatched and waited for, and what comes of it."""

import asyncio
import logging
import warnings
from enum import Enum

from sanic import Blueprint, Sanic, text
from sanic.signals import Event

warnings.simplefilter("ignore")
logging.disable()
log = []


class Own(Enum):
    """Events of our own."""

    ONE = "enum.one.x"
    BAD = "enum.bad"


def recorder(tag, result=None, error=None):
    async def record(**context):
        log.append((tag, sorted(context.items())))
        if error:
            raise error
        return result

    record.__name__ = tag
    return record


def make(name):
    app = Sanic(name, configure_logging=False)
    app.config.TOUCHUP = False
    app.config.AUTO_EXTEND = False
    app.add_route(lambda request: text(""), "/", name="root")
    return app


def declare(app, event, tag="x", **options):
    try:
        print("declare", event, app.signal(event, **options)(recorder(tag)).__name__)
    except Exception as error:
        print("declare", event, type(error).__name__, error)


async def dispatch(app, event, **options):
    log.clear()
    try:
        result = await app.dispatch(event, **options)
        if isinstance(result, asyncio.Task):
            result = "task", await result
    except Exception as error:
        result = type(error).__name__, str(error)
    await asyncio.sleep(0)
    print("dispatch", event, options, result, log)


async def wait(target, event, dispatched, app=None, under=None, **options):
    """Wait for an event, dispatch another, and tell what came."""
    shown = [target.name, event, dispatched, under, dict(options)]
    waiting = asyncio.ensure_future(target.event(event, **{"timeout": 0.2, **options}))
    for _ in range(4):
        await asyncio.sleep(0)
    if dispatched:
        await (app or target).dispatch(dispatched, context={"c": 1}, condition=under)
    try:
        print("wait", *shown, await waiting)
    except Exception as error:
        print("wait", *shown, type(error).__name__, error)


async def wait_on_blueprint(bp, app, event, dispatched):
    """A blueprint raises some errors before there is anything to await."""
    try:
        await wait(bp, event, dispatched, app)
    except Exception as error:
        print("wait", bp.name, event, type(error).__name__, error)


DECLARED = [
    ("foo.bar.baz", "literal", {}),
    ("foo.bar.<thing>", "wild", {}),
    ("foo.num.<n:int>", "number", {}),
    ("foo.reg.<x:[a-z]+>", "regex", {}),
    ("cond.one.x", "exclusive", {"condition": {"a": 1}}),
    ("cond.two.x", "shared", {"condition": {"a": 1}, "exclusive": False}),
    ("cond.all.x", "plain", {}),
    ("cond.all.x", "exclusive", {"condition": {"a": 1}}),
    ("cond.all.x", "other", {"condition": {"b": 2}, "exclusive": False}),
    ("cond.all.x", "empty", {"condition": {}}),
    ("word", "word", {}),
    ("prio.a.b", "p1", {"priority": 1}),
    ("prio.a.b", "p3", {"priority": 3}),
    ("prio.a.b", "p0", {}),
    ("prio.a.b", "p-1", {"priority": -1}),
    ("UP.Case.x", "case", {}),
    ("foo.emp.", "last empty", {}),
    ("a..b", "middle empty", {}),
    (".a.b", "first empty", {}),
    (Own.ONE, "member", {}),
    (Own.BAD, "bad", {}),
    ("foo.<x>.y", "bad", {}),
    ("<x>.a.y", "bad", {}),
    ("foo.bar.baz.<q>", "bad", {}),
    ("a.b", "bad", {}),
    ("http.lifecycle.foo", "bad", {}),
    ("http.foo.<x>", "reserved wildcard", {}),
    ("server.<x>.y", "bad", {}),
]
DISPATCHED = [
    ("foo.bar.baz", {}),
    ("foo.bar.baz", {"context": {"x": 1}}),
    ("foo.bar.baz", {"context": {"thing": "given"}}),
    ("foo.bar.other", {}),
    ("foo.num.3", {}),
    ("foo.num.z", {}),
    ("foo.reg.abc", {}),
    ("foo.reg.1", {}),
    ("cond.one.x", {}),
    ("cond.one.x", {"condition": {"a": 1}}),
    ("cond.one.x", {"condition": {"a": 2}}),
    ("cond.two.x", {}),
    ("cond.two.x", {"condition": {"a": 2}}),
    ("cond.all.x", {}),
    ("cond.all.x", {"condition": {}}),
    ("cond.all.x", {"condition": {"a": 1}}),
    ("cond.all.x", {"condition": {"b": 2}}),
    ("word", {}),
    ("prio.a.b", {}),
    ("prio.a.b", {"reverse": True}),
    ("prio.a.zz", {}),
    ("up.case.x", {}),
    (Own.ONE, {}),
    ("nope.a.b", {}),
    ("nope.a.b", {"fail_not_found": False}),
    ("nope.a.b", {"condition": {"z": 1}}),
    ("nope", {}),
    ("nope.a", {}),
    ("a.b.c.d", {}),
    ("http.routing.before", {}),
    ("http.nope.x", {}),
    (Event.HTTP_ROUTING_BEFORE, {}),
    ("__generic__.__signal__.word", {}),
    ("result.a.b", {}),
    ("result.a.b", {"reverse": True}),
    ("error.a.b", {}),
    ("nothing.a.b", {}),
    ("plain.a.b", {}),
]
WAITED = [
    ("foo.bar.baz", "foo.bar.baz", {}),
    ("foo.bar.*", "foo.bar.zz", {}),
    ("foo.bar.*", "foo.bar.baz", {}),
    ("foo.bar.<thing>", "foo.bar.zz", {}),
    ("foo.bar.<other>", "foo.bar.zz", {}),
    ("foo.num.<n:int>", "foo.num.4", {}),
    ("foo.num.<n>", "foo.num.4", {}),
    ("foo.bar.zz", None, {}),
    ("word", "word", {}),
    (Own.ONE, Own.ONE, {}),
    ("no.such.one", None, {}),
    ("nosuch", None, {}),
    ("", None, {}),
    ("bad.two", None, {}),
    ("a.b.c.d", None, {}),
    ("<x>.b.c", None, {}),
    ("foo.<x>.c", None, {}),
    ("foo.*.baz", None, {}),
    ("http.nope.x", None, {}),
    ("http.lifecycle.request", None, {}),
    ("foo.bar.baz", "foo.bar.baz", {"condition": {"a": 1}}),
    ("foo.bar.baz", "foo.bar.baz", {"condition": {"a": 1}, "exclusive": False}),
    ("foo.bar.baz", "foo.bar.baz", {"condition": {}}),
]


def special_handlers(app):
    """Those with results, errors and other signatures."""
    app.signal("result.a.b")(recorder("none", 0))
    app.signal("result.a.b")(recorder("first", "R1"))
    app.signal("result.a.b")(recorder("second", "R2"))
    app.signal("error.a.b")(recorder("error", error=ValueError("it fails")))
    app.signal("error.a.b")(recorder("after"))
    app.add_signal(None, "nothing.a.b")
    print(app.add_signal(recorder("added"), "added.a.b", condition={"c": 1}).__name__)

    @app.signal("plain.a.b")
    def plain(**context):
        log.append("a plain function")
        return "its result"


async def main():
    app = make("signals")
    bp = Blueprint("bp")
    for event, tag, options in DECLARED:
        declare(app, event, tag, **options)
    special_handlers(app)
    bp.signal("bp.x.y")(recorder("bp"))
    bp.signal("bp.d.<z>")(recorder("bp wild"))
    app.blueprint(bp)
    await app._startup()
    for inline in (True, False):
        for event, options in DISPATCHED:
            await dispatch(app, event, inline=inline, **options)
    for event, dispatched, options in WAITED:
        await wait(app, event, dispatched, **options)
    await wait(app, "foo.bar.baz", "foo.bar.baz", under={"a": 1})
    await wait(app, "foo.bar.baz", "foo.bar.baz", under={})
    await wait(app, "foo.bar.baz", "foo.bar.baz", under={"a": 1}, condition={"a": 1})
    await wait(app, "foo.bar.baz", "foo.bar.baz", under={}, condition={})
    for event in ("bp.x.y", "bp.d.*", "bp.d.<z>", "nope.x.y", "bad.two", "nosuch", "foo.bar.baz"):
        end = event.replace("*", "1").replace("<z>", "1")
        await wait_on_blueprint(bp, app, event, end)
    app.config.EVENT_AUTOREGISTER = True
    for event in ("auto.reg.one", "auto.reg.*", "auto.par.<p>", "autoword", "http.lifecycle.begin"):
        await wait(app, event, event.replace("*", "1").replace("<p>", "1"))
    for event in ("bad.two", "http.nope.x", "<x>.b.c"):
        await wait(app, event, None)
    print(app.signal_router.finalized)
    with app.amend():
        declare(app, "late.a.b")
        declare(app, "late.c.d")
    declare(app, "late.e.f")
    for event in ("late.a.b", "late.c.d", "late.e.f"):
        await dispatch(app, event, inline=True)
    found = [s for s in app.signal_router.routes if (s.name or "").startswith("cond.all")]
    print(sorted((s.ctx.exclusive, str(s.extra.requirements), s.ctx.trigger) for s in found))


asyncio.run(main())
