"""Blueprints: prefixes, names, groups, copies, what they bind, late registration."""

import asyncio

import pytest

from sanic_fast import Blueprint, Sanic, text
from sanic_fast.blueprint_group import BlueprintGroup
from sanic_fast.blueprints import lazy
from sanic_fast.exceptions import SanicException
from sanic_fast.routing.exceptions import NotFound, RouteExists


@pytest.fixture
def app():
    saved = dict(Sanic._app_registry)
    Sanic._app_registry.clear()
    yield Sanic("app", configure_logging=False)
    Sanic._app_registry.clear()
    Sanic._app_registry.update(saved)


async def handler(request, **params):
    return text("ok")


def make(name, *args, path="/r", **kwargs):
    bp = Blueprint(name, *args, **kwargs)
    bp.get(path, name="r")(handler)
    return bp


def shown(app):
    return [(route.uri, route.name) for route in app.router.routes]


@pytest.mark.parametrize(
    ("own", "options", "result"),
    [
        ({"url_prefix": "/p/"}, {}, ("/p/r", "app.bp.r")),
        ({"url_prefix": "p"}, {}, ("/p/r", "app.bp.r")),
        (
            {"url_prefix": "/p"},
            {"url_prefix": "/z", "version": 3, "name_prefix": "np", "version_prefix": "/api/v"},
            ("/api/v3/z/r", "app.np_bp.r"),
        ),
        ({"url_prefix": "/p", "version": 1}, {}, ("/v1/p/r", "app.bp.r")),
        ({"url_prefix": "/p", "version": 1}, {"version": 9}, ("/v9/p/r", "app.bp.r")),
        ({"url_prefix": "/p"}, {"url_prefix": ""}, ("/r", "app.bp.r")),
        (
            {"version": 1, "version_prefix": "/b"},
            {"version_prefix": "/v"},
            ("/b1/r", "app.bp.r"),
        ),
    ],
)
def test_uri_and_name(app, own, options, result):
    app.blueprint(make("bp", **own), **options)
    assert shown(app) == [result]


@pytest.mark.parametrize(("path", "uri"), [("/", "/p"), ("", "/p"), ("abc", "/p/abc")])
def test_root_and_bare_paths(app, path, uri):
    app.blueprint(make("bp", "/p", path=path))
    assert shown(app)[0][0] == uri


def test_route_settings_come_first(app):
    bp = Blueprint("b", "/p", "a.com", 1, True, "/bv")
    bp.get("/x", name="a")(handler)
    bp.get(
        "/x/", name="b", version=2, version_prefix="/rv", strict_slashes=False, host="b.com"
    )(handler)
    app.blueprint(bp, version=3, version_prefix="/ov")
    first, second = app.router.routes
    assert (first.uri, first.strict, list(first.extra.hosts)) == ("/ov3/p/x", True, ["a.com"])
    assert (second.uri, second.strict, list(second.extra.hosts)) == ("/rv2/p/x", False, ["b.com"])


def test_several_hosts(app):
    app.blueprint(make("hb", host=["a.com", "b.com"]))
    assert [route.extra.ident for route in app.router.routes] == [
        "app.hb.r_a_com",
        "app.hb.r_b_com",
    ]
    assert {route.name for route in app.router.routes} == {"app.hb.r"}


class TestGroups:
    def test_settings_are_joined(self, app):
        group = Blueprint.group(
            make("b1", "/x"),
            make("b2", "/y", version=5),
            url_prefix="/g",
            version=2,
            version_prefix="/api/v",
            name_prefix="G",
        )
        app.blueprint(group)
        assert shown(app) == [("/api/v2/g/x/r", "app.G_b1.r"), ("/api/v5/g/y/r", "app.G_b2.r")]

    def test_nested(self, app):
        inner = Blueprint.group(make("b1", "/x"), url_prefix="/in", version=1)
        app.blueprint(Blueprint.group(inner, make("b3"), url_prefix="/out", version=2))
        assert shown(app) == [("/v1/out/in/x/r", "app.b1.r"), ("/v2/out/r", "app.b3.r")]

    def test_options_of_registration(self, app):
        group = Blueprint.group(make("b1", "x"), url_prefix="g")
        app.blueprint(group, url_prefix="top", version=7, strict_slashes=True, name_prefix="Z")
        assert shown(app) == [("/v7/top/g/x/r", "app.Z_b1.r")]
        assert app.router.routes[0].strict

    def test_list_replaces_prefixes(self, app):
        with pytest.raises(RouteExists):
            app.blueprint([make("b1", "/x"), make("b2", "/y")], url_prefix="/L")
        assert shown(app) == [("/L/r", "app.b1.r")]

    def test_is_a_sequence(self):
        first, second, third = Blueprint("a"), Blueprint("b"), Blueprint("c")
        group = Blueprint.group(first, [second], url_prefix="/g", version=1)
        group.append(third)
        assert len(group) == 3 and list(group) == [first, second, third] == group.blueprints
        assert group[0:1] == [first]
        del group[0]
        group.insert(0, third)
        group[0] = first
        with pytest.raises(TypeError, match="Expected a Blueprint instance"):
            group[0] = 5
        assert (group.url_prefix, group.version, group.version_prefix) == ("/g", 1, "/v")
        assert (group.strict_slashes, group.name_prefix) == (None, "")

    def test_decorators_reach_every_member(self):
        first, second = Blueprint("a"), Blueprint("b")
        group = BlueprintGroup()
        group.append(Blueprint.group(first))
        group.append(second)

        def function(request, other=None):
            return None

        assert group.middleware(function) is None
        assert group.middleware("response")(function) is None
        assert group.on_request(function) is None
        assert group.on_request()(function) is None
        assert group.on_response(function) is None
        assert group.exception(ValueError)(function) is None
        for bp in (first, second):
            places = [record.attach_to for record in bp._future_middleware]
            assert places == ["request", "response", "request", "request", "response"]
            assert len(bp._future_exceptions) == 1


class TestRegistration:
    def test_attributes_are_filled(self, app):
        bp = make("b", "/x")
        bp.on_request(handler)
        bp.exception(ValueError)(handler)
        bp.listener("before_server_start")(handler)
        bp.websocket("/ws", name="ws")(lambda request, ws: None)
        with pytest.raises(SanicException, match="has not yet been registered to an app"):
            _ = bp.apps
        assert not bp.registered
        app.blueprint(bp)
        assert bp.apps == {app} and bp.registered
        assert [route.name for route in bp.routes] == ["app.b.r", "app.b.ws"]
        assert [route.name for route in bp.websocket_routes] == ["app.b.ws"]
        assert bp.exceptions == [handler] and len(bp.middlewares) == 1
        assert bp.listeners == {"before_server_start": [handler]}

    def test_repr_and_closed(self):
        bp = Blueprint("b", url_prefix="/x")
        assert repr(bp) == (
            'Blueprint(name="b", url_prefix="/x", host=None, version=None, strict_slashes=None)'
        )
        assert str(bp) == "<Blueprint b>"
        with pytest.raises(AttributeError, match="Setting variables on Blueprint instances"):
            bp.foo = 1

    def test_name_must_be_unique(self, app):
        app.blueprint(Blueprint("b"))
        with pytest.raises(AssertionError, match='name "b" is already registered.  Blueprint'):
            app.blueprint(Blueprint("b"))

    def test_strict_slashes_of_the_app_are_taken(self):
        app = Sanic("strict", strict_slashes=True, configure_logging=False)
        bp = Blueprint("b")
        app.blueprint(bp)
        Sanic.unregister_app(app)
        assert bp.strict_slashes is True

    def test_commands_are_refused(self, app):
        bp = Blueprint("b")
        bp.command(handler)
        with pytest.raises(SanicException, match="Registering commands with blueprints"):
            app.blueprint(bp)

    def test_again_is_skipped(self, app):
        bp = make("b", "/p")
        bp.listener("main_process_start")(handler)
        bp.signal("a.b.c")(handler)
        bp.exception(ValueError)(handler)
        app.blueprint(bp)
        app.blueprint(bp)
        assert shown(app) == [("/p/r", "app.b.r")]
        app.blueprint(bp, url_prefix="/q", name_prefix="n")
        assert shown(app)[1] == ("/q/r", "app.n_b.r")
        assert app.listeners["main_process_start"] == [handler]
        assert len([s for s in app.signal_router.routes if s.name == "a.b.c"]) == 1
        assert app.error_handler.lookup(ValueError(), "app.n_b.r") is handler

    def test_middleware_and_exceptions_bind_to_the_routes(self, app):
        bp = make("b")
        made = bp.on_request(handler)
        bp.exception(ValueError)(handler)
        app.blueprint(bp)
        app.get("/other", name="other")(handler)
        app.finalize()
        bound, other = app.router.routes
        assert list(bound.extra.request_middleware) == [made]
        assert list(other.extra.request_middleware) == []
        assert app.error_handler.lookup(ValueError(), "app.b.r") is handler
        assert app.error_handler.lookup(ValueError(), "app.other") is None

    def test_empty_blueprint_loses_its_middleware(self, app):
        bp = Blueprint("b")
        bp.on_request(handler)
        app.blueprint(bp)
        bp.get("/r")(handler)
        assert app.named_request_middleware == {}

    def test_statics_are_routes(self, app, tmp_path):
        (tmp_path / "f.txt").write_text("x")
        bp = Blueprint("b", "/p", version=1)
        bp.static("/dir", tmp_path)
        bp.static("/file", tmp_path / "f.txt", name="file")
        bp.on_request(handler)
        app.blueprint(bp)
        assert sorted(shown(app)) == [
            ("/p/dir/<__file_uri__:path>", "app.b.static"),
            ("/p/file", "app.b.file"),
        ]
        assert all(r.extra.static and r.methods == {"GET", "HEAD"} for r in app.router.routes)
        assert set(app.named_request_middleware) == {"app.b.static", "app.b.file"}


class TestLate:
    def test_routes_come_again_under_the_own_prefix(self, app):
        bp = Blueprint("l", "/l")
        bp.get("/one", name="one")(handler)
        app.blueprint(bp, url_prefix="/z")
        bp.get("/two", name="two")(handler)
        assert [uri for uri, _ in shown(app)] == ["/z/one", "/l/one", "/l/two"]

    def test_without_options_only_the_new_route_is_added(self, app):
        bp = make("l", "/l")
        bp.on_request(handler)
        app.blueprint(bp)
        bp.on_request(handler)
        bp.get("/two", name="two")(handler)
        assert [uri for uri, _ in shown(app)] == ["/l/r", "/l/two"]
        assert {k: len(v) for k, v in app.named_request_middleware.items()} == {"app.l.r": 1}

    def test_listeners_and_signals_work(self, app):
        bp = make("l")
        app.blueprint(bp)
        bp.listener("main_process_start")(handler)
        bp.signal("a.b.c")(handler)
        assert app.listeners["main_process_start"] == [handler]
        assert "a.b.c" in app.signal_router.name_index

    def test_after_startup(self, app):
        bp = make("l")
        app.blueprint(bp)

        async def run():
            await app._startup()
            bp.get("/two", name="two")(handler)
            assert app.router.get("/two", "GET", None)[0].name == "app.l.two"

        asyncio.run(run())


class TestCopy:
    def test_registered_with_the_original(self, app):
        bp = make("orig", "/o")
        bp.ctx.z = 1
        bp.on_request(handler)
        app.blueprint(bp)
        new = bp.copy("cp", url_prefix="/c", version=2)
        assert shown(app) == [("/o/r", "app.orig.r"), ("/v2/c/r", "app.cp.r")]
        assert (new.copied_from, vars(new.ctx), new.registered) == ("orig", {}, True)
        assert set(app.named_request_middleware) == {"app.orig.r", "app.cp.r"}

    def test_kept_apart(self, app):
        bp = make("orig", "/o")
        bp.ctx.z = 1
        app.blueprint(bp)
        new = bp.copy("cp", with_registration=False, with_ctx=True)
        assert new.ctx is bp.ctx and not new.registered and new.url_prefix == "/o"
        new.get("/more", name="more")(handler)
        assert len(bp._future_routes) == 1 and len(new._future_routes) == 2

    def test_statics_cannot_be_registered_again(self, app, tmp_path):
        bp = Blueprint("orig")
        bp.static("/", tmp_path)
        app.blueprint(bp)
        with pytest.raises(SanicException, match="Static routes registered with the old"):
            bp.copy("cp")

    def test_overwriting_a_route(self, app):
        async def newer(request):
            return None

        new = make("orig").copy("cp", url_prefix="/c", allow_route_overwrite=True)
        new.get("/r", name="newer")(newer)
        app.blueprint(new)
        assert shown(app) == [("/c/r", "app.cp.newer")]
        new.get("/r", name="newest")(newer)
        assert shown(app) == [("/c/r", "app.cp.newest")]


class TestSignals:
    def test_own_and_common_dispatch(self, app):
        ran = []
        bp = make("b")

        @bp.signal("foo.bar.baz")
        async def own(**context):
            ran.append(context)

        with pytest.raises(SanicException, match="has not yet been registered"):
            asyncio.run(bp.dispatch("foo.bar.baz"))
        app.blueprint(bp)

        async def run():
            app.signalize()
            assert await bp.dispatch("foo.bar.baz", inline=True, context={"a": 1}) == [None]
            await app.dispatch("foo.bar.baz", inline=True, context={"a": 2})
            await app.dispatch("foo.bar.baz", inline=True, condition={"x": 1})

        asyncio.run(run())
        assert ran == [{"a": 1}, {"a": 2}]

    def test_event(self, app):
        bp = make("b")
        bp.add_signal(None, "foo.bar.baz")
        app.blueprint(bp)

        async def run():
            app.signalize()
            with pytest.raises(NotFound, match="Could not find signal nope.z.z"):
                bp.event("nope.z.z")
            with pytest.raises(asyncio.TimeoutError):
                await bp.event("foo.bar.baz", timeout=0.001)
            waiting = asyncio.create_task(bp.event("foo.bar.baz", timeout=5))
            await asyncio.sleep(0.01)
            await bp.dispatch("foo.bar.baz", context={"q": 1})
            assert await waiting == {"q": 1}

        asyncio.run(run())


def test_lazy_only_records(app):
    class Recording(Blueprint):
        route = lazy(Blueprint.route)

    bp = Recording("b")
    app.blueprint(bp)
    bp.route("/x")(handler)
    assert len(bp._future_routes) == 1 and shown(app) == []
