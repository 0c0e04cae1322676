from collections.abc import Iterable
from enum import Enum
from typing import Any

from sanic_fast._core.plan import AppPlan
from sanic_fast._core.response import BaseHTTPResponse

class Sink:
    loop: Any
    plan: AppPlan

class HttpStream:
    sink: Sink
    request: Any
    response: Any
    ended: bool
    started: bool
    read_started: bool
    def __init__(self, sink: Sink, request: Any) -> None: ...
    @property
    def stage(self) -> Any: ...
    @property
    def protocol(self) -> Sink: ...
    def respond(self, response: BaseHTTPResponse) -> BaseHTTPResponse: ...
    async def send(self, data: str | bytes | None, end_stream: bool = False) -> None: ...
    async def read(self) -> bytes | None: ...
    def __aiter__(self) -> HttpStream: ...
    async def __anext__(self) -> bytes: ...

def install_hooks(*, stage: Iterable[Enum]) -> None: ...
