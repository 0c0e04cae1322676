"""The application object: construction, registry, attributes, registration that fails, state."""

import asyncio
import types

from sanic import Blueprint, Sanic
from sanic.application.constants import Mode, Server, ServerStage
from sanic.application.state import ApplicationServerInfo
from sanic.base.root import VALID_NAME
from sanic.config import Config
from sanic.handlers import ErrorHandler
from sanic.http.constants import HTTP
from sanic.middleware import Middleware, MiddlewareLocation
from sanic.mixins.listeners import ListenerEvent
from sanic.models.ctx_types import REPLContext
from sanic.models.futures import FutureRegistry, FutureRoute
from sanic.request import Request
from sanic.response import text
from sanic.router import Router
from sanic.signals import SignalRouter
from sanic.touchup import TouchUp
from sanic.types import HashableDict
from sanic.types.shared_ctx import SharedContext


def catch(action):
    """What a call gives, or its exception with its class."""
    try:
        return action()
    except Exception as error:
        return [c.__name__ for c in type(error).__mro__[:3]], str(error)


def make(name="app", **options):
    Sanic._app_registry.clear()
    return Sanic(name, configure_logging=False, **options)


async def handler(request, **parameters):
    return text("")


catch(lambda: Sanic())
catch(lambda: Sanic(None))
catch(lambda: Sanic(""))
catch(lambda: Sanic("a b"))
catch(lambda: Sanic("1a"))
catch(lambda: Sanic("é"))
catch(lambda: Sanic("a.b"))
catch(lambda: make("a-b_1").name)
catch(lambda: Blueprint("a b"))
catch(lambda: Blueprint(None))
catch(lambda: Blueprint("a.b"))
VALID_NAME.pattern
app = make()
str(app), repr(app)
catch(lambda: setattr(app, "unknown", 1))
catch(lambda: app.unknown)
catch(lambda: setattr(app.ctx, "x", 1))
app.ctx.x


class Sub(Sanic):
    pass


sub = Sub("sub", configure_logging=False)
repr(sub), str(sub)
catch(lambda: setattr(sub, "unknown", 1))
catch(lambda: make("with_ctx", ctx={"a": 1}).ctx)
catch(lambda: type(make("falsy_ctx", ctx={}).ctx).__name__)
catch(lambda: make("parts", router=Router(), signal_router=SignalRouter()).router.ctx.app.name)
catch(lambda: make("errors", error_handler=ErrorHandler()).error_handler.debug)
catch(lambda: make("strict", strict_slashes=True).strict_slashes)
catch(lambda: make("class", request_class=type("R", (Request,), {})).request_class.__name__)
catch(lambda: make("inspect", inspector=True).config.INSPECTOR)
catch(lambda: make("falsyconfig", config=None).config.KEEP_ALIVE)
catch(lambda: Sanic("x", None, None, None, None, None, "SANIC_", None, False).name)
catch(lambda: Sanic("y", bad=1))
app = make()
app.state
[getattr(app.state, n) for n in ("asgi", "coffee", "fast", "host", "port", "ssl", "sock", "unix")]
[getattr(app.state, n) for n in ("auto_reload", "is_running", "is_started", "is_stopping")]
[getattr(app.state, n) for n in ("verbosity", "workers", "primary", "server_info", "reload_dirs")]
app.state.mode.name, app.state.server.name, app.state.stage.name, app.state.is_debug
catch(lambda: setattr(app.state, "_init", True))
catch(lambda: setattr(app.state, "mode", Mode.DEBUG))
app.debug, app.error_handler.debug
catch(lambda: setattr(app, "debug", False))
catch(lambda: setattr(app.state, "mode", Mode.PRODUCTION))
app.debug, app.asgi, app.auto_reload, app.reload_dirs
catch(lambda: setattr(app, "asgi", True))
app.asgi, app.state.asgi
catch(lambda: setattr(app, "asgi", False))
catch(lambda: setattr(app, "auto_reload", True))
app.config.AUTO_RELOAD, app.state.auto_reload
catch(lambda: app.loop)
catch(lambda: app.inspector)
catch(lambda: app.manager)
catch(lambda: app.multiplexer)
catch(lambda: app.m)
catch(lambda: app.serve_location)
catch(lambda: list(app.tasks))
type(app.tasks).__name__, type(app.shared_ctx).__name__, type(app.listeners).__name__
app.websocket_enabled, app.websocket_tasks, app.blueprints, app.configure_logging
app.named_request_middleware, app.named_response_middleware
list(app.request_middleware), list(app.response_middleware)
Sanic.test_mode, Sanic.START_METHOD_SET, app.go_fast.__name__
isinstance(hash(app), int), app == app, app in {app}
Sanic[Config, types.SimpleNamespace] is not None
Request[Sanic, types.SimpleNamespace] is not None
catch(lambda: Sanic.get_app("app") is app)
catch(lambda: Sanic.get_app() is app)
catch(lambda: Sanic.get_app("zz"))
catch(lambda: Sanic.get_app("__main__"))
catch(lambda: Sanic("app"))
catch(lambda: Sanic.register_app(5))
catch(lambda: Sanic.get_app("made", force_create=True).name)
catch(lambda: Sanic.get_app())
catch(lambda: Sanic.unregister_app(app))
catch(lambda: Sanic.unregister_app(5))
sorted(Sanic._app_registry)
Sanic._app_registry.clear()
catch(lambda: Sanic.get_app())
catch(lambda: Sanic.register_app(app))
Sanic.test_mode = True
catch(lambda: Sanic("app", configure_logging=False) is Sanic.get_app("app"))
Sanic.test_mode = False
[Sanic.get_address(*a) for a in ((None, None), ("h", 5), (None, None, HTTP.VERSION_3))]
Sanic.get_address(None, None, HTTP.VERSION_1, True)
Sanic.get_server_location()
catch(lambda: Sanic.get_server_location({"host": "h", "port": 5, "ssl": None}))
catch(lambda: Sanic.get_server_location({"host": "0.0.0.0", "port": 80, "ssl": None}))
catch(lambda: Sanic.get_server_location({"host": "h", "port": 443, "ssl": 1}))
catch(lambda: Sanic.get_server_location({"host": None, "port": None, "unix": "/a/b", "ssl": None}))
catch(lambda: Sanic.get_server_location({"host": "::1", "port": 9, "ssl": None}))
app = make()
catch(lambda: app.generate_name("x"))
catch(lambda: app.generate_name("app.x"))
catch(lambda: app.generate_name(None, handler))
catch(lambda: app.generate_name(None, 5))
catch(lambda: app.exception())
catch(lambda: app.exception(ValueError)(handler) is handler)
catch(lambda: app.exception(ValueError)(handler))
catch(lambda: app.exception([KeyError, IndexError])(handler) is handler)
catch(lambda: app.all_exceptions(handler) is handler)
catch(lambda: type(app.on_request(handler)).__name__)
catch(lambda: app.on_request(handler).func is handler)
catch(lambda: repr(app.middleware("response")(catch)))
catch(lambda: app.middleware("nope")(handler))
catch(lambda: app.register_middleware(handler, "nope"))
catch(lambda: app.register_middleware(handler) is handler)
catch(lambda: [m.priority for m in app.request_middleware])
several = make("several")
for word in ("first", "second"):
    for place in ("request", "response"):
        several.register_middleware(type(word, (), {"__call__": handler})(), place)
        several.register_named_middleware(type(word, (), {"__call__": handler})(), ["n"], place)
[type(m.func).__name__ for m in several.request_middleware]
[type(m.func).__name__ for m in several.response_middleware]
[type(m.func).__name__ for m in several.named_request_middleware["n"]]
[type(m.func).__name__ for m in several.named_response_middleware["n"]]
middleware = Middleware(handler, MiddlewareLocation.REQUEST, 3)
middleware.priority, middleware.location, middleware.order[0], hash(middleware) == hash(handler)
repr(middleware)
list(MiddlewareLocation), [int(m) for m in MiddlewareLocation]
catch(lambda: app.listener("before_server_start")(handler) is handler)
catch(lambda: app.before_server_start(handler) is handler)
catch(lambda: callable(app.before_server_start(priority=3)))
catch(lambda: app.listener(handler))
catch(lambda: app.listener("nope")(handler))
catch(lambda: app.register_listener(handler, "main_process_start") is handler)
catch(lambda: {k: len(v) for k, v in app.listeners.items()})
[(e.name, e.value) for e in ListenerEvent]
catch(lambda: app.signal("a.b.c")(handler) is handler)
catch(lambda: app.signal("a.b")(handler))
catch(lambda: app.signal("a.b.c.d")(handler))
catch(lambda: app.signal("word")(handler) is handler)
catch(lambda: app.signal("<a>.b.c")(handler))
catch(lambda: app.signal("http.no.such")(handler))
catch(lambda: app.signal("http.lifecycle.<x>")(handler) is handler)
catch(lambda: app.signal("server.init.nope")(handler))
catch(lambda: app.signal("websocket.a.b")(handler))
catch(lambda: app.signal("")(handler))
catch(lambda: app.signal(5)(handler))
catch(lambda: app.add_signal(handler, "x.y.z") is handler)
catch(lambda: callable(app.add_signal(None, "x.y.n")))
catch(lambda: app.add_task(handler, name="named"))
catch(lambda: app.get_task("zz"))
catch(lambda: app.get_task("zz", raise_exception=False))
catch(lambda: asyncio.run(app.cancel_task("zz")))
catch(lambda: asyncio.run(app.cancel_task("zz", raise_exception=False)))
catch(lambda: asyncio.run(app.dispatch("no.such.one", inline=True)))
catch(lambda: asyncio.run(app.dispatch("no.such.one", inline=True, fail_not_found=False)))
catch(lambda: asyncio.run(app.event("no.such.one", timeout=0.01)))
catch(lambda: app.run(fast=True, workers=2))
catch(lambda: app.run(single_process=True, workers=2))
catch(lambda: app.run(single_process=True, auto_reload=True))
catch(lambda: app.run(loop=1))
catch(lambda: app.run(register_sys_signals=False))
catch(lambda: app.extend())
catch(lambda: app.ext)
catch(lambda: app.static("/x", 5))
catch(lambda: app.static("/x", b"/tmp"))
catch(lambda: app.static("/x", __file__, resource_type="dir"))
catch(lambda: app.static("/x", ".", resource_type="file"))
catch(lambda: app.static("/x", ".", resource_type="zz"))
catch(lambda: app.static("/x", ".", directory_handler=5, index="a"))
catch(lambda: app.static("/x", ".", name="fine"))
catch(lambda: app.command(handler).__name__)
catch(lambda: [c.name for c in app._future_commands])
catch(lambda: app.websocket("/ws")(handler))
app.websocket_enabled
catch(lambda: app.enable_websocket(False))
app.websocket_enabled
catch(lambda: app.update_config({"FROM_UPDATE": 1}))
app.config.FROM_UPDATE
catch(lambda: asyncio.run(app._startup()))
catch(lambda: app.state.is_started)
catch(lambda: make("unfinished").finalize())
double = make("double")
double.add_route(handler, "/a", name="same")
double.add_route(handler, "/b", name="same")
catch(lambda: asyncio.run(double._startup()))


async def late_additions():
    """What may be added once the app has started."""
    late = make("late")
    late.config.TOUCHUP = False
    late.add_route(handler, "/a", name="a")
    await late._startup()
    found = [late.state.is_started, late.router.finalized]
    found.append(late.add_route(handler, "/b", name="b") is handler)
    found += [late.router.finalized, late.url_for("b")]
    with late.amend():
        late.add_route(handler, "/c", name="c")
        found += [late.router.finalized]
    found += [late.router.finalized, late.url_for("c"), late.signal_router.finalized]
    try:
        late.finalize()
    except Exception as error:
        found.append([type(error).__name__, str(error)])
    return found


catch(lambda: asyncio.run(late_additions()))


async def before_start():
    """A router that was finalized by hand."""
    app = make("by_hand")
    app.add_route(handler, "/a", name="a")
    app.finalize()
    app.add_route(handler, "/b", name="b")


catch(lambda: asyncio.run(before_start()))


async def empty_startup():
    """No routes."""
    empty = make("empty")
    empty.config.TOUCHUP = False
    await empty._startup()


catch(lambda: asyncio.run(empty_startup()))
catch(lambda: make("no_loop").signalize())
shared = SharedContext()
shared.a = 1
shared.a, shared.is_locked
shared.lock()
catch(lambda: setattr(shared, "b", 1))
shared.is_locked
list(Mode), list(Server), list(ServerStage), [int(s) for s in ServerStage]
ApplicationServerInfo({"a": 1})
ApplicationServerInfo({}).stage
FutureRoute._fields
FutureRegistry.__mro__[1].__name__
hash(HashableDict({"a": 1})) == hash(HashableDict({"a": 1}))
context = REPLContext()
catch(lambda: context.add(handler))
catch(lambda: context.add(5, "five", "d" * 60))
catch(lambda: context.add(5, "app"))
catch(lambda: setattr(context, "named", [1]))
sorted((v.name, v.desc) for v in context if v.name != "named")
TouchUp.__name__, hasattr(TouchUp, "run")
