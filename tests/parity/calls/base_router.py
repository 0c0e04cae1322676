"""The router without a framework: its constructor, and subclasses of it."""

from sanic_routing import BaseRouter, Route, RouteGroup
from sanic_routing.exceptions import NoMethod, NotFound


class Plain(BaseRouter):
    """Resolves whatever it is asked."""

    def get(self, path, method="BASE", extra=None):
        return self.resolve(path=path, method=method, extra=extra)


class Two(Plain):
    """With methods of its own."""

    ALLOWED_METHODS = ("ONE", "TWO")
    DEFAULT_METHOD = "ONE"


class OwnRoute(Route):
    """Nothing new."""


class OwnGroup(RouteGroup):
    """Nothing new."""


class Missing(NotFound):
    """Raised in place of NotFound."""


class Refused(NoMethod):
    """Raised in place of NoMethod."""


def first(*arguments):
    pass


def second(*arguments):
    pass


def catch(action):
    """What a call gives, or its exception with its class."""
    try:
        return action()
    except Exception as error:
        return [c.__name__ for c in type(error).__mro__[:2]], str(error)


def found(router, added, asked):
    """What a router finds for some paths and methods."""
    for path in added:
        path, options = path if isinstance(path, tuple) else (path, {})
        router.add(path, **{"handler": first, **options})
    router.finalize()
    answers = []
    for path, *method in asked:
        try:
            route, handler, parameters = router.get(path, *method)
            answers.append((route.path, route.uri, handler.__name__, parameters))
        except Exception as error:
            answers.append((path, type(error).__name__))
    return answers


catch(BaseRouter)
catch(lambda: Plain(nope=1))
[getattr(Plain(), n) for n in ("delimiter", "stacking", "cascade_not_found", "finalized")]
[getattr(Plain("."), n) for n in ("delimiter", "stacking", "cascade_not_found", "finalized")]
Plain("/", Missing, Refused).exception.__name__
Plain("/", Missing, Refused).method_handler_exception.__name__
found(Plain(), ["/a", "/<x:int>", "b/<y>"], [("/a",), ("a",), ("/5",), ("/b/q",), ("/nope",)])
found(Plain("."), ["a.b.<c>", "x.y"], [(".a.b.c",), ("a.b.c",), (".x.y",), (".a.b",), ("/a/b/c",)])
found(Plain("/", Missing, Refused), ["/a/<b>"], [("/a/b",), ("/a/b", "OTHER")])
found(Two(), [("/a", {"methods": ["ONE"]}), ("/a", {"methods": ["TWO"], "handler": second}), "/b"],
      [("/a", "ONE"), ("/a", "TWO"), ("/b", "ONE"), ("/b", "TWO")])  # fmt: skip
found(Plain(stacking=True, cascade_not_found=True), ["/a/<x:int>/z", "/<y>/1/w"],
      [("/a/1/z",), ("/a/1/w",), ("/b/2/w",)])  # fmt: skip
found(Plain(), ["/a", ("/a", {"overwrite": True, "handler": second})], [("/a",)])
found(Plain(), ["/a", ("/a", {"append": True, "handler": second})], [("/a",)])
catch(lambda: found(Plain(stacking=True), ["/a", "/a"], []))
catch(lambda: Plain().add("/a", first, priority=3))
Plain().add("/a", first, append=True, priority=3).priority
router = Plain(route_class=OwnRoute, group_class=OwnGroup)
type(router.add("/a", first)).__name__
[type(group).__name__ for group in router.groups.values()]
