"""Style sheets that follow the inheritance of page classes."""

from __future__ import annotations

from abc import ABCMeta
from pathlib import Path
from typing import Any, TypeVar

CURRENT_DIR = Path(__file__).parent
Self = TypeVar("Self", bound="CSS")


class CSS(ABCMeta):
    """Metaclass of pages: `CSS` of a class is its own style after those of its ancestors.

    A class brings its style as class attribute `STYLE`, or as the file `styles/{name}.css`.
    """

    STYLE: str
    CSS: str

    def __new__(
        mcls: type[Self], name: str, bases: tuple[type, ...], attrs: dict[str, Any]
    ) -> Self:
        if "STYLE" not in attrs:
            attrs["STYLE"] = _read_style(name)
        page = super().__new__(mcls, name, bases, attrs)
        ancestors = reversed(page.__mro__)
        page.CSS = "".join(vars(ancestor).get("STYLE", "") for ancestor in ancestors)
        return page


def _read_style(name: str) -> str:
    """Content of the style file for the class `name`, empty if it has none."""
    path = CURRENT_DIR / "styles" / f"{name}.css"
    return path.read_text(encoding="utf-8") if path.is_file() else ""
