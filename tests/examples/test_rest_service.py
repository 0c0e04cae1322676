"""examples/rest_service: one story told to it, on each database and under both packages."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.examples.programs import ORIGINAL, OURS, served
from tests.servers import free_port

pytestmark = [pytest.mark.net, pytest.mark.slow]
Answer = tuple[int, Any, str | None]
WRONG = {"title": " ", "year": True, "author": "1", "pages": 3}


class Story:
    """Requests to the service and their answers, in order."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client
        self.answers: list[Answer] = []

    def ask(self, method: str, path: str, **arguments: Any) -> Any:
        """Send a request; the body of the answer."""
        got = self.client.request(method, f"/api{path}", **arguments)
        body = got.json() if got.content else None
        self.answers.append((got.status_code, body, got.headers.get("location")))
        return body

    def run(self) -> None:
        """Authors, books, mistakes, pages."""
        self.authors()
        self.books()
        self.mistakes()
        self.pages()

    def authors(self) -> None:
        self.ask("POST", "/v1/authors", json={"name": "Ursula K. Le Guin"})
        self.ask("POST", "/v2/authors/", json={"name": " Stanisław Lem "})
        self.ask("POST", "/v1/authors", json={"name": "Nobody"})
        self.ask("GET", "/v1/authors")
        self.ask("DELETE", "/v2/authors/3")

    def books(self) -> None:
        self.ask("POST", "/v1/books", json={"title": "Solaris", "year": 1961, "author": 2})
        self.ask("POST", "/v2/books", json={"title": "The Dispossesed", "year": 1974, "author": 1})
        self.ask("PATCH", "/v2/books/2", json={"title": "The Dispossessed"})
        self.ask("PUT", "/v1/books/1", json={"title": "Solaris", "year": 1962, "author": 2})
        self.ask("GET", "/v1/books/2")
        self.ask("GET", "/v2/authors/1")
        self.ask("GET", "/v1/books?author=2")

    def mistakes(self) -> None:
        self.ask("POST", "/v1/authors", json={"name": "Stanisław Lem"})
        self.ask("DELETE", "/v1/authors/1")
        self.ask("POST", "/v1/books", json=WRONG)
        self.ask("POST", "/v2/books", json={"title": "x", "year": 1, "author": 99})
        self.ask("PATCH", "/v2/books/1", json={})
        self.ask("POST", "/v1/books", content=b"{")
        self.ask("GET", "/v2/books?first=-1")
        self.ask("GET", "/v1/books/77")
        self.ask("GET", f"/v1/books/{2**40}")
        self.ask("PATCH", "/v1/books/1", json={"year": 1})
        self.ask("GET", "/v3/books")

    def pages(self) -> None:
        for number in range(5):
            book = {"title": f"Part {number}", "year": 2000, "author": 2}
            self.ask("POST", "/v2/books", json=book)
        following: str | None = "/v2/books?author=2"
        while following:
            following = self.ask("GET", following.removeprefix("/api"))["next"]
        self.ask("DELETE", "/v2/books/7")
        self.ask("GET", "/v2/books/7")


def told(folder: Path, package: str, url: str) -> list[Answer]:
    """All answers of the story."""
    variables = {"SANIC_DATABASE_URL": url, "SANIC_PAGE": "3"}
    with served("rest_service", folder, package, variables) as (client, _):
        story = Story(client)
        story.run()
    return story.answers


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> list[Answer]:
    return told(tmp_path_factory.mktemp("rest"), OURS, "sqlite:library.db")


def test_answers_are_right(ours: list[Answer]) -> None:
    statuses = [status for status, _, _ in ours]
    assert statuses[:5] == [201, 201, 201, 200, 204]
    assert statuses[5:12] == [201, 201, 200, 200, 200, 200, 200]
    assert statuses[12:23] == [409, 409, 422, 422, 422, 400, 400, 404, 404, 405, 404]
    assert statuses[23:] == [201] * 5 + [200, 200, 204, 404]
    bodies = [body for _, body, _ in ours]
    assert ours[0][1:] == ({"id": 1, "name": "Ursula K. Le Guin"}, "/api/v1/authors/1")
    assert ours[1][1:] == ({"id": 2, "name": "Stanisław Lem"}, "/api/v2/authors/2")
    assert ours[6][2] == "/api/v2/books/2"
    assert bodies[10] == {"id": 1, "name": "Ursula K. Le Guin", "books": ["The Dispossessed"]}
    assert bodies[11] == [{"id": 1, "title": "Solaris", "year": 1962, "author": 2}]


def test_errors_name_the_fields(ours: list[Answer]) -> None:
    assert ours[14][1] == {
        "error": "What was sent is not valid.",
        "fields": {
            "author": "a whole number from 1 to 2147483647",
            "pages": "unknown",
            "title": "a text of 1 to 300 characters",
            "year": "a whole number from -3000 to 2100",
        },
    }
    assert ours[15][1]["fields"] == {"author": "no author has this number"}
    assert ours[19][1] == {
        "description": "Not Found",
        "status": 404,
        "message": "There is no book 77.",
    }


def test_pages_follow_each_other(ours: list[Answer]) -> None:
    first, second = ours[28][1], ours[29][1]
    assert [book["title"] for book in first["books"]] == ["Solaris", "Part 0", "Part 1"]
    assert first["next"] == "/api/v2/books?first=3&author=2"
    assert [book["title"] for book in second["books"]] == ["Part 2", "Part 3", "Part 4"]
    assert second["next"] is None


def test_answers_are_those_under_the_original(ours: list[Answer], tmp_path: Path) -> None:
    assert told(tmp_path, ORIGINAL, "sqlite:library.db") == ours


def test_answers_are_the_same_with_postgresql(
    ours: list[Answer], postgresql: str, tmp_path: Path
) -> None:
    found = told(tmp_path, OURS, postgresql)
    assert _without_keys(found) == _without_keys(ours)


def test_unknown_database_ends_the_start(tmp_path: Path) -> None:
    variables = {"SANIC_DATABASE_URL": "mysql://x"}
    with pytest.raises(AssertionError, match="DATABASE_URL is"):
        with served("rest_service", tmp_path, OURS, variables):
            pass


def _without_keys(answers: list[Answer]) -> list[Answer]:
    # PostgreSQL counts keys of refused rows too.
    later = answers[23:28]
    return [*answers[:23], *((status, body["title"], None) for status, body, _ in later)]


@pytest.fixture
def postgresql() -> Iterator[str]:
    """The address of an empty database on a server of its own; skips where there is none."""
    pytest.importorskip("asyncpg")
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    name = shutil.which("initdb") or (str(found[-1]) if found else None)
    if name is None:
        pytest.skip("PostgreSQL is not installed")
    programs = Path(name).resolve().parent
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        # The server refuses to run as root.
        user = ["runuser", "-u", "nobody", "--"] if os.geteuid() == 0 else []
        if user:
            shutil.chown(folder, "nobody")
        words = ["--auth=trust", "--username=guide", "--encoding=UTF8", "--no-sync"]
        data = Path(folder, "data")
        subprocess.run([*user, programs / "initdb", "-D", data, *words], check=True, cwd="/")
        options = f"-c listen_addresses=127.0.0.1 -p {port} -c unix_socket_directories="
        server = [*user, programs / "pg_ctl", "-D", data, "-w", "-l", data / "log"]
        subprocess.run([*server, "-o", options, "start"], check=True, cwd="/")
        try:
            yield f"postgresql://guide@127.0.0.1:{port}/postgres"
        finally:
            subprocess.run([*server, "-m", "immediate", "stop"], check=True, cwd="/")
