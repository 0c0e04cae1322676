"""A small HTTP server of its own process that shows and controls the others."""

from __future__ import annotations

import hmac
import os
from collections.abc import Mapping
from datetime import datetime
from importlib import import_module
from inspect import getattr_static, isawaitable
from multiprocessing.connection import Connection
from pathlib import Path
from types import FunctionType
from typing import Any

from sanic_fast.exceptions import BadRequest, Forbidden, NotFound, Unauthorized
from sanic_fast.helpers import Default
from sanic_fast.log import logger
from sanic_fast.response import json
from sanic_fast.worker.constants import RestartOrder
from sanic_fast.worker.messages import ALL_PROCESSES, SCALE, TERMINATE

__all__ = ("Inspector",)


class Inspector:
    """Answers `GET /` with the state of all processes, `POST /<action>` by calling a method.

    The actions are the public methods of a subclass and of this class; the JSON object in the body
    holds their keyword arguments, its list `args` the positional ones.

    Example:
        ```python
        class MyInspector(Inspector):
            async def greet(self, name):
                return f"hello {name}"

        app = Sanic("app", inspector=True, inspector_class=MyInspector)
        # curl localhost:6457/greet -d '{"name": "you"}'
        ```

    Args:
        publisher: where requests to the manager go.
        app_info: facts about the application, for `GET /`.
        worker_state: name of a process -> its row.
        host, port: where to listen.
        api_key: what requests must carry as bearer token; none if empty.
        tls_key, tls_cert: files; both are needed for TLS.
    """

    def __init__(
        self,
        publisher: Connection,
        app_info: dict[str, Any],
        worker_state: Mapping[str, Any],
        host: str,
        port: int,
        api_key: str,
        tls_key: Path | str | Default,
        tls_cert: Path | str | Default,
    ) -> None:
        self._publisher = publisher
        self.app_info = app_info
        self.worker_state = worker_state
        self.host = host
        self.port = port
        self.api_key = api_key
        self.tls_key = tls_key
        self.tls_cert = tls_cert
        self.app: Any = None

    def __getstate__(self) -> dict[str, Any]:
        # The manager gives each process its own line to the shared state.
        return {**self.__dict__, "worker_state": {}}

    def __call__(self, run: bool = True, worker_state: Any = None, **_: Any) -> Inspector:
        """Make the inspector's application, and serve it until told to stop.

        Args:
            run: serve it.
            worker_state: replaces that of the constructor.
        """
        if worker_state is not None:
            self.worker_state = worker_state
        # The application stands above everything of this package.
        app_class = import_module("sanic_fast.app").Sanic
        self.app = app_class("Inspector", configure_logging=False)
        self.app.config.AUTO_EXTEND = False
        self._setup()
        if run:
            os.environ["SANIC_IGNORE_PRODUCTION_WARNING"] = "true"
            for other in app_class._app_registry.values():
                other.state.server_info.clear()  # of a forked main process
            self.app.run(
                host=self.host, port=self.port, single_process=True, ssl=self._ssl(), motd=False
            )
        return self

    def _ssl(self) -> dict[str, Any] | None:
        if any(isinstance(each, Default) or not each for each in (self.tls_key, self.tls_cert)):
            return None
        return {"key": self.tls_key, "cert": self.tls_cert}

    def _setup(self) -> None:
        self.app.get("/")(self._info)
        self.app.post("/<action:str>")(self._action)
        if self.api_key:
            self.app.on_request(self._authentication)
        else:
            self.app.on_request(self._refuse_pages)

    @staticmethod
    def _refuse_pages(request: Any) -> None:
        # Browsers name it in every POST: else any page that is looked at could stop the server.
        if "origin" in request.headers:
            raise Forbidden("Without an API key, pages in browsers are not answered")

    def _authentication(self, request: Any) -> None:
        token = str(request.token or "").encode()
        if not hmac.compare_digest(token, self.api_key.encode()):
            raise Unauthorized("Bad API key")

    async def _action(self, request: Any, action: str) -> Any:
        logger.info("Incoming inspector action: %s", action)
        # Only what a class declares as a method: neither private names nor attributes.
        declared = None if action.startswith("_") else getattr_static(type(self), action, None)
        if not isinstance(declared, (FunctionType, classmethod)):
            raise NotFound(f"Unknown action: {action}")
        arguments = request.json or {}
        if not isinstance(arguments, dict):
            raise BadRequest("The arguments of an action are a JSON object")
        result = getattr(self, action)(*arguments.pop("args", ()), **arguments)
        if isawaitable(result):
            result = await result
        return await self._respond(request, result)

    async def _info(self, request: Any) -> Any:
        return await self._respond(
            request, {"info": self.app_info, "workers": self._state_to_json()}
        )

    async def _respond(self, request: Any, output: Any) -> Any:
        action = request.match_info.get("action", "info")
        return json({"meta": {"action": action}, "result": output})

    def _state_to_json(self) -> dict[str, Any]:
        return self._make_safe({name: dict(row) for name, row in self.worker_state.items()})

    @staticmethod
    def _make_safe(obj: dict[str, Any]) -> dict[str, Any]:
        for key, value in obj.items():
            if isinstance(value, dict):
                obj[key] = Inspector._make_safe(value)
            elif isinstance(value, datetime):
                obj[key] = value.isoformat()
        return obj

    def reload(self, zero_downtime: bool = False) -> None:
        """Restart the workers.

        Args:
            zero_downtime: each new process is ready before the old one is told to stop.
        """
        order = f":{RestartOrder.STARTUP_FIRST}" if zero_downtime else ""
        self._publisher.send(f"{ALL_PROCESSES}:{order}")

    def scale(self, replicas: str | int) -> str:
        """Change the number of server workers.

        Raises:
            ValueError: that is no number.
        """
        message = f"Scaling to {int(replicas) if replicas else 1}"
        logger.info(message)
        self._publisher.send(f"{SCALE}:{message.rpartition(' ')[2]}")
        return message

    def shutdown(self) -> None:
        """Stop the whole server."""
        self._publisher.send(TERMINATE)
