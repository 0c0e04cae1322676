"""TLS from the outside: which certificate is shown, what handlers know of the connection."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import LIMIT, Server, connect, get, receive_response
from tests.tls.conftest import Certificates

pytestmark = [pytest.mark.net, pytest.mark.slow]

APP = """
import json, os, socket
from sanic_fast import Sanic, json as reply

app = Sanic("tls")

@app.get("/")
async def index(request):
    info = request.conn_info
    return reply({
        "ssl": info.ssl, "server_name": info.server_name, "cert": info.cert,
        "server": info.server, "client_ip": info.client_ip, "scheme": request.scheme,
        "url": request.url,
    })

@app.get("/large")
async def large(request):
    from sanic_fast import raw
    return raw(b"x" * 3_000_000)

sock = socket.socket()
sock.bind(("127.0.0.1", 0))
print("PORT", sock.getsockname()[1], flush=True)
app.config.USE_UVLOOP = os.environ["UVLOOP"] == "1"
app.run(sock=sock, single_process=True, ssl=json.loads(os.environ["TLS"]), debug=True)
"""


@pytest.fixture(params=["uvloop", "asyncio"])
def serve(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[object]:
    servers: list[Server] = []

    def start(definition: object) -> Server:
        env = {"TLS": json.dumps(definition), "UVLOOP": str(int(request.param == "uvloop"))}
        servers.append(Server(tmp_path, "-c", APP, env=env))
        return servers[-1]

    yield start
    for server in servers:
        server.__exit__(None, None, None)


def ask(port: int, context: ssl.SSLContext, host: str | None, path: str = "/") -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=LIMIT) as plain:
        with context.wrap_socket(plain, server_hostname=host) as sock:
            assert sock.selected_alpn_protocol() in (None, "http/1.1")
            sock.sendall(get(path))
            return receive_response(sock).partition(b"\r\n\r\n")[2]


def test_single_certificate_is_shown_and_known(serve, certificates: Certificates) -> None:
    server = serve(certificates.definition(certificates.a))
    port = server.port()
    context = certificates.client()
    context.set_alpn_protocols(["http/1.1"])
    facts = json.loads(ask(port, context, "a.example"))
    assert facts["ssl"] is True
    assert facts["scheme"] == "https"
    assert facts["server_name"] == "a.example"
    assert facts["server"] == f"127.0.0.1:{port}"
    assert facts["cert"]["names"] == ["a.example", "*.wild.example", "127.0.0.1"]
    assert facts["cert"]["commonName"] == "a.cn"
    assert f"Goin' Fast @ https://127.0.0.1:{port}" in server.output
    assert len(ask(port, context, "a.example", "/large")) == 3_000_000
    assert server.stop() == 0


def test_certificate_is_chosen_by_name(serve, certificates: Certificates) -> None:
    server = serve([str(certificates.a), str(certificates.b)])
    port = server.port()
    for host, common_name in (("a.example", "a.cn"), ("b.example", "b.cn")):
        facts = json.loads(ask(port, certificates.client(), host))
        assert facts["cert"]["commonName"] == common_name
        assert facts["server_name"] == host
    loose = certificates.client()
    loose.check_hostname = False
    assert json.loads(ask(port, loose, "none.example"))["cert"]["commonName"] == "a.cn"
    assert server.stop() == 0


def test_strict_names_refuse_others(serve, certificates: Certificates) -> None:
    server = serve([None, str(certificates.b)])
    port = server.port()
    assert json.loads(ask(port, certificates.client(), "b.example"))["ssl"] is True
    # The loops end the connection without sending the alert our callback returns.
    with pytest.raises((ssl.SSLError, ConnectionError)):
        ask(port, certificates.client(), "a.example")
    server.wait_for("Rejecting TLS connection: No certificate found matching hostname 'a.example'")
    assert server.stop() == 0


def test_plain_text_on_a_tls_port_costs_only_that_connection(
    serve, certificates: Certificates
) -> None:
    server = serve(certificates.definition(certificates.a))
    port = server.port()
    with connect(port) as plain:
        plain.sendall(get())
        assert b"200 OK" not in plain.recv(1000)
    assert json.loads(ask(port, certificates.client(), "a.example"))["ssl"] is True
    assert server.stop() == 0
