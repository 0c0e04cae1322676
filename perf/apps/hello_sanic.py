"""The smallest application, for the time from process start to the first answer.

Usage: python hello_sanic.py PORT     (one worker, as `app.run()` does by default)
"""

import sys

from sanic import Sanic
from sanic.response import text

app = Sanic("hello")


@app.get("/")
async def hello(request):
    return text("Hello, World!")


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(sys.argv[1]), motd=False)
