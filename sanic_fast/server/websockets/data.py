"""What may be sent over a websocket."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

__all__ = ("payload_bytes", "unsendable")

ABNORMAL = 1006  # never on the wire, RFC 6455 7.4.1
INVALID_DATA = 1007
OPCODE = 0x0F  # in the first byte of a frame
LINGER_BYTES = 16 * 2**20  # what a peer may still send after we gave up on it

NO_WRITE = "Cannot write to websocket interface after it is closed."
NO_READ = "Cannot receive from websocket interface after it is closed."
NO_PING = "Cannot send a ping when the websocket interface is closed."


def payload_bytes(data: str | bytes | bytearray | memoryview) -> bytes:
    """The payload of a control frame.

    Raises:
        TypeError: it is neither text nor bytes.
    """
    if isinstance(data, str):
        return data.encode()
    if isinstance(data, (bytes, bytearray, memoryview)):
        return bytes(data)
    raise TypeError("Websocket data must be bytes, str.")


def unsendable(message: Any) -> Exception:
    """The exception for a message that is neither text nor bytes."""
    if isinstance(message, Mapping):
        return TypeError("data is a dict-like object")
    if isinstance(message, Iterable):
        return NotImplementedError("Fragmented websocket messages are not supported.")
    return TypeError("Websocket data must be bytes, str.")
