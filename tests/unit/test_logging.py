"""Loggers, filter, colours, default configuration, set-up, deprecations."""

import io
import json
import logging
import logging.config
import os
import subprocess
import sys
import warnings

import pytest

from sanic_fast import log
from sanic_fast.helpers import _default
from sanic_fast.logging import formatter as f
from sanic_fast.logging import setup

LOGGERS = {
    "sanic.root": log.logger,
    "sanic.error": log.error_logger,
    "sanic.access": log.access_logger,
    "sanic.server": log.server_logger,
    "sanic.websockets": log.websockets_logger,
}


def run_python(code, **env):
    """Run code in a fresh process, where import-time choices can be made; returns its output."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("SANIC")}
    done = subprocess.run(
        [sys.executable, "-c", code], env={**clean, **env}, capture_output=True, timeout=60
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode().strip()


def test_public_names():
    assert log.__all__ == (
        "deprecation",
        "logger",
        "access_logger",
        "error_logger",
        "server_logger",
        "websockets_logger",
        "VerbosityFilter",
        "Colors",
        "LOGGING_CONFIG_DEFAULTS",
    )
    assert all(hasattr(log, name) for name in log.__all__)


def test_logger_names_stay_those_of_the_original():
    assert {name: logger.name for name, logger in LOGGERS.items()} == {n: n for n in LOGGERS}


def test_websockets_logger_starts_at_warning():
    code = "from sanic_fast.log import logger, websockets_logger as w; print(w.level, logger.level)"
    assert run_python(code) == "30 0"


def test_verbosity_filter_compares_with_the_class(monkeypatch):
    def record(**extra):
        made = logging.LogRecord("n", 20, "p", 1, "m", (), None)
        made.__dict__.update(extra)
        return made

    one = log.VerbosityFilter()
    assert one.filter(record()) is True
    assert one.filter(record(verbosity=1)) is False
    monkeypatch.setattr(log.VerbosityFilter, "verbosity", 1)
    assert one.filter(record(verbosity=1)) is True
    assert one.filter(record(verbosity=2)) is False


@pytest.mark.parametrize("name", LOGGERS)
def test_every_logger_has_the_verbosity_filter(name):
    assert any(isinstance(each, log.VerbosityFilter) for each in LOGGERS[name].filters)


def test_default_configuration():
    config = log.LOGGING_CONFIG_DEFAULTS
    assert (config["version"], config["disable_existing_loggers"]) == (1, False)
    assert set(config["loggers"]) == set(LOGGERS)
    assert all(each["level"] == "INFO" for each in config["loggers"].values())
    assert config["loggers"]["sanic.root"] == {"level": "INFO", "handlers": ["console"]}
    assert config["loggers"]["sanic.access"] == {
        "level": "INFO",
        "handlers": ["access_console"],
        "propagate": True,
        "qualname": "sanic.access",
    }
    assert {k: v["formatter"] for k, v in config["handlers"].items()} == {
        "console": "generic",
        "error_console": "generic",
        "access_console": "access",
    }


def test_default_configuration_writes_to_the_right_streams():
    code = (
        "import logging.config, sys\n"
        "from sanic_fast.log import *\n"
        "logging.config.dictConfig(LOGGING_CONFIG_DEFAULTS)\n"
        "streams = {l.name: l.handlers[0].stream for l in\n"
        "  (logger, error_logger, access_logger, server_logger, websockets_logger)}\n"
        "print([n for n, s in streams.items() if s is sys.stderr])\n"
        "print([n for n, s in streams.items() if s is sys.stdout])\n"
        "print(websockets_logger.level)"
    )
    assert run_python(code).splitlines() == [
        "['sanic.error']",
        "['sanic.root', 'sanic.access', 'sanic.server', 'sanic.websockets']",
        "20",
    ]


@pytest.fixture
def handlers():
    """A handler of each automatic kind on the five loggers; everything is put back."""
    before = {name: list(logger.handlers) for name, logger in LOGGERS.items()}
    state = (f.AutoFormatter.SETUP, f.AutoFormatter.LOG_EXTRA, f.AutoFormatter.NO_COLOR)
    environment = {k: os.environ.get(k) for k in ("SANIC_LOG_EXTRA", "SANIC_NO_COLOR")}
    made = {}
    for name, logger in LOGGERS.items():
        handler = made[name] = logging.StreamHandler(io.StringIO())
        automatic = f.AutoAccessFormatter if name == "sanic.access" else f.AutoFormatter
        handler.setFormatter(automatic())
        logger.handlers = [handler]
    f.AutoFormatter.SETUP = False
    yield made
    f.AutoFormatter.SETUP, f.AutoFormatter.LOG_EXTRA, f.AutoFormatter.NO_COLOR = state
    for name, logger in LOGGERS.items():
        logger.handlers = before[name]
    for key, value in environment.items():
        if value is None:
            os.environ.pop(key, None)
        else:
            os.environ[key] = value


@pytest.mark.parametrize(
    ("debug", "generic", "access"),
    [
        (True, f.DebugFormatter, f.DebugAccessFormatter),
        (False, f.ProdFormatter, f.ProdAccessFormatter),
    ],
)
def test_setup_replaces_automatic_formatters_once(handlers, debug, generic, access):
    setup.setup_logging(debug)
    kinds = {name: type(handler.formatter) for name, handler in handlers.items()}
    assert kinds.pop("sanic.access") is access
    assert set(kinds.values()) == {generic}
    setup.setup_logging(not debug)
    assert type(handlers["sanic.root"].formatter) is generic


def test_setup_leaves_other_formatters_alone(handlers):
    class Mine(f.AutoFormatter):
        pass

    mine, plain = Mine(), logging.Formatter()
    handlers["sanic.root"].setFormatter(mine)
    handlers["sanic.error"].setFormatter(plain)
    setup.setup_logging(False)
    assert handlers["sanic.root"].formatter is mine
    assert handlers["sanic.error"].formatter is plain


@pytest.mark.parametrize(
    ("debug", "log_extra", "expected"),
    [(True, _default, True), (False, _default, False), (False, True, True), (True, False, False)],
)
def test_setup_decides_about_extras(handlers, debug, log_extra, expected):
    setup.setup_logging(debug, log_extra=log_extra)
    assert f.AutoFormatter.LOG_EXTRA is expected
    assert os.environ["SANIC_LOG_EXTRA"] == str(expected)
    assert f.ProdAccessFormatter.LOG_EXTRA is False


def test_setup_switches_colours_off_for_good(handlers):
    setup.setup_logging(False, no_color=True)
    assert f.AutoFormatter.NO_COLOR is True
    assert os.environ["SANIC_NO_COLOR"] == "True"


def test_environment_decides_before_setup():
    code = (
        "from sanic_fast.logging.formatter import AutoFormatter as A\n"
        "print(A.LOG_EXTRA, A.NO_COLOR, A.IDENT)"
    )
    assert run_python(code) == "True False Main"
    env = {"SANIC_LOG_EXTRA": "no", "SANIC_NO_COLOR": "True"}
    assert run_python(code, SANIC_WORKER_IDENTIFIER="Srv 12", **env) == "False True Srv 12"


@pytest.mark.parametrize(
    ("version", "expected"),
    [(24.3, "[DEPRECATION v24.3] m"), (25.12, "[DEPRECATION v25.12] m"), (0, "[DEPRECATION] m")],
)
def test_deprecation_warns(version, expected, monkeypatch):
    monkeypatch.setattr("sanic_fast.logging.deprecation.is_atty", lambda: False)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        log.deprecation("m", version)
    (warning,) = caught
    assert str(warning.message) == expected
    assert warning.category is DeprecationWarning


def test_deprecation_has_colours_on_a_terminal(monkeypatch):
    monkeypatch.setattr("sanic_fast.logging.deprecation.is_atty", lambda: True)
    with pytest.warns(DeprecationWarning, match=r"\[DEPRECATION v1.2\] m"):
        log.deprecation("m", 1.2)


def test_json_lines_through_dict_config():
    stream = io.StringIO()
    config = {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"class": "sanic_fast.logging.formatter.JSONFormatter"}},
        "handlers": {
            "h": {"class": "logging.StreamHandler", "formatter": "json", "stream": stream}
        },
        "loggers": {"values.test": {"handlers": ["h"], "level": "INFO", "propagate": False}},
    }
    logging.config.dictConfig(config)
    logging.getLogger("values.test").info("hi %s", "you", extra={"n": 1})
    line = json.loads(stream.getvalue())
    assert (line["message"], line["n"], line["name"]) == ("hi you", 1, "values.test")
