"""Mixed load with locust: many users with pauses, in contrast to wrk's steady stream.

pip install locust
python perf/apps/sanic_app.py 8000
locust -f perf/locustfile.py --host http://127.0.0.1:8000 --headless -u 200 -r 50 -t 30s
"""

import random

from locust import HttpUser, between, task

SIZE = 64 * 1024


class Visitor(HttpUser):
    """Reads more than it writes, and looks at every answer."""

    wait_time = between(0.01, 0.1)

    @task(10)
    def json(self):
        """A small JSON document."""
        with self.client.get("/json", catch_response=True) as answer:
            if answer.json() != {"message": "Hello, World!"}:
                answer.failure("other JSON")

    @task(10)
    def params(self):
        """Two path parameters and a query; one name for all, so that figures add up."""
        number = random.randrange(1_000_000)
        with self.client.get(
            f"/user/joe/{number}",
            params={"q": "a b"},
            name="/user/[name]/[id]",
            catch_response=True,
        ) as answer:
            if answer.json() != {"name": "joe", "id": number, "q": "a b"}:
                answer.failure("other parameters")

    @task(5)
    def post_json(self):
        """JSON there and back."""
        sent = {"id": random.randrange(1000), "tags": ["a", "b"]}
        with self.client.post("/echo", json=sent, catch_response=True) as answer:
            if answer.json() != sent:
                answer.failure("other JSON")

    @task(2)
    def form_upload(self):
        """A multipart form with a field and a file."""
        with self.client.post(
            "/form",
            data={"title": "A file"},
            files={"file": ("a.bin", b"x" * SIZE, "application/octet-stream")},
            catch_response=True,
        ) as answer:
            if answer.json() != {"title": "A file", "name": "a.bin", "size": SIZE}:
                answer.failure("other form")

    @task(2)
    def stream(self):
        """A response in 16 chunks."""
        with self.client.get("/stream", catch_response=True) as answer:
            if len(answer.content) != 16 * 4096:
                answer.failure("short stream")
