"""The page that shows an error, with details for developers in debug mode."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from html5tagger import E

from sanic_fast.pages.base import BasePage

ENDUSER_TEXT = (
    "This page cannot be shown. Please try again in a moment, or go back to the front page. If the "
    "problem stays, tell the people who run this site."
)


class ErrorPage(BasePage):
    """Page for an exception.

    Args:
        debug: Whether to show traceback, extra data and request headers.
        title: Heading, such as `404 — Not Found`.
        text: What happened.
        request: The request that failed.
        exc: The exception; `context`, `extra` and `quiet` are read if it has them.
    """

    def __init__(self, debug: bool, title: str, text: str, request: Any, exc: Exception) -> None:
        super().__init__(debug)
        name = request.app.name.replace("_", " ").strip()
        if name.islower():
            name = name.title()
        self.TITLE = f"Application {name} cannot handle your request"
        self.HEADING = E("Application ").strong(name)(" cannot handle your request")
        self.title = title
        self.text = text
        self.request = request
        self.exc = exc
        self.details_open = not getattr(exc, "quiet", False)

    def _body(self) -> None:
        context = getattr(self.exc, "context", None)
        with self.doc.main:
            self.doc.h1(f"⚠️ {self.title}").p(self.text)
            if context:
                self._key_value_table("Issue context", "exception-context", context)
            if self.debug:
                self._details()
            else:
                with self.doc.div(id="enduser"):
                    self.doc.p(ENDUSER_TEXT).p.a("Front Page", href="/")

    def _details(self) -> None:
        """What only developers may see."""
        from tracerite import html_traceback

        request = self.request
        extra = getattr(self.exc, "extra", None)
        route_name = request.route.name if request.route else "[route not found]"
        with self.doc.details(open=self.details_open, class_="smalltext"):
            self.doc.summary("Details for developers (Sanic debug mode only)")
            if extra:
                self._key_value_table("Issue extra data", "exception-extra", extra)
            with self.doc.div(class_="exception-wrapper"):
                self.doc.h2(f"Exception in {route_name}:")
                self.doc(html_traceback(self.exc))
            self._key_value_table(
                f"{request.method} {request.path}", "request-headers", request.headers
            )

    def _key_value_table(self, title: str, table_id: str, data: Mapping[str, Any]) -> None:
        with self.doc.div(class_="key-value-display"):
            self.doc.h2(title)
            with self.doc.dl(id=table_id, class_="key-value-table smalltext"):
                for key, value in data.items():
                    self.doc.dt.span(key, class_="nobr key").span(": ").dd(_shown(value))


def _shown(value: Any) -> str:
    """Text of a value; a broken `__str__` must not break the page that reports an error."""
    try:
        return str(value)
    except Exception as error:  # noqa: BLE001 - anything may be raised there
        return f"[cannot be shown: {type(error).__name__}]"
