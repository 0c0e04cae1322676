"""Cookies of responses; expected text measured on the original unless a test says otherwise."""

from datetime import date, datetime, timedelta, timezone
from inspect import Parameter, signature

import pytest

from sanic_fast.compat import Header
from sanic_fast.cookies import Cookie, CookieJar
from sanic_fast.cookies.response import (
    DEFAULT_MAX_AGE,
    LEGAL_CHARS,
    SAMESITE_VALUES,
    UNESCAPED_CHARS,
)
from sanic_fast.exceptions import ServerError

TAIL = "; Path=/; SameSite=Lax; Secure"
WHEN = datetime(2024, 1, 2, 3, 4, 5)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("b", "b"),
        ('b c;d"e\\é\n', r'"b c\073d\042e\134é\012"'),
        ("", '""'),
        ("x,y", '"x,y"'),
        (None, "None"),
        ("a:b", "a:b"),
        ("a/b", '"a/b"'),
        ("<>()[]{}@?=", '"<>()[]{}@?="'),
        ("\x7f\x00\x80", '"\\177\\000\x80"'),
        ("\r\nX: y", r'"\015\012X: y"'),
        ("ü", '"ü"'),
    ],
)
def test_value_is_quoted_where_needed(value, shown):
    assert str(Cookie("a", value)) == f"a={shown}{TAIL}"


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (dict(secure=False, samesite=None), "a=b; Path=/"),
        (
            dict(
                path="/x",
                domain="d.com",
                max_age=5,
                httponly=True,
                samesite="strict",
                comment="c c",
                expires=WHEN,
            ),
            "a=b; Path=/x; Comment=c c; Domain=d.com; Max-Age=5; "
            "expires=Tue, 02-Jan-2024 03:04:05 GMT; SameSite=Strict; Secure; HttpOnly",
        ),
        (dict(max_age=0), "a=b; Path=/; Max-Age=0; SameSite=Lax; Secure"),
        (dict(max_age="5"), "a=b; Path=/; Max-Age=5; SameSite=Lax; Secure"),
        (dict(samesite="NONE"), "a=b; Path=/; SameSite=None; Secure"),
        (dict(path=None), "a=b; SameSite=Lax; Secure"),
        (dict(path="", domain="", comment=""), "a=b; Path=; Comment=; Domain=" + TAIL[8:]),
        (dict(host_prefix=True), f"__Host-a=b{TAIL}"),
        (dict(secure_prefix=True, path="/"), f"__Secure-a=b{TAIL}"),
        (dict(partitioned=True, host_prefix=True), f"__Host-a=b{TAIL}; Partitioned"),
        # the original showed Secure for every value but False, and a zone's own time as GMT
        (dict(secure=0, httponly=1), "a=b; Path=/; SameSite=Lax; HttpOnly"),
        (
            dict(expires=WHEN.replace(tzinfo=timezone(timedelta(hours=2)))),
            "a=b; Path=/; expires=Tue, 02-Jan-2024 01:04:05 GMT; SameSite=Lax; Secure",
        ),
        # the original let these start attributes and headers of their own
        (dict(path="/x; Domain=evil"), "a=b; Path=/x Domain=evil; SameSite=Lax; Secure"),
        (dict(path="/\r\nX: y\0"), "a=b; Path=/X: y; SameSite=Lax; Secure"),
        (dict(domain="d;HttpOnly"), "a=b; Path=/; Domain=dHttpOnly; SameSite=Lax; Secure"),
        (dict(comment="x; y\n"), "a=b; Path=/; Comment=x y; SameSite=Lax; Secure"),
    ],
)
def test_attributes(arguments, shown):
    assert str(Cookie("a", "b", **arguments)) == shown


@pytest.mark.parametrize(
    ("key", "error", "message"),
    [
        *((k, KeyError, "Cookie name is a reserved word") for k in ("path", "max-age", "secure")),
        *(
            (k, KeyError, "Cookie key contains illegal characters")
            for k in ("", "a b", "a=", "é", "a;", "a\n", "a,b", '"')
        ),
        (5, TypeError, ""),
        (None, TypeError, ""),
    ],
)
def test_key_that_is_refused(key, error, message):
    with pytest.raises(error) as info:
        Cookie(key, "b")
    assert message in str(info.value)


@pytest.mark.parametrize("key", ["Path", "HttpOnly", "version", "!#$%&'*+-.^_`|~:"])
def test_key_that_is_taken(key):
    assert str(Cookie(key, "b")) == f"{key}=b{TAIL}"


@pytest.mark.parametrize("value", [5, True, b"x"])
def test_value_that_is_no_text_fails_when_it_is_written(value):
    cookie = Cookie("a", value)
    with pytest.raises(TypeError):
        str(cookie)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        *(
            (dict(max_age=age), ValueError, "Cookie max-age must be an integer")
            for age in (-1, 5.0, "x", "", True, "٣")
        ),
        *(
            (dict(expires=when), TypeError, "Cookie 'expires' property must be a datetime")
            for when in ("x", 0, date(2024, 1, 1))
        ),
        *(
            (
                dict(samesite=site),
                TypeError,
                "Cookie 'samesite' property must be one of: strict,lax,none",
            )
            for site in ("bogus", "")
        ),
        (dict(samesite=5), AttributeError, ""),
        (
            dict(host_prefix=True, secure=False),
            ServerError,
            "Cannot set host_prefix on a cookie without secure=True",
        ),
        (
            dict(host_prefix=True, path="/x"),
            ServerError,
            "Cannot set host_prefix on a cookie unless path='/'",
        ),
        (
            dict(host_prefix=True, domain="d"),
            ServerError,
            "Cannot set host_prefix on a cookie with a defined domain",
        ),
        (
            dict(secure_prefix=True, secure=False),
            ServerError,
            "Cannot set secure_prefix on a cookie without secure=True",
        ),
        (
            dict(partitioned=True, secure_prefix=True),
            ServerError,
            "Cannot create a partitioned cookie without also setting host_prefix=True",
        ),
        (
            dict(host_prefix=True, secure_prefix=True),
            ServerError,
            "Both host_prefix and secure_prefix were requested. "
            "A cookie should have only one prefix.",
        ),
    ],
)
def test_attribute_that_is_refused(arguments, error, message):
    with pytest.raises(error) as info:
        Cookie("a", "b", **arguments)
    assert message in str(info.value)


def test_properties_can_be_set_and_are_checked():
    cookie = Cookie("a", "b")
    cookie.path, cookie.domain, cookie.comment, cookie.value = "/q", "d", "c", "z"
    cookie.max_age, cookie.expires, cookie.samesite = 3, WHEN, "none"
    cookie.secure, cookie.httponly, cookie.partitioned = False, True, True
    assert (cookie.path, cookie.domain, cookie.comment) == ("/q", "d", "c")
    assert (cookie.max_age, cookie.expires, cookie.samesite) == (3, WHEN, "None")
    assert (cookie.secure, cookie.httponly, cookie.partitioned) == (False, True, True)
    assert str(cookie) == (
        "a=z; Path=/q; Comment=c; Domain=d; Max-Age=3; expires=Tue, 02-Jan-2024 03:04:05 GMT; "
        "SameSite=None; HttpOnly; Partitioned"
    )
    for name, error in (
        ("max_age", ValueError),
        ("expires", TypeError),
        ("samesite", AttributeError),
    ):
        with pytest.raises(error):
            setattr(cookie, name, None)
    with pytest.raises(AttributeError):
        cookie.foo = 1


def test_dates_do_not_depend_on_the_locale():
    for month in range(1, 13):
        moment = datetime(2023, month, 28, 23, 59, 9)
        assert moment.strftime("; expires=%a, %d-%b-%Y %H:%M:%S GMT") in str(
            Cookie("a", "b", expires=moment)
        )


def test_constants_and_make_key():
    assert (Cookie.HOST_PREFIX, Cookie.SECURE_PREFIX) == ("__Host-", "__Secure-")
    assert Cookie.make_key("a") == "a"
    assert Cookie.make_key("a", host_prefix=True) == "__Host-a"
    assert Cookie.make_key("a", secure_prefix=True) == "__Secure-a"
    assert SAMESITE_VALUES == ("strict", "lax", "none") and DEFAULT_MAX_AGE == 0
    assert UNESCAPED_CHARS == LEGAL_CHARS + " ()/<=>?@[]{}"


# -- the jar -----------------------------------------------------------------------------------


@pytest.fixture
def jar():
    return CookieJar(Header())


def shown(jar):
    return [str(cookie) for cookie in jar.headers.getall("set-cookie", [])]


def test_add_keeps_cookies_of_the_same_name(jar):
    first, second = jar.add_cookie("a", "b"), jar.add_cookie("a", "c")
    assert shown(jar) == [f"a=b{TAIL}", f"a=c{TAIL}"]
    assert jar.cookies == [first, second] and len(jar) == 2
    assert jar.HEADER_KEY == "Set-Cookie"


def test_empty_jar_is_false_and_no_mapping(jar):
    assert not jar and jar.cookies == []
    with pytest.raises(TypeError):
        jar["a"]


def test_add_has_the_arguments_of_cookie():
    add, make = signature(CookieJar.add_cookie), signature(Cookie)
    drop_self = list(add.parameters.values())[1:]
    assert [(p.name, p.default, p.kind) for p in drop_self] == [
        (p.name, p.default, p.kind) for p in make.parameters.values()
    ]
    assert [n for n, p in make.parameters.items() if p.kind is not Parameter.KEYWORD_ONLY] == [
        "key",
        "value",
    ]


def test_get_and_has(jar):
    plain = jar.add_cookie("a", "b")
    other = jar.add_cookie("a", "b", path="/x", domain="d")
    prefixed = jar.add_cookie("h", "b", host_prefix=True)
    assert jar.get_cookie("a") is plain
    assert jar.get_cookie("a", "/x", "d") is other
    assert jar.get_cookie("a", "/x") is None
    assert jar.get_cookie("h") is None
    assert jar.get_cookie("h", host_prefix=True) is jar.get_cookie("__Host-h") is prefixed
    assert jar.has_cookie("a") and not jar.has_cookie("zz")


def test_plain_headers_of_the_program_are_left_alone(jar):
    jar.headers.add("Set-Cookie", "x=y")
    assert jar.get_cookie("x") is None
    jar.delete_cookie("x")
    assert shown(jar) == ["x=y", 'x=""; Path=/; Max-Age=0; Secure']


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (dict(), 'a=""; Path=/; Max-Age=0; Secure'),
        (dict(secure=False), 'a=""; Path=/; Max-Age=0'),
        (dict(path="/x", domain="d"), 'a=""; Path=/x; Domain=d; Max-Age=0; Secure'),
        (dict(host_prefix=True), '__Host-a=""; Path=/; Max-Age=0; Secure'),
        (dict(secure_prefix=True), '__Secure-a=""; Path=/; Max-Age=0; Secure'),
    ],
)
def test_delete_of_a_cookie_that_was_not_set_here(jar, arguments, expected):
    assert jar.delete_cookie("a", **arguments) is None
    assert shown(jar) == [expected]


def test_delete_keeps_the_flags_of_the_first_match(jar):
    jar.add_cookie("a", "1", samesite="strict", httponly=True, secure=False, max_age=9)
    jar.add_cookie("b", "2")
    jar.add_cookie("a", "3")
    jar.add_cookie("a", "4", path="/x")
    jar.delete_cookie("a")
    assert shown(jar) == [
        f"b=2{TAIL}",
        "a=4; Path=/x; SameSite=Lax; Secure",
        'a=""; Path=/; Max-Age=0; SameSite=Strict; HttpOnly',
    ]


@pytest.mark.parametrize("arguments", [("a", True), ("__Host-a", False)])
def test_delete_of_a_partitioned_cookie(jar, arguments):
    key, prefix = arguments
    jar.add_cookie("a", "b", partitioned=True, host_prefix=True)
    jar.delete_cookie(key, host_prefix=prefix)
    assert shown(jar) == ['__Host-a=""; Path=/; Max-Age=0; SameSite=Lax; Secure; Partitioned']


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (dict(host_prefix=True, path="/x"), "Cannot set host_prefix"),
        (dict(host_prefix=True, domain="d"), "Cannot set host_prefix"),
        (dict(host_prefix=True, secure=False), "Cannot set host_prefix"),
        (dict(secure_prefix=True, secure=False), "Cannot set secure_prefix"),
        (dict(secure_prefix=True, host_prefix=True), "Both host_prefix and secure_prefix"),
    ],
)
def test_delete_that_is_refused_changes_nothing(jar, arguments, message):
    jar.add_cookie("a", "b")
    with pytest.raises(ServerError, match=message):
        jar.delete_cookie("a", **arguments)
    assert shown(jar) == [f"a=b{TAIL}"]


def test_delete_of_a_reserved_name_keeps_the_others(jar):
    jar.add_cookie("a", "b")
    with pytest.raises(KeyError):
        jar.delete_cookie("path")
    assert shown(jar) == [f"a=b{TAIL}"]
