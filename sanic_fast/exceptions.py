"""Exceptions that turn into responses, and those raised at programmers.

Raise one from a handler and the server answers with its status:

    raise NotFound("No such user", context={"id": 7})
"""

from __future__ import annotations

from asyncio import CancelledError
from typing import TYPE_CHECKING, Any

from sanic_fast.helpers import STATUS_CODES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from os import PathLike

    from sanic_fast._types import Range


class RequestCancelled(CancelledError):
    """The client went away, so the handler was cancelled."""

    quiet = True


class ServerKilled(Exception):
    """The server is asked to stop before it was up."""

    quiet = True


class SanicException(Exception):
    """Base of the exceptions that become responses.

    Args:
        message: text for the client; None takes the class's `message`, then the reason phrase
            of the status.
        status_code: HTTP status; None or 0 takes the class's.
        quiet: True keeps the traceback out of the log; None takes the class's.
        context: values shown to the client on the error page.
        extra: values shown on the error page in debug mode only.
        headers: response headers.
    """

    status_code: int = 500
    quiet: bool | None = False
    headers: dict[str, str] = {}
    message: str = ""

    def __init__(
        self,
        message: str | bytes | None = None,
        status_code: int | None = None,
        *,
        quiet: bool | None = None,
        context: dict[str, Any] | None = None,
        extra: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        self.context = context
        self.extra = extra
        self.status_code = status_code or type(self).status_code
        self.quiet = type(self).quiet if quiet is None else quiet
        self.headers = headers or type(self).headers
        if message is None:
            phrase = STATUS_CODES.get(self.status_code, b"").decode()
            message = type(self).message or phrase
        elif isinstance(message, bytes):
            message = message.decode()
        super().__init__(message)
        self.message = message

    def _add_header(self, name: str, value: str) -> None:
        # A copy: the mapping may be the class's or the caller's own.
        self.headers = {**self.headers, name: value}


class HTTPException(SanicException):
    """Base of the exceptions whose class fixes the status."""

    def __init__(
        self,
        message: str | bytes | None = None,
        *,
        quiet: bool | None = None,
        context: dict[str, Any] | None = None,
        extra: dict[str, Any] | None = None,
        headers: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message, quiet=quiet, context=context, extra=extra, headers=headers)


class NotFound(HTTPException):
    """404: nothing lives at this address."""

    status_code = 404
    quiet = True


class BadRequest(HTTPException):
    """400: the request makes no sense."""

    status_code = 400
    quiet = True


InvalidUsage = BadRequest
BadURL = BadRequest


class MethodNotAllowed(HTTPException):
    """405: the address exists, but not for this method.

    Args:
        method: the method that was used.
        allowed_methods: what the address takes; sets the `Allow` header if not empty.
    """

    status_code = 405
    quiet = True

    def __init__(
        self,
        message: str | bytes | None = None,
        method: str = "",
        allowed_methods: Iterable[str] | None = None,
        *,
        quiet: bool | None = None,
        context: dict[str, Any] | None = None,
        extra: dict[str, Any] | None = None,
        headers: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message, quiet=quiet, context=context, extra=extra, headers=headers)
        if allowed_methods:
            self._add_header("Allow", ", ".join(allowed_methods))
        self.method = method
        self.allowed_methods = allowed_methods


MethodNotSupported = MethodNotAllowed


class ServerError(HTTPException):
    """500: something went wrong here."""

    status_code = 500


InternalServerError = ServerError


class ServiceUnavailable(HTTPException):
    """503: overloaded or down for maintenance."""

    status_code = 503
    quiet = True


class URLBuildError(HTTPException):
    """500: `url_for` could not make an address."""

    status_code = 500


class FileNotFound(NotFound):
    """404 for a file; `path` is the file, `relative_url` what the client asked for."""

    def __init__(
        self,
        message: str | bytes | None = None,
        path: PathLike[str] | None = None,
        relative_url: str | None = None,
        *,
        quiet: bool | None = None,
        context: dict[str, Any] | None = None,
        extra: dict[str, Any] | None = None,
        headers: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message, quiet=quiet, context=context, extra=extra, headers=headers)
        self.path = path
        self.relative_url = relative_url


class RequestTimeout(HTTPException):
    """408: the client did not send a whole request in time."""

    status_code = 408
    quiet = True


class PayloadTooLarge(HTTPException):
    """413: the body is larger than the limit."""

    status_code = 413
    quiet = True


class URITooLong(HTTPException):
    """414: the request target is longer than the limit."""

    status_code = 414
    quiet = True


class HeaderNotFound(BadRequest):
    """400: a header that is needed is missing."""


class InvalidHeader(BadRequest):
    """400: a header does not follow its grammar."""


class RangeNotSatisfiable(HTTPException):
    """416: the range lies outside the content.

    Args:
        content_range: an object with `total`, the content's length; sets `Content-Range`.
    """

    status_code = 416
    quiet = True

    def __init__(
        self,
        message: str | bytes | None = None,
        content_range: Range | None = None,
        *,
        quiet: bool | None = None,
        context: dict[str, Any] | None = None,
        extra: dict[str, Any] | None = None,
        headers: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message, quiet=quiet, context=context, extra=extra, headers=headers)
        if content_range is not None:
            self._add_header("Content-Range", f"bytes */{content_range.total}")


ContentRangeError = RangeNotSatisfiable


class ExpectationFailed(HTTPException):
    """417: the `Expect` header asks for something unknown."""

    status_code = 417
    quiet = True


HeaderExpectationFailed = ExpectationFailed


class Forbidden(HTTPException):
    """403: the client may not do this."""

    status_code = 403
    quiet = True


class InvalidRangeType(RangeNotSatisfiable):
    """416: the range has a unit other than bytes."""

    status_code = 416
    quiet = True


class PyFileError(SanicException):
    """A configuration file written in Python failed while it ran."""

    def __init__(
        self,
        file: Any,
        status_code: int | None = None,
        *,
        quiet: bool | None = None,
        context: dict[str, Any] | None = None,
        extra: dict[str, Any] | None = None,
        headers: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(
            f"could not execute config file {file}",
            status_code=status_code,
            quiet=quiet,
            context=context,
            extra=extra,
            headers=headers,
        )


class Unauthorized(HTTPException):
    """401: the client must say who it is (RFC 9110 11.6.1).

    Args:
        scheme: authentication scheme; sets `WWW-Authenticate` together with the challenges:
            `Unauthorized("Sign in", scheme="Basic", realm="Restricted Area")`.
    """

    status_code = 401
    quiet = True

    def __init__(
        self,
        message: str | bytes | None = None,
        scheme: str | None = None,
        *,
        quiet: bool | None = None,
        context: dict[str, Any] | None = None,
        extra: dict[str, Any] | None = None,
        headers: dict[str, Any] | None = None,
        **challenges: Any,
    ) -> None:
        super().__init__(message, quiet=quiet, context=context, extra=extra, headers=headers)
        if scheme is not None:
            values = ", ".join(f'{key}="{value!s}"' for key, value in challenges.items())
            self._add_header("WWW-Authenticate", f"{scheme} {values}".rstrip())


class LoadFileException(SanicException):
    """A configuration file cannot be found from the location given."""


class InvalidSignal(SanicException):
    """The name of a signal is not allowed."""


class WebsocketClosed(SanicException):
    """The peer closed the websocket, so nothing more can be sent or received."""

    quiet = True
    message = "Client has closed the websocket connection"
