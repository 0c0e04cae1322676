"""One route: what was registered, and what its path means."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from types import SimpleNamespace
from typing import Any
from warnings import warn

from sanic_fast._core.live import LiveDeque
from sanic_fast._core.router import CompiledRoute, VersionCell
from sanic_fast.routing.exceptions import InvalidUsage, NotFound, ParameterNameConflicts
from sanic_fast.routing.patterns import (
    REGEX_PARAM_NAME,
    REGEX_PARAM_NAME_EXT,
    ExtParamInfo,
    ParamInfo,
    ext,
)
from sanic_fast.routing.utils import Immutable, parts_to_path, path_to_parts

FLAGS = {re.ASCII: "a", re.IGNORECASE: "i", re.MULTILINE: "m", re.DOTALL: "s", re.VERBOSE: "x"}
OBSOLETE = {"string": "str", "number": "float"}


class Requirements(Immutable):
    """What a request must have besides its path: `{"host": name}`."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))


NO_REQUIREMENTS = Requirements()


class RouteExtra(SimpleNamespace):
    """Free-form attributes of a route. Every assignment tells the compiled route.

    `request_middleware` and `response_middleware` always come out as deques that tell, too.
    """

    __slots__ = ("_cell",)

    def __init__(self, cell: VersionCell, /, **kwargs: Any) -> None:
        object.__setattr__(self, "_cell", cell)
        super().__init__()
        for name, value in kwargs.items():
            setattr(self, name, value)

    def __setattr__(self, name: str, value: Any) -> None:
        if name in ("request_middleware", "response_middleware"):
            if not isinstance(value, LiveDeque) or value.cell is not self._cell:
                value = LiveDeque(value, self._cell)
        super().__setattr__(name, value)
        self._cell.bump()

    def __delattr__(self, name: str) -> None:
        super().__delattr__(name)
        self._cell.bump()


class Route:
    """A path, its methods and its handler.

    Args:
        router: gives the parameter types.
        raw_path: the path, with or without the leading slash.
        name: unique name, used by `url_for`.
        handler: called for a match.
        methods: upper-case method names.
        requirements: `{"host": name}` or nothing.
        strict: the trailing slash of a request must agree.
        unquote: percent-decode text parameters.
        static, regex, overloaded: first values of the attributes.
        priority: free for routers that order routes themselves.

    Raises:
        InvalidUsage: a parameter definition makes no sense.
        re.error: a parameter's expression is none.
    """

    __slots__ = (
        "__weakref__", "_cell", "_compiled", "_ctx", "_extra", "_handler", "_params", "_raw_path",
        "_segments", "labels", "methods", "name", "overloaded", "params", "parts", "path",
        "pattern", "priority", "regex", "requirements", "router", "static", "strict", "unquote",
    )  # fmt: skip

    def __init__(
        self,
        router: Any,
        raw_path: str,
        name: str | None,
        handler: Callable[..., Any],
        methods: Iterable[str],
        requirements: dict[str, Any] | None = None,
        strict: bool = False,
        unquote: bool = False,
        static: bool = False,
        regex: bool = False,
        overloaded: bool = False,
        *,
        priority: int = 0,
    ) -> None:
        self._cell = VersionCell()
        self._compiled: CompiledRoute | None = None
        self._extra = RouteExtra(self._cell)
        self._handler = handler
        self.router = router
        self.name = name
        self.methods = frozenset(methods)
        self.requirements = Requirements(requirements) if requirements else NO_REQUIREMENTS
        self._ctx: SimpleNamespace | None = None
        self.strict = strict
        self.unquote = unquote
        self.static = static
        self.regex = regex
        self.overloaded = overloaded
        self.priority = priority
        self.pattern: str | None = None
        self.labels: list[str] = []
        self.params: dict[int, ParamInfo] = {}
        self._params: dict[int, ParamInfo] = {}
        self._segments: tuple[str, ...] = ()
        self._ingest_path(raw_path)

    def __repr__(self) -> str:
        name = f"name={self.name} " if self.name else ""
        return f"<Route: {name}path={self.path or self.router.delimiter}>"

    # ---- what dispatch reads

    @property
    def handler(self) -> Callable[..., Any]:
        """The function called for a match. May be replaced at any time."""
        return self._handler

    @handler.setter
    def handler(self, handler: Callable[..., Any]) -> None:
        self._handler = handler
        self._cell.bump()

    @property
    def extra(self) -> RouteExtra:
        """Attributes that the framework keeps on a route."""
        return self._extra

    @extra.setter
    def extra(self, extra: SimpleNamespace) -> None:
        self._extra = RouteExtra(self._cell, **vars(extra))
        self._cell.bump()

    @property
    def ctx(self) -> SimpleNamespace:
        """Free for programs and plugins; made at first use."""
        if self._ctx is None:
            self._ctx = SimpleNamespace()
        return self._ctx

    @ctx.setter
    def ctx(self, ctx: SimpleNamespace) -> None:
        self._ctx = ctx

    @property
    def compiled(self) -> CompiledRoute:
        """What the hot path holds of this route: the same object for the life of the route."""
        if self._compiled is None:
            self._compiled = CompiledRoute(self, self._cell)
        return self._compiled

    # ---- the path

    @property
    def raw_path(self) -> str:
        """The path as it was written: literals normalised, types not filled in."""
        return self._raw_path

    @property
    def uri(self) -> str:
        """The path with its leading slash."""
        return f"{self.router.delimiter}{self.path}"

    @property
    def defined_params(self) -> dict[int, ParamInfo]:
        """Parameters by their place in the path, before finalizing too."""
        return self._params

    @property
    def segments(self) -> tuple[str, ...]:
        """The parts without the names of the parameters: equal for routes that compete."""
        return self._segments

    def _ingest_path(self, path: str) -> None:
        delimiter = self.router.delimiter
        raw = path_to_parts(path, delimiter)
        self._raw_path = parts_to_path(raw, delimiter)
        parts = []
        for index, part in enumerate(raw):
            if part.startswith("<"):
                name, label, cast, pattern, info_class = self.parse_parameter_string(part)
                self.add_parameter(index, name, self._raw_path, label, cast, pattern, info_class)
                if label != "ext":
                    part = f"<{name}:{label}>"
            parts.append(part)
        self.parts = tuple(parts)
        self.path = parts_to_path(parts, delimiter)
        for index, info in self._params.items():
            parts[index] = f"<__dynamic__:{info.label}>"
        self._segments = tuple(parts)

    def parse_parameter_string(
        self, parameter_string: str
    ) -> tuple[str, str, Callable[[str], Any], Any, type[ParamInfo]]:
        """Take `<name:type>` apart: name, label, cast, pattern, class that describes it.

        Raises:
            InvalidUsage: it is no parameter definition.
        """
        if not parameter_string.startswith("<"):
            parameter_string = f"<{parameter_string}>"
        found = REGEX_PARAM_NAME.match(parameter_string)
        file_name = REGEX_PARAM_NAME_EXT.match(parameter_string)
        if file_name:
            return (file_name[1], "ext", *self.router.regex_types["ext"])
        if not found:
            raise InvalidUsage(f"Invalid declaration: {parameter_string}")
        name, label = found[1], found[2] or "str"
        if label.startswith("ext="):
            raise InvalidUsage(f"Invalid extension parameter definition: {parameter_string}")
        if label in OBSOLETE:
            warn(
                f"Use of '{label}' as a path parameter type is deprecated and not supported. "
                f"Use <{name}:{OBSOLETE[label]}> instead.",
                DeprecationWarning,
                stacklevel=6,
            )
        if label in self.router.regex_types:
            return (name, label, *self.router.regex_types[label])
        return name, label, str, label, ParamInfo

    def add_parameter(
        self,
        idx: int,
        name: str,
        raw_path: str,
        label: str,
        cast: Callable[[str], Any],
        pattern: re.Pattern[str] | str | None = None,
        param_info_class: type[ParamInfo] = ParamInfo,
    ) -> None:
        """Declare the parameter at part `idx`.

        Raises:
            InvalidUsage: the expression has a wrong or a second group.
        """
        known = label in self.router.regex_types
        if pattern is None or isinstance(pattern, str):
            pattern = _anchored(pattern or label)
        if not known:
            _check_groups(name, label, pattern)
        priority = list(self.router.regex_types).index(label) if known else 0
        self._params[idx] = param_info_class(
            name=name, raw_path=raw_path, label=label, cast=cast, pattern=pattern,
            regex=not known, priority=priority,
        )  # fmt: skip
        if not known or label == "path":
            self.regex = True

    # ---- life

    def finalize(self) -> None:
        """Fill `params`, `labels` and `pattern`, and tell the compiled route.

        Raises:
            ParameterNameConflicts: two parameters have one name.
        """
        self.params = dict(self._params)
        self.labels = [info.name for info in self.params.values()]
        if len(set(self.labels)) != len(self.labels):
            raise ParameterNameConflicts(f"Duplicate named parameters in: {self.raw_path}")
        self.static = not self.params and not self.requirements
        self.pattern = self._display_pattern() if self.regex else None
        self.compiled.describe(
            tuple(self.labels),
            tuple(_extractor(info) for info in self.params.values()),
            self.unquote,
            self.strict,
            not self.path or self.path.endswith(self.router.delimiter),
        )
        self._cell.bump()

    def reset(self) -> None:
        """Go back to before `finalize()`."""
        self.params = {}
        self.labels = []
        self.pattern = None

    def _display_pattern(self) -> str:
        """Return the route as one expression over the whole path."""
        parts = []
        for index, part in enumerate(self.parts):
            info = self._params.get(index)
            if info is None:
                parts.append(re.escape(part))
            elif info.pattern.groups == 1 and not info.pattern.groupindex:
                body = expression_body(info.pattern)
                start = re.search(r"(?<!\\)\((?!\?)", body)
                parts.append(
                    f"{body[: start.start()]}(?P<{info.name}>{body[start.end() :]}"
                    if start
                    else body
                )
            elif info.pattern.groups:
                parts.append(expression_body(info.pattern))
            else:
                parts.append(f"(?P<{info.name}>{expression_body(info.pattern)})")
        delimiter: str = self.router.delimiter
        return delimiter + delimiter.join(parts)


def _extractor(info: ParamInfo) -> Callable[[dict[str, Any], Any, bool], bool] | None:
    """Return what stores the values of a parameter that is more than one name and its value."""
    if isinstance(info, ExtParamInfo) and info.cast is ext:
        return info.extract
    if type(info).process is ParamInfo.process:
        return None

    def extract(params: dict[str, Any], value: Any, unquote: bool) -> bool:
        try:
            info.process(params, value)
        except NotFound:
            return False
        return True

    return extract


def expression_body(pattern: re.Pattern[str]) -> str:
    """Return the text of an expression without its outer anchors, with its flags."""
    text: str = pattern.pattern.removeprefix("^")
    if text.endswith("$") and (len(text) - len(text[:-1].rstrip("\\"))) % 2:
        text = text[:-1]
    flags = "".join(letter for flag, letter in FLAGS.items() if pattern.flags & flag)
    if not flags:
        return text
    # The line end closes a comment, which a verbose expression may end with.
    return f"(?{flags}:{text}\n)" if "x" in flags else f"(?{flags}:{text})"


def _anchored(text: str) -> re.Pattern[str]:
    if not text.startswith("^"):
        text = f"^{text}"
    if not text.endswith("$"):
        text = f"{text}$"
    return re.compile(text)


def _check_groups(name: str, label: str, pattern: re.Pattern[str]) -> None:
    """One capturing group at most; a named one has the parameter's name."""
    for group in pattern.groupindex:
        if group != name:
            raise InvalidUsage(f"Named group ({group}) must match your named parameter ({name})")
    if pattern.groups > 1:
        raise InvalidUsage(f"Invalid matching pattern {label}")
