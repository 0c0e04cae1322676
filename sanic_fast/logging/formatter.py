"""Layouts of log lines: production, debug, legacy and JSON, each also for access records.

On a terminal the lines carry colours and cursor moves that align the columns; elsewhere they
are plain text. Subclass one and change its class attributes to make your own.
"""

from __future__ import annotations

import logging
import os
import re
from typing import TYPE_CHECKING, Any

from sanic_fast.helpers import is_atty, json_dumps
from sanic_fast.logging.color import LEVEL_COLORS
from sanic_fast.logging.color import Colors as c

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

CONTROL_RE = re.compile(r"\033\[[0-9;]*\w")
# Back to the left edge, then n columns to the right; START and END also clear the rest.
CONTROL_LIMIT_IDENT = "\033[1000D\033[{limit}C"
CONTROL_LIMIT_START = "\033[1000D\033[{start}C\033[K"
CONTROL_LIMIT_END = "\033[1000C\033[{right}D\033[K"

# What every record has: all else came in through `extra`.
DEFAULT_FIELDS = frozenset(
    logging.LogRecord("", 0, "", 0, "", (), None).__dict__.keys()
    | {"message", "asctime", "taskName", "ident", "right"}
)
_UNSET = object()


def escape_control(text: str) -> str:
    r"""Show control characters as `\x1b` and the like.

    What a peer sends must not move the cursor of whoever reads the log, nor forge lines.
    Unpaired surrogates, which no stream could write, are shown as `\udc80`.
    """
    if text.isprintable():
        return text
    return "".join(ch if ch.isprintable() else ch.encode("unicode_escape").decode() for ch in text)


class AutoFormatter(logging.Formatter):
    """The layout until `setup_logging` decides between debug and production."""

    SETUP: bool = False
    ATTY: bool = is_atty()
    NO_COLOR: bool = os.environ.get("SANIC_NO_COLOR", "false").lower() == "true"
    LOG_EXTRA: bool = os.environ.get("SANIC_LOG_EXTRA", "true").lower() == "true"
    IDENT: str = os.environ.get("SANIC_WORKER_IDENTIFIER", "Main ") or "Main "
    DATE_FORMAT: str = "%Y-%m-%d %H:%M:%S %z"
    IDENT_LIMIT: int = 5
    MESSAGE_START: int = 42
    PREFIX_FORMAT: str = f"{c.GREY}%(ident)s{{limit}} %(asctime)s {c.END}%(levelname)s: {{start}}"
    MESSAGE_FORMAT: str = "%(message)s"

    def __init__(self, *args: Any) -> None:
        """Args are those of `logging.Formatter`; a missing format or date format is ours."""
        fmt, datefmt, *rest = (*args, None, None)[: max(2, len(args))]
        super().__init__(fmt or self._make_format(), datefmt or self.DATE_FORMAT, *rest)

    def format(self, record: logging.LogRecord) -> str:
        """The finished line, followed by traceback and extra attributes.

        The record is given back unchanged, so that other handlers see plain values.
        """
        before = record.levelname, record.exc_text
        record.__dict__["ident"] = self.IDENT
        if record.exc_info:
            record.exc_text = None  # cached by a handler with another layout
        try:
            self._set_levelname(record)
            output = super().format(record)
        finally:
            record.levelname, record.exc_text = before
            del record.__dict__["ident"]
        if self.LOG_EXTRA:
            output += self._log_extra(record)
        return output

    @property
    def _decorate(self) -> bool:
        return self.ATTY and not self.NO_COLOR

    def _set_levelname(self, record: logging.LogRecord) -> None:
        if self._decorate and (color := LEVEL_COLORS.get(record.levelno)):
            record.levelname = f"{color}{record.levelname}{c.END}"

    def _make_format(self) -> str:
        limit = CONTROL_LIMIT_IDENT.format(limit=self.IDENT_LIMIT)
        start = CONTROL_LIMIT_START.format(start=self.MESSAGE_START)
        layout = self.PREFIX_FORMAT + self.MESSAGE_FORMAT
        layout = layout.replace("{limit}", limit).replace("{start}", start)
        return layout if self._decorate else CONTROL_RE.sub("", layout)

    def _log_extra(self, record: logging.LogRecord, indent: int = 0) -> str:
        lines = [
            self._format_key_value(key, value, indent)
            for key, value in record.__dict__.items()
            if key not in DEFAULT_FIELDS
        ]
        return "".join(lines)

    def _format_key_value(self, key: str, value: Any, indent: int) -> str:
        decorate = self._decorate
        margin = " " * (indent + 2 if decorate else indent)
        shown_key = f"{c.YELLOW}{key}{c.END}" if decorate else key
        line = f"\n{margin}{shown_key}="
        if not isinstance(value, dict):
            return f"{line}{value}"
        inner = (self._format_key_value(k, v, indent + 2) for k, v in value.items())
        return line + "".join(inner)


class ProdFormatter(AutoFormatter):
    """`Main  2026-11-21 10:22:16 +0000 INFO: message`"""


class DebugFormatter(AutoFormatter):
    """`Main  10:22:16 INFO: message`, with long level names cut and tracebacks coloured."""

    IDENT_LIMIT = 5
    MESSAGE_START = 23
    DATE_FORMAT = "%H:%M:%S"

    def _set_levelname(self, record: logging.LogRecord) -> None:
        if len(record.levelname) > 5:
            record.levelname = record.levelname[:4]
        super()._set_levelname(record)

    def formatException(  # noqa: N802 - the name is logging's
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        """The traceback; on a terminal with file, code and message in colours."""
        text = super().formatException(ei)
        if not self._decorate:
            return text
        return "\n".join(self._color_exception_line(line) for line in text.split("\n"))

    def _color_exception_line(self, line: str) -> str:
        if line.lstrip().startswith('File "') and ", line " in line:
            return self._color_file_line(line)
        if line.startswith("    "):
            return self._color_code_line(line)
        name, colon, message = line.partition(": ")
        if not colon:
            return line
        return f"{c.SANIC}{c.BOLD}{name}{c.END}: {c.BOLD}{message}{c.END}"

    def _color_file_line(self, line: str) -> str:
        path, _, position = line.rpartition(", line ")
        number, _, place = position.partition(", in ")
        number = f"{c.CYAN}{c.BOLD}{number}{c.END}"
        return f"{path}, line {number}, in {c.BLUE}{c.BOLD}{place}{c.END}"

    def _color_code_line(self, line: str) -> str:
        return f"{c.YELLOW}{line}{c.END}"


class LegacyFormatter(AutoFormatter):
    """`[2026-11-21 10:22:16 +0000] [4711] [INFO] message`, as releases before 24.6 wrote."""

    PREFIX_FORMAT = "%(asctime)s [%(process)s] [%(levelname)s] "
    DATE_FORMAT = "[%Y-%m-%d %H:%M:%S %z]"


class AutoAccessFormatter(AutoFormatter):
    """The layout of access records until `setup_logging` decides."""

    MESSAGE_FORMAT = (
        f"{c.PURPLE}%(host)s {c.BLUE + c.BOLD}%(request)s{c.END} "
        f"%(right)s%(status)s %(byte)s {c.GREY}%(duration)s{c.END}"
    )

    def format(self, record: logging.LogRecord) -> str:
        """The finished line; what the peer chose is shown without control characters."""
        data = record.__dict__
        before = {name: data.get(name, _UNSET) for name in ("host", "request", "right")}
        for name in ("host", "request"):
            if isinstance(data.get(name), str):
                data[name] = escape_control(data[name])
        data["right"] = ""
        if self._decorate and "status" in data:
            tail = f"{data['status']} {data.get('byte')} {data.get('duration')}"
            width = len(CONTROL_RE.sub("", tail))
            data["right"] = CONTROL_LIMIT_END.format(right=width - 1)
        try:
            return super().format(record)
        finally:
            for name, value in before.items():
                if value is _UNSET:
                    data.pop(name, None)
                else:
                    data[name] = value

    def _set_levelname(self, record: logging.LogRecord) -> None:
        if self._decorate and record.levelno == logging.INFO:
            record.levelname = f"{c.SANIC}ACCESS{c.END}"


class LegacyAccessFormatter(AutoAccessFormatter):
    """`2026-11-21 10:22:16 +0000 - (sanic.access)[INFO][host]: GET http://x/  200 5`"""

    PREFIX_FORMAT = "%(asctime)s - (%(name)s)[%(levelname)s][%(host)s]: "
    MESSAGE_FORMAT = "%(request)s %(message)s %(status)s %(byte)s"


class DebugAccessFormatter(AutoAccessFormatter):
    """`Main  10:22:16 INFO: 127.0.0.1:5 GET http://x/ 200 5  0.1ms`"""

    IDENT_LIMIT = 5
    MESSAGE_START = 23
    DATE_FORMAT = "%H:%M:%S"
    LOG_EXTRA = False


class ProdAccessFormatter(AutoAccessFormatter):
    """`Main |2026-11-21 10:22:16 +0000 INFO: 127.0.0.1:5 GET http://x/ 200 5  0.1ms`"""

    IDENT_LIMIT = 5
    MESSAGE_START = 42
    PREFIX_FORMAT = f"{c.GREY}%(ident)s{{limit}}|%(asctime)s{c.END} %(levelname)s: {{start}}"
    LOG_EXTRA = False


class JSONFormatter(AutoFormatter):
    """One JSON object per line.

    `FIELDS` are attributes of the record that follow time, level and message; all that came
    through `extra` is appended. Change `to_dict` to choose the content, `dumps` the encoder.
    """

    ATTY = False
    NO_COLOR = True
    FIELDS = ["name", "levelno", "pathname", "module", "filename", "lineno"]

    dumps: Callable[..., str] = staticmethod(json_dumps)

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON text."""
        return self.format_dict(self.to_dict(record))

    def to_dict(self, record: logging.LogRecord) -> dict[str, Any]:
        """What goes into the line."""
        base = self._base(record)
        if record.exc_info:
            base["exc_info"] = self.formatException(record.exc_info)
        if record.stack_info:
            base["stack_info"] = self.formatStack(record.stack_info)
        data = record.__dict__
        base.update((key, data[key]) for key in data if key not in DEFAULT_FIELDS)
        return base

    def _base(self, record: logging.LogRecord) -> dict[str, Any]:
        base: dict[str, Any] = {
            "timestamp": self.formatTime(record, self.datefmt),
            "level": record.levelname,
            "message": record.getMessage(),
        }
        base.update((field, getattr(record, field, None)) for field in self.FIELDS)
        return base

    def format_dict(self, record: dict[str, Any]) -> str:
        """Encode what `to_dict` gave; values JSON does not know are shown by `str()`."""
        try:
            return self.dumps(record)
        except (TypeError, ValueError, OverflowError):
            return self.dumps(_jsonable(record))


class JSONAccessFormatter(JSONFormatter):
    """One JSON object per access record."""

    FIELDS = ["host", "request", "status", "byte", "duration"]

    def to_dict(self, record: logging.LogRecord) -> dict[str, Any]:
        """What goes into the line: time, level, message and `FIELDS`, nothing else."""
        return self._base(record)


def _jsonable(value: Any) -> Any:
    """A copy of `value` in which only JSON types are left."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, dict):
        return {str(key): _jsonable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_jsonable(item) for item in value]
    return str(value)
