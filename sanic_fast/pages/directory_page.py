"""The page that lists a directory."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypedDict
from urllib.parse import quote, unquote

from html5tagger import E

from sanic_fast.pages.base import BasePage


class FileInfo(TypedDict):
    """One entry of a directory; `file_name` of a directory ends with a slash."""

    icon: str
    file_name: str
    file_access: str
    file_size: str


class DirectoryPage(BasePage):
    """Listing of a directory.

    Args:
        files: The entries, in the order in which they are shown.
        url: Percent-encoded path of the directory, with a slash at its end.
        debug: See `BasePage`.
    """

    TITLE = "Directory Viewer"

    def __init__(self, files: Iterable[FileInfo], url: str, debug: bool) -> None:
        super().__init__(debug)
        self.files = files
        self.url = url

    def _body(self) -> None:
        with self.doc.main:
            self._headline()
            files = list(self.files)
            if files:
                self._file_table(files)
            else:
                self.doc.p("The folder is empty.")

    def _headline(self) -> None:
        """Links to all directories from the root of the site down to this one."""
        with self.doc.h1(id="breadcrumbs"):
            link = ""
            for part in self.url.split("/")[:-1]:
                link += f"{part}/"
                with self.doc.a(href=link):
                    name = unquote(part)
                    self.doc.span(name, class_="dir").span("/", class_="sep")

    def _file_table(self, files: Iterable[FileInfo]) -> None:
        with self.doc.table(class_="autoindex container"):
            for info in files:
                self._file_row(**info)

    def _file_row(self, icon: str, file_name: str, file_access: str, file_size: str) -> None:
        # Encoded, so that no name can be taken for a scheme, a query or a fragment; names with
        # bytes that are no UTF-8 come as surrogates and go back to the same bytes.
        href = quote(file_name, safe="/", errors="surrogateescape")
        shown = file_name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        first = E.span(icon, class_="icon").a(shown, href=href)
        self.doc.tr.td(first).td(file_size).td(file_access)
