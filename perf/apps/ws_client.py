"""Websocket load: connections in ping-pong with short text messages, on picows and uvloop.

    python ws_client.py PORT CONNECTIONS SECONDS

Prints one line of JSON: messages echoed in the timed part, and its seconds.
"""

import asyncio
import json
import sys
import time

import uvloop
from picows import WSListener, WSMsgType, ws_connect

PAYLOAD = b"x" * 64


class PingPong(WSListener):
    """Sends the next message as soon as the last has come back, the same length expected."""

    def on_ws_connected(self, transport):
        self.transport, self.count = transport, 0
        transport.send(WSMsgType.TEXT, PAYLOAD)

    def on_ws_frame(self, transport, frame):
        if frame.msg_type == WSMsgType.TEXT and frame.get_payload_as_memoryview().nbytes == 64:
            self.count += 1
            transport.send(WSMsgType.TEXT, PAYLOAD)


async def main(port: int, connections: int, seconds: float) -> None:
    """Connect all, let them run, count."""
    clients = []
    for _ in range(connections):
        _, client = await ws_connect(PingPong, f"ws://127.0.0.1:{port}/ws")
        clients.append(client)
    before, start = sum(client.count for client in clients), time.perf_counter()
    await asyncio.sleep(seconds)
    done = sum(client.count for client in clients) - before
    took = time.perf_counter() - start
    idle = sum(1 for client in clients if not client.count)
    print(json.dumps({"requests": done, "seconds": took, "errors": idle}), flush=True)
    for client in clients:
        client.transport.disconnect()


uvloop.run(main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
