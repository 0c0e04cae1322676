"""Behind a proxy: `Forwarded` with a secret."""

from sanic import Sanic
from sanic.response import json

app = Sanic("proxied")
app.config.FORWARDED_SECRET = "s3"
SHOWN = "remote_addr client_ip scheme host server_name server_port server_path url path".split()


@app.get("/")
@app.get("/<path:path>", name="any")
async def show(request, path=""):
    found = {name: getattr(request, name) for name in SHOWN}
    found["forwarded"] = dict(request.forwarded)
    found["url_for"] = request.url_for("proxied.show", q=1)
    return json(found)
