"""The clients of `sanic_testing` over sockets; each line printed is compared."""

import logging

from sanic import Sanic
from sanic_testing import TestManager
from sanic_testing.reusable import ReusableClient
from sanic_testing.testing import SanicTestClient
from tested_app import make, show, without_date

logging.disable()
Sanic.test_mode = True


def use(word, client):
    for method, path, options in (
        ("get", "/", {}),
        ("get", "/bp/5", {}),
        ("get", "/bp/x", {}),
        ("post", "/json?a=1", {"json": {"b": [1]}}),
        ("post", "/form", {"data": {"a": "1"}}),
        ("post", "/form", {"files": {"f": ("name.txt", b"data")}}),
        ("get", "/cookie", {"cookies": {"a": "1"}}),
        ("get", "/error", {"headers": {"accept": "application/json"}}),
        ("get", "/crash", {}),
        ("get", "/stream", {}),
        ("head", "/", {}),
        ("options", "/", {}),
        ("put", "/", {}),
        ("patch", "/", {}),
        ("delete", "/", {}),
    ):
        try:
            request, response = getattr(client, method)(path, **options)
        except Exception as error:
            print(word, method, path, type(error).__name__, str(error)[:200])
        else:
            show(f"{word} {method} {path}", request, without_date(response))


app = make()
print(app.test_client.__class__.__name__, type(app.test_client) is SanicTestClient)
use("test_client", app.test_client)
print(app.ctx.started > 0)
request, response = app.test_client.get("/", gather_request=False)
print(request, response.status)
print(SanicTestClient(make("own_client")).get("/")[1].text)
manager = TestManager(make("managed"))
print(manager.test_client.get("/")[1].text)
client = ReusableClient(make("reused"))
with client:
    use("reusable", client)
    print(client.get("/")[1].text, client.get("/")[1].text)
