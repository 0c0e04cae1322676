"""Types of path parameters: how each is cast, what it looks like, how it describes itself."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

from sanic_fast.routing.exceptions import InvalidUsage, NotFound

EXTENSION = r"[a-z0-9](?:[a-z0-9\.]*[a-z0-9])?"
PARAM_EXT = r"<([a-zA-Z_][a-zA-Z0-9_]*)(?:=([a-z]+))?(?::ext(?:=([a-z0-9|\.]+))?)>"
REGEX_PARAM_NAME = re.compile(r"^<([a-zA-Z_][a-zA-Z0-9_]*)(?::(.*))?>$")
REGEX_PARAM_EXT_PATH = re.compile(PARAM_EXT)
REGEX_PARAM_NAME_EXT = re.compile(f"^{PARAM_EXT}$")
REGEX_ALLOWED_EXTENSION = re.compile(f"^{EXTENSION}$")
REGEX_SLUG = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)*$")


def parse_date(d: str) -> date:
    """Cast `YYYY-MM-DD`; month and day may have one digit. Raises ValueError."""
    return datetime.strptime(d, "%Y-%m-%d").date()


def alpha(param: str) -> str:
    """Take letters of any script only. Raises ValueError."""
    if not param.isalpha():
        raise ValueError(f"Value {param} contains non-alphabetic characters")
    return param


def slug(param: str) -> str:
    """Take lower-case words and digits joined by single dashes. Raises ValueError."""
    if not REGEX_SLUG.match(param):
        raise ValueError(f"Value {param} does not match the slug format")
    return param


def ext(param: str) -> tuple[str, ...]:
    """Split a file name at its dots. Raises ValueError without a dot or with an empty piece."""
    pieces = tuple(param.split("."))
    if len(pieces) < 2 or not all(pieces):
        raise ValueError(f"Value {param} does not match filename format")
    return pieces


def nonemptystr(param: str) -> str:
    """Take anything but the empty string. Raises ValueError."""
    if not param:
        raise ValueError(f"Value {param} is an empty string")
    return param


class ParamInfo:
    """One parameter of one route.

    Attributes:
        name: its name in the handler's keyword arguments.
        raw_path: the route as it was written.
        label: the type (`int`), or the expression itself.
        cast: makes the value of a segment; ValueError means "does not match".
        pattern: expression that `url_for` holds a value against.
        regex: the label is an expression.
        priority: types with a higher one are tried first.
        ctx: free for plugins.
    """

    __slots__ = ("_ctx", "cast", "label", "name", "pattern", "priority", "raw_path", "regex")

    def __init__(
        self,
        name: str,
        raw_path: str,
        label: str,
        cast: Callable[[str], Any],
        pattern: re.Pattern[str],
        regex: bool,
        priority: int,
    ) -> None:
        self.name = name
        self.raw_path = raw_path
        self.label = label
        self.cast = cast
        self.pattern = pattern
        self.regex = regex
        self.priority = priority
        self._ctx: SimpleNamespace | None = None

    @property
    def ctx(self) -> SimpleNamespace:
        """Made at first use: most parameters never need one."""
        if self._ctx is None:
            self._ctx = SimpleNamespace()
        return self._ctx

    def process(self, params: dict[str, Any], value: Any) -> None:
        """Store a cast value under the name of this parameter."""
        params[self.name] = value


class ExtParamInfo(ParamInfo):
    """A file name with its extension: gives two values, `<name>` and `ext`."""

    __slots__ = ()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        found = next(
            (m for m in REGEX_PARAM_EXT_PATH.finditer(self.raw_path) if m[1] == self.name), None
        )
        if found is None:
            raise InvalidUsage(f"Invalid extension parameter definition: {self.raw_path}")
        self.ctx.cast = _filename_cast(found[2])
        self.ctx.allowed = _allowed_extensions(found[3])
        self.ctx.allowed_sub_count = self.ctx.allowed[0].count(".") if self.ctx.allowed else 0

    def process(self, params: dict[str, Any], value: str | tuple[str, ...]) -> None:
        """Store name and extension of a file name, given whole or in pieces.

        Raises:
            NotFound: the extension is not allowed, or the name does not fit its type.
        """
        text = value if isinstance(value, str) else ".".join(value)
        if not self.extract(params, text, False):
            raise NotFound(f"Invalid extension: {text}", path=text)

    def extract(self, params: dict[str, Any], text: str, unquote: bool) -> bool:
        """Store name and extension; false if this file name is refused."""
        pieces = text.split(".")
        cut = len(pieces) - self.ctx.allowed_sub_count - 1
        stem, extension = ".".join(pieces[:cut]), ".".join(pieces[cut:])
        if cut < 0 or (self.ctx.allowed and extension not in self.ctx.allowed):
            return False
        try:
            value = self.ctx.cast(_unquote(stem) if unquote else stem)
        except ValueError:
            return False
        params[self.name] = value
        params["ext"] = extension
        return True


def _unquote(text: str) -> str:
    from urllib.parse import unquote

    return unquote(text)


def _filename_cast(label: str | None) -> Callable[[str], Any]:
    """Return the cast of the `=type` part of `<name=type:ext>`."""
    if not label:
        return str
    if label == "path":
        raise InvalidUsage("Extension parameter matching does not support the `path` type.")
    if label not in REGEX_TYPES:
        raise InvalidUsage(
            "Extension parameter matching only supports filename matching on known parameter "
            "types, and not regular expressions."
        )
    return REGEX_TYPES[label][0]


def _allowed_extensions(text: str | None) -> list[str]:
    """Return the extensions of `ext=a|b`: all with one number of dots, so that one cut fits."""
    if not text:
        return []
    allowed = text.split("|")
    for extension in allowed:
        if not REGEX_ALLOWED_EXTENSION.match(extension):
            raise InvalidUsage(f"Invalid extension: {extension}")
    if len({extension.count(".") for extension in allowed}) > 1:
        raise InvalidUsage(
            "All allowed extensions within a single route definition must contain the same number "
            "of subparts: <foo:ext=js|css> and <foo:ext=min.js|min.css> are fine, "
            "<foo:ext=js|min.js> is not."
        )
    return allowed


PatternTuple = tuple[Callable[[str], Any], "re.Pattern[str]", type[ParamInfo]]

# In rising order of priority.
REGEX_TYPES: dict[str, PatternTuple] = {
    "strorempty": (str, re.compile(r"^[^/]*$"), ParamInfo),
    "str": (nonemptystr, re.compile(r"^[^/]+$"), ParamInfo),
    "ext": (ext, re.compile(r"^[^/]+\." + EXTENSION + r"$"), ExtParamInfo),
    "slug": (slug, REGEX_SLUG, ParamInfo),
    "alpha": (alpha, re.compile(r"^[A-Za-z]+$"), ParamInfo),
    "path": (str, re.compile(r"^[^/]?.*?$"), ParamInfo),
    "float": (float, re.compile(r"^-?(?:\d+(?:\.\d*)?|\.\d+)$"), ParamInfo),
    "int": (int, re.compile(r"^-?\d+$"), ParamInfo),
    "ymd": (
        parse_date,
        re.compile(r"^([12]\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]))$"),
        ParamInfo,
    ),
    "uuid": (
        uuid.UUID,
        re.compile(
            r"^[A-Fa-f0-9]{8}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{12}$"
        ),
        ParamInfo,
    ),
}
REGEX_TYPES_ANNOTATION = dict[str, PatternTuple]
