"""The exchange of one request with an ASGI server."""

from sanic_fast._core.dispatch cimport fail_exchange
from sanic_fast._core.response cimport (
    BaseHTTPResponse,
    body_bytes,
    status_code,
    status_has_body,
)
from sanic_fast._core.stream cimport ST_FAILED, ST_RESPONSE, HttpStream

from sanic_fast.exceptions import RequestCancelled, ServerError


cdef class AsgiStream(HttpStream):
    """`request.stream` under an ASGI server: reads and sends by the connection's two callables.

    A subclass sets `request` by `attach` before anything is read or sent.
    """

    cdef object receive_message
    cdef object send_message
    cdef readonly bint disconnected     # the server told that the client is gone
    cdef str prefix                     # of message types: "http", or "websocket" for a refusal
    cdef bint refusing                  # a websocket whose server takes no response: only a close

    def __init__(self):
        self.stage_now = 3

    def attach(self, request, scope, receive, send):
        """Set what is exchanged, and with whom."""
        self.request = request
        self.receive_message = receive
        self.send_message = send
        self.prefix = "http"
        if scope["type"] == "websocket":
            self.prefix = "websocket.http"
            self.refusing = "websocket.http.response" not in (scope.get("extensions") or {})
            self.body_taken = True

    @property
    def protocol(self):
        """The protocol that stands for the server's own."""
        return self.request.transport.get_protocol()

    async def read(self):
        """The next piece of the request body as bytes; None at its end.

        Raises:
            RequestCancelled: the client is gone.
        """
        self.read_started = True
        while not self.body_taken:
            message = await self.receive_message()
            if message["type"] == "http.disconnect":
                self.disconnected = True
                raise RequestCancelled
            self.body_taken = not message.get("more_body", False)
            data = message.get("body")
            if data:
                return bytes(data)
        return None

    async def send(self, data, end_stream=False):
        """Hand over a piece of the response body; waits while the server is slow to take it.

        Raises:
            ServerError: the response has ended.
        """
        cdef bytes piece = data.encode() if isinstance(data, str) else bytes(data or b"")
        if self.ended:
            if end_stream and not piece:
                return
            raise ServerError(
                "Response stream was ended, no more response data is allowed to be sent."
            )
        if self.disconnected:
            raise RequestCancelled
        if self.refusing:
            await self.refuse()
            return
        if not self.started:
            complete = end_stream and not piece
            await self.start()
            if complete:
                await self.send_whole()
                return
        if not status_has_body(status_code(self.response)):
            piece = b""
        if end_stream:
            self.ended = True
        elif not piece:
            return
        await self.body_message(piece, not end_stream)

    async def refuse(self):
        """Close a websocket that was not accepted; the server answers 403 by itself."""
        if not self.started:
            self.started = self.ended = True
            await self.message({"type": "websocket.close", "code": 1000, "reason": ""})

    async def start(self):
        """Send the head."""
        cdef BaseHTTPResponse response = self.response
        head = {
            "type": f"{self.prefix}.response.start",
            "status": status_code(response),
            "headers": list(response.processed_headers),
        }
        self.started = True
        self.stage_now = ST_RESPONSE
        await self.message(head)

    async def send_whole(self):
        """Send the body that the response holds; of a file, block by block."""
        cdef BaseHTTPResponse response = self.response
        cdef bint has_body = status_has_body(status_code(response))
        self.ended = True
        if has_body and getattr(response, "_sf_file", None) is not None:
            await self.send_file(response)
        else:
            await self.body_message(body_bytes(response) if has_body else b"", False)

    async def send_file(self, response):
        left = response._sf_file[2]
        async for block in response.chunks():
            left -= len(block)
            await self.body_message(block, True)
        # A file that became shorter leaves the response unfinished, so that the server cuts it.
        if left <= 0:
            await self.body_message(b"", False)

    async def body_message(self, body, more):
        await self.message(
            {"type": f"{self.prefix}.response.body", "body": body, "more_body": more}
        )

    async def message(self, message):
        try:
            await self.send_message(message)
        except OSError as error:
            # What a server raises that has lost the client.
            self.disconnected = True
            raise RequestCancelled from error

    async def fail(self, error):
        """Answer an exception as the application wants it; a started response is left unfinished,
        so that the server cuts it."""
        self.stage_now = ST_FAILED
        await fail_exchange(None, self.request, error)
