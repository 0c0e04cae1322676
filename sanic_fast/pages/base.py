"""The frame that all pages share."""

from __future__ import annotations

from abc import ABC, abstractmethod

from html5tagger import HTML, Builder, Document

from sanic_fast.__version__ import __version__
from sanic_fast.pages.css import CSS

DOCS_URL = "https://sanic.dev/en/guide/"
_LOGO = (
    '<svg id=logo viewBox="0 0 20 24" aria-hidden=true>'
    '<path d="M12 1 2 14h6l-2 9L18 9h-7z"/></svg>'
    "<strong>sanic_fast</strong>"
)


class BasePage(ABC, metaclass=CSS):
    """A page: header, what `_body` adds to `self.doc`, footer.

    Args:
        debug: Whether the footer shows version and links.
    """

    TITLE = "sanic_fast"
    HEADING: str | Builder | None = None
    CSS: str
    doc: Builder

    def __init__(self, debug: bool = True) -> None:
        self.debug = debug

    @property
    def style(self) -> str:
        """The style sheet."""
        return self.CSS

    def render(self) -> str:
        """The whole page as HTML text."""
        self.doc = Document(self.TITLE, lang="en", id="sanic")
        self._head()
        self._body()
        self._foot()
        return str(self.doc)

    def _head(self) -> None:
        self.doc.meta(name="viewport", content="width=device-width,initial-scale=1")
        self.doc.style(HTML(self.style))
        with self.doc.header:
            self.doc.div(self.HEADING or self.TITLE)

    def _foot(self) -> None:
        with self.doc.footer:
            self.doc.div("powered by")
            with self.doc.div:
                self._sanic_logo()
            if self.debug:
                self.doc.div(f"Version {__version__}")
                with self.doc.div:
                    self.doc.a("Docs", href=DOCS_URL, target="_blank", rel="noreferrer")
                self.doc.div("DEBUG mode")

    @abstractmethod
    def _body(self) -> None: ...

    def _sanic_logo(self) -> None:
        self.doc(HTML(_LOGO))
