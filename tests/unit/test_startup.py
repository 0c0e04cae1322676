"""prepare(): what is refused, what is derived; addresses and the banner."""

from __future__ import annotations

import asyncio
import inspect
import logging
import os
import socket
from pathlib import Path
from typing import Any

import pytest

from sanic_fast.app import Sanic
from sanic_fast.application.constants import Mode, ServerStage
from sanic_fast.exceptions import SanicException, ServerError
from sanic_fast.http.constants import HTTP
from sanic_fast.response import text
from sanic_fast.server import AsyncioServer, HttpProtocol


@pytest.fixture
def app() -> Sanic:
    made = Sanic("startup", configure_logging=False)

    @made.get("/")
    async def index(request: Any) -> Any:
        return text("x")

    return made


def test_signature_of_run_is_that_of_prepare_without_coffee() -> None:
    run, prepare = inspect.signature(Sanic.run), inspect.signature(Sanic.prepare)
    names = [name for name in prepare.parameters if name != "coffee"]
    assert list(run.parameters) == names
    for name in names:
        assert run.parameters[name].default == prepare.parameters[name].default


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"fast": True, "workers": 2}, RuntimeError, "You cannot use both fast=True and workers=X"),
        (
            {"single_process": True, "workers": 2},
            RuntimeError,
            "Single process cannot be run with multiple workers or auto-reload",
        ),
        (
            {"single_process": True, "fast": True},
            RuntimeError,
            "Single process cannot be run with multiple workers or auto-reload",
        ),
        (
            {"single_process": True, "dev": True},
            RuntimeError,
            "Single process cannot be run with multiple workers or auto-reload",
        ),
        (
            {"register_sys_signals": False},
            RuntimeError,
            "Cannot run Sanic.serve with register_sys_signals=False. Use Sanic.serve_single.",
        ),
        ({"loop": object()}, TypeError, "loop is not a valid argument. To use an existing loop"),
        ({"auto_tls": True}, SanicException, "Cannot run Sanic as an HTTPS server in PRODUCTION"),
        ({"version": 3}, SanicException, "Cannot run Sanic as an HTTPS server in PRODUCTION"),
        ({"version": 2}, ValueError, "2 is not a valid HTTP"),
        ({"ssl": 5}, ValueError, "Invalid ssl argument"),
    ],
)
def test_prepare_refuses(
    app: Sanic, arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        app.prepare(motd=False, **arguments)
    assert message in str(caught.value)
    assert app.state.server_info == []


def test_prepare_refuses_http3_as_secondary(app: Sanic) -> None:
    app.prepare(motd=False)
    with pytest.raises(RuntimeError, match="Serving HTTP/3 instances as a secondary server"):
        app.prepare(version=3, motd=False)


def test_prepare_refuses_a_negative_number_of_proxies(app: Sanic) -> None:
    app.config.PROXIES_COUNT = -1
    with pytest.raises(ValueError, match="PROXIES_COUNT cannot be negative"):
        app.prepare(motd=False)


def test_prepare_adds_one_definition_with_defaults(app: Sanic) -> None:
    app.prepare(motd=False)
    (info,) = app.state.server_info
    assert info.stage is ServerStage.STOPPED
    assert set(info.settings) == {
        *("protocol", "host", "port", "version", "sock", "unix", "ssl", "app", "signal", "loop"),
        *("register_sys_signals", "backlog", "main_start", "main_stop"),
    }
    assert info.settings["protocol"] is HttpProtocol
    assert (info.settings["host"], info.settings["port"]) == ("127.0.0.1", 8000)
    assert info.settings["version"] is HTTP.VERSION_1
    assert (app.state.host, app.state.port, app.state.workers) == ("127.0.0.1", 8000, 1)
    assert app.state.mode is Mode.PRODUCTION
    assert app.config.ACCESS_LOG is False
    assert app.config.MOTD is False


def test_prepare_twice_keeps_both(app: Sanic) -> None:
    app.prepare(port=9990, motd=False)
    app.prepare(port=9991, motd=False)
    assert [info.settings["port"] for info in app.state.server_info] == [9990, 9991]


def test_dev_means_debug_and_reload(app: Sanic) -> None:
    app.prepare(dev=True, motd=False)
    assert app.debug
    assert app.state.auto_reload
    assert app.config.AUTO_RELOAD
    assert app.config.ACCESS_LOG is True
    assert Sanic.should_auto_reload()


def test_debug_leaves_a_chosen_access_log_alone(app: Sanic) -> None:
    app.prepare(debug=True, access_log=False, motd=False)
    assert app.config.ACCESS_LOG is False


def test_fast_takes_every_processor(app: Sanic) -> None:
    app.prepare(fast=True, motd=False)
    assert app.state.workers == len(os.sched_getaffinity(0))
    assert app.state.fast


def test_reload_dirs_are_kept_even_where_missing(
    app: Sanic, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    missing = str(tmp_path / "none")
    with caplog.at_level(logging.INFO):
        app.prepare(reload_dir=[str(tmp_path), missing], motd=False)
    assert app.state.reload_dirs == {tmp_path, Path(missing)}
    assert f"Directory {missing} could not be located" in caplog.text


def test_motd_display_is_not_shared_between_apps(app: Sanic) -> None:
    app.prepare(motd=False, motd_display={"a": "b"})
    assert app.config.MOTD_DISPLAY == {"a": "b"}
    assert Sanic("other", configure_logging=False).config.MOTD_DISPLAY == {}


@pytest.mark.parametrize(
    ("arguments", "address"),
    [
        ((None, None), ("127.0.0.1", 8000)),
        (("a", 0), ("a", 8000)),
        ((None, None, 3), ("127.0.0.1", 8443)),
        (("h", None, 1, True), ("h", 8443)),
        (("h", 1, 3, True), ("h", 1)),
    ],
)
def test_get_address_fills_in_defaults(arguments: Any, address: tuple[str, int]) -> None:
    assert Sanic.get_address(*arguments) == address


@pytest.mark.parametrize(
    ("settings", "location"),
    [
        (None, ""),
        ({}, ""),
        ({"host": "", "port": 3}, ""),
        ({"host": "0.0.0.0", "port": 3}, "http://0.0.0.0:3"),
        ({"host": "::1", "port": 80}, "http://[::1]:80"),
        ({"host": "h", "port": 443, "ssl": True}, "https://h:443"),
        ({"host": "h", "port": 1, "unix": "/run/s"}, "/run/s http://..."),
    ],
)
def test_server_location(settings: dict[str, Any] | None, location: str) -> None:
    assert Sanic.get_server_location(settings) == location


def test_serve_location_of_a_bound_socket(app: Sanic) -> None:
    assert app.serve_location == "http://<unknown>"
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        app.prepare(sock=sock, motd=False)
        assert app.serve_location == f"http://127.0.0.1:{sock.getsockname()[1]}"


def test_banner_tells_the_server(app: Sanic, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        app.prepare(port=9999, workers=3, motd_display={"more": "lines"})
    messages = [record.getMessage() for record in caplog.records]
    assert messages[0].startswith("Sanic v")
    assert "Goin' Fast @ http://127.0.0.1:9999" in messages
    assert "app: startup" in messages
    assert "mode: production, w/ 3 workers" in messages
    assert "server: sanic, HTTP/1.1" in messages
    assert messages[-1] == "more: lines"


def test_banner_is_shown_once_per_group_of_processes(
    app: Sanic, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SANIC_MOTD_OUTPUT", "true")
    with caplog.at_level(logging.INFO):
        app.prepare()
    assert "Goin' Fast" not in caplog.text


def test_motd_data_without_settings_knows_no_server(app: Sanic) -> None:
    data, extra = app.get_motd_data()
    assert data["server"] == "unknown"
    assert extra == {}


def test_serve_without_apps_raises() -> None:
    Sanic._app_registry.clear()
    with pytest.raises(RuntimeError, match="Did not find any applications"):
        Sanic.serve()


def test_serve_without_definition_returns(app: Sanic) -> None:
    Sanic.serve(primary=app)
    Sanic.serve_single(primary=app)


def test_serve_with_a_factory_that_prepared_nothing_raises(app: Sanic) -> None:
    with pytest.raises(RuntimeError, match="No server information found for startup"):
        Sanic.serve(factory=lambda: app)


def test_serve_without_workers_raises(app: Sanic) -> None:
    app.prepare(workers=0, motd=False)
    with pytest.raises(RuntimeError, match="Cannot serve with no workers"):
        Sanic.serve(primary=app)


def test_http3_without_its_library_is_told(app: Sanic, tmp_path: Path) -> None:
    from sanic_fast.server.runners import serve

    with pytest.raises(ServerError, match="Cannot run HTTP/3 server without aioquic installed"):
        serve(host="127.0.0.1", port=1, app=app, version=HTTP.VERSION_3)


@pytest.mark.net
def test_same_app_runs_again_and_again(app: Sanic) -> None:
    seen = []

    @app.after_server_start
    async def stop(app: Sanic) -> None:
        seen.append(app.serve_location)
        app.stop()

    for _ in range(3):
        with socket.socket() as sock:
            sock.bind(("127.0.0.1", 0))
            app.run(sock=sock, single_process=True, motd=False)
        assert app.state.server_info == []
        assert not app.state.is_running
    assert len(set(seen)) == 3


@pytest.mark.net
def test_two_binds_of_two_apps_are_served_and_stopped() -> None:
    first = Sanic("first", configure_logging=False)
    second = Sanic("second", configure_logging=False)
    answers: dict[str, bytes] = {}
    events: list[str] = []
    for app in (first, second):

        @app.get("/")
        async def index(request: Any) -> Any:
            return text(request.app.name)

        for event in ("before_server_start", "after_server_start", "before_server_stop"):
            app.listener(lambda app, event=event: events.append(f"{app.name} {event}"), event)

    async def ask(port: int) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
        data = await reader.read()
        writer.close()
        await writer.wait_closed()
        return data

    sockets = [socket.socket() for _ in range(3)]
    for sock in sockets:
        sock.bind(("127.0.0.1", 0))
    ports = [sock.getsockname()[1] for sock in sockets]

    @first.after_server_start
    async def check(app: Sanic) -> None:
        for port in ports:
            answers[str(port)] = await ask(port)
        app.stop()

    first.prepare(sock=sockets[0], motd=False)
    first.prepare(sock=sockets[1], motd=False)
    second.prepare(sock=sockets[2], motd=False)
    Sanic.serve_single(primary=first)
    names = [answers[str(port)].rpartition(b"\r\n")[2] for port in ports]
    assert names == [b"first", b"first", b"second"]
    assert events == [
        "first before_server_start",
        "second before_server_start",
        "second after_server_start",
        "first after_server_start",
        "first before_server_stop",
        "second before_server_stop",
    ]
    assert all(sock.fileno() == -1 for sock in sockets)


@pytest.mark.net
def test_create_server_serves_after_startup(app: Sanic) -> None:
    async def main() -> None:
        with socket.socket() as sock:
            sock.bind(("127.0.0.1", 0))
            server = await app.create_server(sock=sock)
            assert isinstance(server, AsyncioServer)
            assert not server.is_serving()
            with pytest.raises(SanicException, match="Cannot run Sanic server without first"):
                server.start_serving()
            with pytest.raises(SanicException, match="Cannot dispatch server event without first"):
                server.before_start()
            await server.startup()
            await server.before_start()
            await server.after_start()
            assert await server is server
            assert server.is_serving()
            reader, writer = await asyncio.open_connection(*sock.getsockname())
            writer.write(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n")
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200")
            assert len(server.connections) == 1
            await server.before_stop()
            await server.close()
            assert not server.is_serving()
            assert server.connections == set()
            await server.after_stop()
            writer.close()

    asyncio.run(main())


@pytest.mark.net
def test_create_server_that_is_never_started_leaves_nothing(app: Sanic, free_port: int) -> None:
    async def main() -> None:
        server = await app.create_server(port=free_port)
        assert server.server.sockets
        await server.close()

    asyncio.run(main())


def test_create_server_says_what_has_no_effect(
    app: Sanic, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    app.config.USE_UVLOOP = True
    app.main_process_start(lambda app: None)

    async def main() -> None:
        with pytest.warns(DeprecationWarning, match="return_asyncio_server"):
            server = await app.create_server(unix=tmp_path / "s", return_asyncio_server=False)
        await server.close()

    with caplog.at_level(logging.INFO):
        asyncio.run(main())
    assert "You are trying to change the uvloop configuration" in caplog.text
    assert "Listener events for the main process are not available" in caplog.text
