"""The application: construction, attributes, registry, lifecycle, late changes."""

import asyncio
from types import SimpleNamespace

import pytest

from sanic_fast import Blueprint, Sanic, text
from sanic_fast.application.constants import Mode, Server, ServerStage
from sanic_fast.application.state import ApplicationServerInfo
from sanic_fast.config import Config
from sanic_fast.exceptions import BadRequest, SanicException, ServerError
from sanic_fast.log import VerbosityFilter
from sanic_fast.routing.exceptions import (
    BadMethod,
    FinalizationError,
    NotFound,
    RouteExists,
)


@pytest.fixture(autouse=True)
def registry():
    saved = dict(Sanic._app_registry)
    Sanic._app_registry.clear()
    yield Sanic._app_registry
    Sanic._app_registry.clear()
    Sanic._app_registry.update(saved)


@pytest.fixture
def app(registry):
    return Sanic("app", configure_logging=False)


async def handler(request, **params):
    return text("ok")


def start(app):
    asyncio.run(app._startup())
    return app


class TestConstruction:
    def test_name_is_required(self):
        with pytest.raises(TypeError):
            Sanic()
        with pytest.raises(SanicException, match="Sanic instance cannot be unnamed"):
            Sanic(None)

    @pytest.mark.parametrize("name", ["", "1x", "a b", "ä"])
    def test_name_format(self, name):
        with pytest.raises(SanicException, match="uses an invalid format"):
            Sanic(name)

    def test_config_and_prefix_exclude_each_other(self):
        with pytest.raises(SanicException, match="you cannot also pass env_prefix"):
            Sanic("x", config=Config(), env_prefix="X_")

    def test_parts_are_taken_over(self):
        config, ctx = Config(), SimpleNamespace(a=1)
        app = Sanic("x", config=config, ctx=ctx, inspector=True, configure_logging=False)
        assert app.config is config
        assert app.ctx is ctx
        assert app.config.INSPECTOR is True
        assert app.router.ctx.app is app.signal_router.ctx.app is app

    def test_repr_and_str(self, app):
        class Sub(Sanic):
            pass

        assert (repr(app), str(app)) == ('Sanic(name="app")', "<Sanic app>")
        assert repr(Sub("s", configure_logging=False)) == 'Sub(name="s")'

    def test_generic_alias_makes_apps(self):
        made = Sanic[Config, SimpleNamespace]("generic", configure_logging=False)
        assert type(made) is Sanic

    @pytest.mark.parametrize("name", ["foo", "debug", "loop", "run", "_foo"])
    def test_instances_are_closed(self, app, name):
        class Sub(Sanic):
            pass

        with pytest.raises(AttributeError, match=f"use instance.ctx.{name} instead"):
            setattr(app, name, 1)
        with pytest.raises(AttributeError, match="Setting variables on Sub instances"):
            setattr(Sub("s", configure_logging=False), name, 1)

    def test_declared_slots_and_class_attributes_are_open(self):
        class Sub(Sanic):
            __slots__ = ("foo",)

        sub = Sub("s", configure_logging=False)
        sub.foo = 1
        Sub.test_mode = True
        assert sub.foo == 1 and Sanic.test_mode is False

    def test_defaults(self, app):
        assert app.debug is False and app.asgi is False and app.auto_reload is False
        assert app.websocket_enabled is False and app.websocket_tasks == set()
        assert app.blueprints == {} and app.sock is None
        assert list(app.request_middleware) == list(app.response_middleware) == []
        assert app.serve_location == "http://<unknown>"
        assert not hasattr(app, "multiplexer")
        with pytest.raises(AttributeError):
            _ = app.m
        for name in ("manager", "inspector"):
            with pytest.raises(SanicException, match=f"Can only access the {name}"):
                getattr(app, name)
        with pytest.raises(SanicException, match="Loop can only be retrieved after"):
            _ = app.loop

    def test_apps_are_hashable_by_identity(self, app):
        assert len({app, Sanic("other", configure_logging=False)}) == 2


class TestRegistry:
    def test_get_app(self, app):
        assert Sanic.get_app() is Sanic.get_app("app") is app
        with pytest.raises(SanicException, match="Sanic app name 'nope' not found."):
            Sanic.get_app("nope")
        made = Sanic.get_app("made", force_create=True)
        assert made.name == "made" and Sanic.get_app("made", force_create=True) is made
        with pytest.raises(SanicException, match="Multiple Sanic apps found"):
            Sanic.get_app()

    def test_empty(self):
        with pytest.raises(SanicException, match="No Sanic apps have been registered."):
            Sanic.get_app()

    def test_main_falls_back(self):
        made = Sanic("__mp_main__", configure_logging=False)
        assert Sanic.get_app("__main__") is made

    def test_same_name(self, app, monkeypatch):
        with pytest.raises(SanicException, match='Sanic app name "app" already in use.'):
            Sanic("app", configure_logging=False)
        monkeypatch.setattr(Sanic, "test_mode", True)
        newer = Sanic("app", configure_logging=False)
        assert Sanic.get_app("app") is newer

    def test_only_apps(self, app):
        for method in (Sanic.register_app, Sanic.unregister_app):
            with pytest.raises(SanicException, match="must be an instance of Sanic"):
                method(1)
        Sanic.unregister_app(app)
        assert Sanic._app_registry == {}

    def test_subclasses_share(self, app):
        class Sub(Sanic):
            pass

        assert Sub._app_registry is Sanic._app_registry


class TestRoutes:
    def test_decorators_return_the_handler(self, app):
        assert app.get("/")(handler) is handler
        assert app.add_route(handler, "/b", name="b") is handler
        record, same = app.route("/c", static=True, name="c")(handler)
        assert same is handler and record.name == "app.c"
        assert app.post("/d", name="d")(("record", handler)) is handler

    def test_names(self, app):
        assert app.generate_name("a") == app.generate_name("app.a") == "app.a"
        assert app.generate_name(None, "", handler) == "app.handler"
        with pytest.raises(ValueError, match="Could not generate a name for handler"):
            app.generate_name(None)

    def test_generate_name_can_be_overridden(self, registry):
        class Named(Sanic):
            def generate_name(self, *objects):
                return super().generate_name(*objects) + "_x"

        app = Named("named", configure_logging=False)
        app.get("/")(handler)
        assert app.router.routes[0].name == "named.handler_x"

    @pytest.mark.parametrize(
        ("kwargs", "error", "message"),
        [
            ({"zz": 1, "cc": 2}, TypeError, "Unexpected keyword arguments: zz, cc"),
            ({"methods": ["FOO"]}, BadMethod, "Bad method: "),
            ({"error_format": "x"}, SanicException, "Unknown format: x"),
            ({"host": 5}, ValueError, "Expected either string or Iterable of host strings, not 5"),
        ],
    )
    def test_bad_arguments(self, app, kwargs, error, message):
        with pytest.raises(error, match=message):
            app.route("/", **kwargs)(handler)

    def test_parameters_are_needed(self, app):
        with pytest.raises(ValueError, match=r"`request` missing in the <lambda>\(\) route"):
            app.get("/")(lambda: 1)
        with pytest.raises(ValueError, match=r"`request` and/or `ws` missing in the <lambda>"):
            app.websocket("/")(lambda request: 1)
        app.get("/args")(lambda *args: 1)

    def test_bound_methods_count_without_self(self, app):
        class View:
            def none(self):
                return None

            async def one(self, request):
                return None

        app.get("/one")(View().one)
        with pytest.raises(ValueError, match="`request` missing"):
            app.get("/none")(View().none)

    def test_context_and_slashes(self, app):
        app.get("x", ctx_a=1, ctx_ctx_b=2)(handler)
        route = app.router.routes[0]
        assert vars(route.ctx) == {"a": 1, "b": 2}
        assert route.uri == "/x"

    def test_stream_marks_the_function(self, app):
        async def streaming(request):
            return None

        app.post("/", stream=True)(streaming)
        assert streaming.is_stream is True
        assert app.router.routes[0].extra.stream is True

    @pytest.mark.parametrize(
        ("method", "ignored"),
        [("get", True), ("head", True), ("options", True), ("delete", False), ("post", False)],
    )
    def test_shorthands(self, app, method, ignored):
        getattr(app, method)("/")(handler)
        (route,) = app.router.routes
        assert route.methods == {method.upper()}
        assert route.extra.ignore_body is ignored

    def test_websocket_route(self, app):
        async def feed(request, ws):
            return None

        app.websocket("/feed", subprotocols=["a", "b"])(feed)
        (route,) = app.router.routes
        assert route.extra.websocket is True and route.methods == {"GET"}
        assert route.handler.func == app._websocket_handler
        assert route.handler.args == (feed,)
        assert route.handler.__name__ == "feed" and route.handler.is_websocket
        assert app.websocket_enabled
        with pytest.raises(RouteExists):
            app.get("/feed")(handler)

    def test_view_gives_the_methods(self, app):
        class View:
            async def get(self, request):
                return None

            async def post(self, request):
                return None

        View.post.is_stream = True

        def as_view(request):
            return None

        as_view.view_class = View
        app.add_route(as_view, "/", methods=["DELETE"])
        (route,) = app.router.routes
        assert route.methods == {"GET", "POST"} and route.extra.stream

    def test_late_route_needs_no_amend(self, app):
        async def run():
            app.get("/a", name="a")(handler)
            await app._startup()
            app.get("/b", name="b")(handler)
            assert app.router.get("/b", "GET", None)[0].name == "app.b"
            with app.amend():
                app.get("/c", name="c")(handler)
                assert not app.router.finalized
                with app.amend():
                    app.get("/d", name="d")(handler)
            assert app.router.get("/d", "GET", None)[0].name == "app.d"

        asyncio.run(run())

    def test_amend_finalizes_after_an_error(self, app):
        async def run():
            app.get("/a", name="a")(handler)
            await app._startup()
            with pytest.raises(ZeroDivisionError):
                with app.amend():
                    raise ZeroDivisionError
            assert app.router.finalized and app.signal_router.finalized
            with pytest.raises(RouteExists):
                app.get("/a", name="other")(handler)
            assert app.router.get("/a", "GET", None)[0].name == "app.a"

        asyncio.run(run())

    def test_route_after_finalize_before_start(self, app):
        app.get("/", name="a")(handler)
        app.finalize()
        with pytest.raises(FinalizationError, match="Cannot finalize router more than once."):
            app.get("/b", name="b")(handler)


class TestStartup:
    def test_no_routes(self, app, monkeypatch):
        with pytest.raises(FinalizationError, match="Cannot finalize with no routes defined."):
            start(app)
        monkeypatch.setattr(Sanic, "test_mode", True)
        start(app)

    def test_twice(self, app, monkeypatch):
        app.get("/")(handler)
        assert start(app).state.is_started
        with pytest.raises(FinalizationError, match="Cannot finalize router more than once."):
            start(app)
        monkeypatch.setattr(Sanic, "test_mode", True)
        start(app)

    def test_duplicate_names(self, app):
        app.get("/a", name="x")(handler)
        app.get("/b", name="x")(handler)
        with pytest.raises(ServerError, match="Duplicate route names detected: app.x. You should"):
            start(app)

    @pytest.mark.parametrize(
        ("debug", "setting", "result"),
        [(False, None, True), (True, None, False), (True, True, True), (False, False, False)],
    )
    def test_touchup_setting(self, app, debug, setting, result):
        app.get("/")(handler)
        if debug:
            app.state.mode = Mode.DEBUG
        if setting is not None:
            app.config.TOUCHUP = setting
        assert start(app).config.TOUCHUP is result

    def test_plan_is_made(self, app):
        app.get("/")(handler)
        assert start(app)._plan is app._plan


class TestListeners:
    def test_order_and_call_convention(self, app):
        ran = []
        app.before_server_start(lambda app: ran.append("first"))
        app.before_server_start(priority=1)(lambda app, loop: ran.append("high"))

        @app.listener("before_server_start")
        async def last(app):
            ran.append("last")

        app.after_server_stop(lambda app: ran.append("stop low"))
        app.after_server_stop(priority=2)(lambda app: ran.append("stop high"))

        async def run():
            app.signalize()
            loop = asyncio.get_running_loop()
            await app._server_event("init", "before", loop)
            await app._server_event("shutdown", "after", loop)

        with pytest.warns(DeprecationWarning, match="Passing the loop argument"):
            asyncio.run(run())
        assert ran == ["high", "first", "last", "stop low", "stop high"]

    @pytest.mark.parametrize(
        "name",
        [
            "main_process_start",
            "main_process_ready",
            "main_process_stop",
            "reload_process_start",
            "reload_process_stop",
            "before_reload_trigger",
            "after_reload_trigger",
        ],
    )
    def test_process_listeners_are_kept(self, app, name):
        assert getattr(app, name)(handler) is handler
        assert app.listeners[name] == [handler]

    def test_priority_of_process_listener_warns(self, app, caplog):
        app.main_process_start(priority=2)(handler)
        assert "Priority is not supported for main_process_start" in caplog.text

    def test_bad_events(self, app):
        with pytest.raises(BadRequest, match="Missing event name."):
            app.listener(handler)
        with pytest.raises(BadRequest, match="Invalid event: zz. Use one of: "):
            app.listener("zz")(handler)
        with pytest.raises(BadRequest, match="Invalid event: zz."):
            app.register_listener(handler, "zz")

    def test_bad_server_event(self, app):
        with pytest.raises(SanicException, match="Invalid server event: server.foo.bar"):
            asyncio.run(app._server_event("foo", "bar"))


class TestState:
    def test_defaults(self, app):
        state = app.state
        assert (state.host, state.port, state.workers, state.primary) == ("", 0, 0, True)
        assert state.mode is Mode.PRODUCTION and state.server is Server.SANIC
        assert state.server_info == [] and state.reload_dirs == set()
        assert state.stage is ServerStage.STOPPED

    def test_stage(self, app):
        first, second = (ApplicationServerInfo({}) for _ in range(2))
        app.state.server_info.extend((first, second))
        assert app.state.stage is ServerStage.STOPPED
        first.stage = ServerStage.SERVING
        assert app.state.stage is ServerStage.PARTIAL
        second.stage = ServerStage.SERVING
        assert app.state.stage is ServerStage.SERVING

    def test_mode_reaches_the_error_handler(self, app):
        app.state.mode = Mode.DEBUG
        assert app.debug and app.error_handler.debug

    def test_verbosity_reaches_the_filter(self, app, monkeypatch):
        monkeypatch.setattr(VerbosityFilter, "verbosity", 0)
        app.state.verbosity = 2
        assert VerbosityFilter.verbosity == 2

    def test_init_is_protected(self, app):
        with pytest.raises(RuntimeError):
            app.state._init = False

    def test_enums_compare_and_print(self):
        assert Mode.DEBUG == Mode.DEBUG == "debug" and Mode.DEBUG != Mode.PRODUCTION
        assert f"{Mode.DEBUG} {Server.ASGI}" == "debug asgi"

    def test_auto_reload_sets_both(self, app):
        app.auto_reload = True
        assert app.config.AUTO_RELOAD is app.state.auto_reload is True


class TestMisc:
    def test_exceptions(self, app):
        with pytest.raises(IndexError):
            app.exception()(handler)
        assert app.exception([ValueError, KeyError])(handler) is handler
        with pytest.raises(ServerError, match="Duplicate exception handler definition on: route="):
            app.exception(ValueError)(handler)
        assert app.error_handler.lookup(KeyError()) is handler
        assert app.all_exceptions(handler) is handler

    def test_commands(self, app):
        wrapped = app.command(lambda: 3)
        app.command(name="foo")(handler)
        assert [command.name for command in app._future_commands] == ["<lambda>", "foo"]
        assert asyncio.run(wrapped()) == 3

    def test_report_exception(self, app):
        seen = []

        @app.report_exception
        async def report(app, exception):
            seen.append((app, exception))

        app.catch_exception(lambda app, exception: seen.append(exception))
        error = ValueError()

        async def run():
            app.signalize()
            await app.dispatch(
                "server.exception.report", context={"exception": error}, inline=True
            )

        asyncio.run(run())
        assert seen == [(app, error), error]

    def test_event(self, app):
        async def run():
            app.add_signal(None, "foo.bar.<thing>")
            app.signalize()
            waiting = asyncio.create_task(app.event("foo.bar.*"))
            await asyncio.sleep(0)
            await app.dispatch("foo.bar.zz", context={"c": 1})
            assert await waiting == {"thing": "zz", "c": 1}
            with pytest.raises(asyncio.TimeoutError):
                await app.event("foo.bar.*", timeout=0.001)
            with pytest.raises(NotFound, match="Could not find signal"):
                await app.event("nope.a.b", timeout=0.001)
            app.config.EVENT_AUTOREGISTER = True
            with pytest.raises(asyncio.TimeoutError):
                await app.event("nope.a.b", timeout=0.001)
            assert app.signal_router.finalized

        asyncio.run(run())

    def test_overridden_handle_request_is_called(self, registry):
        class Wrapped(Sanic):
            async def handle_request(self, request):
                await super().handle_request(request)

        assert not getattr(Wrapped.handle_request, "_sf_default", False)
        assert Sanic.handle_request._sf_default and Sanic.handle_exception._sf_default

    def test_call_can_be_replaced(self, app, monkeypatch):
        async def call(self, scope, receive, send):
            return "called"

        monkeypatch.setattr(Sanic, "__call__", call)
        assert asyncio.run(app({}, None, None)) == "called"

    def test_refresh_hands_values_to_the_registered_app(self, app):
        result = app.refresh({"config": {"ACCESS_LOG": True}, "auto_reload": True})
        assert result is app and app.config.ACCESS_LOG and app.auto_reload

    def test_blueprint_of_other_type(self, app):
        with pytest.raises(TypeError):
            app.blueprint(5)
        app.blueprint([Blueprint("a"), (Blueprint("b"),)])
        assert list(app.blueprints) == ["a", "b"]
