"""The smallest application, for the time from process start to the first answer.

Usage: python hello_sanic.py PORT VARIANT PACKAGE     (one worker, as `app.run()` does by default)
"""

import sys
from importlib import import_module

PACKAGE = sys.argv[3]
Sanic = import_module(PACKAGE).Sanic
text = import_module(f"{PACKAGE}.response").text
app = Sanic("hello")


@app.get("/")
async def hello(request):
    return text("Hello, World!")


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(sys.argv[1]), motd=False)
