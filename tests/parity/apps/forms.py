"""Forms and uploads."""

from sanic import Sanic
from sanic.response import json

app = Sanic("forms")
app.config.REQUEST_MAX_SIZE = 200_000


@app.post("/form")
async def form(request):
    files = {
        name: [[type(f).__name__, f.type, f.name, f.body.decode("latin-1")] for f in values]
        for name, values in request.files.items()
    }
    return json(
        {
            "form": request.form,
            "files": files,
            "types": [type(request.form).__name__, type(request.files).__name__],
            "get": [request.form.get("a"), request.form.getlist("a"), request.form.get("zz", 1)],
            "blank": request.get_form(keep_blank_values=True),
            "same": request.form is request.form,
        }
    )


@app.get("/get-form")
async def get_form(request):
    return json([request.form, request.files])


@app.post("/json-form")
async def json_form(request):
    return json([request.json, request.form])
