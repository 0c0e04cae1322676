"""What the clients return: httpx's response with Sanic's names beside its own."""

from __future__ import annotations

from typing import Any

import httpx

__all__ = ("TestingResponse",)


class TestingResponse(httpx.Response):
    """A response as a test reads it."""

    __test__ = False  # not a test, whatever pytest makes of the name

    @classmethod
    def adopt(cls, response: httpx.Response) -> TestingResponse:
        """Turn httpx's response into this class, in place."""
        response.__class__ = cls
        return response  # type: ignore[return-value]

    @property
    def status(self) -> int:
        """The status code."""
        return self.status_code

    @property
    def body(self) -> bytes:
        """The whole body."""
        return self.content

    @property
    def content_type(self) -> str | None:
        """The header of that name."""
        content_type: str | None = self.headers.get("content-type")
        return content_type

    @property
    def json(self) -> Any:
        """The body read as JSON; None where it is none."""
        try:
            return super().json()
        except ValueError:
            return None
