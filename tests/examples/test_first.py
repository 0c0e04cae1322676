"""examples/first.py answers as its comments say."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.servers import LIMIT, ROOT, Server
from tests.servers import free_port as find_free_port

pytestmark = [pytest.mark.net, pytest.mark.slow]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    port = find_free_port()
    words = ["-m", "sanic_fast", "examples.first:app", "--port", str(port)]
    with Server(tmp_path_factory.mktemp("first"), *words) as server:
        server.wait_for("Worker ready")
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=LIMIT) as made:
            yield made
        assert server.stop() == 0


def test_index(client: httpx.Client) -> None:
    assert client.get("/").json() == {"hello": "world"}
    assert client.get("/", params={"name": "you"}).json() == {"hello": "you"}


def test_path_parameters(client: httpx.Client) -> None:
    assert client.get("/items/1").json() == {"number": 1, "name": "kettle"}
    assert client.get("/items/x").status_code == 404
    user = "7b6b1c38-5f3c-4a39-8f6b-0d8b5a5f9c11"
    got = client.get(f"/users/{user}/files/a/b.txt")
    assert got.json() == {"user": user, "path": "a/b.txt"}


def test_json_body(client: httpx.Client) -> None:
    got = client.post("/items", json={"name": "chair"})
    assert got.status_code == 201
    assert client.get(got.headers["location"]).json()["name"] == "chair"
    assert client.post("/items", json=[]).status_code == 422
    assert client.post("/items", content=b"{").status_code == 400


def test_upload(client: httpx.Client) -> None:
    assert "<form" in client.get("/upload").text
    content = (ROOT / "README.md").read_bytes()
    got = client.post(
        "/upload", data={"title": "mine"}, files={"upload": ("r.md", content, "text/markdown")}
    )
    expected = {"name": "r.md", "type": "text/markdown", "size": len(content)}
    assert got.json() == {"title": "mine", "file": expected}


def test_streams(client: httpx.Client) -> None:
    assert client.get("/count/3").text == "1\n2\n3\n"
    content = bytes(range(256)) * 4000
    got = client.post("/sum", content=content)
    assert got.json() == {"size": len(content), "sum": sum(content)}
    chunks = (b"ab" * 1000 for _ in range(50))
    assert client.post("/upper", content=chunks).content == b"AB" * 50_000


def test_errors(client: httpx.Client) -> None:
    got = client.get("/items/999", headers={"accept": "application/json"})
    assert (got.status_code, got.json()["message"]) == (404, "There is no item 999.")
    tea = client.get("/tea")
    assert (tea.status_code, tea.json()["error"]) == (418, "Short and stout.")
    boom = client.get("/boom", headers={"accept": "application/json"})
    assert boom.status_code == 500
    assert "told to the log" not in boom.text
    assert client.get("/").status_code == 200
