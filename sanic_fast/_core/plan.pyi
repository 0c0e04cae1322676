from collections.abc import Callable
from typing import Any

class SignalMask:
    bits: int
    def __init__(self, bits: int = 0) -> None: ...

class AppPlan:
    app: Any
    signals: SignalMask
    max_head: int
    max_body: int
    buffer_size: int
    request_timeout: float
    response_timeout: float
    keep_alive_timeout: float
    keep_alive: bool
    access_log: bool
    trusts_proxy: bool
    server_name: str | None
    router_get: Callable[..., Any] | None
    request_class: type
    plain_request: bool
    compiled: bool
    def __init__(self, app: Any) -> None: ...
    def refresh(self) -> None: ...
