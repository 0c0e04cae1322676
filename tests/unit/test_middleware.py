"""Middleware: forms of registration, order, what the deques hold."""

import pytest

from sanic_fast import Blueprint, Sanic
from sanic_fast.middleware import Middleware, MiddlewareLocation


@pytest.fixture
def app():
    saved = dict(Sanic._app_registry)
    Sanic._app_registry.clear()
    app = Sanic("app", configure_logging=False)
    app.get("/", name="r")(lambda request: None)
    yield app
    Sanic._app_registry.clear()
    Sanic._app_registry.update(saved)


def named(name):
    def function(*args):
        return None

    function.__name__ = name
    return function


def names(deque):
    return [getattr(getattr(item, "func", item), "__name__", "?") for item in deque]


def test_forms(app):
    for function in (
        app.middleware(named("a")),
        app.middleware("request")(named("b")),
        app.middleware(named("c"), "response"),
        app.on_request(named("d")),
        app.on_request(priority=5)(named("e")),
        app.on_response()(named("f")),
    ):
        assert isinstance(function, Middleware)
    app.finalize()
    assert names(app.request_middleware) == ["e", "a", "b", "d"]
    assert names(app.response_middleware) == ["f", "c"]


def test_object():
    function = named("f")
    first = Middleware(function, MiddlewareLocation.REQUEST, priority=3)
    second = Middleware(function, MiddlewareLocation.RESPONSE)
    assert repr(first) == "Middleware(func=<function f>, priority=3, location=REQUEST)"
    assert first.order == (3, -first.definition)
    assert hash(first) == hash(function) and first != second and first == first
    assert second.definition == first.definition + 1
    assert Middleware(lambda x: x, MiddlewareLocation.REQUEST)(4) == 4


def test_measured_order(app):
    for label, priority in (("r0", 0), ("r5", 5), ("r0b", 0), ("r-1", -1)):
        app.on_request(named(label), priority=priority)
    for label, priority in (("s0", 0), ("s5", 5), ("s0b", 0), ("s-1", -1)):
        app.on_response(named(label), priority=priority)
    app.finalize()
    (route,) = app.router.routes
    assert names(route.extra.request_middleware) == ["r5", "r0", "r0b", "r-1"]
    assert names(route.extra.response_middleware) == ["s-1", "s0b", "s0", "s5"]
    assert names(app.request_middleware) == names(route.extra.request_middleware)


def test_blueprint_middleware_interleaves_in_definition_order(app):
    bp = Blueprint("b")
    bp.get("/b", name="r")(lambda request: None)
    app.on_request(named("app1"))
    bp.on_request(named("bp"))
    app.on_request(named("app2"))
    app.blueprint(bp)
    app.finalize()
    own, other = app.router.routes
    assert names(own.extra.request_middleware) == ["app1", "app2"]
    assert names(other.extra.request_middleware) == ["app1", "bp", "app2"]


def test_register_middleware(app):
    function = named("f")
    made = Middleware(function, MiddlewareLocation.REQUEST)
    assert app.register_middleware(function) is function
    assert app.register_middleware(function) is function
    assert app.register_middleware(made) is app.register_middleware(made) is made
    assert names(app.request_middleware) == ["f", "f", "f"]
    app.register_middleware(made, priority=4)
    assert app.request_middleware[-1].priority == 4
    assert app.register_named_middleware(function, ["app.r"], "response", priority=2) is function
    assert app.named_response_middleware["app.r"][0].priority == 2
    for bad in (
        lambda: app.register_middleware(function, "foo"),
        lambda: app.middleware("foo")(function),
    ):
        with pytest.raises(KeyError):
            bad()


def test_bare_functions_at_the_left_run_first_and_can_be_removed(app):
    app.on_request(named("a"), priority=9)
    app.on_response(named("s"))
    front, back = named("front"), named("back")
    app.request_middleware.appendleft(front)
    app.request_middleware.append(back)
    app.response_middleware.appendleft(front)
    app.finalize()
    (route,) = app.router.routes
    assert names(route.extra.request_middleware) == ["front", "a", "back"]
    assert names(route.extra.response_middleware) == ["front", "s"]
    app.request_middleware.remove(front)
    assert names(app.request_middleware) == ["a", "back"]


def test_changes_are_counted(app):
    app.finalize()
    (route,) = app.router.routes
    for deque in (app.request_middleware, route.extra.request_middleware):
        before = deque.cell.value
        deque.appendleft(named("x"))
        assert deque.cell.value > before


def test_plain_deque_put_in_place_is_taken_over(app):
    from collections import deque

    app.request_middleware = deque([named("x")])
    app.finalize()
    assert names(app.request_middleware) == ["x"]
    assert hasattr(app.request_middleware, "cell")


def test_convert():
    function, made = named("a"), Middleware(named("b"), MiddlewareLocation.REQUEST)
    result = Middleware.convert([function], [made], location=MiddlewareLocation.REQUEST)
    assert names(result) == ["a", "b"] and result[1] is made
    assert isinstance(result[0], Middleware)
