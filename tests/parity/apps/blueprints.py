"""Blueprints: prefixes, versions, hosts, groups, copies, late additions, scopes."""

from sanic import Blueprint, Sanic
from sanic.blueprints import BlueprintGroup
from sanic.exceptions import Forbidden, NotFound, SanicException
from sanic.response import json, text

app = Sanic("blueprints")


def handler_for(word):
    async def handler(request, **parameters):
        return json([word, request.name, request.path, parameters], headers=request.ctx.__dict__)

    return handler


def blueprint(name, *uris, **options):
    bp = Blueprint(name, **options)
    for number, uri in enumerate(uris):
        bp.add_route(handler_for(f"{name}{number}"), uri, name=f"r{number}")
    return bp


app.blueprint(blueprint("slash", "/r", url_prefix="/slash/"))
app.blueprint(blueprint("bare", "/r", url_prefix="bare"))
app.blueprint(blueprint("root", "/", url_prefix="/root"))
app.blueprint(blueprint("empty", "", "abc", url_prefix="/empty"))
app.blueprint(blueprint("noprefix", "/noprefix"))
app.blueprint(blueprint("param", "/x", "/<y:int>", url_prefix="/param/<a>"))
app.blueprint(
    blueprint("given", "/r", url_prefix="/given"),
    url_prefix="/z",
    version=3,
    name_prefix="np",
    version_prefix="/api/v",
)
app.blueprint(blueprint("version", "/r", url_prefix="/version", version=1))
app.blueprint(blueprint("version9", "/r", url_prefix="/version", version=1), version=9)
app.blueprint(blueprint("strict", "/r/", "/s", url_prefix="/strict", strict_slashes=True))
app.blueprint(blueprint("hosts", "/r", url_prefix="/hosts", host=["a.example", "b.example"]))
app.blueprint(blueprint("host", "/r", url_prefix="/host", host="a.example"))

one = blueprint("one", "/r", url_prefix="/one")
two = blueprint("two", "/r", url_prefix="/two", version=5)
group = Blueprint.group(
    one, two, url_prefix="/g", version=2, version_prefix="/api/v", name_prefix="G"
)
app.blueprint(group)

inner = Blueprint.group(blueprint("in1", "/r", url_prefix="/x"), url_prefix="/in", version=1)
outer = Blueprint.group(inner, blueprint("in2", "/r"), url_prefix="/out", version=2)
app.blueprint(outer)
top = Blueprint.group(blueprint("t1", "/r", url_prefix="/x"), url_prefix="/gg")
app.blueprint(top, url_prefix="/top", version=7)
app.blueprint([blueprint("l1", "/a", url_prefix="/1"), blueprint("l2", "/b", url_prefix="/2")],
              url_prefix="/list")  # fmt: skip
strict_group = Blueprint.group(
    blueprint("sg1", "/r/"), blueprint("sg2", "/s/", strict_slashes=False),
    url_prefix="/sg", strict_slashes=True,
)  # fmt: skip
app.blueprint(strict_group)

made = BlueprintGroup(url_prefix="/made")
made.append(blueprint("m1", "/r", url_prefix="/m1"))
made.insert(0, blueprint("m2", "/r", url_prefix="/m2"))
app.blueprint(made)

original = blueprint("orig", "/r", url_prefix="/orig")
app.blueprint(original)
copied = original.copy("copied", url_prefix="/copied", version=2)
if not copied.registered:
    app.blueprint(copied)
over = blueprint("over", "/r", url_prefix="/over").copy("fresh", allow_route_overwrite=True)
over.add_route(handler_for("overwritten"), "/r", name="again")
app.blueprint(over)

late = blueprint("late", "/one", url_prefix="/late")
app.blueprint(late)
late.add_route(handler_for("late-two"), "/two", name="two")

# Scopes.
scope = Blueprint("scope", url_prefix="/scope")


@scope.on_request
async def scoped(request):
    request.ctx.seen = "scope"


@scope.exception(SanicException)
async def scoped_error(request, exception):
    return text(f"scope: {exception}", status=exception.status_code)


@scope.get("/ok")
async def scope_ok(request):
    return json(vars(request.ctx))


@scope.get("/forbidden")
async def scope_forbidden(request):
    raise Forbidden("no")


@scope.get("/notfound")
async def scope_notfound(request):
    raise NotFound("none")


app.blueprint(scope)


@scope.get("/late")
async def scope_late(request):
    return json(vars(request.ctx))


@scope.get("/late-forbidden")
async def scope_late_forbidden(request):
    raise Forbidden("late")


@app.exception(NotFound)
async def app_not_found(request, exception):
    return text(f"app: {exception}", status=404)


g1, g2 = Blueprint("g1", url_prefix="/g1"), Blueprint("g2", url_prefix="/g2")
both = Blueprint.group(g1, g2, url_prefix="/both")


@both.on_request
async def group_request(request):
    request.ctx.group = "yes"


@both.on_response
async def group_response(request, response):
    response.headers["x-group"] = "yes"


@both.exception(ZeroDivisionError)
async def group_error(request, exception):
    return text("group: divided", status=400)


for member in (g1, g2):

    @member.get("/", name="index")
    async def g_index(request):
        return json(vars(request.ctx))

    @member.get("/zero", name="zero")
    async def g_zero(request):
        return text(str(1 / 0))


app.blueprint(both)


@app.get("/zero")
async def zero(request):
    return text(str(1 / 0))


@app.get("/routes")
async def routes(request):
    """Every route, whatever its handler."""
    found = [
        [r.name, r.uri, sorted(r.methods), r.strict, r.extra.ident, r.requirements.get("host")]
        for r in app.router.routes
    ]
    return json(sorted(found, key=str))


@app.get("/state")
async def state(request):
    return json(
        {
            "names": list(app.blueprints),
            "reprs": [repr(one), str(one), repr(copied), copied.copied_from],
            "registered": [one.registered, len(one.apps), len(one.routes), len(late.routes)],
            "group": [len(group), group.url_prefix, group.version, group[0].name],
            "returned": repr(group_request),
        }
    )


@app.get("/urls")
async def urls(request):
    names = ("slash.r0", "np_given.r0", "version.r0", "G_one.r0", "in1.r0")
    return json([app.url_for(name) for name in names])


@app.get("/copied-url")
async def copied_url(request):
    return text(app.url_for("copied.r0"))
