"""Sanic Extensions: injection, validation, OpenAPI, CORS, methods added at the start."""

import json as js
import logging
from dataclasses import dataclass

from sanic import Blueprint, Sanic, json, text
from sanic_ext import cors, openapi, validate

logging.disable()
Sanic.test_mode = True
app = Sanic("ext", configure_logging=False)
app.config.CORS_ORIGINS = "http://one.example,http://two.example"
app.extend()


@dataclass
class Item:
    """A body."""

    name: str
    age: int = 5


@dataclass
class Query:
    """A query."""

    q: str
    n: int = 0


class Service:
    """Made for each request."""

    def __init__(self, path):
        self.path = path

    @classmethod
    async def create(cls, request):
        return cls(request.path)


class Constant:
    """Made once."""


app.ext.dependency(Constant())
app.ext.add_dependency(Service, Service.create)


@app.post("/item")
@validate(json=Item)
async def item(request, body: Item):
    return json([body.name, body.age])


@app.get("/query")
@validate(query=Query)
async def query(request, query: Query):
    return json([query.q, query.n])


@app.post("/form")
@validate(form=Item)
async def form(request, body: Item):
    return json([body.name, body.age])


@app.get("/constant/<x:int>")
@openapi.summary("Injected")
@openapi.parameter("x", int, "path")
@openapi.response(200, {"application/json": Item})
async def constant(request, x: int, constant: Constant):
    return json([x, type(constant).__name__])


@app.get("/service")
async def service(request, service: Service):
    return json(service.path)


@app.get("/plain")
async def plain(request):
    """openapi:
    ---
    summary: A plain one
    """
    return text("plain")


bp = Blueprint("bp", url_prefix="/bp", version=1)


@bp.get("/<name>")
@cors(origin="http://only.example")
async def of_blueprint(request, name: str):
    return text(name)


@bp.put("/<name>", name="put")
async def put(request, name: str):
    return text(name)


app.blueprint(bp)


def show(method, path, **options):
    _, response = getattr(app.test_client, method)(path, gather_request=False, **options)
    headers = {}
    for name, value in sorted(response.headers.items()):
        if name == "content-type" or name.startswith("access-") or name in ("allow", "vary"):
            headers[name] = sorted(part.strip() for part in value.split(","))
    shown = len(response.text) > 500 if "html" in str(headers) else response.text[:300]
    print(method, path, response.status, headers, repr(shown))
    return response


ONE, ONLY = "http://one.example", "http://only.example"
show("post", "/item", json={"name": "a", "age": 7})
show("post", "/item", json={"age": 7})
show("post", "/item", json={"name": 5, "age": "x"})
show("post", "/item", data="x")
show("get", "/query?q=a&n=3")
show("get", "/query?n=x")
show("post", "/form", data={"name": "n", "age": "4"})
show("get", "/constant/5")
show("get", "/constant/a")
show("get", "/service")
for method in ("get", "head", "options", "post"):
    show(method, "/plain")
show("get", "/bp/x")
show("get", "/v1/bp/x", headers={"origin": ONLY})
show("options", "/v1/bp/x", headers={"origin": ONLY, "access-control-request-method": "GET"})
show("options", "/v1/bp/x", headers={"origin": ONE, "access-control-request-method": "PUT"})
for origin in (ONE, "http://nope.example"):
    show("get", "/plain", headers={"origin": origin})
show("options", "/plain", headers={"origin": ONE, "access-control-request-method": "GET"})
show("get", "/nope", headers={"origin": ONE})
for path in ("/docs", "/docs/swagger", "/docs/redoc"):
    show("get", path)
document = js.loads(app.test_client.get("/docs/openapi.json", gather_request=False)[1].text)
for path, methods in sorted(document["paths"].items()):
    print(path, {name: sorted(methods[name]) for name in sorted(methods)})
print(document["paths"]["/plain"]["get"]["summary"], sorted(document))
print(sorted({route.uri for route in app.router.routes}))
print([type(extension).__name__ for extension in app.ext.extensions])
