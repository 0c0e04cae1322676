"""Container for values that may come several times: query arguments, form fields, cookies."""

from __future__ import annotations

from sanic_fast._core.query import all_values, first_value


class RequestParameters(dict):  # type: ignore[type-arg]
    """A dict of lists.

    >>> args = RequestParameters({"a": ["1", "2"]})
    >>> args["a"], args.get("a"), args.getlist("a")
    (['1', '2'], '1', ['1', '2'])
    """

    # PERF: a call from Python to Python costs more than the look-up.
    get = first_value
    getlist = all_values
