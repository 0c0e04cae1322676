"""The error format that a handler's source suggests."""

from functools import partial
from types import SimpleNamespace

import pytest

from sanic_fast.error_format import format_of_source, inferred_format


def json(value):
    return value


text = html = JSONResponse = other = json
response = SimpleNamespace(json=json)


def returns_json(request):
    return json({})


async def returns_response(request):
    if request:
        return JSONResponse({})
    return json({})


def returns_both(request):
    if request:
        return json({})
    return text("")


def returns_attribute(request):
    return response.json({})


def returns_other(request):
    return other(1)


@pytest.mark.parametrize(
    ("handler", "found"),
    [
        (returns_json, "json"),
        (returns_response, "json"),
        (returns_both, ""),
        (returns_attribute, ""),
        (returns_other, ""),
        (partial(returns_json), ""),
        (len, ""),
        (None, ""),
        (eval("lambda request: json(1)"), ""),
    ],
)
def test_source_decides_when_it_agrees(handler, found):
    assert format_of_source(handler) == found


def route(handler, **extra):
    return SimpleNamespace(handler=handler, extra=SimpleNamespace(**extra))


def test_result_is_kept_on_the_route():
    made = route(returns_json, error_format="")
    assert inferred_format(made) == "json" == made.extra.error_format
    made.handler = returns_both
    assert inferred_format(made) == "json"
    nothing = route(returns_both, error_format="")
    assert inferred_format(nothing) == "auto" == nothing.extra.error_format


def test_declared_format_and_files_are_not_inspected():
    assert inferred_format(route(returns_json, error_format="html")) == "html"
    assert inferred_format(route(returns_json, error_format="", static=True)) == "auto"
