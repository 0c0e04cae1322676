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


@pytest.mark.parametrize("module", sorted(EXPECTED))
def test_module_has_the_names_of_the_original(module: str) -> None:
    if module not in ACTUAL:
        pytest.fail(f"sanic_fast.{module} cannot be imported")
    wrong = []
    for name, expected in EXPECTED[module].items():
        where = f"{module}.{name}" if module else name
        if name in ACTUAL[module]:
            wrong += differences(where, expected, ACTUAL[module][name])
        elif not allowed(where):
            wrong.append(f"{where}: missing")
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)
