"""Listening sockets of each worker's own on one port (SO_REUSEPORT), held by the main process.

The kernel then chooses the worker of a connection, not whichever worker comes first. A connection
waits in the queue of one socket, so a socket is never closed while the server runs: it goes to the
successor of its worker, or to another worker when its own goes for good.
"""

from __future__ import annotations

import socket
from typing import Any

from sanic_fast.server.socket import bind_again
from sanic_fast.worker.constants import RestartOrder

__all__ = ("PortPool", "give_away", "use_ports", "with_own")

Settings = dict[str, list[dict[str, Any]]]
Share = dict[tuple[str, int], socket.socket]


class PortPool:
    """Which worker accepts on which sockets.

    A share is one socket for each definition whose port is reused.

    Args:
        server_info: name of an app -> settings of its definitions, with bound sockets; those with
            `reuse_port` are reused.
        held: the sockets that whoever holds them will close; those made here are added.
    """

    def __init__(self, server_info: Settings, held: list[socket.socket]) -> None:
        self._server_info = server_info
        self._shares: dict[str, list[Share]] = {}
        self._held = held
        first = {
            (name, number): settings["sock"]
            for name, definitions in server_info.items()
            for number, settings in enumerate(definitions)
            if settings.get("reuse_port") and settings.get("sock") is not None
        }
        self._spare = [first]

    def join(self, worker: str) -> Settings:
        """Give a new worker a share; what it is to serve."""
        if self._spare:
            share = self._spare.pop()
        else:
            rich = max(self._shares.values(), key=len)
            # Until it is replaced, the one that had it before accepts on it too.
            share = rich.pop() if len(rich) > 1 else self._make()
        self._shares[worker] = [share]
        return self.settings(worker)

    def leave(self, worker: str, others: list[str]) -> str | None:
        """Give the sockets of a worker that goes to one of the others; its name.

        Args:
            worker: the one that goes.
            others: those that stay; without any, the sockets wait for the next that joins.
        """
        shares = self._shares.pop(worker, [])
        if not others:
            self._spare += shares
            return None
        heir = min(others, key=lambda name: len(self._shares.get(name, [])))
        self._shares.setdefault(heir, []).extend(shares)
        return heir if shares else None

    def settings(self, worker: str) -> Settings:
        """What a worker is to serve: a definition for each of its sockets."""
        found: Settings = {}
        for name, definitions in self._server_info.items():
            found[name] = serves = list(definitions)
            for number, settings in enumerate(definitions):
                key = name, number
                own = [share[key] for share in self._shares[worker] if key in share]
                if own:
                    serves[number] = {**settings, "sock": own[0]}
                    serves += [{**settings, "sock": sock} for sock in own[1:]]
        return found

    def _make(self) -> Share:
        share: Share = {}
        model = next(iter(self._shares.values()))[0]
        for (name, number), sock in model.items():
            made = bind_again(sock, self._server_info[name][number]["backlog"])
            self._held.append(made)
            share[name, number] = made
        return share


def use_ports(manager: Any, pool: PortPool) -> None:
    """Let each worker of a `WorkerManager` accept on sockets of its own."""
    manager.ports = pool
    for worker in manager.servers:
        worker.server_settings["server_info"] = pool.join(worker.name)


def with_own(pool: PortPool | None, worker: str, settings: dict[str, Any]) -> dict[str, Any]:
    """Settings that are a new worker's own, as are its sockets where there is a pool of them."""
    if pool is None:
        return dict(settings)
    return {**settings, "server_info": pool.join(worker)}


def give_away(manager: Any, worker: Any) -> None:
    """Let the successor of another worker accept on the sockets of one that goes for good."""
    pool: PortPool | None = manager.ports
    if pool is None:
        return
    others = {
        each.name: each
        for each in manager.servers
        if each is not worker and each.has_alive_processes()
    }
    heir = others.get(pool.leave(worker.name, list(others)))
    if heir is not None:
        heir.server_settings["server_info"] = pool.settings(heir.name)
        names = [process.name for process in heir.processes]
        manager.restart(names, RestartOrder.STARTUP_FIRST)
