"""The carrier of an exchange, as requests and responses see it."""

from sanic_fast._core.plan cimport SIG_READ_BODY, SIG_SEND
from sanic_fast._core.response cimport BaseHTTPResponse

from sanic_fast.exceptions import ServerError

WAIT = object()
cdef object stages = {}


def install_hooks(*, stage):
    """Called once by `sanic_fast.http.constants` with the `Stage` enum."""
    stages.update((member.value, member) for member in stage)


cdef class Sink:
    cdef int send_response(self, object request, BaseHTTPResponse response) except -1:
        raise NotImplementedError

    cdef object write_part(self, HttpStream stream, bytes data, bint end):
        raise NotImplementedError

    cdef object take_body(self, HttpStream stream):
        raise NotImplementedError

    cdef object body_waiter(self, HttpStream stream):
        raise NotImplementedError

    cdef int lift_body_limit(self) except -1:
        return 0


cdef class HttpStream:
    """`request.stream`: read the body piece by piece, send the response piece by piece.

    Iterate it (`async for chunk in request.stream`) or call `read()`; both end with the body.
    """

    def __init__(self, Sink sink not None, request):
        self.sink = sink
        self.request = request
        self.stage_now = 3

    @property
    def stage(self):
        """The `Stage` of this exchange."""
        return stages.get(self.stage_now, self.stage_now)

    @property
    def protocol(self):
        """The protocol that carries the exchange."""
        return self.sink

    def respond(self, BaseHTTPResponse response not None):
        """Attach a response; an attached one that was not started is replaced.

        Raises:
            ServerError: a response was started already.
        """
        if self.started or self.ended:
            raise ServerError(
                "Response stream was ended, no more response data is allowed to be sent."
            )
        if self.response is not None and self.response is not response:
            self.response.stream = None
        self.response = response
        response.stream = self
        return response

    async def send(self, data, end_stream=False):
        """Hand over a piece of the response body; waits while the client is slow to read.

        Raises:
            RequestCancelled: the client is gone.
            ServerError: more or fewer bytes than the response's own `content-length`.
        """
        cdef bytes piece = data.encode() if isinstance(data, str) else bytes(data or b"")
        cdef object waiter
        waiter = self.sink.write_part(self, piece, bool(end_stream))
        if self.sink.plan.signals.bits & SIG_SEND and self.wire:
            data, self.wire = self.wire, None
            await self.sink.plan.app.dispatch(
                "http.lifecycle.send", inline=True, context={"data": data}
            )
        if waiter is not None:
            await waiter

    async def read(self):
        """The next piece of the request body as bytes; None at its end.

        Raises:
            PayloadTooLarge, BadRequest, RequestTimeout: the body broke a limit or a framing rule.
            RequestCancelled: the client is gone.
        """
        cdef object data
        self.read_started = True
        while True:
            data = self.sink.take_body(self)
            if data is not WAIT:
                break
            await self.sink.body_waiter(self)
        if data is not None and self.sink.plan.signals.bits & SIG_READ_BODY:
            await self.sink.plan.app.dispatch(
                "http.lifecycle.read_body", inline=True, context={"body": data}
            )
        return data

    def __aiter__(self):
        return self

    async def __anext__(self):
        data = await self.read()
        if data is None:
            raise StopAsyncIteration
        return data
