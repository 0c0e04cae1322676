"""Every setting of `run()` and `prepare()`, checked in one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sanic_fast.http.constants import HTTP

__all__ = ("ServeOptions",)


@dataclass(frozen=True)
class ServeOptions:
    """The arguments of `run()` and `prepare()`, as given.

    `make` derives what follows from them: `dev` means `debug` and `auto_reload`.
    """

    host: str | None = None
    port: int | None = None
    dev: bool = False
    debug: bool = False
    auto_reload: bool | None = None
    version: HTTP = HTTP.VERSION_1
    ssl: Any = None
    sock: Any = None
    workers: int = 1
    protocol: Any = None
    backlog: int = 100
    register_sys_signals: bool = True
    access_log: bool | None = None
    unix: Any = None
    loop: Any = None
    reload_dir: list[str] | str | None = None
    noisy_exceptions: bool | None = None
    motd: bool = True
    fast: bool = False
    verbosity: int = 0
    motd_display: dict[str, str] | None = None
    coffee: bool = False
    auto_tls: bool = False
    single_process: bool = False
    legacy: bool = False

    @classmethod
    def make(cls, **given: Any) -> ServeOptions:
        """Options from arguments, with what follows from `dev`, `debug` and `version` filled in.

        Raises:
            ValueError: `version` is neither 1 nor 3.
        """
        if given["dev"]:
            given["debug"] = given["auto_reload"] = True
        if given["debug"] and given["access_log"] is None:
            given["access_log"] = True
        given["version"] = HTTP(given["version"])
        return cls(**given)

    def check(self, app: Any) -> None:
        """Refuse what cannot be served.

        Raises:
            RuntimeError: two settings exclude each other.
            TypeError: a loop was passed.
            ValueError: a configuration value is out of range.
        """
        if self.version == HTTP.VERSION_3 and app.state.server_info:
            raise RuntimeError(
                "Serving HTTP/3 instances as a secondary server is not supported. There can only "
                "be a single HTTP/3 worker and it must be the first instance prepared."
            )
        if self.fast and self.workers != 1:
            raise RuntimeError("You cannot use both fast=True and workers=X")
        if self.single_process and (self.fast or self.workers > 1 or self.auto_reload):
            raise RuntimeError(
                "Single process cannot be run with multiple workers or auto-reload"
            )
        if self.single_process and self.legacy:
            raise RuntimeError("Cannot run single process and legacy mode")
        if self.register_sys_signals is False and not (self.single_process or self.legacy):
            raise RuntimeError(
                "Cannot run Sanic.serve with register_sys_signals=False. Use Sanic.serve_single."
            )
        if self.loop is not None:
            raise TypeError(
                "loop is not a valid argument. To use an existing loop, change to "
                "create_server().\nSee more: https://sanic.readthedocs.io/en/latest/sanic/"
                "deploying.html#asynchronous-support"
            )
        check_proxies(app.config)

    @property
    def reload_dirs(self) -> list[str]:
        """`reload_dir` as a list."""
        if self.reload_dir is None:
            return []
        return [self.reload_dir] if isinstance(self.reload_dir, str) else list(self.reload_dir)


def check_proxies(config: Any) -> None:
    """Refuse a negative number of proxies.

    Raises:
        ValueError: PROXIES_COUNT is below 0.
    """
    if config.PROXIES_COUNT and config.PROXIES_COUNT < 0:
        raise ValueError(
            "PROXIES_COUNT cannot be negative. "
            "https://sanic.readthedocs.io/en/latest/sanic/config.html#proxy-configuration"
        )
