"""Load configuration modules from anywhere; read truth values from text."""

from __future__ import annotations

import os
import types
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from sanic_fast.exceptions import LoadFileException, PyFileError
from sanic_fast.helpers import import_string

_TRUE = frozenset(("y", "yes", "yep", "yup", "t", "true", "on", "enable", "enabled", "1"))
_FALSE = frozenset(("n", "no", "nope", "f", "false", "off", "disable", "disabled", "0"))


def str_to_bool(val: str) -> bool:
    """Read a word such as "yes" or "off" in any case.

    Raises:
        ValueError: the word is none of the known ones.
    """
    val = val.lower()
    if val in _TRUE:
        return True
    if val in _FALSE:
        return False
    raise ValueError(f"Invalid truth value {val}")


def load_module_from_file_location(
    location: bytes | str | Path, encoding: str = "utf8", *args: Any, **kwargs: Any
) -> Any:
    """Load a module (or an object, by dotted path) from `location`.

    A `Path`, or a string with a slash or `$`, is a file: `${NAME}` in it stands for an
    environment variable. A file with `.py` in its name is imported, any other is executed as
    Python text. Every other string is a dotted path for `helpers.import_string`.

    Args:
        location: where to look; bytes are decoded with `encoding`.
        args, kwargs: passed on to `importlib.util.spec_from_file_location`.

    Raises:
        LoadFileException: an environment variable in the path is not set.
        OSError: the file cannot be read, or the string is not a dotted path.
        PyFileError: a file without `.py` failed while it ran.
    """
    if isinstance(location, bytes):
        location = location.decode(encoding)
    if isinstance(location, Path) or "/" in location or "$" in location:
        path = _fill_in_environment(str(location))
        if ".py" in path:
            return _import_file(path, *args, **kwargs)
        return _execute_file(path)
    try:
        return import_string(location)
    except ValueError:
        raise OSError(f"Unable to load configuration {location}") from None


def _fill_in_environment(location: str) -> str:
    """Replace each `${NAME}` by the variable's value."""
    parts = location.split("${")
    filled, missing = [parts[0]], []
    for part in parts[1:]:
        name, brace, rest = part.partition("}")
        if not brace or not name:
            filled.append("${" + part)
        elif name in os.environ:
            filled.append(os.environ[name] + rest)
        elif name not in missing:
            missing.append(name)
    if missing:
        raise LoadFileException(
            "The following environment variables are not set: " + ", ".join(missing)
        )
    return "".join(filled)


def _import_file(path: str, *args: Any, **kwargs: Any) -> types.ModuleType:
    name = path.rsplit("/", 1)[-1].split(".")[0]
    spec = spec_from_file_location(name, path, *args, **kwargs)
    if spec is None or spec.loader is None:
        raise OSError(f"Unable to load configuration {path}")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _execute_file(path: str) -> types.ModuleType:
    module = types.ModuleType("config")
    module.__file__ = path
    try:
        with open(path) as config_file:
            text = config_file.read()
    except OSError as error:
        error.strerror = f"Unable to load configuration file ({error.strerror})"
        raise
    try:
        exec(compile(text, path, "exec"), module.__dict__)  # noqa: S102 - that is its purpose
    except Exception as error:
        raise PyFileError(path) from error
    return module
