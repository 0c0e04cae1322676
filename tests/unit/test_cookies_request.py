"""Cookies of requests; expected results measured on the original unless a test says otherwise."""

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanic_fast.cookies.request import CookieRequestParameters, parse_cookie

HEADER = r'a=1; a=2; a-b=3; __Host-h=hv; bare; q="x\"y\054"; e=; bad(=1; =v; s=a=b; sp=a b'


def test_whole_header():
    assert parse_cookie(HEADER) == {
        "a": ["1", "2"],
        "a-b": ["3"],
        "__Host-h": ["hv"],
        "": ["bare", "v"],
        "q": ['x"y,'],
        "e": [""],
        "s": ["a=b"],
        "sp": ["a b"],
    }


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("", {}),
        (";;;", {}),
        ("a", {"": ["a"]}),
        ("  a  =  b  ", {"a": ["b"]}),
        ('a="b"', {"a": ["b"]}),
        ('a="b', {"a": ['"b']}),
        ('a=""', {"a": ['""']}),
        ('a="""', {"a": ['"']}),
        ('a="b;c"', {"a": ['"b'], "": ['c"']}),
        (r'a="b\073c"', {"a": ["b;c"]}),
        (r'a="\\"', {"a": ["\\"]}),
        (r'a="\\\"x"', {"a": ['\\"x']}),
        (r'a="\400\0\08\999\12"', {"a": ["40000899912"]}),
        (r'a="x\"', {"a": ["x\\"]}),
        (r'a="\377\q"', {"a": ["ÿq"]}),
        ('"a"=b', {}),
        ("a=b,c=d", {"a": ["b,c=d"]}),
        ("é=1; b=é; a=%20", {"b": ["é"], "a": ["%20"]}),
        ("a b=1;c\td=2;e@f=3;g\x00=4;h\x7f=5;i\xff=6", {}),
        ("!#$%&'*+-.^_`|~=1", {"!#$%&'*+-.^_`|~": ["1"]}),
        ("a==b", {"a": ["=b"]}),
        ("= ;  =x; y", {"": ["", "x", "y"]}),
        ("A=1;a=2", {"A": ["1"], "a": ["2"]}),
        ('a={"x": 1}; b=2', {"a": ['{"x": 1}'], "b": ["2"]}),
        # kept by the original
        ("f\u0100=6", {}),
    ],
)
def test_parse_cookie(raw, expected):
    assert parse_cookie(raw) == expected


def test_nameless_cookie_cannot_pretend_a_prefix():
    cookies = CookieRequestParameters(parse_cookie("=__Host-x=bad; x=good"))
    assert cookies.get("x") == "good"
    assert cookies.get("__Host-x") is None
    assert cookies.get("") == "__Host-x=bad"


@given(st.text(alphabet='ab=; "\\054é\x00'))
def test_parse_cookie_takes_anything(raw):
    assert sum(map(len, parse_cookie(raw).values())) <= raw.count(";") + 1


@pytest.mark.parametrize("unit", [";", "a=", '"', "\\", 'a="\\', "a=b;", "=;", " "])
def test_parse_cookie_of_a_long_header_ends(unit):
    parse_cookie(unit * 100_000)
    parse_cookie(f'a="{unit * 100_000}"')


def test_access_to_cookies():
    cookies = CookieRequestParameters(parse_cookie(HEADER))
    assert cookies["a"] == ["1", "2"]
    assert cookies.get("a") == "1"
    assert cookies.getlist("a") == ["1", "2"]
    assert cookies.a_b == "3"
    assert cookies.zz == ""
    assert cookies.get("zz") is None and cookies.get("zz", "d") == "d"
    assert cookies.getlist("zz") == [] and cookies.getlist("zz", ["d"]) == ["d"]
    with pytest.raises(KeyError):
        cookies["zz"]


def test_prefixed_cookies_are_found_by_their_bare_name():
    cookies = CookieRequestParameters(
        {"x": ["3"], "__Secure-x": ["1"], "__Host-x": ["2"], "__Host-my-c": ["q"], "from": ["f"]}
    )
    assert cookies["x"] == ["2"] and cookies.x == cookies.get("x") == "2"
    assert cookies.getlist("x") == ["2"]
    assert cookies.my_c == "q"
    assert cookies.from_ == "f"
    del cookies["__Host-x"]
    assert cookies.x == "1"
    assert "my-c" not in cookies and "__Host-my-c" in cookies


def test_cookies_without_value_list():
    cookies = CookieRequestParameters({"n": []})
    assert cookies.get("n") is None and cookies.n == ""


@pytest.mark.parametrize("name", ["_u", "__Host_h", "__deepcopy__"])
def test_private_attributes_are_no_cookies(name):
    with pytest.raises(AttributeError, match=name):
        getattr(CookieRequestParameters({"_u": ["1"]}), name)


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda c: pickle.loads(pickle.dumps(c))])
def test_cookies_can_be_copied(duplicate):
    cookies = CookieRequestParameters(parse_cookie(HEADER))
    again = duplicate(cookies)
    assert type(again) is CookieRequestParameters and again == cookies
