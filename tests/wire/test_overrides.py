"""What plugins override, by subclass or by patch, is what requests go through."""

import asyncio
import socket

import pytest

from sanic_fast import Sanic, text
from sanic_fast.exceptions import NotFound
from sanic_fast.handlers import ErrorHandler
from sanic_fast.router import Router
from sanic_fast.signals import SignalRouter

REQUEST = "GET {} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"


@pytest.fixture
def log():
    return []


@pytest.fixture(autouse=True)
def empty_registry():
    yield
    Sanic._app_registry.pop("overrides", None)


def ask(app, *paths):
    """Status and body of each path, asked on connections of their own."""

    async def main():
        sock = socket.socket()
        sock.bind(("127.0.0.1", 0))
        server = await app.create_server(sock=sock)
        await server.startup()
        await server.start_serving()
        answers = []
        for path in paths:
            reader, writer = await asyncio.open_connection(*sock.getsockname())
            writer.write(REQUEST.format(path).encode())
            head, _, body = (await asyncio.wait_for(reader.read(), 10)).partition(b"\r\n\r\n")
            answers.append((int(head.split()[1]), body.decode()))
            writer.close()
        await server.close()
        return answers

    return asyncio.run(main())


def routes(app):
    @app.get("/")
    async def index(request):
        return text("index")

    @app.get("/boom")
    async def boom(request):
        raise ValueError("boom")

    return app


def test_handle_request_of_a_subclass(log):
    class App(Sanic):
        async def handle_request(self, request):
            log.append(request.path)
            await super().handle_request(request)

    assert ask(routes(App("overrides")), "/") == [(200, "index")]
    assert log == ["/"]


def test_handle_request_patched_while_serving(log, monkeypatch):
    app = routes(Sanic("overrides"))
    original = Sanic.handle_request

    async def patched(self, request):
        log.append(request.path)
        await original(self, request)

    @app.get("/patch")
    async def patch(request):
        monkeypatch.setattr(Sanic, "handle_request", patched)
        return text("patched")

    assert ask(app, "/", "/patch", "/") == [(200, "index"), (200, "patched"), (200, "index")]
    assert log == ["/"]


def test_handle_exception_of_a_subclass(log):
    class App(Sanic):
        async def handle_exception(self, request, exception, run_middleware=True):
            log.append(repr(exception))
            await super().handle_exception(request, exception, run_middleware)

    answers = ask(routes(App("overrides")), "/", "/boom", "/nowhere")
    assert [status for status, _ in answers] == [200, 500, 404]
    assert log == ["ValueError('boom')", "NotFound('Requested URL /nowhere not found')"]


def test_lookup_of_an_error_handler(log):
    class Handler(ErrorHandler):
        def lookup(self, exception, route_name=None):
            log.append((type(exception), route_name))
            return lambda request, exception: text("looked up", status=418)

    app = routes(Sanic("overrides", error_handler=Handler()))
    assert ask(app, "/boom") == [(418, "looked up")]
    assert log == [(ValueError, "overrides.boom")]


def test_get_of_a_router(log):
    class Own(Router):
        def get(self, path, method, host):
            log.append((path, method, host))
            if path == "/hidden":
                raise NotFound("hidden")
            return super().get("/" if path == "/alias" else path, method, host)

    app = routes(Sanic("overrides", router=Own()))
    answers = ask(app, "/alias", "/hidden")
    assert answers[0] == (200, "index")
    assert answers[1][0] == 404 and "hidden" in answers[1][1]
    assert log == [("/alias", "GET", "a"), ("/hidden", "GET", "a")]


def test_dispatch_of_a_signal_router(log):
    class Own(SignalRouter):
        async def dispatch(self, event, **kwargs):
            log.append(event)
            return await super().dispatch(event, **kwargs)

    app = routes(Sanic("overrides", signal_router=Own()))

    @app.signal("http.handler.before")
    async def before(request):
        log.append(request.path)

    assert ask(app, "/") == [(200, "index")]
    assert log.index("http.handler.before") < log.index("/")
