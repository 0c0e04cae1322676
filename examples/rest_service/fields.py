"""Validation of JSON bodies and of query strings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sanic_fast.exceptions import SanicException

LARGEST = 2**31 - 1  # of an INTEGER of PostgreSQL
# Gives the value to use, or raises ValueError with words for the client.
Check = Callable[[Any], Any]


class Invalid(SanicException):
    """What was sent does not fit; `fields` says why, field by field."""

    status_code = 422
    quiet = True
    message = "What was sent is not valid."

    def __init__(self, fields: dict[str, str], status_code: int | None = None) -> None:
        super().__init__(status_code=status_code)
        self.fields = fields


def string(most: int) -> Check:
    """A text of 1 to `most` characters."""

    def check(value: Any) -> str:
        if not isinstance(value, str) or not 0 < len(value.strip()) <= most:
            raise ValueError(f"a text of 1 to {most} characters")
        return value.strip()

    return check


def whole(least: int, most: int) -> Check:
    """A whole number in a range."""

    def check(value: Any) -> int:
        # To Python, true is a number.
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise ValueError(f"a whole number from {least} to {most}")
        return value

    return check


def read(body: Any, checks: Mapping[str, Check], partial: bool = False) -> dict[str, Any]:
    """The checked fields of a JSON object.

    Args:
        body: what was sent, decoded.
        checks: what to do with each field.
        partial: fields may be missing; those are missing in the result too.

    Raises:
        Invalid: all that is wrong with it.
    """
    if not isinstance(body, dict):
        raise Invalid({"body": "a JSON object"})
    found: dict[str, Any] = {}
    wrong = {name: "unknown" for name in body.keys() - checks.keys()}
    for name, check in checks.items():
        if name in body:
            try:
                found[name] = check(body[name])
            except ValueError as error:
                wrong[name] = str(error)
        elif not partial:
            wrong[name] = "missing"
    if not wrong and not found:
        wrong["body"] = "no fields"
    if wrong:
        raise Invalid(wrong)
    return found


def key(text: str) -> int:
    """A path parameter that is the key of a row; for the router.

    Raises:
        ValueError: no key; the path is not found then.
    """
    if not text.isascii() or not text.isdigit() or not 0 < int(text[:18]) <= LARGEST:
        raise ValueError(text)
    return int(text)


def number(args: Mapping[str, Any], name: str, least: int, most: int, default: Any) -> Any:
    """A number of the query string.

    Raises:
        Invalid: with status 400.
    """
    text = args.get(name)
    if text is None:
        return default
    if not text.isascii() or not text.isdigit() or not least <= int(text[:18]) <= most:
        raise Invalid({name: f"a whole number from {least} to {most}"}, 400)
    return int(text)
