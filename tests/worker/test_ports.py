"""Sockets of each worker's own on one port."""

from __future__ import annotations

import os
import signal
import socket
from pathlib import Path
from typing import Any

import pytest

from sanic_fast.server.socket import bind_again, bind_socket, configure_socket
from sanic_fast.worker.ports import PortPool
from tests.servers import connect, get, receive_response
from tests.worker.kit import Managed, until

needs_reuse = pytest.mark.skipif(
    not hasattr(socket, "SO_REUSEPORT"), reason="the system has no SO_REUSEPORT"
)
pytestmark = [needs_reuse]


def definition(**more: Any) -> dict[str, Any]:
    return {"host": "127.0.0.1", "port": 0, "sock": None, "backlog": 10, **more}


def numbers(settings: dict[str, list[dict[str, Any]]], name: str = "app") -> list[int]:
    return [each["sock"].fileno() for each in settings[name]]


def test_second_socket_has_the_same_address() -> None:
    with bind_socket("127.0.0.1", 0, reuse_port=True) as first, bind_again(first, 10) as second:
        assert second.getsockname() == first.getsockname()
        assert second.get_inheritable()


def test_system_without_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(socket, "SO_REUSEPORT")
    with pytest.raises(ValueError, match="REUSE_PORT is set, but this system has no SO_REUSEPORT"):
        bind_socket("127.0.0.1", 0, reuse_port=True)


def test_only_sockets_bound_here_are_reused() -> None:
    bound = definition(reuse_port=True)
    with configure_socket(bound) as sock:  # type: ignore[union-attr]
        assert bound["reuse_port"] is True
        given = definition(sock=sock, reuse_port=True)
        assert configure_socket(given) is sock
        assert "reuse_port" not in given


def test_shares_are_handed_on_and_never_closed_before_the_end() -> None:
    with (
        bind_socket("127.0.0.1", 0, reuse_port=True) as first,
        bind_socket("127.0.0.1", 0) as plain,
    ):
        shared = definition(sock=plain)
        held: list[Any] = []
        serves = {"app": [definition(sock=first, reuse_port=True), shared], "other": []}
        pool = PortPool(serves, held)
        one = numbers(pool.join("one"))
        two = numbers(pool.join("two"))
        assert one == [first.fileno(), plain.fileno()]
        assert two[0] not in one
        assert two[1] == plain.fileno()
        assert pool.leave("two", ["one"]) == "one"
        assert numbers(pool.settings("one")) == [*one, two[0]]
        # A newcomer takes what another has too much of.
        assert numbers(pool.join("three")) == two
        assert numbers(pool.settings("one")) == one
        # Without anybody else the sockets wait for the next.
        assert pool.leave("one", ["three"]) == "three"
        assert pool.leave("three", []) is None
        assert pool.leave("three", ["nobody"]) is None
        assert {numbers(pool.join(name))[0] for name in ("four", "five")} == {one[0], two[0]}
        assert [sock.fileno() for sock in held] == [two[0]]
        held[0].close()


@pytest.mark.net
@pytest.mark.slow
@pytest.mark.serial
def test_every_worker_serves_its_own_sockets_and_those_it_was_handed(tmp_path: Path) -> None:
    def answers() -> set[str]:
        socks = [connect(server.number) for _ in range(40)]
        for sock in socks:
            sock.sendall(get("/"))
        found = {receive_response(sock).partition(b"\r\n\r\n")[2].decode() for sock in socks}
        for sock in socks:
            sock.close()
        return found

    def listening() -> int:
        port = f":{server.number:04X}"
        lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        return sum(each[1].endswith(port) and each[3] == "0A" for each in lines)

    with Managed(tmp_path, 2, SANIC_REUSE_PORT="1") as server:
        assert listening() == 2
        assert len(answers()) == 2  # by chance not: 2 in 2**40
        server.process.send_signal(signal.SIGHUP)
        server.wait_for_count("Worker complete", 2)
        assert len(answers()) == 2
        os.kill(int(server.ask()), signal.SIGKILL)
        server.wait_for_count("Worker ready", 5)
        assert len(answers()) == 2
        server.call("scale", num_workers=3)
        server.wait_for_count("Worker ready", 6)
        assert listening() == 3
        server.call("scale", num_workers=1)
        # The one that stays is replaced by one that listens on all.
        server.wait_for_count("Worker ready", 7)
        until(lambda: len(answers()) == 1, server)
        assert listening() == 3
        assert server.stop() == 0
