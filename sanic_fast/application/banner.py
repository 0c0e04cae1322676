"""What an app tells about itself when it starts: address, mode, versions."""

from __future__ import annotations

import os
import platform
from importlib import import_module
from typing import Any

from sanic_fast.application.logo import get_logo
from sanic_fast.application.motd import MOTD
from sanic_fast.http.constants import HTTP

__all__ = ("BannerMixin",)

# Where one of these is set, another process has shown the banner.
SHOWN = (
    "SANIC_WORKER_NAME",
    "SANIC_MOTD_OUTPUT",
    "SANIC_WORKER_PROCESS",
    "SANIC_SERVER_RUNNING",
)
PACKAGES = ("sanic-routing", "sanic-testing", "sanic-ext")


class BannerMixin:
    """The part of an app that knows its address and describes its server."""

    # Apps are closed: a base without this would give them a `__dict__`.
    __slots__ = ()

    config: Any
    name: str
    state: Any

    @property
    def serve_location(self) -> str:
        """URL of the first server definition; `http://<unknown>` before there is one."""
        if self.state.server_info:
            return self.get_server_location(self.state.server_info[0].settings)
        return "http://<ASGI>" if self.state.asgi else "http://<unknown>"

    @staticmethod
    def get_server_location(server_settings: dict[str, Any] | None = None) -> str:
        """URL of a server definition; "" where it tells no address."""
        if not server_settings:
            return ""
        scheme = "https" if server_settings.get("ssl") is not None else "http"
        if unix := server_settings.get("unix"):
            return f"{unix} {scheme}://..."
        host, port = server_settings.get("host"), server_settings.get("port")
        if sock := server_settings.get("sock"):
            name = sock.getsockname()
            if isinstance(name, str):
                return f"{name} {scheme}://..."
            host, port, *_ = name
        if not host or not port:
            return ""
        return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"

    @staticmethod
    def get_address(
        host: str | None,
        port: int | None,
        version: HTTP | int = HTTP.VERSION_1,
        auto_tls: bool = False,
    ) -> tuple[str, int]:
        """Host and port with the defaults filled in."""
        return (
            host or "127.0.0.1",
            port or (8443 if version == HTTP.VERSION_3 or auto_tls else 8000),
        )

    def motd(self, server_settings: dict[str, Any] | None = None) -> None:
        """Show the banner, once per group of processes."""
        if not self.config.MOTD or any(os.environ.get(name) for name in SHOWN):
            return
        data, extra = self.get_motd_data(server_settings)
        logo = get_logo(coffee=self.state.coffee)
        MOTD.output(logo, self.get_server_location(server_settings), data, extra)

    def get_motd_data(
        self, server_settings: dict[str, Any] | None = None
    ) -> tuple[dict[str, str], dict[str, str]]:
        """The banner's facts, and the further lines the user asked for.

        Args:
            server_settings: the definition to describe; the server is `unknown` without.
        """
        mode = [f"{self.state.mode},"]
        if self.state.fast:
            mode.append("goin' fast")
        if self.state.asgi:
            mode.append("ASGI")
        elif self.state.workers == 1:
            mode.append("single worker")
        else:
            mode.append(f"w/ {self.state.workers} workers")
        server = "unknown"
        if self.state.asgi:
            server = "ASGI"
        elif server_settings:
            version = HTTP(server_settings.get("version", HTTP.VERSION_1))
            server = f"{self.state.server}, {version.display()}"
        data = {
            "app": self.name,
            "mode": " ".join(mode),
            "server": server,
            "python": platform.python_version(),
            "platform": platform.platform(),
        }
        if self.state.auto_reload:
            folders = [str(path.absolute()) for path in self.state.reload_dirs]
            data["auto-reload"] = ", ".join(["enabled", *folders])
        if packages := _packages():
            data["packages"] = packages
        return data, dict(self.config.MOTD_DISPLAY or {})


def _packages() -> str:
    """Related packages that can be imported, with their versions."""
    found = []
    for package in PACKAGES:
        try:
            module = import_module(package.replace("-", "_"))
        except ImportError:
            continue
        found.append(f"{package}=={module.__version__}")
    return ", ".join(found)
