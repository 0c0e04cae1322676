"""The public names, signatures and constants of the original, as recorded in surface.json."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
EXPECTED = json.loads((HERE / "surface.json").read_text(encoding="utf-8"))
SHORTHANDS = (
    "main_process_start main_process_ready main_process_stop reload_process_start "
    "reload_process_stop before_reload_trigger after_reload_trigger after_server_start "
    "before_server_stop after_server_stop"
).split()
MIXINS = [
    f"{name}Mixin.__init__"
    for name in "Command Exception Listener Middleware Route Signal Static".split()
]
WEBSOCKET_INNER = (
    "abort_pings async_data_received async_eof_received auto_close_connection connection_lost "
    "keepalive_ping process_events process_pong resume_frames send_data"
).split()
PROTOCOL_INNER = (
    "HTTP_CLASS connection_task error_handler http log_disconnect log_websocket receive_more "
    "recv_buffer request_class request_handler sanic_request_to_ws_request send url version "
    "websocket websocket_max_size websocket_peer websocket_ping_interval websocket_ping_timeout "
    "websocket_timeout websocket_url"
).split()
ASSEMBLER_INNER = (
    "chunks chunks_queue completed_queue decoder get_id get_in_progress message_complete "
    "message_fetched paused put_id read_mutex write_mutex"
).split()
# What differs on purpose, by the last parts of its name, and why.
ALLOWED = {
    **dict.fromkeys(SHORTHANDS, "also take `(priority=n)` alone"),
    "Sanic.go_fast": "a method, as it is another name for `run`",
    "StartupMixin.go_fast": "a method, as it is another name for `run`",
    "finalize_middleware": "an app's method; on a blueprint there is nothing to finalize",
    "BaseSanic.event": "blueprints and apps have their own",
    "SignalMixin.event": "blueprints and apps have their own",
    "mixins.static.StaticHandleMixin": "one class holds both halves",
    "ApplicationState.__init__": "`_init` is no argument",
    "DefaultSanic": "a generic alias, shown differently",
    "DescriptorMeta.__init__": "the usual arguments of a metaclass, named",
    "Router.__init__": "no generated source, so nothing to choose about it",
    "Router.find_route": "no generated source",
    "SignalRouter.__init__": "no generated source",
    "SignalRouter.find_route": "no generated source",
    "Router.matchers": "no generated source",
    "SignalRouter.matchers": "no generated source",
    "SignalRouter.resolve": "events are looked up by `get`",
    "Signal.__init__": "inherited from the route class",
    "SignalGroup": "made anew from the signals, never merged or finalized",
    "BaseHTTPResponse.__init__": "compiled: fields are made by `__cinit__`",
    "Request.generate_id": "a class method takes its class",
    "logo.BASE_LOGO": "another picture",
    "compat.stat_async": "passes its arguments on",
    "ErrorPage.STYLE_APPEND": "own styles",
    "HttpProtocol": "compiled; what programs use is tested by calling it",
    "server.serve": "the default of `signal` is made at the call",
    "runners.serve": "the default of `signal` is made at the call",
    **dict.fromkeys(MIXINS, "a mixin has nothing to set up; `BaseSanic` does it"),
    "BaseSanic.__init__": "takes no arguments that it would drop",
    **dict.fromkeys(
        (f"Websocket.{name}" for name in WEBSOCKET_INNER),
        "inner steps of the original's connection; ours is fed frame by frame",
    ),
    "SanicProtocol.receive_more": "bytes are parsed as they come, nobody asks for more",
    "SanicProtocol.send": "responses are sent by the compiled half",
    **dict.fromkeys(
        (f"WebSocketProtocol.{name}" for name in PROTOCOL_INNER),
        "inner state of the original's protocol; ours is compiled and has its own",
    ),
    **dict.fromkeys(
        (f"WebsocketFrameAssembler.{name}" for name in ASSEMBLER_INNER),
        "locks and queues of the original; ours needs one future",
    ),
    "http.Http": "the original's parser and state machine; ours is in `_core`",
    "ASGIApp.send": "`end_stream` has a default, as in `HttpStream.send`",
    "MockTransport.add_task": "runs the task; the original's raises NotImplementedError",
    "WorkerManager.shutdown_signal": "another name for an argument the system passes",
    "worker.manager.MonitorCycle": "our manager waits for events instead of polling in cycles",
    "WorkerMultiplexer.__init__": "takes the times of its heartbeat too; only the server makes one",
    "worker.process.Worker.__init__": "is given what starts processes; only the manager makes one",
    "WorkerProcess": "is given what starts processes; only the manager makes one",
    "worker_serve": "takes the definition as one object; only the manager calls it",
    "StartupMixin.run": "takes `legacy`, as up to 22.12",
    "StartupMixin.prepare": "takes `legacy`, as up to 22.12",
    "Sanic.run": "takes `legacy`, as up to 22.12",
    "Sanic.prepare": "takes `legacy`, as up to 22.12",
    "WorkerState": "a view into shared memory; `pop` takes the key that the original's forgets",
    "AsyncioServer.__init__": "further keywords, for what accepts connections and the stop signal",
    "bind_socket": "also takes `reuse_port`",
}
# What is not written yet. A name goes from here once it is there; a module that appears is compared
# as any other, with its row or without.
LATER = {
    "http.Http3": "HTTP/3",
}
# Compiled constructors show no signature; their own tests call them.
OPAQUE = ("(self, /, *args, **kwargs)", "unknown")


def _generator() -> Any:
    path = HERE.parents[1] / "scripts" / "gen_surface.py"
    spec = importlib.util.spec_from_file_location("gen_surface", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


ACTUAL = _generator().record("sanic_fast")


def allowed(name: str) -> bool:
    return any(f".{name}.".endswith(f".{key}.") for key in ALLOWED)


def differences(where: str, expected: Any, actual: Any) -> list[str]:
    if expected == actual or allowed(where):
        return []
    if not isinstance(expected, dict) or not isinstance(actual, dict):
        # Where an object is described for the first time does not matter.
        both = f"{expected} {actual}"
        hidden = actual in OPAQUE or "same as" in both
        return [] if hidden else [f"{where}: {expected} != {actual}"]
    if expected.get("kind") != actual.get("kind"):
        same = {expected.get("kind"), actual.get("kind")} == {"value", "function"}
        return [] if same else [f"{where}: {expected.get('kind')} != {actual.get('kind')}"]
    wrong = []
    for key, value in expected.items():
        if key == "kind":
            continue
        if isinstance(value, dict):
            have = actual.get(key, {})
            for member, description in value.items():
                inner = f"{where}.{member}"
                if member in have:
                    wrong += differences(inner, description, have[member])
                elif not allowed(inner) and description != "(self, /, *args, **kwargs)":
                    wrong.append(f"{inner}: missing")
        else:
            wrong += differences(where, value, actual.get(key))
    return wrong


def differences_of(module: str) -> dict[str, list[str]]:
    """The names of a module that differ, with how."""
    found = {}
    for name, expected in EXPECTED[module].items():
        where = f"{module}.{name}" if module else name
        if name in ACTUAL[module]:
            found[where] = differences(where, expected, ACTUAL[module][name])
        elif not allowed(where):
            found[where] = [f"{where}: missing"]
    return {where: wrong for where, wrong in found.items() if wrong}


@pytest.mark.parametrize("module", sorted(EXPECTED))
def test_module_has_the_names_of_the_original(module: str) -> None:
    if module in LATER and module not in ACTUAL:
        pytest.skip(f"to come: {LATER[module]}")
    if module not in ACTUAL:
        pytest.fail(f"sanic_fast.{module} cannot be imported")
    found = differences_of(module)
    wrong = [line for where in found if where not in LATER for line in found[where]]
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)


@pytest.mark.parametrize("name", sorted(set(LATER) - set(EXPECTED)))
def test_what_is_to_come_is_not_there_yet(name: str) -> None:
    if name not in differences_of(name.rpartition(".")[0]):
        pytest.fail(f"{name} is there: take it out of LATER", pytrace=False)
