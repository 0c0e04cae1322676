"""Listener decorators."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from functools import partial
from typing import Any, overload

from sanic_fast.exceptions import BadRequest
from sanic_fast.log import error_logger
from sanic_fast.registration.names import Decorator, Function, RecordMixin
from sanic_fast.registration.records import FutureListener

Listener = Callable[..., Any]


class ListenerEvent(str, Enum):
    """Moments in the life of a server; the values of the first four are signal names."""

    BEFORE_SERVER_START = "server.init.before"
    AFTER_SERVER_START = "server.init.after"
    BEFORE_SERVER_STOP = "server.shutdown.before"
    AFTER_SERVER_STOP = "server.shutdown.after"
    MAIN_PROCESS_START = "main_process_start"
    MAIN_PROCESS_READY = "main_process_ready"
    MAIN_PROCESS_STOP = "main_process_stop"
    RELOAD_PROCESS_START = "reload_process_start"
    RELOAD_PROCESS_STOP = "reload_process_stop"
    BEFORE_RELOAD_TRIGGER = "before_reload_trigger"
    AFTER_RELOAD_TRIGGER = "after_reload_trigger"

    @property
    def is_signal(self) -> bool:
        """Whether the event is a signal, which gives it priorities."""
        return "." in self.value


def listener_event(name: str) -> ListenerEvent:
    """Find an event by its decorator name, in any case.

    Raises:
        BadRequest: for an unknown name.
    """
    try:
        return ListenerEvent[name.upper()]
    except KeyError:
        known = ", ".join(member.name.lower() for member in ListenerEvent)
        raise BadRequest(f"Invalid event: {name}. Use one of: {known}") from None


class ListenerMixin(RecordMixin):
    """Adds the listener decorators to a class that has `_record`."""

    __slots__ = ()

    @overload
    def listener(
        self,
        listener_or_event: Function,
        event_or_none: str,
        apply: bool = True,
        *,
        priority: int = 0,
    ) -> Function: ...

    @overload
    def listener(
        self,
        listener_or_event: str,
        event_or_none: None = None,
        apply: bool = True,
        *,
        priority: int = 0,
    ) -> Decorator: ...

    def listener(
        self,
        listener_or_event: Listener | str,
        event_or_none: str | None = None,
        apply: bool = True,
        *,
        priority: int = 0,
    ) -> Any:
        """Attach a function to a moment in the life of the server.

        Example:
            ```python
            @app.listener("before_server_start")
            async def connect(app):
                app.ctx.db = await make_pool()
            ```

        Args:
            listener_or_event: the function `(app)`, sync or async, or the event's name.
            event_or_none: the event's name, when the function comes first.
            apply: register now; otherwise only record.
            priority: higher runs earlier at start and later at stop; server events only.

        Raises:
            BadRequest: for a missing or unknown event name.
        """

        def register(function: Listener, event: str) -> Listener:
            if not event:
                raise BadRequest("Invalid event registration: Missing event name.")
            if priority and not listener_event(event).is_signal:
                error_logger.warning(f"Priority is not supported for {event}")
            record = FutureListener(function, event, priority)
            self._record("listeners", record, apply)
            return function

        if callable(listener_or_event):
            return register(listener_or_event, event_or_none or "")
        return partial(register, event=event_or_none or listener_or_event)

    def _setup_listener(self, listener: Listener | None, event: str, priority: int) -> Any:
        if listener is not None:
            return self.listener(listener, event, priority=priority)
        return partial(self.listener, event_or_none=event, priority=priority)

    @overload
    def main_process_start(self, listener: Function, *, priority: int = 0) -> Function: ...

    @overload
    def main_process_start(self, listener: None = None, *, priority: int = 0) -> Decorator: ...

    def main_process_start(self, listener: Listener | None = None, *, priority: int = 0) -> Any:
        """Run in the main process before anything is started."""
        return self._setup_listener(listener, "main_process_start", priority)

    @overload
    def main_process_ready(self, listener: Function, *, priority: int = 0) -> Function: ...

    @overload
    def main_process_ready(self, listener: None = None, *, priority: int = 0) -> Decorator: ...

    def main_process_ready(self, listener: Listener | None = None, *, priority: int = 0) -> Any:
        """Run in the main process when the manager exists and before workers start."""
        return self._setup_listener(listener, "main_process_ready", priority)

    @overload
    def main_process_stop(self, listener: Function, *, priority: int = 0) -> Function: ...

    @overload
    def main_process_stop(self, listener: None = None, *, priority: int = 0) -> Decorator: ...

    def main_process_stop(self, listener: Listener | None = None, *, priority: int = 0) -> Any:
        """Run in the main process after all workers have stopped."""
        return self._setup_listener(listener, "main_process_stop", priority)

    @overload
    def reload_process_start(self, listener: Function, *, priority: int = 0) -> Function: ...

    @overload
    def reload_process_start(self, listener: None = None, *, priority: int = 0) -> Decorator: ...

    def reload_process_start(self, listener: Listener | None = None, *, priority: int = 0) -> Any:
        """Run in the reloader process when it starts."""
        return self._setup_listener(listener, "reload_process_start", priority)

    @overload
    def reload_process_stop(self, listener: Function, *, priority: int = 0) -> Function: ...

    @overload
    def reload_process_stop(self, listener: None = None, *, priority: int = 0) -> Decorator: ...

    def reload_process_stop(self, listener: Listener | None = None, *, priority: int = 0) -> Any:
        """Run in the reloader process when it stops."""
        return self._setup_listener(listener, "reload_process_stop", priority)

    @overload
    def before_reload_trigger(self, listener: Function, *, priority: int = 0) -> Function: ...

    @overload
    def before_reload_trigger(self, listener: None = None, *, priority: int = 0) -> Decorator: ...

    def before_reload_trigger(self, listener: Listener | None = None, *, priority: int = 0) -> Any:
        """Run in the reloader process before it asks for a reload."""
        return self._setup_listener(listener, "before_reload_trigger", priority)

    @overload
    def after_reload_trigger(self, listener: Function, *, priority: int = 0) -> Function: ...

    @overload
    def after_reload_trigger(self, listener: None = None, *, priority: int = 0) -> Decorator: ...

    def after_reload_trigger(self, listener: Listener | None = None, *, priority: int = 0) -> Any:
        """Run in the reloader process after it asked; may take `changed`, a set of paths."""
        return self._setup_listener(listener, "after_reload_trigger", priority)

    @overload
    def before_server_start(self, listener: Function, *, priority: int = 0) -> Function: ...

    @overload
    def before_server_start(self, listener: None = None, *, priority: int = 0) -> Decorator: ...

    def before_server_start(self, listener: Listener | None = None, *, priority: int = 0) -> Any:
        """Run in each worker before it accepts connections."""
        return self._setup_listener(listener, "before_server_start", priority)

    @overload
    def after_server_start(self, listener: Function, *, priority: int = 0) -> Function: ...

    @overload
    def after_server_start(self, listener: None = None, *, priority: int = 0) -> Decorator: ...

    def after_server_start(self, listener: Listener | None = None, *, priority: int = 0) -> Any:
        """Run in each worker after it began to accept connections."""
        return self._setup_listener(listener, "after_server_start", priority)

    @overload
    def before_server_stop(self, listener: Function, *, priority: int = 0) -> Function: ...

    @overload
    def before_server_stop(self, listener: None = None, *, priority: int = 0) -> Decorator: ...

    def before_server_stop(self, listener: Listener | None = None, *, priority: int = 0) -> Any:
        """Run in each worker before it closes its connections."""
        return self._setup_listener(listener, "before_server_stop", priority)

    @overload
    def after_server_stop(self, listener: Function, *, priority: int = 0) -> Function: ...

    @overload
    def after_server_stop(self, listener: None = None, *, priority: int = 0) -> Decorator: ...

    def after_server_stop(self, listener: Listener | None = None, *, priority: int = 0) -> Any:
        """Run in each worker after all connections are closed."""
        return self._setup_listener(listener, "after_server_stop", priority)
