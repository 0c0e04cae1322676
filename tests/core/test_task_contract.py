"""The task contract: a handler is an asyncio task like any other, on every request of a connection.

The hot path steps a connection's task from the read callback; none of that may show. Each case of
`contract_cases` runs in a plain task and inside handlers, as request 1, 2 and 17 of a connection,
sent one by one, cut in pieces, pipelined, and repeated, with and without a suspension before it.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from sanic_fast import json as json_response
from sanic_fast.response import text
from tests.core.contract_cases import NEW, OTHER, VAR
from tests.core.contract_cases_scopes import CASES
from tests.wire.kit import LOOPS, Raw, ServerThread, make_app, run

POSITIONS = (1, 2, 17)
KINDS = [(kind, debug) for kind in LOOPS for debug in (False, True)]
EAGER = sys.version_info >= (3, 12)


def get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode()


def contract_app() -> Any:
    app = make_app("contract", KEEP_ALIVE_TIMEOUT=60)

    @app.get("/ok")
    async def ok(request):
        return text("ok")

    @app.get("/state")
    async def state(request):
        task = asyncio.current_task()
        return json_response(
            [VAR.get("unset"), OTHER.get("unset"), task.cancelling() if NEW else 0]
        )

    @app.get("/case/<name>")
    async def run_case(request, name):
        return json_response({"value": await CASES[name]()})

    @app.get("/later/<name>")
    async def run_case_later(request, name):
        await asyncio.sleep(0)
        return json_response({"value": await CASES[name]()})

    return app


@pytest.fixture(
    scope="module",
    params=KINDS,
    ids=[f"{kind}{'-debug' if debug else ''}" for kind, debug in KINDS],
)
def server(request) -> Iterator[ServerThread]:
    kind, debug = request.param
    with ServerThread(contract_app(), kind, debug) as thread:
        yield thread


def in_plain_task(server: ServerThread, name: str) -> Any:
    async def main() -> Any:
        return await asyncio.create_task(CASES[name]())

    return json.loads(json.dumps(run(server.kind, main, server.debug)))


def ask(port: int, paths: list[str], way: str) -> list[Any]:
    """Send requests in one of several ways; what was answered, as JSON."""
    found = []
    with Raw(port) as client:
        if way == "pipelined":
            client.send(b"".join(map(get, paths)))
            answers = client.answers(len(paths))
        elif way == "in pieces":
            data = b"".join(map(get, paths))
            client.send(*(data[at : at + 23] for at in range(0, len(data), 23)))
            answers = client.answers(len(paths))
        else:
            answers = [client.send(get(path)).answer() for path in paths]
        for answer in answers:
            assert answer.status == 200, answer
            found.append("ok" if answer.body == b"ok" else json.loads(answer.body))
        assert client.alive("/ok")
    return found


@pytest.mark.parametrize("route", ["case", "later"])
@pytest.mark.parametrize("name", CASES)
def test_handler_behaves_as_in_a_plain_task(server: ServerThread, name: str, route: str) -> None:
    if server.debug and route == "later":
        pytest.skip("slow, and the first step is what may differ")
    expected = {"value": in_plain_task(server, name)}
    path = f"/{route}/{name}"
    for way in ("one by one", "pipelined", "in pieces"):
        for position in POSITIONS if way == "pipelined" or route == "case" else (2,):
            paths = ["/ok"] * (position - 1) + [path, "/state", "/ok"]
            found = ask(server.port, paths, way)
            where = f"{way}, request {position}"
            assert found[position - 1] == expected, where
            assert found[position] == ["unset", "unset", 0], where
    for way in ("one by one", "pipelined"):
        assert ask(server.port, [path] * 5, way) == [expected] * 5, way


# From Python 3.13 on uvloop passes an argument that asyncio's factory knows since 3.13.3.
EAGER_KINDS = [
    kind for kind in LOOPS if kind != "uvloop" or not (3, 13) <= sys.version_info < (3, 13, 3)
]


@pytest.mark.skipif(not EAGER, reason="eager tasks came with Python 3.12")
@pytest.mark.parametrize("kind", EAGER_KINDS)
def test_eager_task_factory(kind: str) -> None:
    factory = asyncio.eager_task_factory
    wrong = {}

    async def main(name: str) -> Any:
        asyncio.get_running_loop().set_task_factory(factory)
        return await asyncio.get_running_loop().create_task(CASES[name]())

    with ServerThread(contract_app(), kind, task_factory=factory) as server:
        for name in CASES:
            expected = {"value": json.loads(json.dumps(run(kind, lambda name=name: main(name))))}
            for way in ("one by one", "pipelined"):
                found = ask(server.port, ["/ok", f"/case/{name}", "/state"], way)
                if found != ["ok", expected, ["unset", "unset", 0]]:
                    wrong[name, way] = (found, expected)
    assert wrong == {}
