"""Turn exceptions into responses: choose HTML, text or JSON, and render it.

What an exception shows: its message if it is a `SanicException` (those are written for clients)
or in debug mode; its `context` always; `extra`, traceback and request only in debug mode and
only if it is not `quiet`.
"""

from __future__ import annotations

import typing as t
from json import dumps as robust_dumps
from traceback import extract_tb

from sanic_fast.error_format import inferred_format
from sanic_fast.exceptions import BadRequest, InvalidHeader, SanicException
from sanic_fast.helpers import STATUS_CODES, json_dumps
from sanic_fast.log import logger
from sanic_fast.logging.deprecation import deprecation
from sanic_fast.response import html, json, text

if t.TYPE_CHECKING:
    from collections.abc import Iterator

    from sanic_fast.response import HTTPResponse

DEFAULT_FORMAT = "auto"
FALLBACK_TEXT = "The application encountered an unexpected error and could not continue."
FALLBACK_STATUS = 500
JSON = "application/json"

MIME_BY_CONFIG = {"text": "text/plain", "json": "application/json", "html": "text/html"}
CONFIG_BY_MIME = {mime: name for name, mime in MIME_BY_CONFIG.items()}

# What a handler returns -> the format in which its errors are shown, unless it says otherwise.
RESPONSE_MAPPING = {
    "json": "json",
    "text": "text",
    "html": "html",
    "JSONResponse": "json",
    "text/plain": "text",
    "text/html": "html",
    "application/json": "json",
}


class BaseRenderer:
    """Base of the renderers: what all formats need of an exception.

    Subclasses return a response from `minimal()` and `full()`.

    Args:
        request: The request that failed.
        exception: The exception.
        debug: Whether developers are looking.
    """

    dumps = staticmethod(json_dumps)

    def __init__(self, request: t.Any, exception: Exception, debug: bool) -> None:
        self.request = request
        self.exception = exception
        self.debug = debug

    @property
    def headers(self) -> dict[str, str]:
        """Headers that the exception adds to the response."""
        return self.exception.headers if isinstance(self.exception, SanicException) else {}

    @property
    def status(self) -> int:
        """Status of the response."""
        if isinstance(self.exception, SanicException):
            return self.exception.status_code
        return FALLBACK_STATUS

    @property
    def text(self) -> str:
        """What happened, as far as the client may know it."""
        if self.debug or isinstance(self.exception, SanicException):
            return str(self.exception)
        return FALLBACK_TEXT

    @property
    def title(self) -> str:
        """Status with its reason phrase."""
        return f"{self.status} — {self._reason}"

    @property
    def _reason(self) -> str:
        return STATUS_CODES.get(self.status, b"Error Occurred").decode()

    def render(self) -> HTTPResponse:
        """The response: `full()` for noisy exceptions in debug mode, otherwise `minimal()`."""
        quiet = getattr(self.exception, "quiet", False)
        output = self.full if self.debug and not quiet else self.minimal
        response = output()
        response.status = self.status
        response.headers.update(self.headers)
        return response

    def minimal(self) -> HTTPResponse:
        """What everybody may see. To be provided by subclasses."""
        raise NotImplementedError

    def full(self) -> HTTPResponse:
        """What developers see. To be provided by subclasses."""
        raise NotImplementedError

    def _dump(self, value: t.Any) -> str:
        """JSON text of a value; what JSON cannot hold is shown by `str`, as in HTML.

        Context data must not turn the error it explains into another one.
        """
        try:
            return self.dumps(value)
        except (TypeError, ValueError, OverflowError):
            return robust_dumps(value, default=str, skipkeys=True, separators=(",", ":"))

    def _chain(self) -> Iterator[BaseException]:
        """The exception and its explicit causes, oldest first."""
        chain: list[BaseException] = []
        current: BaseException | None = self.exception
        while current is not None and all(current is not seen for seen in chain):
            chain.append(current)
            current = current.__cause__
        return reversed(chain)


class HTMLRenderer(BaseRenderer):
    """Render an exception as an HTML page."""

    def full(self) -> HTTPResponse:
        """The page; what it shows follows `debug` and the exception."""
        # Most services never show a page, so the HTML builder is imported by the first.
        from sanic_fast.pages.error import ErrorPage

        page = ErrorPage(
            debug=self.debug,
            title=self.title,
            text=self.text,
            request=self.request,
            exc=self.exception,
        )
        return html(_encodable(page.render()))

    def minimal(self) -> HTTPResponse:
        """The page; outside of debug mode, or with its details closed."""
        return self.full()


class TextRenderer(BaseRenderer):
    """Render an exception as plain text."""

    OUTPUT_TEXT = "{title}\n{bar}\n{text}\n\n{body}"
    SPACER = "  "

    @property
    def title(self) -> str:
        """Status with its reason phrase and a warning sign."""
        return f"⚠️ {super().title}"

    def full(self) -> HTTPResponse:
        """Message, traceback, context and extra."""
        return self._page(full=True)

    def minimal(self) -> HTTPResponse:
        """Message and context."""
        return self._page(full=False)

    def _page(self, *, full: bool) -> HTTPResponse:
        title = self.title
        page = self.OUTPUT_TEXT.format(
            title=title, text=self.text, bar="=" * len(title), body=self._body(full=full)
        )
        return text(_encodable(page))

    def _body(self, *, full: bool) -> str:
        lines: list[str] = []
        if full:
            name = type(self.exception).__name__
            lines.append(f"{name}: {self.text} while handling path {self.request.path}")
            lines.append(f"Traceback of {self.request.app.name} (most recent call last):\n")
            lines.extend(self._format_exception(exception) for exception in self._chain())
        lines.extend(self._block("context"))
        if full:
            lines.extend(self._block("extra"))
        return "\n".join(lines)

    def _format_exception(self, exception: BaseException) -> str:
        indent = self.SPACER * 2
        frames = "\n\n".join(
            f"{indent}File {frame.filename}, line {frame.lineno}, in {frame.name}\n"
            f"{indent}{frame.line or ''}"
            for frame in extract_tb(exception.__traceback__)
        )
        return f"{self.SPACER}{type(exception).__name__}: {exception}\n{frames}"

    def _block(self, name: str) -> list[str]:
        """Lines for the exception's `context` or `extra`, none if it is empty."""
        values = getattr(self.exception, name, None)
        if not values:
            return []
        indent = self.SPACER * 2
        rows = [f"{indent}{key}: {self._dump(value)}" for key, value in values.items()]
        return [f"\n{name.capitalize()}", *rows]


class JSONRenderer(BaseRenderer):
    """Render an exception as JSON."""

    @property
    def title(self) -> str:
        """The reason phrase alone; the status has its own key."""
        return self._reason

    def full(self) -> HTTPResponse:
        """Message, context, extra, request and traceback."""
        return json(self._output(full=True), dumps=self._dump)

    def minimal(self) -> HTTPResponse:
        """Message and context."""
        return json(self._output(full=False), dumps=self._dump)

    def _output(self, *, full: bool) -> dict[str, t.Any]:
        output: dict[str, t.Any] = {
            "description": self.title,
            "status": self.status,
            "message": self.text,
        }
        for name in ("context", "extra") if full else ("context",):
            if values := getattr(self.exception, name, None):
                output[name] = values
        if full:
            output["path"] = self.request.path
            output["args"] = self.request.args
            output["exceptions"] = [self._describe(exception) for exception in self._chain()]
        return output

    @staticmethod
    def _describe(exception: BaseException) -> dict[str, t.Any]:
        return {
            "type": type(exception).__name__,
            "exception": str(exception),
            "frames": [
                {
                    "file": frame.filename,
                    "line": frame.lineno,
                    "name": frame.name,
                    "src": frame.line or "",
                }
                for frame in extract_tb(exception.__traceback__)
            ],
        }


RENDERERS_BY_CONTENT_TYPE: dict[str, type[BaseRenderer]] = {
    "text/plain": TextRenderer,
    "application/json": JSONRenderer,
    "multipart/form-data": HTMLRenderer,
    "text/html": HTMLRenderer,
}


def _encodable(page: str) -> str:
    """`page` with a question mark for each surrogate: bytes of a request that are no UTF-8 come
    as such, and an error page may quote them."""
    return page.encode("utf-8", "replace").decode("utf-8")


def escape(text: t.Any) -> str:
    """Make a value safe as HTML content (not inside of attributes)."""
    return f"{text}".replace("&", "&amp;").replace("<", "&lt;")


def check_error_format(format: str) -> None:
    """Accept `html`, `text`, `json` and `auto`.

    Raises:
        SanicException: For any other value.
    """
    if format != DEFAULT_FORMAT and format not in MIME_BY_CONFIG:
        raise SanicException(f"Unknown format: {format}")


def exception_response(
    request: t.Any,
    exception: Exception,
    debug: bool,
    fallback: str,
    base: type[BaseRenderer],
    renderer: type[BaseRenderer] | None = None,
) -> HTTPResponse:
    """Render an exception.

    Args:
        request: The request that failed.
        exception: What failed.
        debug: Whether developers are looking.
        fallback: Format of the application: `html`, `text`, `json` or `auto`.
        base: Renderer for clients that accept none of the formats.
        renderer: Renderer to use without looking at the request.
    """
    if renderer is None:
        mime = guess_mime(request, fallback)
        renderer = RENDERERS_BY_CONTENT_TYPE.get(mime, base)
    return renderer(request, exception, debug).render()


def guess_mime(req: t.Any, fallback: str) -> str:
    """Choose the MIME type for an error of this request.

    The candidates are the format of the route, else the `fallback`; with `auto`, hints of the
    request for JSON, then all formats. The Accept header picks one of them.

    Returns:
        One of the values of `MIME_BY_CONFIG`, or an empty string if the client accepts none.
    """
    try:
        accept = req.accept
    except InvalidHeader:
        # The error page is not the place to complain about a header: it may well be the answer
        # to just that complaint.
        return ""
    # MIME type -> what made it a candidate; the order counts.
    candidates: dict[str, str] = {}
    if chosen := _format_of_route(req.route) or MIME_BY_CONFIG.get(fallback):
        candidates[chosen] = "configuration"
    elif fallback == DEFAULT_FORMAT and (hint := _json_hint(req, accept)):
        candidates[JSON] = hint
    if fallback == DEFAULT_FORMAT:
        for mime in MIME_BY_CONFIG.values():
            candidates.setdefault(mime, "any")

    matched = accept.match(*candidates)
    if not matched:
        logger.debug("No error format is acceptable for the client, using the base renderer")
        return ""
    mime = str(matched)
    if candidates[mime] == "body":
        _warn_about_body(req)
    return mime


def _format_of_route(route: t.Any) -> str | None:
    """MIME type of the error format of a route; None if it leaves that open."""
    if getattr(route, "extra", None) is None:
        return None
    return MIME_BY_CONFIG.get(inferred_format(route))


def _json_hint(req: t.Any, accept: t.Any) -> str | None:
    """What in the request says that its client speaks JSON: accept, content type or body."""
    if not accept.match(JSON):
        return None
    if JSON in accept:
        return "accept"
    if JSON in req.headers.get("content-type", ""):
        return "content-type"
    try:
        return "body" if req.json else None
    except BadRequest:
        return None


def _warn_about_body(req: t.Any) -> None:
    route = f" {req.route.name}" if req.route else ""
    deprecation(
        "The error format was chosen because the body of the request is JSON. This will stop. "
        f'Set error_format="json" on the route{route}, or FALLBACK_ERROR_FORMAT = "json", '
        "or send an Accept header with application/json.",
        24.3,
    )
