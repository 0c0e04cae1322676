"""The dict of lists."""

import pytest

from sanic_fast.request import RequestParameters


def test_get_gives_the_first_value():
    args = RequestParameters({"a": ["1", "2"], "e": []})
    assert args["a"] == args.getlist("a") == ["1", "2"]
    assert args.get("a") == "1"
    assert args.get(name="a", default=1) == "1"
    assert args.get("e") is None and args.get("e", 5) == 5
    assert args.get("b") is None and args.get("b", 5) == 5
    with pytest.raises(KeyError):
        args["b"]


def test_getlist_falls_back():
    args = RequestParameters()
    assert args.getlist("b") == args.getlist("b", None) == []
    assert args.getlist("b", ["z"]) == ["z"]
    assert RequestParameters({"e": []}).getlist("e", ["z"]) == []
    assert list(RequestParameters({"a": ["1"]}).items()) == [("a", ["1"])]
