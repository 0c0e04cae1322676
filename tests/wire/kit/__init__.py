"""A server on a free port and raw clients for it, for tests that look at the bytes on the wire."""

from tests.wire.kit.client import Answer, Raw, read_answer
from tests.wire.kit.serve import LOOPS, ServerThread, make_app, new_loop, run, served

__all__ = (
    "Answer",
    "LOOPS",
    "Raw",
    "ServerThread",
    "make_app",
    "new_loop",
    "read_answer",
    "run",
    "served",
)
