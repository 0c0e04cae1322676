"""ConnInfo over transports of every kind."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from sanic_fast.models.server_types import ConnInfo


def info(unix: object = None, **facts: object) -> ConnInfo:
    transport = SimpleNamespace(get_extra_info=facts.get)
    return ConnInfo(transport, unix)


def tls(server_name: str | None = "a.example") -> SimpleNamespace:
    context = SimpleNamespace(sanic={"names": ["a.example"]})
    return SimpleNamespace(context=context, sanic_server_name=server_name)


def test_plain_tcp() -> None:
    got = info(peername=("1.2.3.4", 5), sockname=("10.0.0.1", 8000))
    assert (got.client, got.client_ip, got.client_port) == ("1.2.3.4", "1.2.3.4", 5)
    assert (got.server, got.server_port) == ("10.0.0.1:8000", 8000)
    assert (got.ssl, got.cert, got.server_name, got.lost) == (False, {}, "", False)
    assert vars(got.ctx) == {}


@pytest.mark.parametrize(
    ("port", "ssl_object", "server"),
    [
        (80, None, "10.0.0.1"),
        (443, None, "10.0.0.1:443"),
        (443, tls(), "10.0.0.1"),
        (80, tls(), "10.0.0.1:80"),
    ],
)
def test_server_leaves_out_the_port_of_its_scheme(
    port: int, ssl_object: object, server: str
) -> None:
    got = info(sockname=("10.0.0.1", port), ssl_object=ssl_object)
    assert (got.server, got.server_port) == (server, port)


def test_ipv6_is_bracketed() -> None:
    got = info(peername=("::1", 5, 0, 0), sockname=("::1", 8000, 0, 0))
    assert (got.client, got.client_ip, got.server) == ("[::1]", "::1", "[::1]:8000")


def test_tls_tells_name_and_certificate() -> None:
    got = info(sockname=("10.0.0.1", 443), ssl_object=tls())
    assert (got.ssl, got.server_name, got.cert) == (True, "a.example", {"names": ["a.example"]})


def test_tls_without_our_context_or_name() -> None:
    got = info(ssl_object=SimpleNamespace(context=object(), sanic_server_name=None))
    assert (got.ssl, got.server_name, got.cert) == (True, "", {})


@pytest.mark.parametrize(
    ("unix", "server"),
    [(None, "/run/s.tmp"), ("/run/s", "/run/s"), (Path("/run/s"), Path("/run/s"))],
)
def test_unix_has_no_ports(unix: object, server: object) -> None:
    got = info(unix, peername="", sockname="/run/s.tmp")
    assert (got.server, got.sockname) == (server, "/run/s.tmp")
    assert (got.client, got.client_ip, got.client_port, got.server_port) == ("", "", 0, 0)
    assert got.peername is None
    assert got.network_paths == []


def test_transport_that_tells_nothing() -> None:
    got = info()
    assert (got.client, got.server, got.peername, got.sockname) == ("", "", None, None)
