"""Class-based views."""

from types import SimpleNamespace

import pytest

from sanic_fast.views import HTTPMethodView, stream


def asked(method):
    return SimpleNamespace(method=method)


class View(HTTPMethodView):
    """Doc of the view."""

    def __init__(self, *args, **kwargs):
        self.made_with = args, kwargs

    def get(self, request, *args, **kwargs):
        return "get", self, args, kwargs

    async def post(self, request):
        return "post"

    def connect(self, request):
        return "never"


def test_view_is_called_with_an_instance_of_its_own():
    view = View.as_view(1, a=2)
    name, instance, args, kwargs = view(asked("GET"), 3, b=4)
    assert (name, args, kwargs) == ("get", (3,), {"b": 4})
    assert instance.made_with == ((1,), {"a": 2})
    assert view(asked("GET"))[1] is not instance


def test_view_function_looks_like_the_class():
    view = View.as_view()
    assert view.view_class is View
    assert (view.__name__, view.__doc__) == ("View", "Doc of the view.")
    assert view.__module__ == View.__module__


def test_async_method_gives_a_coroutine():
    coroutine = View.as_view()(asked("POST"))
    with pytest.raises(StopIteration) as stop:
        coroutine.send(None)
    assert stop.value.value == "post"


def test_head_falls_back_to_get():
    assert View.as_view()(asked("HEAD"))[0] == "get"

    class WithHead(View):
        def head(self, request):
            return "head"

    assert WithHead.as_view()(asked("HEAD")) == "head"


@pytest.mark.parametrize("method", ["PUT", "CONNECT", "AS_VIEW", "ATTACH", "DISPATCH_REQUEST", ""])
def test_method_that_is_not_served(method):
    with pytest.raises(NotImplementedError) as info:
        View.as_view()(asked(method))
    assert str(info.value) == f"{method} is not supported for this endpoint."


def test_head_without_get():
    class Empty(HTTPMethodView):
        pass

    with pytest.raises(NotImplementedError, match="HEAD is not supported"):
        Empty.as_view()(asked("HEAD"))


def test_decorators_apply_in_order_the_last_outermost():
    def mark(name):
        def decorate(function):
            def wrapper(*args, **kwargs):
                return [name, function(*args, **kwargs)]

            return wrapper

        return decorate

    class Decorated(View):
        decorators = [mark("first"), mark("second")]

    view = Decorated.as_view()
    assert view(asked("GET"))[0] == "second"
    assert view(asked("GET"))[1][0] == "first"
    assert view.view_class is Decorated and view.__name__ == "Decorated"


class Recorder:
    """Takes the place of an app."""

    def __init__(self):
        self.calls = []

    def add_route(self, handler, **kwargs):
        self.calls.append((handler.view_class.__name__, kwargs))


DEFAULTS = dict(
    methods=frozenset({"GET"}),
    host=None,
    strict_slashes=None,
    version=None,
    name=None,
    stream=False,
    version_prefix="/v",
)


def test_attach_adds_a_route():
    app = Recorder()
    View.attach(app, "/x", version=2, name="n")
    assert app.calls == [("View", {**DEFAULTS, "uri": "/x", "version": 2, "name": "n"})]


def test_class_statement_attaches():
    app = Recorder()
    given = dict(
        methods={"POST"},
        host="h",
        strict_slashes=True,
        version=1,
        name="n",
        stream=True,
        version_prefix="/api/v",
    )

    class Attached(View, attach=app, uri="/x", **given):
        pass

    assert app.calls == [("Attached", {**given, "uri": "/x"})]

    class Child(Attached):
        pass

    assert len(app.calls) == 1


def test_other_keywords_of_the_class_statement_go_on():
    class Base:
        def __init_subclass__(cls, flavour=None, **kwargs):
            super().__init_subclass__(**kwargs)
            cls.flavour = flavour

    class Mixed(HTTPMethodView, Base, flavour="sweet"):
        pass

    assert Mixed.flavour == "sweet"


def test_stream_marks_the_method():
    @stream
    def post(self, request):
        return 1

    assert post.is_stream is True and post(None, None) == 1
