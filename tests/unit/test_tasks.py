"""Background tasks: starting, naming, cancelling, shutting down."""

import asyncio
import gc
import weakref

import pytest

from sanic_fast import Sanic
from sanic_fast.exceptions import SanicException


@pytest.fixture
def app():
    saved = dict(Sanic._app_registry)
    Sanic._app_registry.clear()
    app = Sanic("app", configure_logging=False)
    app.get("/")(lambda request: None)
    yield app
    Sanic._app_registry.clear()
    Sanic._app_registry.update(saved)


def running(app, main):
    """Run `main()` as an app that has started under ASGI."""

    async def run():
        await app._startup()
        app.asgi = True
        return await main()

    return asyncio.run(run())


async def forever():
    await asyncio.sleep(60)


def test_kinds_of_tasks(app):
    seen = []

    async def coroutine():
        return 1

    async def with_app(app):
        return app.name

    async def main():
        assert await app.add_task(coroutine()) == 1
        assert await app.add_task(coroutine) == 1
        assert await app.add_task(with_app) == "app"
        assert await app.add_task(lambda app: seen.append(app)) is None
        assert await app.add_task(lambda: seen.append("plain")) is None
        future = asyncio.get_running_loop().create_future()
        assert app.add_task(future) is future
        assert not list(app.tasks)

    running(app, main)
    assert seen == [app, "plain"]


def test_names_and_registry(app):
    async def main():
        task = app.add_task(forever(), name="a")
        assert task.get_name() == "a" and app.get_task("a") is task
        app.add_task(forever(), name="b", register=False)
        assert list(app.tasks) == [task]
        with pytest.raises(SanicException, match='Registered task named "b" not found.'):
            app.get_task("b")
        assert app.get_task("b", raise_exception=False) is None
        app.purge_tasks()
        assert list(app.tasks) == [task]
        await asyncio.sleep(0)
        await app.cancel_task("a", msg="enough")
        assert task.cancelled() and app.get_task("a") is task
        app.purge_tasks()
        assert list(app.tasks) == []
        with pytest.raises(SanicException):
            await app.cancel_task("a")
        await app.cancel_task("a", raise_exception=False)

    running(app, main)


def test_cancelling_warns(app, caplog):
    async def main():
        app.add_task(forever(), name="a")
        await asyncio.sleep(0)
        await app.cancel_task("a")

    running(app, main)
    assert "was cancelled before it completed." in caplog.text


def test_failure_is_reported_and_stays_on_the_task(app):
    reports = []

    @app.report_exception
    async def report(app, exception):
        reports.append(exception)

    async def bad():
        raise ValueError("bad")

    async def main():
        task = app.add_task(bad())
        with pytest.raises(ValueError, match="bad") as caught:
            await task
        assert reports == [caught.value]

    running(app, main)


def test_before_start_tasks_are_delayed(app):
    ran = []

    async def task(app):
        ran.append(app)

    assert app.add_task(task) is None
    coroutine = task("own")
    assert app.add_task(coroutine) is None
    with pytest.raises(RuntimeError, match="Cannot name task outside of a running application"):
        app.add_task(task, name="x")

    async def main():
        assert ran == []
        await app._server_event("init", "after", asyncio.get_running_loop())
        await asyncio.sleep(0)

    running(app, main)
    assert ran == [app, "own"] and app._delayed_tasks == []


def test_shutdown_spares_secondary_servers(app):
    async def main():
        server = app.add_task(forever(), name="RunServer")
        other = app.add_task(forever(), name="other")
        future = asyncio.get_running_loop().create_future()
        app.add_task(future, name="future")
        app.shutdown_tasks(0)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert other.cancelled() and future.cancelled() and not server.done()
        app.purge_tasks()
        assert list(app.tasks) == [server]
        server.cancel()

    running(app, main)


def test_shutdown_waits_where_the_loop_stands_still(app):
    ended = []

    async def slow():
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0)
            ended.append(True)

    async def start():
        await app._startup()
        app.asgi = True
        app.add_task(slow(), name="slow")
        await asyncio.sleep(0)

    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(start())
        app.shutdown_tasks(5)
    finally:
        loop.close()
    assert ended == [True] and list(app.tasks) == []


def test_task_without_a_name_is_held_until_it_is_done(app):
    async def main():
        wake = []

        async def wait():
            future = asyncio.get_running_loop().create_future()
            wake.append(weakref.ref(future))
            await future

        task = weakref.ref(app.add_task(wait()))
        await asyncio.sleep(0)
        gc.collect()
        assert task() is not None
        wake[0]().set_result(None)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        gc.collect()
        assert task() is None

    running(app, main)
