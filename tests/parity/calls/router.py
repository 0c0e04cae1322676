"""The router, called directly; definitions that fail."""

import re
import uuid
from functools import partial

from sanic import Sanic
from sanic.response import text
from sanic.router import ALLOWED_LABELS, ROUTER_CACHE_SIZE, Router
from sanic.views import HTTPMethodView
from sanic_routing.exceptions import RouteExists

Sanic.test_mode = True
Sanic.START_METHOD_SET = True


async def handler(request, **parameters):
    return text("")


def made(*routes):
    """An app with routes: (uri, options)."""
    app = Sanic("app", configure_logging=False)
    for number, route in enumerate(routes):
        uri, options = route if isinstance(route, tuple) else (route, {})
        app.add_route(handler, uri, **{"name": f"h{number}", **options})
    return app


def find(path, *routes, method="GET", host=None):
    """What a request finds."""
    app = made(*routes)
    app.router.finalize()
    route, _, parameters = app.router.get(path, method, host)
    return route.name.split(".")[1], parameters


def define(uri, **options):
    """Define one route, and show it."""
    app = made((uri, options))
    app.router.finalize()
    return [(r.path, r.uri, r.raw_path, sorted(r.methods), r.strict, r.segments, r.parts,
             r.static, r.unquote, bool(r.regex)) for r in app.router.routes]  # fmt: skip


find("/12", "/<x:int>")
find("/-12", "/<x:int>")
find("/+1", "/<x:int>")
find("/1_0", "/<x:int>")
find("/a", "/<x:int>")
find("/1e5", "/<x:float>")
find("/inf", "/<x:float>")
find("/abC", "/<x:alpha>")
find("/é", "/<x:alpha>")
find("/ab1", "/<x:alpha>")
find("/a-b-1", "/<x:slug>")
find("/A-b", "/<x:slug>")
find("/a/b/c", "/<x:path>")
find("/", "/<x:path>")
find("/p", "/p/<x:path>")
find("/p/", "/p/<x:path>")
find("/p/a/", "/p/<x:path>")
find("/2021-01-31", "/<x:ymd>")
find("/2021-02-31", "/<x:ymd>")
find("/2021-1-1", "/<x:ymd>")
find("/123e4567e89b12d3a456426655440000", "/<x:uuid>")
find("/", "/<x>")
find("/", "/<x:strorempty>")
find("/f/", "/f/<x:strorempty>")
find("/f", "/f/<x:strorempty>")
find("/f/", "/f/<x>")
find("/a.tar.gz", "/<x:ext>")
find("/.bashrc", "/<x:ext>")
find("/a.jpg", "/<x:ext=jpg|png>")
find("/12.txt", "/<x=int:ext>")
find("/b.tar.gz", "/<x:ext=tar.gz>")
find("/abz", "/<x:(?P<x>[a-z]{2})z>")
find("/a/b", "/<x:[a-z/]+>")
find("/a/1/2/b", "/a/<x:path>/b")
find("/x/12/a/b", "/x/<i:int>/<p:path>")
find("/a%20b", ("/<x>", {"unquote": True}))
find("/%C3%A9", "/é")
find("/a//", "/a")
find("//a", "/a")
find("/a/", ("/a", {"strict_slashes": True}))
find("/a", ("/a/", {"strict_slashes": True}))
find("/v1.1/a", ("/a", {"version": 1.1}))
find("/12", "/<x>", "/<x:[0-9]{2}>")
find("/1/x", "/<a:int>", "/<a:int>/x", "/<b>/x")
find("/x.gif", "/<a:ext=txt>", "/<b>")
find("/a", ("/a", {"host": "x.com"}), ("/a", {"host": "y.com"}), host="y.com")
find("/a", ("/a", {"host": "x.com"}), host="X.com")
find("/a", ("/a", {"host": "x.com"}))
find("/a", ("/a", {"methods": ["POST"]}), method="POST")
find("/a", ("/a", {"methods": ["POST"]}))
find("/nope", "/a")
define("/x")
define("x")
define("/x/")
define("/x/", strict_slashes=True)
define("/<a>")
define("/<a:int>/b")
define("/<a:[0-9]+>")
define("/<a:path>")
define("/<a:ext>")
define("/a b/é")
define("/a/<b>/c", unquote=True)
define("/x", version=1)
define("/x", methods=["post", "GET"])
define("")
define("/<x:string>")
define("/<x:number>")
define("/<1a>")
define("/<a:[>")
define("/<a:(b)(c)>")
define("/<a:(?P<z>b)>")
define("/<a>/<a>")
define("/<a:int>/<a>")
define("/x<a>")
define("/<a>x")
define("/<a:unknown>")
define("/<__a>")
define("/<__file_uri__:path>")
define("/<f=path:ext>")
define("/<f=[a-z]:ext>")
define("/<f:ext=a|b.c>")
define("/<f:ext=!>")
define("/<p:path>/<d:ymd>")
define("/x", methods=["BREW"])
define("/x", methods=[])
define("/x", host=5)
define("/x", host=["a", "b"])
define("/x", name="named")
define("/x", error_format="xml")
define("/x", error_format="json")
define("/x", ctx_a=1)
define("/x", nope=1)
made("/a", "/a")
made("/<a>", "/<b>")
made("/<a:int>", "/<b>")
made("/a", "/a/")
made(("/a", {"strict_slashes": True}), ("/a/", {"strict_slashes": True}))
made("/a", ("/a", {"methods": ["POST"]}))
made("/a", ("/a", {"host": "h"}))
made(("/a", {"host": "h"}), "/a")
made(("/a", {"host": "h"}), ("/a", {"host": "i"}))
made(("/a", {"version": 1}), "/v1/a")


def catch(action):
    """What registration raises, with its class."""
    try:
        return action()
    except Exception as error:
        return [c.__name__ for c in type(error).__mro__[:4]], str(error)


app = made()
catch(lambda: app.get("/a")(lambda: None))
catch(lambda: app.websocket("/a")(lambda request: None))
catch(lambda: app.get("/a")(partial(handler)))
app.get("/b", name="partial")(partial(handler)).func is handler
catch(lambda: app.get("/c")(5))
catch(lambda: app.get("/d", ctx_x=1, bad=2, worse=3))
catch(lambda: app.add_route(handler, "/e", bad=2))
catch(lambda: app.route("/f", methods="GET")(handler))
catch(lambda: app.router.finalize() or app.router.finalize())
catch(lambda: made().router.finalize())
POST = {"methods": ["POST"]}
app = made("/lit", ("/lit", POST), "/dyn/<a:int>", "/re/<a:[a-z]+>/x", "/p/<a:path>")
app.router.finalize()
router = app.router
routes = sorted(router.routes, key=str)
[len(x) for x in (router.routes, router.routes_all, router.routes_static, router.routes_dynamic,
                  router.routes_regex, router.groups)]  # fmt: skip
[type(x).__name__ for x in (router.routes, router.routes_all, router.routes_static)]
[sorted(map(str, x)) for x in (router.routes_all, router.routes_static, router.routes_dynamic)]
sorted(router.name_index)
[(r.name, r.path, r.pattern, r.priority if r.static else None) for r in routes]
[(r.labels, {k: (p.name, p.label, p.raw_path) for k, p in r.params.items()}) for r in routes]
[repr(r) for r in routes]
[repr(g) for g in router.groups.values()]
group = router.routes_static[("lit",)]
sorted(group.methods), group.uri, group.path, group.parts, group.strict, group.depth
sorted(r.name for r in group)
[r.name for r in group], group[0].name
sorted(vars(router.routes[0].extra))
[(e.ident, e.hosts, e.static, e.stream, e.ignore_body) for e in (r.extra for r in routes)]
router.find_route_by_view_name("h0").name
router.find_route_by_view_name("app.h0").name
router.find_route_by_view_name("nope")
router.find_route_by_view_name("")
sorted(router.regex_types)
[(k, v[0].__name__, v[1].pattern) for k, v in sorted(router.regex_types.items())]
Router.DEFAULT_METHOD, [str(m) for m in Router.ALLOWED_METHODS]
ALLOWED_LABELS, ROUTER_CACHE_SIZE
router.finalized
router.reset()
router.finalized
app.add_route(handler, "/more", name="more") is handler
router.finalize()
router.get("/more", "GET", None)[0].name
router.ctx.app is app
fresh = Router()
catch(lambda: fresh.register_pattern(5, int, "x"))
catch(lambda: fresh.register_pattern("x", 5, "x"))
catch(lambda: fresh.register_pattern("x", int, 5))
fresh.register_pattern("hex", lambda v: int(v, 16), r"^[0-9a-f]+$")
fresh.regex_types["hex"][1].pattern


class View(HTTPMethodView):
    async def get(self, request):
        return text("")


issubclass(RouteExists, Exception), RouteExists.__mro__[1].__name__
view = View.as_view()
view.__name__, view.view_class.__name__, view.__module__ == View.__module__
app = Sanic("inferred", configure_logging=False)


@app.get("/<a>/<b>/<c>/<d>/<e>")
async def inferred(request, a: int, b: float, c: str, d: uuid.UUID, e: list):
    return text("")


[r.path for r in app.router.routes]


def even(value):
    return int(value) // 2 * 2


app.router.register_pattern("even", even, re.compile(r"^\d$"))
app.get("/even/<x:even>", name="even")(handler) is handler
app.router.finalize()
app.router.get("/even/5", "GET", None)[2]
app.router.get("/even/x", "GET", None)
