"""The shared corpus of heads, chunks and smuggling attempts, against a real server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sanic_fast.response import raw
from tests.reference import corpus
from tests.wire.kit import Raw, ServerThread, make_app, read_answer

METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"]


@pytest.fixture(scope="module", params=["asyncio", "uvloop"])
def server(request) -> Iterator[ServerThread]:
    app = make_app("corpus", REQUEST_TIMEOUT=0.2)

    @app.route("/", methods=METHODS, name="root")
    @app.route("/<path:path>", methods=METHODS, name="any")
    async def echo(request, path=""):
        return raw(request.body)

    with ServerThread(app, request.param) as thread:
        yield thread


def statuses(port: int, data: bytes) -> tuple[list[int], list[bytes]]:
    """Send all and read all; the connection is half-closed behind the data."""
    with Raw(port, data).half_close() as client:
        found = []
        while answer := read_answer(client.more, client.buffer, data.startswith(b"HEAD ")):
            found.append(answer)
            if not answer.keep_alive:
                break
        return [answer.status for answer in found], [answer.body for answer in found]


@pytest.mark.parametrize("case", corpus.named("smuggling"))
def test_smuggling(server: ServerThread, case: dict[str, Any]) -> None:
    """The status of the case; after anything but 200 nothing more is read."""
    found, _ = statuses(server.port, case["data"])
    if case["status"] == 200:
        assert found[0] == 200 and 400 not in found
    else:
        assert found == [case["status"]]


@pytest.mark.parametrize("case", corpus.named("chunked"))
def test_chunked(server: ServerThread, case: dict[str, Any]) -> None:
    """Bodies decode as the reference says, whole and byte by byte; what is broken is 400."""
    if "limits" in case:
        pytest.skip("with limits of its own")
    head = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    data = head + case["data"] + case.get("fault", b"")
    with Raw(server.port, data) as client:
        answer = client.answer()
        if "error" in case:
            assert answer.status in (400, 413), answer.raw
            assert client.closed()
        elif case.get("incomplete") or answer.status == 408:
            assert answer.status == 408
        else:
            assert (answer.status, answer.body) == (200, case["body"])


@pytest.mark.parametrize("case", corpus.named("bodies"))
def test_bodies(server: ServerThread, case: dict[str, Any]) -> None:
    found, bodies = statuses(server.port, case["data"])
    assert found[0] == 200 and bodies[0] == case["body"]
    if case["rest"].endswith(b"\r\n\r\n"):
        assert len(found) >= 2


@pytest.mark.parametrize("case", corpus.named("heads"))
def test_heads(server: ServerThread, case: dict[str, Any]) -> None:
    """What the grammar refuses is refused here; what it allows is answered, if only with 4xx."""
    if case.get("kind", "request") != "request" or "limit" in case:
        pytest.skip("no request, or with a limit of its own")
    data = case["data"] + case["fault"]
    with Raw(server.port, data) as client:
        answer = read_answer(client.more, client.buffer, data.startswith(b"HEAD "))
        assert answer is not None
        if case.get("error") == "too_many":
            assert answer.status == 431
        elif "error" in case:
            assert answer.status in (400, 408, 414, 431), answer.raw
            assert not answer.keep_alive
        else:
            assert answer.status < 500 or answer.status == 501
