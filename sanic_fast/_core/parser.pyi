from typing import Any

def inspect_head(
    data: bytes, max_head: int = 8192, last_size: int = 0
) -> dict[str, Any] | None: ...
