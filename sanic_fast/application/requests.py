"""The application's side of handling a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sanic_fast.application.tasks import TaskLayer

if TYPE_CHECKING:
    from sanic_fast.request import Request


class RequestLayer(TaskLayer):
    """Adds what the servers call for each request."""

    __slots__ = ()

    async def handle_request(self, request: Request) -> None:
        """Route a request, run middleware and handler, send the response.

        Override it to wrap all request handling; the override is then used for every request.
        """
        from sanic_fast._core import dispatch

        await dispatch.handle_request(self, request)

    handle_request._sf_default = True  # type: ignore[attr-defined]

    async def handle_exception(
        self, request: Request, exception: BaseException, run_middleware: bool = True
    ) -> None:
        """Answer a request that failed with `exception`.

        Args:
            run_middleware: run request middleware first, where it has not run yet.
        """
        from sanic_fast._core import dispatch

        await dispatch.handle_exception(self, request, exception, run_middleware)

    handle_exception._sf_default = True  # type: ignore[attr-defined]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one ASGI connection."""
        from sanic_fast.asgi import serve

        await serve(self, scope, receive, send)
