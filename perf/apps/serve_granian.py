"""Serve one of the applications with Granian, one worker, uvloop, HTTP/1 only.

    python serve_granian.py PORT VARIANT MODULE INTERFACE

A file of its own, because Granian imports the application again in its worker.
"""

import os
import sys

from granian import Granian

if __name__ == "__main__":
    port, variant, module, interface = sys.argv[1:]
    os.environ["PERF_VARIANT"] = variant
    logging_on = variant == "access_log"
    Granian(
        f"{os.path.dirname(os.path.abspath(__file__))}/{module}:app",
        port=int(port),
        interface=interface,
        loop="uvloop",
        http="1",
        backpressure=16384,  # connections it takes at a time: the idle ones count as well
        log_access=logging_on,
        log_level="info" if logging_on else "warning",
    ).serve()
