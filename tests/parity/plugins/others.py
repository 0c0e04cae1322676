"""Plugins by others: CORS headers, tokens, sessions."""

import logging
import warnings

from sanic import Sanic, json, text
from sanic_cors import CORS, cross_origin
from sanic_jwt import exceptions, initialize, inject_user, protected
from sanic_session import InMemorySessionInterface, Session

warnings.simplefilter("ignore")
logging.disable()
Sanic.test_mode = True
CHANGING = ("date", "content-length", "connection", "keep-alive")


def make(name):
    return Sanic(name, configure_logging=False)


def show(app, method, path, **options):
    _, response = getattr(app.test_client, method)(path, gather_request=False, **options)
    headers = {k: sorted(v.split(", ")) for k, v in response.headers.items() if k not in CHANGING}
    print(app.name, method, path, response.status, sorted(headers.items()), repr(response.text))
    return response


app = make("cors")
CORS(app, resources={r"/api/*": {"origins": "http://a.example"}}, supports_credentials=True)


@app.get("/api/x")
async def api(request):
    return text("x")


@app.get("/own")
@cross_origin(app, origins="*", automatic_options=True)
async def own(request):
    return text("own")


@app.get("/fail")
async def fail(request):
    raise ValueError("x")


for origin in ("http://a.example", "http://b.example"):
    for path in ("/api/x", "/api/nope", "/own", "/fail"):
        show(app, "get", path, headers={"origin": origin})
app = make("tokens")


async def authenticate(request, *args, **kwargs):
    if not request.json or request.json.get("username") != "user":
        raise exceptions.AuthenticationFailed("wrong")
    return {"user_id": 1}


async def retrieve_user(request, payload, *args, **kwargs):
    return {"user_id": payload.get("user_id")} if payload else None


initialize(app, authenticate=authenticate, retrieve_user=retrieve_user, secret="s" * 40)


@app.get("/protected")
@protected()
async def guarded(request):
    return json({"ok": True})


@app.get("/user")
@inject_user()
@protected()
async def user(request, user):
    return json(user)


show(app, "get", "/protected")
show(app, "post", "/auth", json={"username": "other"})
_, response = app.test_client.post("/auth", json={"username": "user"}, gather_request=False)
print(response.status, sorted(response.json))
headers = {"Authorization": f"Bearer {response.json['access_token']}"}
for path in ("/protected", "/user", "/auth/me", "/auth/verify"):
    show(app, "get", path, headers=headers)
show(app, "get", "/auth/verify", headers={"Authorization": "Bearer x"})
print(sorted((route.name, route.uri) for route in app.router.routes))
app = make("sessions")
Session(app, interface=InMemorySessionInterface())


@app.get("/")
async def count(request):
    session = getattr(request.ctx, "session", {})
    session["n"] = session.get("n", 0) + 1
    return text(str(session["n"]))


show(app, "get", "/")
