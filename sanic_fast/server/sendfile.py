"""Send a part of a file as the body of a response, by the kernel where that is possible.

Event loops differ: uvloop has no `sendfile`, and asyncio's stops reading from the connection
meanwhile. So the system call is made here, on a second descriptor for the same socket (uvloop
does not let others watch one that belongs to a transport).
"""

from __future__ import annotations

import asyncio
import os
from typing import Any

from sanic_fast.exceptions import RequestCancelled, ServerError
from sanic_fast.response.types import READ_BLOCK, OpenFile, OpenPath

# Bytes per system call. Between two of them others get their turn.
WINDOW = 1024 * 1024
_sendfile: Any = getattr(os, "sendfile", None)
_RWF_NOWAIT = getattr(os, "RWF_NOWAIT", None)


async def send_file(protocol: Any, path: str, offset: int, count: int) -> None:
    """Send `count` bytes from `offset` after what is already in the write buffer.

    Args:
        protocol: The HTTP protocol; has `wire` (the transport), `write_queued()`,
            `wait_drained()` and `resume_writing()`.
        path: Path of the file; an `OpenPath` is not opened again.

    Raises:
        RequestCancelled: The client went away.
        ServerError: The file became shorter, so the announced length cannot be sent.
    """
    if isinstance(path, OpenPath):
        opened = path.opened
    else:
        flags = os.O_RDONLY | getattr(os, "O_BINARY", 0)
        opened = OpenFile(await asyncio.to_thread(os.open, path, flags))
    sent = 0
    if socket := await _free_socket(protocol):
        sent = await _send_by_kernel(protocol, socket, opened, offset, count)
    await _send_by_copy(protocol, opened, offset + sent, count - sent)


async def _free_socket(protocol: Any) -> OpenFile | None:
    """A second descriptor for the connection's socket, if the kernel can write to it now.

    It cannot where TLS is on the way, or while the transport still has bytes to send before ours.
    """
    transport = protocol.wire
    if _sendfile is None or transport.get_extra_info("sslcontext") is not None:
        return None
    if transport.get_write_buffer_size():
        await asyncio.sleep(0)  # uvloop gathers writes until the end of its turn
        if transport.get_write_buffer_size():
            return None
    if transport.is_closing():
        raise RequestCancelled
    socket = transport.get_extra_info("socket")
    return OpenFile(os.dup(socket.fileno())) if socket is not None else None


async def _send_by_kernel(
    protocol: Any, socket: OpenFile, opened: OpenFile, offset: int, count: int
) -> int:
    """Send with `sendfile`; returns how much, less than `count` if the kernel refuses to.

    Closes `socket`: as long as it is open the client does not see the connection end.
    """
    loop = asyncio.get_running_loop()
    end = offset + count
    position = offset
    call: asyncio.Future[int] | None = None
    try:
        while position < end:
            size = min(WINDOW, end - position)
            try:
                if _is_cached(opened, position, size):
                    sent = _sendfile(socket.fd, opened.fd, position, size)
                    if position + sent < end:
                        await asyncio.sleep(0)
                else:
                    args = (socket.fd, opened.fd, position, size)
                    call = loop.run_in_executor(None, _sendfile, *args)
                    sent = await asyncio.shield(call)
            except BlockingIOError:
                await _writable(socket)
                continue
            except ConnectionError:
                raise RequestCancelled from None
            except OSError:
                break  # not for this kind of file or socket
            if sent == 0:
                raise _too_short(end - position)
            position += sent
            protocol.resume_writing()  # tells the protocol's timeouts that the client takes bytes
    finally:
        if call is None or call.done():
            socket.close()
        else:
            _close_after(call, socket, opened)
    return position - offset


def _close_after(call: asyncio.Future[int], socket: OpenFile, opened: OpenFile) -> None:
    """Keep both descriptors until a system call in a thread returned.

    Were they closed before, it might write another file, or to another client.
    """

    kept = [opened]

    def close(done: asyncio.Future[int]) -> None:
        if not done.cancelled():
            done.exception()  # seen: the one who would have cared was cancelled
        socket.close()
        kept.clear()

    call.add_done_callback(close)


async def _send_by_copy(protocol: Any, opened: OpenFile, offset: int, count: int) -> None:
    """Send through the transport, reading in a worker thread."""
    while count > 0:
        data = await asyncio.to_thread(opened.read, offset, min(READ_BLOCK, count))
        if not data:
            raise _too_short(count)
        await protocol.wait_drained()
        protocol.write_queued(data)
        offset += len(data)
        count -= len(data)


def _is_cached(opened: OpenFile, offset: int, size: int) -> bool:
    """Whether reading would not wait for the disk, judged by both ends of the part."""
    if _RWF_NOWAIT is None:
        return False
    probe = [bytearray(1)]
    try:
        os.preadv(opened.fd, probe, offset, _RWF_NOWAIT)
        os.preadv(opened.fd, probe, offset + size - 1, _RWF_NOWAIT)
    except OSError:  # EAGAIN: not in memory; others: the file system cannot tell
        return False
    return True


async def _writable(socket: OpenFile) -> None:
    """Wait until the socket takes bytes."""
    loop = asyncio.get_running_loop()
    ready = loop.create_future()

    def wake() -> None:
        if not ready.done():
            ready.set_result(None)

    loop.add_writer(socket.fd, wake)
    try:
        await ready
    finally:
        loop.remove_writer(socket.fd)


def _too_short(missing: int) -> ServerError:
    return ServerError(f"A file became shorter while it was sent; {missing} bytes are missing")
