"""A server on a free port and raw clients for it, for tests that look at the bytes on the wire."""

from tests.wire.kit.aio import Peer, until
from tests.wire.kit.client import Answer, Raw, read_answer
from tests.wire.kit.pace import paced, wait_until
from tests.wire.kit.serve import LOOPS, ServerThread, make_app, new_loop, run, served, start

__all__ = (
    "Answer",
    "LOOPS",
    "Peer",
    "Raw",
    "ServerThread",
    "make_app",
    "new_loop",
    "paced",
    "read_answer",
    "run",
    "served",
    "start",
    "until",
    "wait_until",
)
