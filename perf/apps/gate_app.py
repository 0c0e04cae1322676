"""The application of the instruction count: four routes, and one that marks a point in time.

Usage: python gate_app.py PORT     (PERF_MARK names a library with the function perf_mark)
"""

import ctypes
import os
import sys

from sanic_fast import Sanic
from sanic_fast.response import json, text

app = Sanic("gate")
mark_function = ctypes.CDLL(os.environ["PERF_MARK"]).perf_mark


@app.get("/")
async def hello(request):
    return text("Hello, World!")


@app.get("/json")
async def message(request):
    return json({"message": "Hello, World!"})


@app.get("/user/<name>/<id:int>")
async def user(request, name, id):
    return json({"name": name, "id": id, "q": request.args.get("q")})


@app.post("/echo")
async def echo(request):
    return json(request.json)


@app.get("/mark")
async def mark(request):
    mark_function()
    return text("marked")


if __name__ == "__main__":
    app.run(
        host="127.0.0.1", port=int(sys.argv[1]), single_process=True, access_log=False, motd=False
    )
