"""The ASGI client of `sanic_testing`; each line printed is compared."""

import asyncio
import logging

from sanic import Sanic
from sanic_testing.testing import SanicASGITestClient
from tested_app import make, show, without_date

logging.disable()
Sanic.test_mode = True


async def main():
    app = make("asgi")
    client = SanicASGITestClient(app)
    for method, path, options in (
        ("get", "/", {}),
        ("post", "/json?a=1", {"json": {"b": [1]}}),
        ("post", "/form", {"data": {"a": "1"}}),
        ("get", "/cookie", {}),
        ("get", "/error", {}),
        ("get", "/crash", {}),
        ("get", "/stream", {}),
        ("head", "/", {}),
        ("get", "/nope", {}),
        ("put", "/", {}),
    ):
        request, response = await getattr(client, method)(path, **options)
        show(f"asgi {method} {path}", request, without_date(response))
    print(app.asgi, app.state.asgi, app.ctx.started > 0)


asyncio.run(main())
