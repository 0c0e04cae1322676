"""The application's side of websockets: switching them on, running a handler."""

from __future__ import annotations

from asyncio import CancelledError, ensure_future, wait
from collections.abc import Awaitable, Callable
from typing import Any

from sanic_fast.application.requests import RequestLayer

CLEANUP = 1.0  # s that handlers have for it when the server stops
NORMAL, GOING_AWAY = 1000, 1001  # codes, RFC 6455 7.4.1
STOPPING = "the server stops"  # message of the cancellation


class WebsocketLayer(RequestLayer):
    """Adds the websocket methods to an application."""

    __slots__ = ()

    def enable_websocket(self, enable: bool = True) -> None:
        """Serve with the websocket protocol; done by the first websocket route."""
        if not self.websocket_enabled:
            # Websockets outlive requests, so they have to be ended at stop.
            self.listener("before_server_stop")(self._cancel_websocket_tasks)
        self.websocket_enabled = enable

    @classmethod
    async def _cancel_websocket_tasks(cls, app: Any) -> None:
        """End the handlers; a websocket that its handler leaves open closes with 1001."""
        tasks = tuple(app.websocket_tasks)
        for task in tasks:
            task.cancel(STOPPING)
        if tasks:
            await wait(tasks, timeout=CLEANUP)

    async def _websocket_handler(
        self,
        handler: Callable[..., Any],
        request: Any,
        *args: Any,
        subprotocols: Any = None,
        **kwargs: Any,
    ) -> None:
        """Open a websocket, run the handler on it in its own task, and close it."""
        if self.asgi:
            ws = request.transport.get_websocket_connection()
            await ws.accept(subprotocols)
        else:
            protocol = request.transport.get_protocol()
            ws = await protocol.websocket_handshake(request, subprotocols)
        code = NORMAL
        try:
            await self._websocket_signal("before", request, ws, reverse=False)
            await self._run_websocket(ws, handler(request, ws, *args, **kwargs))
            await self._websocket_signal("after", request, ws)
        except _closed_errors() as closed:
            if STOPPING in closed.args:
                code = GOING_AWAY
        except Exception as exc:
            if not getattr(exc, "__dispatched__", False):
                await self.dispatch("server.exception.report", context={"exception": exc})
            self.error_handler.log(request, exc)
            await self._websocket_signal("exception", request, ws, exception=exc)
        finally:
            await ws.close(code)

    async def _run_websocket(self, ws: Any, running: Awaitable[Any]) -> None:
        """Run a handler in its own task, which ends with the connection or with the server."""
        task = ensure_future(running)
        self.websocket_tasks.add(task)
        task.add_done_callback(self.websocket_tasks.discard)
        if not self.asgi:
            ws.attach(task)
        await task

    async def _websocket_signal(
        self, action: str, request: Any, ws: Any, reverse: bool = True, **extra: Any
    ) -> None:
        await self.dispatch(
            f"websocket.handler.{action}",
            inline=True,
            reverse=reverse,
            context={"request": request, "websocket": ws, **extra},
            fail_not_found=False,
        )


def _closed_errors() -> tuple[type[BaseException], ...]:
    from websockets.exceptions import ConnectionClosed

    return (CancelledError, ConnectionClosed)
