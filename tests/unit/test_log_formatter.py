"""Layouts of log lines; expected text measured on the original."""

import json
import logging
import re
import sys

import pytest

from sanic_fast.logging import formatter as f

E = "\x1b"
END, BOLD, BLUE, CYAN, RED, YELLOW = (f"{E}[{n}m" for n in (0, 1, 34, 36, 31, 33))
GREY, SANIC, PURPLE = f"{E}[38;5;240m", f"{E}[38;2;255;13;104m", f"{E}[35m"
ACCESS = dict(host="127.0.0.1:5", request="GET http://x/", status=200, byte=5, duration=" 0.1ms")


def record(level=logging.INFO, msg="msg %s", args=("a",), **extra):
    made = logging.LogRecord("sanic.root", level, "/a/b.py", 3, msg, args, None, func="fn")
    made.created, made.msecs = 1_000_000_000.5, 500.0
    made.__dict__.update(extra)
    return made


def access(level=logging.INFO, **extra):
    return record(level, "", (), **{**ACCESS, **extra})


@pytest.fixture(autouse=True)
def fixed(monkeypatch):
    """UTC, no terminal, no worker name, whatever the tests run in."""
    import time

    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    monkeypatch.setattr(f.AutoFormatter, "ATTY", False)
    monkeypatch.setattr(f.AutoFormatter, "NO_COLOR", False)
    monkeypatch.setattr(f.AutoFormatter, "LOG_EXTRA", True)
    monkeypatch.setattr(f.AutoFormatter, "IDENT", "Main ")
    yield
    monkeypatch.undo()
    time.tzset()


DATE = "2001-09-09 01:46:40 +0000"


@pytest.mark.parametrize(
    ("cls", "expected"),
    [
        (f.AutoFormatter, f"Main  {DATE} INFO: msg a"),
        (f.ProdFormatter, f"Main  {DATE} INFO: msg a"),
        (f.DebugFormatter, "Main  01:46:40 INFO: msg a"),
        (f.LegacyFormatter, f"[{DATE}] [PID] [INFO] msg a"),
    ],
)
def test_plain_lines(cls, expected):
    made = record()
    assert cls().format(made) == expected.replace("PID", str(made.process))


@pytest.mark.parametrize(
    ("level", "prod", "debug"),
    [
        (5, "Level 5", "Leve"),
        (10, "DEBUG", "DEBUG"),
        (30, "WARNING", "WARN"),
        (40, "ERROR", "ERROR"),
        (50, "CRITICAL", "CRIT"),
    ],
)
def test_level_names(level, prod, debug):
    assert f.ProdFormatter().format(record(level)) == f"Main  {DATE} {prod}: msg a"
    assert f.DebugFormatter().format(record(level)) == f"Main  01:46:40 {debug}: msg a"


@pytest.mark.parametrize(
    ("cls", "expected"),
    [
        (f.AutoAccessFormatter, f"Main  {DATE} INFO: 127.0.0.1:5 GET http://x/ 200 5  0.1ms"),
        (f.ProdAccessFormatter, f"Main |{DATE} INFO: 127.0.0.1:5 GET http://x/ 200 5  0.1ms"),
        (f.DebugAccessFormatter, "Main  01:46:40 INFO: 127.0.0.1:5 GET http://x/ 200 5  0.1ms"),
        (
            f.LegacyAccessFormatter,
            f"{DATE} - (sanic.root)[INFO][127.0.0.1:5]: GET http://x/  200 5",
        ),
    ],
)
def test_plain_access_lines(cls, expected, monkeypatch):
    monkeypatch.setattr(f.AutoFormatter, "LOG_EXTRA", False)
    assert cls().format(access()) == expected


def test_extras_follow_as_indented_lines():
    made = record(verbosity=1, x={"a": 1, "b": {"c": [1, 2], "d": None}}, y="str\nline")
    tail = "\nverbosity=1\nx=\n  a=1\n  b=\n    c=[1, 2]\n    d=None\ny=str\nline"
    assert f.ProdFormatter().format(made) == f"Main  {DATE} INFO: msg a{tail}"


@pytest.mark.parametrize("cls", [f.ProdAccessFormatter, f.DebugAccessFormatter])
def test_access_lines_never_have_extras(cls):
    assert "\n" not in cls().format(access(foo=1))


def test_legacy_access_line_has_extras():
    line = f.LegacyAccessFormatter().format(access())
    assert line.endswith(
        "\nhost=127.0.0.1:5\nrequest=GET http://x/\nstatus=200\nbyte=5\nduration= 0.1ms"
    )


def test_traceback_and_stack_follow():
    made = failing()
    made.stack_info = "STACK"
    line = f.ProdFormatter().format(made)
    assert line.startswith(f"Main  {DATE} ERROR: msg a\nTraceback (most recent call last):\n")
    assert line.endswith("KeyError: 'kk: zz'\nSTACK")


def failing():
    try:
        raise KeyError("kk: zz")
    except KeyError:
        made = record(logging.ERROR)
        made.exc_info = sys.exc_info()
        return made


# -- on a terminal ----------------------------------------------------------------------------


@pytest.fixture
def terminal(monkeypatch):
    """Classes as they are when the package is imported on a terminal."""
    import importlib

    import sanic_fast.logging.color as color

    monkeypatch.setattr("sanic_fast.helpers.is_atty", lambda: True)
    monkeypatch.delenv("SANIC_NO_COLOR", raising=False)
    saved = dict(vars(color)), dict(vars(f))
    importlib.reload(color)
    importlib.reload(f)
    f.AutoFormatter.IDENT = "Main "
    f.AutoFormatter.LOG_EXTRA = True
    f.AutoFormatter.ATTY = True
    yield f
    for module, names in zip((color, f), saved):
        vars(module).clear()
        vars(module).update(names)


PREFIX = f"{GREY}Main {E}[1000D{E}[5C {DATE} {END}"
START = f": {E}[1000D{E}[42C{E}[K"


@pytest.mark.parametrize(
    ("level", "shown"),
    [
        (10, f"{BLUE}DEBUG{END}"),
        (20, "INFO"),
        (30, f"{YELLOW}WARNING{END}"),
        (40, f"{RED}ERROR{END}"),
        (50, f"{RED}{BOLD}CRITICAL{END}"),
    ],
)
def test_terminal_line(terminal, level, shown):
    assert terminal.ProdFormatter().format(record(level)) == f"{PREFIX}{shown}{START}msg a"


def test_terminal_access_line(terminal):
    tail = (
        f"{PURPLE}127.0.0.1:5 {BLUE}{BOLD}GET http://x/{END} "
        f"{E}[1000C{E}[11D{E}[K200 5 {GREY} 0.1ms{END}"
    )
    prefix = f"{GREY}Main {E}[1000D{E}[5C|{DATE}{END} "
    line = terminal.ProdAccessFormatter().format(access())
    assert line == f"{prefix}{SANIC}ACCESS{END}{START}{tail}"
    assert f"{END} WARNING: " in terminal.ProdAccessFormatter().format(access(30))


@pytest.mark.parametrize(("status", "width"), [(0, 9), (404, 11), ("Stage.HANDLER", 21)])
def test_terminal_access_line_is_aligned_to_the_right(terminal, status, width):
    line = terminal.DebugAccessFormatter().format(access(status=status))
    assert f"{E}[1000C{E}[{width}D{E}[K{status} 5 " in line


def test_terminal_extras_are_indented_and_coloured(terminal):
    line = terminal.ProdFormatter().format(record(a=1, b={"c": 2}))
    keys = (f"{YELLOW}{key}{END}" for key in "abc")
    assert line.endswith("\n  {}=1\n  {}=\n    {}=2".format(*keys))


def test_terminal_traceback_has_colours_in_debug_only(terminal):
    line = terminal.DebugFormatter().format(failing())
    assert re.search(
        re.escape(f", line {CYAN}{BOLD}") + r"\d+" + re.escape(f"{END}, in {BLUE}{BOLD}failing"),
        line,
    )
    assert f'\n{YELLOW}    raise KeyError("kk: zz"){END}\n' in line
    assert line.endswith(f"\n{SANIC}{BOLD}KeyError{END}: {BOLD}'kk: zz'{END}")
    assert "\nTraceback (most recent call last):\n" in line
    assert YELLOW not in terminal.ProdFormatter().format(failing())


def test_no_color_on_a_terminal_gives_plain_lines(terminal):
    terminal.AutoFormatter.NO_COLOR = True
    assert terminal.ProdFormatter().format(record(40)) == f"Main  {DATE} ERROR: msg a"
    assert E not in terminal.ProdAccessFormatter().format(access())
    assert E not in terminal.DebugFormatter().format(failing())


# -- records are shared between handlers -------------------------------------------------------


def test_record_is_left_as_it_was(terminal):
    for formatter, made in (
        (terminal.DebugFormatter(), failing()),
        (terminal.ProdAccessFormatter(), access(request="GET \x1b")),
    ):
        before = dict(made.__dict__)
        first = formatter.format(made)
        assert formatter.format(made) == first
        after = {k: v for k, v in made.__dict__.items() if k not in ("message", "asctime")}
        assert after == before


def test_cached_plain_traceback_is_not_used_for_colours(terminal):
    made = failing()
    logging.Formatter().format(made)
    assert f"{SANIC}{BOLD}KeyError" in terminal.DebugFormatter().format(made)


# -- what peers choose ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("GET http://x/\x1b[31m", r"GET http://x/\x1b[31m"),
        ("a\nb\rc\x00", r"a\nb\rc\x00"),
        ("\x7f\x9b\u2028", r"\x7f\x9b\u2028"),
        ("surrogate \udc80", r"surrogate \udc80"),
        ("grüße", "grüße"),
    ],
)
def test_control_characters_are_shown_escaped(text, shown):
    assert f.escape_control(text) == shown
    line = f.ProdAccessFormatter().format(access(request=text, host=text))
    assert f" {shown} {shown} 200 5" in line
    assert line.isprintable()


def test_access_line_without_its_fields_is_an_error():
    with pytest.raises(ValueError, match="host"):
        f.ProdAccessFormatter().format(record())


# -- JSON --------------------------------------------------------------------------------------


def test_json_line():
    line = f.JSONFormatter().format(record(url="http://x/", taskName="T"))
    assert line == (
        f'{{"timestamp":"{DATE}","level":"INFO","message":"msg a","name":"sanic.root",'
        '"levelno":20,"pathname":"/a/b.py","module":"b","filename":"b.py","lineno":3,'
        '"url":"http://x/"}'
    )


def test_json_line_with_traceback_stack_and_multi_line_message():
    made = failing()
    made.stack_info = "STACK"
    made.msg = "two\nlines %s"
    line = json.loads(f.JSONFormatter().format(made))
    assert line["message"] == "two\nlines a"
    assert line["exc_info"].startswith("Traceback") and line["stack_info"] == "STACK"


def test_json_line_with_values_json_does_not_know():
    made = record(a=object, b={1: {2}, "c": [b"x", None, 1.5]})
    line = json.loads(f.JSONFormatter().format(made))
    assert line["a"] == "<class 'object'>"
    assert line["b"] == {"1": "{2}", "c": ["b'x'", None, 1.5]}


def test_json_access_line():
    assert f.JSONAccessFormatter().format(access(foo=1)) == (
        f'{{"timestamp":"{DATE}","level":"INFO","message":"","host":"127.0.0.1:5",'
        '"request":"GET http://x/","status":200,"byte":5,"duration":" 0.1ms"}'
    )
    assert json.loads(f.JSONAccessFormatter().format(record()))["host"] is None


def test_json_subclass_chooses_fields_and_encoder():
    class Mine(f.JSONFormatter):
        FIELDS = ["name", "nope"]

        def format_dict(self, record):
            return repr(sorted(record))

    assert Mine().format(record()) == "['level', 'message', 'name', 'nope', 'timestamp']"


# -- making one's own ---------------------------------------------------------------------------


def test_subclass_changes_layout_by_attributes():
    class Mine(f.ProdFormatter):
        PREFIX_FORMAT = "<%(levelname)s> "
        MESSAGE_FORMAT = "[%(message)s]"
        LOG_EXTRA = False

    assert Mine().format(record(x=1)) == "<INFO> [msg a]"


@pytest.mark.parametrize("cls", [f.ProdFormatter, f.LegacyFormatter, f.JSONFormatter])
def test_arguments_are_those_of_logging(cls):
    assert cls("%(message)s")._fmt == "%(message)s"
    assert cls("%(message)s", "%Y").datefmt == "%Y"
    assert cls("{message}", "%Y", "{")._fmt == "{message}"
    assert cls(None).datefmt == cls.DATE_FORMAT
    with pytest.raises(ValueError):
        cls(None, "%Y", "{")
