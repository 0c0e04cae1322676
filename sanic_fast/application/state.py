"""What an application knows about itself while it runs."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sanic_fast.application.constants import Mode, Server, ServerStage
from sanic_fast.log import logger
from sanic_fast.logging.filter import VerbosityFilter

__all__ = ("ApplicationServerInfo", "ApplicationState", "Mode", "Server", "ServerStage")


@dataclass
class ApplicationServerInfo:
    """One server definition: a bind address with its settings."""

    settings: dict[str, Any]
    stage: ServerStage = field(default=ServerStage.STOPPED)
    server: Any = field(default=None)


@dataclass
class ApplicationState:
    """Mutable state of an application.

    Assigning `mode` also sets the log level and the error handler's debug flag; assigning
    `verbosity` sets the process-wide verbosity filter.
    """

    app: Any
    asgi: bool = field(default=False)
    coffee: bool = field(default=False)
    fast: bool = field(default=False)
    host: str = field(default="")
    port: int = field(default=0)
    ssl: Any = field(default=None)
    sock: Any = field(default=None)
    unix: str | None = field(default=None)
    mode: Mode = field(default=Mode.PRODUCTION)
    reload_dirs: set[Path] = field(default_factory=set)
    auto_reload: bool = field(default=False)
    server: Server = field(default=Server.SANIC)
    is_running: bool = field(default=False)
    is_started: bool = field(default=False)
    is_stopping: bool = field(default=False)
    verbosity: int = field(default=0)
    workers: int = field(default=0)
    primary: bool = field(default=True)
    server_info: list[ApplicationServerInfo] = field(default_factory=list)

    _init: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_init", True)

    def __setattr__(self, name: str, value: Any) -> None:
        if self._init and name == "_init":
            raise RuntimeError("Cannot change the value of _init after instantiation")
        object.__setattr__(self, name, value)
        if self._init and name == "mode":
            self.set_mode(value)
        elif self._init and name == "verbosity":
            self.set_verbosity(value)

    def set_mode(self, value: str | Mode) -> None:
        """Apply a mode to the error handler and the log level."""
        if hasattr(self.app, "error_handler"):
            self.app.error_handler.debug = self.app.debug
        if getattr(self.app, "configure_logging", False) and self.app.debug:
            logger.setLevel(logging.DEBUG)

    def set_verbosity(self, value: int) -> None:
        """Apply a verbosity to the log filter of the process."""
        VerbosityFilter.verbosity = value

    @property
    def is_debug(self) -> bool:
        """Whether the mode is DEBUG."""
        return self.mode is Mode.DEBUG

    @property
    def stage(self) -> ServerStage:
        """Stage over all server definitions."""
        if not self.server_info:
            return ServerStage.STOPPED
        if all(info.stage is ServerStage.SERVING for info in self.server_info):
            return ServerStage.SERVING
        if any(info.stage is ServerStage.SERVING for info in self.server_info):
            return ServerStage.PARTIAL
        return ServerStage.STOPPED
