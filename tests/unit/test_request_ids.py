"""`request.id`: random UUIDs, and what the id header says."""

from __future__ import annotations

import os
import uuid

import pytest

from sanic_fast import HTTPResponse, Request, Sanic, text
from sanic_fast.compat import Header
from sanic_fast.testing import ReusableClient


def made(given: str | None = None, kind: type[Request] = Request) -> Request:
    app = Sanic.get_app("ids", force_create=True)
    headers = Header() if given is None else Header({"x-request-id": given})
    return kind(b"/", headers, "1.1", "GET", None, app)


def test_generated_ids_are_distinct_uuids_of_version_4() -> None:
    ids = [made().id for _ in range(1000)]
    assert len(set(ids)) == 1000
    for found in ids:
        assert type(found) is uuid.UUID
        assert found.version == 4
        assert found.variant == uuid.RFC_4122
        assert found == uuid.UUID(str(found))
        assert hash(found) == hash(uuid.UUID(str(found)))
        assert found.is_safe is uuid.SafeUUID.unknown


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_forked_child_generates_other_ids() -> None:
    made().id
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, made().id.bytes)
        os._exit(0)
    os.waitpid(child, 0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        other = uuid.UUID(bytes=pipe.read())
    assert other not in {made().id for _ in range(64)}


TEXT = "123e4567-e89b-12d3-a456-426655440000"


@pytest.mark.parametrize(
    "given",
    [
        TEXT, TEXT.upper(), TEXT.replace("-", ""), f"{{{TEXT}}}", f"urn:uuid:{TEXT}", TEXT[:-1],
        f"{TEXT}0", TEXT.replace("-", "x"), TEXT.replace("e", "g"), "5", " 5 ", "-5", "+5", "1_0",
        "0x10", "1e5", "", "abc", "a" * 31, "a" * 32, "1" * 32, "1" * 36, "٣", "é", "-" * 36,
        "_" * 31, "12345678-1234-1234-1234-12345678901_",
    ],
)  # fmt: skip
def test_header_is_uuid_int_or_text_as_python_reads_it(given: str) -> None:
    expected: object = given
    for kind in (uuid.UUID, int):
        try:
            expected = kind(given)
            break
        except ValueError:
            pass
    found = made(given).id
    if expected:
        assert (found, type(found)) == (expected, type(expected))


def test_generator_of_a_subclass_may_take_the_request() -> None:
    class Own(Request):
        def generate_id(self) -> str:  # type: ignore[override]
            return f"{self.method} {self.path}"

    assert made(kind=Own).id == "GET /"
    assert made("given", kind=Own).id == "given"


def test_header_name_is_that_of_the_configuration_even_if_changed_while_serving() -> None:
    app = Sanic("ids_served", configure_logging=False)
    app.config.REQUEST_ID_HEADER = "X-Trace"

    @app.get("/<name>")
    async def show(request: Request, name: str) -> HTTPResponse:
        if name != "as-sent":
            request.headers["x-trace"] = name
        return text(str(request.id))

    with ReusableClient(app) as client:

        def ask(path: str) -> str:
            _, response = client.get(path, headers={"x-TRACE": "5", "x-other": "6"})
            found: str = response.text
            return found

        assert [ask("/as-sent"), ask("/77")] == ["5", "77"]
        app.config.REQUEST_ID_HEADER = "X-Other"
        assert ask("/as-sent") == "6"
        app.config.REQUEST_ID_HEADER = "X-Missing"
        assert uuid.UUID(ask("/as-sent")).version == 4
