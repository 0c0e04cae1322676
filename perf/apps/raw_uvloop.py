"""A bare uvloop protocol that answers every request with the same bytes: the loop's own cost.

Usage: python raw_uvloop.py PORT
"""

import asyncio
import sys

import uvloop

CANNED = (
    b"HTTP/1.1 200 OK\r\n"
    b"content-length: 13\r\n"
    b"connection: keep-alive\r\n"
    b"content-type: text/plain; charset=utf-8\r\n"
    b"server: canned/1\r\n\r\n"
    b"Hello, World!"
)


class Canned(asyncio.Protocol):
    """Counts heads and answers each; parses nothing, so only requests without bodies fit."""

    def connection_made(self, transport):
        self.write = transport.write

    def data_received(self, data):
        heads = data.count(b"\r\n\r\n")
        self.write(CANNED if heads == 1 else CANNED * heads)


async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Canned, "127.0.0.1", int(sys.argv[1]), backlog=1024)
    await server.serve_forever()


uvloop.run(main())
