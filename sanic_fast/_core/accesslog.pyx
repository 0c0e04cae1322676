"""One access line per response, batched where that loses nothing.

A line through `logging` costs 5-12 µs. While `sanic.access` writes to exactly one plain stream
handler with one of our access formatters, its line is a prefix that changes once a second and five
fields, so lines are put together here and written together, 20 ms after the first of a batch at
the latest. With any other handler, filter, formatter or level each line is a real `LogRecord`, at
once. Which it is, is looked at again for each batch.
"""

import atexit
import logging

from sanic_fast._core.receive cimport Receiver
from sanic_fast._core.request cimport Request

from sanic_fast.log import access_logger
from sanic_fast.logging.filter import VerbosityFilter
from sanic_fast.logging.formatter import (
    AutoAccessFormatter,
    DebugAccessFormatter,
    ProdAccessFormatter,
    escape_control,
)

cdef extern from "time.h" nogil:
    ctypedef long time_t
    time_t time(time_t* out)

cdef tuple OUR_FORMATTERS = (AutoAccessFormatter, DebugAccessFormatter, ProdAccessFormatter)
cdef double BATCH_SECONDS = 0.02    # a line waits at most this long for others to share its write
cdef str SAMPLE = "<h> <r> <s> <b> <d>"
cdef list lines = []
cdef object stream = None           # where the batch goes; None: not batching
cdef str prefix = ""
cdef str ending = "\n"
cdef time_t prefix_second = -1
cdef object no_host = "0000unx"


cdef object plain_handler():
    """The one stream handler whose output we can foretell, or None."""
    cdef object handler
    if len(access_logger.handlers) != 1 or not access_logger.isEnabledFor(logging.INFO):
        return None
    if any(type(entry) is not VerbosityFilter for entry in access_logger.filters):
        return None
    parent = access_logger
    while parent.propagate and parent.parent is not None:
        parent = parent.parent
        if parent.handlers:
            return None
    handler = access_logger.handlers[0]
    if type(handler) is not logging.StreamHandler or handler.filters:
        return None
    if handler.level > logging.INFO:
        return None
    if type(handler.formatter) not in OUR_FORMATTERS:
        return None
    return handler


cdef bint begin_batch() except -1:
    """Look at the handler, and once a second at how its formatter begins a line."""
    global stream, prefix, prefix_second, ending
    cdef time_t second = time(NULL)
    handler = plain_handler()
    stream = None if handler is None else handler.stream
    if stream is None:
        return False
    ending = handler.terminator
    if second != prefix_second:
        record = logging.LogRecord(access_logger.name, logging.INFO, "", 0, "", (), None)
        record.__dict__.update(host="<h>", request="<r>", status="<s>", byte="<b>", duration="<d>")
        text = handler.format(record)
        if not text.endswith(SAMPLE):
            prefix_second = -1      # coloured or customised: only the formatter itself knows
            stream = None
            return False
        prefix = text[:-len(SAMPLE)]
        prefix_second = second
    return True


def flush_access_log():
    """Write the lines that wait. The server calls it when it stops."""
    global stream
    cdef object text
    if not lines:
        return
    text = "".join(lines)
    lines.clear()
    out, stream = stream, None
    if out is None:
        return
    try:
        out.write(text)
        out.flush()
    except Exception:
        logging.getLogger("sanic.error").exception("The access log could not be written")


atexit.register(flush_access_log)


cdef str host_of(Receiver connection, Request request):
    if connection.log_host is None:
        info = request.conn_info
        ip = info.client_ip if info is not None else ""
        if ip:
            connection.log_host = f"{ip}:{info.client_port}"
        else:
            connection.log_host = f"{id(connection) >> 4 & 0xFFFF:04X}unx"
    return connection.log_host


cdef int log_access(
    Receiver connection, Request request, object status, object size, double seconds
) except -1:
    cdef str host = host_of(connection, request)
    cdef str line = f"{request.method} {request.url}" if request.method != "NONE" else "nil"
    cdef str duration = "" if seconds < 0 else f" {seconds * 1000:.1f}ms"
    if not lines:
        if not begin_batch():
            access_logger.info(
                "", extra={
                    "status": status, "byte": size, "host": host, "request": line,
                    "duration": duration,
                },
            )
            return 0
        connection.loop.call_later(BATCH_SECONDS, flush_access_log)
    if not (line.isascii() and line.isprintable()):
        line = escape_control(line)
    lines.append(f"{prefix}{host} {line} {status} {size} {duration}{ending}")
    if len(lines) >= 1000:
        flush_access_log()
    return 0
