"""The protocol of apps with websockets: HTTP/1.1 until a handshake succeeds (RFC 6455 4.2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from websockets.datastructures import Headers
from websockets.http11 import Request as HandshakeRequest
from websockets.protocol import State
from websockets.server import ServerProtocol
from websockets.typing import Subprotocol

from sanic_fast._core.accesslog import flush_access_log
from sanic_fast.exceptions import SanicException
from sanic_fast.log import access_logger, error_logger, websockets_logger
from sanic_fast.server.protocols.http_protocol import HttpProtocol
from sanic_fast.server.websockets.impl import WebsocketImplProtocol

__all__ = ("WebSocketProtocol",)

GOING_AWAY = 1001
NAMES = {
    1000: "NORMAL",
    1001: "GOING AWAY",
    1005: "NO STATUS",
    1006: "ABNORMAL",
    1011: "SERVER ERR",
}
FAILED = "Failed to open a WebSocket connection"
# What the handshake is about; nothing else of the request can make it fail.
HEADERS = (
    "Host",
    "Origin",
    "Connection",
    "Upgrade",
    "Sec-WebSocket-Key",
    "Sec-WebSocket-Version",
    "Sec-WebSocket-Protocol",
    "Sec-WebSocket-Extensions",
)


class WebSocketProtocol(HttpProtocol):
    """One connection, HTTP/1.1 first and perhaps a websocket later.

    Args:
        websocket_timeout: seconds for the closing handshake.
        websocket_max_size: bytes a message may have; None: any number.
        websocket_ping_interval: seconds between keepalive pings; None: none.
        websocket_ping_timeout: seconds to wait for their pongs; None: for ever.
    """

    def __init__(
        self,
        *args: Any,
        websocket_timeout: float = 10.0,
        websocket_max_size: int | None = None,
        websocket_ping_interval: float | None = 20.0,
        websocket_ping_timeout: float | None = 20.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.websocket: WebsocketImplProtocol | None = None
        self.websocket_timeout = websocket_timeout
        self.websocket_max_size = websocket_max_size
        self.websocket_ping_interval = websocket_ping_interval
        self.websocket_ping_timeout = websocket_ping_timeout
        self.websocket_peer = ""  # for the access log
        self.websocket_url = ""

    # -- the handshake

    async def websocket_handshake(
        self, request: Any, subprotocols: Sequence[str] | None = None
    ) -> WebsocketImplProtocol:
        """Answer an opening handshake and make the connection a websocket.

        Args:
            request: the GET request.
            subprotocols: those the route speaks, preferred first.

        Raises:
            SanicException: the request is no valid handshake; 400, or 426 if it is plain HTTP.
        """
        proto = ServerProtocol(
            max_size=self.websocket_max_size,
            subprotocols=[Subprotocol(each) for each in subprotocols or ()] or None,
            state=State.OPEN,
            logger=websockets_logger,
        )
        try:
            response = accept(proto, request)
        except SanicException:
            if "upgrade" in request.headers:
                # What comes next may be frames, which must not be read as requests.
                self.keep_alive_off()
            raise
        websocket = WebsocketImplProtocol(
            proto,
            ping_interval=self.websocket_ping_interval,
            ping_timeout=self.websocket_ping_timeout,
            close_timeout=self.websocket_timeout,
        )
        early = self.upgrade(websocket.data_received)
        self.websocket = websocket
        await websocket.connection_made(self, self.loop)
        self.transport.write(response)
        if self.access_log:
            self._log_open(request)
        if early:
            websocket.data_received(early)
        if self.stopping:
            websocket.end_connection(GOING_AWAY)
        return websocket

    # -- events of the transport

    def connection_lost(self, exc: BaseException | None) -> None:
        """asyncio: the connection is over."""
        if self.websocket is not None:
            self.websocket.connection_lost(exc)
            if self.websocket_url:
                self._log_close(self.websocket.ws_proto)
        super().connection_lost(exc)

    def eof_received(self) -> bool:
        """asyncio: the client sent its last byte."""
        if self.websocket is not None:
            return self.websocket.eof_received()
        return super().eof_received()

    def pause_writing(self) -> None:
        """asyncio: the client reads slower than we write."""
        if self.websocket is not None:
            self.websocket.pause_writing()
        super().pause_writing()

    def resume_writing(self) -> None:
        """asyncio: the client caught up."""
        super().resume_writing()
        if self.websocket is not None:
            self.websocket.resume_writing()

    # -- the end

    def close_if_idle(self) -> bool:
        """Close the connection if it answers no request now; begin to close a websocket (1001)."""
        if self.websocket is None:
            return super().close_if_idle()
        self.websocket.end_connection(GOING_AWAY)
        return False

    def close(self, timeout: float | None = None) -> None:
        """Close when what was written has been sent; abort after `timeout` seconds."""
        if self.websocket is not None:
            self.websocket.end_connection(GOING_AWAY)
        super().close(timeout)

    # -- the access log

    def _log_open(self, request: Any) -> None:
        info = self.conn_info
        peer = f"{info.client_ip}:{info.client_port}" if info and info.client_ip else ""
        self.websocket_peer = peer or f"{id(self) >> 4 & 0xFFFF:04X}unx"
        self.websocket_url = request.url
        self._log("OPEN", "", "")

    def _log_close(self, proto: ServerProtocol) -> None:
        message = "CLOSE_ABN" if proto.close_rcvd is None else "CLOSE"
        code, text = close_text(proto)
        self._log(message, code, text)

    def _log(self, message: str, status: Any, text: str) -> None:
        flush_access_log()  # lines that wait are older than this one
        access_logger.info(
            message,
            extra={
                "status": status,
                "byte": text,
                "host": self.websocket_peer,
                "request": f" 🔌 {self.websocket_url}",
                "duration": "",
            },
        )


def accept(proto: ServerProtocol, request: Any) -> bytes:
    """Check an opening handshake (RFC 6455 4.2.1); the response that accepts it.

    Raises:
        SanicException: it is not acceptable; 400 or 426. Quiet: a client must not fill the log.
    """
    if request.version != "1.1":
        raise SanicException(f"{FAILED}: HTTP/1.1 is needed.", 400, quiet=True)
    headers = Headers()
    for name in HEADERS:
        for value in request.headers.getall(name, ()):
            if not value.isascii():
                raise SanicException(f"{FAILED}: invalid {name} header.", 400, quiet=True)
            headers[name] = value
    try:
        response = proto.accept(HandshakeRequest(request.path, headers))
    except Exception as error:
        error_logger.exception("Exception occurred in a websocket handshake")
        raise SanicException(f"{FAILED}.\nSee server log for more information.\n", 500) from error
    status = int(response.status_code)
    if status != 101:
        answer = {"Sec-WebSocket-Version": "13"}  # RFC 6455 4.4
        if status == 426:
            answer["Upgrade"] = "websocket"  # RFC 9110 15.5.22
        message = bytes(response.body or b"").decode()
        raise SanicException(message, status, headers=answer, quiet=status < 500)
    lines = [f"{name.lower()}: {value}\r\n" for name, value in response.headers.raw_items()]
    return f"HTTP/1.1 101 Switching Protocols\r\n{''.join(lines)}\r\n".encode()


def close_text(proto: ServerProtocol) -> tuple[int, str]:
    """Who closed a connection, with what: the code that counts, and a text for the access log."""
    first, second = proto.close_sent, proto.close_rcvd
    who, arrows = "server", "▲▼"
    if first is None or (second is not None and proto.close_rcvd_then_sent):
        first, second = second, first
        who, arrows = "client", "▼▲"
    if first is None:
        return 1006, "ABNORMAL from client"
    code = int(first.code)
    name = repr(first.reason) if first.reason else NAMES.get(code, "")
    if second is None or second.code == code:
        return code, f"{name} from {who}".strip()
    other = repr(second.reason) if second.reason else NAMES.get(int(second.code), "")
    return code, f"{name} {arrows} {int(second.code)} {other}".strip()
