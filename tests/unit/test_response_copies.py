"""Copies and pickles of responses: caches keep them."""

from __future__ import annotations

import asyncio
import copy
import pickle
from pathlib import Path
from typing import Any

import pytest

from sanic_fast.response import HTTPResponse, JSONResponse, file, json, text


class Own(HTTPResponse):
    """A subclass with attributes of its own."""


def own() -> Own:
    made = Own("own", 201)
    made.note = ["kept"]  # type: ignore[attr-defined]
    return made


COPIES = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "pickle": lambda response: pickle.loads(pickle.dumps(response)),
}


@pytest.mark.parametrize("how", COPIES)
@pytest.mark.parametrize(
    "response",
    [text("é", 201, {"X-A": "1"}), json({"a": [1]}), HTTPResponse(), own()],
    ids=["text", "json", "empty", "own"],
)
def test_copy_has_all_but_the_connection(how: str, response: HTTPResponse) -> None:
    made: Any = COPIES[how](response)
    assert type(made) is type(response)
    assert made is not response
    for name in ("body", "status", "content_type", "headers", "stream"):
        assert getattr(made, name) == getattr(response, name)
    assert getattr(made, "note", None) == getattr(response, "note", None)


def test_copy_of_a_json_response_can_be_changed() -> None:
    made = copy.deepcopy(json({"a": 1}))
    made.update(b=2)
    assert made.body == b'{"a":1,"b":2}'


def test_copy_of_a_file_holds_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "big.bin"
    path.write_bytes(b"x" * 100_000)
    response = asyncio.run(file(path))
    path.unlink()
    made = pickle.loads(pickle.dumps(response))
    assert made.body == b"x" * 100_000
    assert made.headers == response.headers


def test_set_body_serialises_once_with_the_function_given() -> None:
    response = JSONResponse([1], dumps=lambda body, **options: f"own{body}{options}", a=1)
    response.set_body([2], dumps=lambda body, **options: f"other{body}{options}", b=2)
    assert response.body == b"other[2]{'b': 2}"
    response.append(3)
    assert response.body == b"own[2, 3]{'a': 1}"
