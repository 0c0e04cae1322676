"""The opening handshake (RFC 6455 4.2)."""

from __future__ import annotations

import pytest

from sanic_fast import text
from tests.websocket.kit import ACCEPT, TEXT, Peer, frame, handshake
from tests.wire.kit.serve import ServerThread

FAILED = "Failed to open a WebSocket connection"
PLAIN = {"Connection": None, "Upgrade": None, "Sec-WebSocket-Key": None}

# name, changed headers, status, part of the text, whether the connection stays
REFUSED = [
    ("plain request", PLAIN, 426, "missing Connection header", True),
    ("other upgrade", {"Upgrade": "h2c"}, 426, "invalid Upgrade header", False),
    ("no upgrade token", {"Connection": "keep-alive"}, 426, "invalid Connection header", False),
    ("old version", {"Sec-WebSocket-Version": "12"}, 400, "invalid Sec-WebSocket-Version", False),
    ("no version", {"Sec-WebSocket-Version": None}, 400, "Sec-WebSocket-Version header", False),
    ("no key", {"Sec-WebSocket-Key": None}, 400, "missing Sec-WebSocket-Key header", False),
    ("short key", {"Sec-WebSocket-Key": "c2hvcnQ="}, 400, "invalid Sec-WebSocket-Key", False),
    ("key that is no base64", {"Sec-WebSocket-Key": "!"}, 400, "invalid Sec-WebSocket", False),
    ("foreign letters", {"Sec-WebSocket-Protocol": "é"}, 400, "invalid Sec-WebSocket-Pro", False),
    ("no token", {"Connection": "Upgrade, (x)"}, 400, "invalid Connection header", False),
]


@pytest.fixture
def server(app):
    @app.websocket("/chosen", subprotocols=["foo", "bar"])
    async def chosen(request, ws):
        await ws.send(str(ws.subprotocol))

    @app.websocket("/about")
    async def about(request, ws):
        protocol = request.transport.get_protocol()
        same = (ws.io_proto is protocol, protocol.websocket is ws, protocol.request is request)
        await ws.send(f"{request.scheme} {request.url} {ws.subprotocol} {int(ws.ws_proto.state)}")
        await ws.send(f"{same} {request.conn_info.client_ip} {ws.close_timeout} {ws.max_queue}")

    with ServerThread(app) as server:
        yield server


@pytest.mark.parametrize(
    ("headers", "status", "words", "stays"),
    [row[1:] for row in REFUSED],
    ids=[row[0] for row in REFUSED],
)
def test_refused(server, headers, status, words, stays) -> None:
    with Peer(server.port, None) as peer:
        peer.send(handshake(headers=headers))
        answer = peer.answer()
        assert answer.status == status
        assert f"{FAILED}: " in answer.text
        assert words in answer.text
        assert answer.keep_alive is stays
        if status == 426:
            assert answer["upgrade"] == "websocket"
            assert answer["sec-websocket-version"] == "13"
        if stays:
            peer.send(handshake())
            assert peer.answer().status == 101
        else:
            assert peer.ended()


@pytest.mark.parametrize("name", ["Sec-WebSocket-Key", "Sec-WebSocket-Version"])
def test_header_that_may_be_there_once(server, name) -> None:
    with Peer(server.port, None) as peer:
        peer.send(handshake(headers={name.lower(): "13"}))
        assert peer.answer().status == 400


def test_refusal_leaves_no_traceback_in_the_log(server, caplog) -> None:
    with Peer(server.port, None) as peer:
        peer.send(handshake(headers={"Sec-WebSocket-Version": "12"}))
        assert peer.answer().status == 400
    assert [record for record in caplog.records if record.name == "sanic.error"] == []


def test_http_1_0_is_refused(server) -> None:
    with Peer(server.port, None) as peer:
        peer.send(handshake(version="1.0"))
        assert peer.answer().status == 400
        assert peer.ended()


def test_accepted_head(server) -> None:
    with Peer(server.port, None) as peer:
        peer.send(handshake(headers={"Sec-WebSocket-Extensions": "permessage-deflate"}))
        answer = peer.answer()
        assert answer.status == 101
        assert answer.reason == "Switching Protocols"
        assert answer.names == ["date", "upgrade", "connection", "sec-websocket-accept"]
        assert answer["upgrade"] == "websocket"
        assert answer["connection"] == "Upgrade"
        assert answer["sec-websocket-accept"] == ACCEPT


@pytest.mark.parametrize(
    "headers",
    [
        {"Connection": "keep-alive, upgrade"},
        {"connection": "keep-alive"},
        {"Upgrade": "WebSocket"},
        {"Upgrade": "h2c, websocket"},
        {"X-Other": "\xe9\xff"},
    ],
)
def test_accepted_forms(server, headers) -> None:
    with Peer(server.port, None) as peer:
        peer.send(handshake(headers=headers))
        status = peer.answer().status
        # Several upgrades in one request: older releases of websockets refuse them.
        assert status == 101 or (headers.get("Upgrade", "").startswith("h2c") and status == 426)


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [("foo", "foo"), ("bar, foo", "foo"), ("bar", "bar"), ("x,bar ,y", "bar")],
)
def test_server_chooses_its_first_subprotocol(server, offered, chosen) -> None:
    with Peer(server.port, None) as peer:
        peer.send(handshake("/chosen", {"Sec-WebSocket-Protocol": offered}))
        assert peer.answer()["sec-websocket-protocol"] == chosen
        assert peer.text() == chosen


def test_subprotocols_on_several_lines(server) -> None:
    headers = {"Sec-WebSocket-Protocol": "x", "sec-websocket-protocol": "bar"}
    with Peer(server.port, None) as peer:
        peer.send(handshake("/chosen", headers))
        assert peer.answer()["sec-websocket-protocol"] == "bar"


def test_route_without_subprotocols_chooses_none(server) -> None:
    with Peer(server.port, None) as peer:
        peer.send(handshake(headers={"Sec-WebSocket-Protocol": "foo"}))
        assert peer.answer()["sec-websocket-protocol"] is None


def test_other_method_is_not_allowed(server) -> None:
    with Peer(server.port, None) as peer:
        peer.send(handshake().replace(b"GET", b"POST").replace(b"\r\n\r\n", b"\r\nA: b\r\n\r\n"))
        answer = peer.answer()
        assert answer.status == 405
        assert answer["allow"] == "GET"


def test_what_the_handler_sees(server) -> None:
    with Peer(server.port, "/about") as peer:
        assert peer.text() == "ws ws://test/about None 1"
        assert peer.text() == "(True, True, True) 127.0.0.1 10.0 None"


def test_frames_behind_the_handshake(server) -> None:
    with Peer(server.port, None) as peer:
        peer.send(handshake(), frame(TEXT, "one"), frame(TEXT, "two")[:5])
        assert peer.answer().status == 101
        assert peer.text() == "one"
        peer.send(frame(TEXT, "two")[5:])
        assert peer.text() == "two"


def test_handshake_behind_a_request(app) -> None:
    @app.get("/plain")
    async def plain(request):
        return text("ok")

    with ServerThread(app) as server, Peer(server.port, None) as peer:
        request = b"GET /plain HTTP/1.1\r\nhost: x\r\n\r\n"
        peer.send(request, request, handshake(), frame(TEXT, "x"))
        assert [peer.answer().status for _ in range(3)] == [200, 200, 101]
        assert peer.text() == "x"


def test_handshake_with_a_body(server) -> None:
    with Peer(server.port, None) as peer:
        peer.send(handshake(headers={"Content-Length": "5"}), b"12345", frame(TEXT, "x"))
        assert peer.answer().status == 101
        assert peer.text() == "x"


def test_middleware_may_refuse(app) -> None:
    seen = []

    @app.on_request
    async def refuse(request):
        if request.path == "/":
            return text("no", status=403)

    @app.on_response
    async def after(request, response):
        seen.append(response.status)

    @app.websocket("/other")
    async def other(request, ws):
        await ws.send("in")

    with ServerThread(app) as server:
        with Peer(server.port, None) as peer:
            peer.send(handshake())
            assert peer.answer().status == 403
        with Peer(server.port, "/other") as peer:
            assert peer.text() == "in"
    assert seen == [403]  # it is not run for a 101


def test_handshake_in_pieces(server) -> None:
    data = handshake() + frame(TEXT, "text")
    with Peer(server.port, None) as peer:
        for at in range(len(data)):
            peer.send(data[at : at + 1])
        assert peer.answer().status == 101
        assert peer.text() == "text"
