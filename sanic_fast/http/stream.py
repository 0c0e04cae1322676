"""The face of a response stream, for type checks and annotations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sanic_fast.http.constants import Stage

__all__ = ("Stream",)


class Stream:
    """What a request's `stream` offers.

    Attributes:
        stage: how far the request has got.
        response: the response that has been prepared or begun.
        protocol: the connection's protocol.
        url: target of the request.
        request_body: what is left of the body; None once it is read.
        request_max_size: limit of the body in bytes.
    """

    stage: Stage
    response: Any
    protocol: Any
    url: str | None
    request_body: bytes | None
    request_max_size: int | float

    __slots__ = ("request_max_size",)

    def respond(self, response: Any) -> Any:
        """Take over a response that is about to be sent; returns it."""
        response.stream, self.response = self, response
        return response
