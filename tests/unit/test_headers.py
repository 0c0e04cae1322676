"""Header values; expected results measured on the original unless a test says otherwise."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanic_fast import headers as h
from sanic_fast.compat import Header
from sanic_fast.exceptions import InvalidHeader

# -- parse_content_header ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("text/html; Charset=UTF-8", ("text/html", {"charset": "UTF-8"})),
        (
            'form-data; name=upload; filename="a%22b.txt"',
            ("form-data", {"name": "upload", "filename": 'a"b.txt'}),
        ),
        ('a; b="c;d"; e=f', ("a", {"b": "c;d", "e": "f"})),
        ("A/B;x=1;x=2", ("a/b", {"x": "2"})),
        ("foo;bar", ("foo", {})),
        ('form-data; name="q\\"q"', ("form-data", {"name": "q\\"})),
        ("", ("", {})),
        (";a=b", ("", {"a": "b"})),
        ("a ; b=c", ("a", {"b": "c"})),
        ("a;b = c", ("a", {})),
        ("a;b=c d;e=f", ("a", {"b": "c", "e": "f"})),
        ('a;b="x;c=y', ("a", {"c": "y"})),
        ('a;b="x%0D%0Ay"', ("a", {"b": "x\ny"})),
        ("a;b=x%22y", ("a", {"b": 'x"y'})),
        ('a;b="";c=', ("a", {"b": ""})),
        ("a;b=;c=d", ("a", {"c": "d"})),
        ('a;b="a"x;c=d', ("a", {"b": "a", "c": "d"})),
        ("a;;b=c;", ("a", {"b": "c"})),
        ("text/html;charset=é;a=b", ("text/html", {"a": "b"})),
        ("a;é=b;c=d", ("a", {"c": "d"})),
        ('a;b="é"', ("a", {"b": "é"})),
        ("a\t;\tb=c", ("a", {"b": "c"})),
        ("a;\x0bb=c", ("a", {"b": "c"})),
        ("a;\xa0b=c", ("a", {})),
        ('form-data; filename="C:\\x\\y.txt"', ("form-data", {"filename": "C:\\x\\y.txt"})),
        ("a,b;c=d", ("a,b", {"c": "d"})),
        ("x; filename*=utf-8''%e2%82%ac", ("x", {"filename*": "utf-8''%e2%82%ac"})),
        ("a;b==c", ("a", {})),
        ('a;"b"=c', ("a", {})),
        (" b=c;d=e", ("b=c", {"d": "e"})),
        ('a;b="""c;d=e"', ("a", {"b": "", "d": "e"})),
        ('a;b="c;d=e";f="g', ("a", {"b": "c;d=e"})),
        ("a;=x;b=c", ("a", {"b": "c"})),
        ("multipart/form-data; boundary=a/b", ("multipart/form-data", {"boundary": "a"})),
    ],
)
def test_parse_content_header(value, expected):
    assert h.parse_content_header(value) == expected


@given(st.text(alphabet='ab=;" \t%20DA\\,é\n'))
def test_parse_content_header_takes_anything(value):
    main, options = h.parse_content_header(value)
    assert main == value.split(";")[0].strip().lower()
    assert all(key == key.lower() for key in options)


# -- Accept ------------------------------------------------------------------------------------

ACCEPT = "text/html, application/json;q=0.9, text/*;q=0.8, */*;q=0.1"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "[*/*]"),
        ("", "[]"),
        (ACCEPT, f"[{ACCEPT}]"),
        (
            "*/*, text/*, text/plain, text/plain;a=b",
            "[text/plain;a=b, text/plain, text/*, */*]",
        ),
        ("foo, text/html", "[text/html]"),
        ("text/html,,", "[text/html]"),
        ("text/html; q = 0.5", "[text/html;q=0.5]"),
        ("text/html ;q=0.5", "[text/html;q=0.5]"),
        ("a/b;q= 0.5 ", "[a/b;q=0.5]"),
        ("TEXT/HTML;Q=0.3", "[TEXT/HTML;Q=0.3]"),
        ("a/b/c", "[a/b/c]"),
        ('text/html;a="b,c"', '[text/html;a="b]'),
        ("text/html;a=;=b", "[text/html;a=;=b]"),
        ("text/html;q=0.5;q=0.7", "[text/html;q=0.7]"),
        ("*/*;q=0.8, text/html;q=0.8", "[text/html;q=0.8, */*;q=0.8]"),
        ("a/b, c/d, */d, a/*", "[a/b, c/d, */d, a/*]"),
        ("x/y;a=b;q=0.9,x/y;a=b;c=d;q=0.9", "[x/y;a=b;c=d;q=0.9, x/y;a=b;q=0.9]"),
        ("a;q=x, text/html", "[text/html]"),
        ("text/html;v=1=2", "[text/html;v=1=2]"),
        # crashes of the original: names of its own arguments
        ("text/html;type_=x;self=1;subtype=2", "[text/html;type_=x;self=1;subtype=2]"),
    ],
)
def test_parse_accept(value, expected):
    assert repr(list(h.parse_accept(value))) == expected


@pytest.mark.parametrize(
    "value",
    ["garbage", "text/html;q=x", "text/html;q", "text/html;", "text/html;;q=1", "/html", "text/"]
    + ["  ", ",", 'text/html;a="b;c"', "text/html;q=", 'text/html;q="0.5"', "q=1", "a;b/c"]
    # taken by the original
    + ["a/b;q=nan", "a/b;q=inf", "a/b;q=0_1", "a/b;q=٣"],
)
def test_parse_accept_refuses(value):
    with pytest.raises(InvalidHeader) as info:
        h.parse_accept(value)
    assert str(info.value) == f"Invalid header value in Accept: {value}"
    assert info.value.status_code == 400


@given(st.text(alphabet="ab*/;=,q0.1 \t"))
def test_parse_accept_returns_sorted_list_or_refuses(value):
    try:
        accept = h.parse_accept(value)
    except InvalidHeader:
        return
    keys = [entry.key for entry in accept]
    assert keys == sorted(keys)


@pytest.mark.parametrize(
    ("mimes", "wildcards", "expected"),
    [
        (("application/json", "text/html"), True, "<text/html matched text/html>"),
        (("text/plain",), True, "<text/plain matched text/*;q=0.8>"),
        (("image/png",), True, "<image/png matched */*;q=0.1>"),
        (("image/png",), False, "<no match>"),
        (("text/*",), True, "<text/* matched text/html>"),
        (("*/*",), True, "<*/* matched text/html>"),
        (
            ("application/json", "text/plain"),
            True,
            "<application/json matched application/json;q=0.9>",
        ),
        ((), True, "<no match>"),
        (("garbage",), True, "<no match>"),
        (("text/html;level=1",), True, "<no match>"),
    ],
)
def test_accept_match(mimes, wildcards, expected):
    accept = h.parse_accept(ACCEPT)
    assert repr(accept.match(*mimes, accept_wildcards=wildcards)) == expected


def test_accept_match_prefers_q_then_arguments_then_header():
    accept = h.parse_accept("a/b;x=1, a/b;q=0.5, c/d;q=0.5, e/*;q=0.5")
    assert repr(accept.match("c/d", "a/b;q=0.5")) == "<c/d matched c/d;q=0.5>"
    assert repr(accept.match("c/d", "a/b")) == "<a/b matched a/b;x=1>"
    assert repr(accept.match("e/f", "c/d")) == "<e/f matched e/*;q=0.5>"


def test_accept_list_is_a_list_of_literal_ranges():
    accept = h.parse_accept(ACCEPT)
    assert str(accept) == ACCEPT
    assert "text/html" in accept and "text/*" in accept
    assert "text/plain" not in accept
    assert accept[0] == "text/html" and accept.index("text/*") == 2


# -- MediaType ---------------------------------------------------------------------------------

HTML = h.MediaType("text", "html", q="0.5", level="1")
TEXT = h.MediaType("text", "*")


def test_media_type_attributes():
    assert (HTML.type, HTML.subtype, HTML.q, HTML.mime) == ("text", "html", 0.5, "text/html")
    assert HTML.params == {"q": "0.5", "level": "1"}
    assert HTML.key == (-0.5, -2, False, False)
    assert h.MediaType("*", "*").key == (-1.0, 0, True, True)
    assert not HTML.has_wildcard
    assert TEXT.has_wildcard and h.MediaType("*", "x").has_wildcard
    assert repr(HTML) == str(HTML) == "text/html;q=0.5;level=1"


def test_media_type_equality_ignores_parameters():
    assert HTML == "text/html" and HTML == h.MediaType("text", "html")
    assert HTML != "text/*" and HTML != TEXT and HTML != 5
    with pytest.raises(ValueError, match=r"Use match\(\) to compare with parameters"):
        _ = HTML == "text/html;q=1"
    with pytest.raises(TypeError):
        hash(HTML)


@pytest.mark.parametrize(
    ("entry", "other", "matches"),
    [
        (HTML, "text/html", True),
        (HTML, "text/html;level=1", True),
        (HTML, "text/html;level=2", False),
        (HTML, "text/html;q=0.7", False),
        (HTML, "text/*", True),
        (HTML, "*/html", True),
        (HTML, "text/plain", False),
        (HTML, "garbage", False),
        (HTML, "", False),
        (HTML, None, False),
        (HTML, TEXT, True),
        (TEXT, "text/plain", True),
        (TEXT, h.MediaType("text", "x", a="b"), False),
        (h.MediaType("text", "*", a="b"), "text/x;a=b", True),
        (h.MediaType("*", "*"), "a/b", True),
    ],
)
def test_media_type_match(entry, other, matches):
    assert entry.match(other) is (entry if matches else None)


@pytest.mark.parametrize("text", ["/b", "a/", "a/b;c", "a/b;"])
def test_media_type_that_is_malformed(text):
    with pytest.raises(ValueError, match="Invalid media type"):
        HTML.match(text)


# -- Matched -----------------------------------------------------------------------------------


def test_matched_tells_what_was_met():
    match = h.Matched("text/html", HTML)
    assert match and match.mime == str(match) == "text/html" and match.header is HTML
    missed = h.Matched("", None)
    assert not missed and str(missed) == "" and missed.header is None
    assert repr(missed) == "<no match>"


@pytest.mark.parametrize(
    ("matched", "other", "equal"),
    [
        (h.Matched("text/html", HTML), "text/html", True),
        (h.Matched("text/html", HTML), "text/html;level=9", True),
        (h.Matched("text/html", HTML), "text/plain", False),
        (h.Matched("text/html", HTML), "garbage", False),
        (h.Matched("text/html", HTML), 5, False),
        (h.Matched("text/html", HTML), h.Matched("text/html", None), False),
        (h.Matched("text/html", HTML), h.Matched("text/*", HTML), True),
        (h.Matched("text/plain", TEXT), "text/plain", True),
        (h.Matched("text/plain", TEXT), "text/*", True),
        (h.Matched("*/*", TEXT), "text/html", False),
        (h.Matched("", None), "", True),
        (h.Matched("", None), h.Matched("", None), True),
        (h.Matched("x/y", None), "x/y", False),
    ],
)
def test_matched_equality(matched, other, equal):
    assert (matched == other) is equal
    with pytest.raises(TypeError):
        hash(matched)


@pytest.mark.parametrize(
    ("matched", "other", "expected"),
    [
        (h.Matched("text/html", HTML), "text/html", "<text/html matched text/html>"),
        (h.Matched("text/html", HTML), "text/*", "<text/* matched text/*>"),
        (h.Matched("text/plain", TEXT), "text/html", "<text/html matched text/html>"),
        (h.Matched("text/html", HTML), "text/html;level=3", "None"),
        (h.Matched("text/html", HTML), h.Matched("text/html", None), "None"),
        (h.Matched("text/html", None), "text/html", "None"),
        (h.Matched("", None), "", "None"),
        (h.Matched("text/html", HTML), "garbage", "None"),
    ],
)
def test_matched_match(matched, other, expected):
    assert repr(matched.match(other)) == expected


def test_matched_parse():
    assert repr(h.Matched.parse("text/html;q=0.5")) == "<text/html;q=0.5 matched text/html;q=0.5>"
    assert not h.Matched.parse("garbage")


# -- Forwarded ---------------------------------------------------------------------------------


def forwarded(lines, secret="s3"):
    lines = [lines] if isinstance(lines, str) else lines
    found = Header([("Forwarded", line) for line in lines])
    return h.parse_forwarded(found, SimpleNamespace(FORWARDED_SECRET=secret))


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("for=1.1.1.1;secret=s3", {"for": "1.1.1.1", "secret": "s3"}),
        (
            'for="[::2]";proto=https;host=me.tld;path="/app/";secret=s3,for=broken;;'
            "secret=b0rked, for=127.0.0.3;scheme=http;port=1234",
            {
                "for": "[::2]",
                "proto": "https",
                "host": "me.tld",
                "path": "/app/",
                "secret": "s3",
            },
        ),
        ("for=a;by=s3", {"for": "a", "by": "s3"}),
        ('secret="s3";for="_x"', {"secret": "s3", "for": "_x"}),
        ("for=1;secret=zz", None),
        ("for=1;secret=S3", None),
        ("FOR=ABC;SECRET=s3", {"for": "abc", "secret": "s3"}),
        ("for=unknown;secret=s3;proto=HTTPS;port=x", {"secret": "s3", "proto": "https"}),
        ("secret=s3;for=1.1.1.1, for=2", {"secret": "s3", "for": "1.1.1.1"}),
        (["for=1;secret=s3", "for=2"], {"for": "1", "secret": "s3"}),
        (["for=1", "for=2;secret=s3"], {"for": "2", "secret": "s3"}),
        ("for=1;secret=s3,for=2;secret=s3", {"for": "2", "secret": "s3"}),
        ("for=1;secret=s3;for=3", {"for": "3", "secret": "s3"}),
        ("for=1 ; secret=s3", {"secret": "s3"}),
        ("for=1; secret=s3", {"for": "1", "secret": "s3"}),
        ("for = 1;secret=s3", {"secret": "s3"}),
        ("for=1;;secret=s3", {"secret": "s3"}),
        ("garbage for=1;secret=s3", {"secret": "s3"}),
        ("garbage;for=1;secret=s3", {"for": "1", "secret": "s3"}),
        ("for=1;secret=s3;garbage", {"for": "1", "secret": "s3"}),
        ("for=1;garbage;secret=s3", {"secret": "s3"}),
        ('for="a,b";secret=s3', {"for": "a,b", "secret": "s3"}),
        ('for="a\\"b";secret=s3', {"secret": "s3"}),
        ('for="";secret=s3', {"for": "", "secret": "s3"}),
        ("by=s3,secret=s3", {"secret": "s3"}),
        ("for=1\t;\tsecret=s3", {"secret": "s3"}),
        ('for="1.2.3.4:80";secret=s3', {"for": "1.2.3.4:80", "secret": "s3"}),
        ("secret=x;for=1;secret=s3", {"secret": "s3", "for": "1"}),
        (
            "for=1;secret=s3;port=80;host=A.B;path=%2Fx;X=Y",
            {"for": "1", "secret": "s3", "port": 80, "host": "a.b", "path": "/x", "x": "Y"},
        ),
        ('x="secret=s3";for=1', None),
        ('x="a, secret=s3";for=1', None),
        ('secret="s3;for=1', None),
        ('secret=s3,for=x"', {"secret": "s3"}),
        ('secret=s3,"for=x', {"secret": "s3"}),
        ('secret=s3;for="abc', {"secret": "s3"}),
        ('secret=s3;for=abc"', {"secret": "s3", "for": "abc"}),
        ("for=1,secret=s3,for=2,by=s3,for=3", {"by": "s3"}),
        ("", None),
        ([], None),
    ],
)
def test_parse_forwarded(lines, expected):
    found = forwarded(lines)
    assert found == expected
    assert found is None or list(found) == list(expected)


@pytest.mark.parametrize(
    ("secret", "line", "found"),
    [
        (None, "secret=None", False),
        ("", "secret=", False),
        ("", 'secret=""', False),
        ("a b", "secret=a b", False),
        ("a b", 'secret="a b"', True),
        ("é", 'secret="é"', True),
    ],
)
def test_parse_forwarded_with_odd_secrets(secret, line, found):
    assert (forwarded(line, secret) is not None) is found


@given(st.text(alphabet='sfo3=;," \\ecrt'))
def test_nothing_to_the_left_changes_what_the_proxy_said(left):
    # The proxy appends its element after a comma; a client chooses all before it.
    assert forwarded(f"{left}, for=1;secret=s3") == {"for": "1", "secret": "s3"}


@pytest.mark.parametrize("unit", ['"', '="', "a=", "a=;", "a=b ", 'a="b"', ";", " ", "a"])
def test_parse_forwarded_of_a_long_line_ends(unit):
    forwarded(unit * 20_000)


# -- X-Forwarded-* -----------------------------------------------------------------------------

XF = "x-forwarded-for"


@pytest.mark.parametrize(
    ("found", "count", "real_ip", "expected"),
    [
        ([(XF, "1, 2")], 1, None, {"for": "2"}),
        ([(XF, "1, 2")], 2, None, {"for": "1"}),
        ([(XF, "1, 2")], 3, None, None),
        ([(XF, "1, 2"), (XF, ", ,3")], 2, None, {"for": "2"}),
        ([("x-real-ip", "9")], None, "x-real-ip", {"for": "9"}),
        ([("x-real-ip", ""), (XF, "5")], 1, "x-real-ip", {"for": "5"}),
        ([(XF, "5")], 1, "x-real-ip", {"for": "5"}),
        ([(XF, "5")], None, None, None),
        ([(XF, "5")], 0, None, None),
        ([(XF, ",")], 1, None, None),
        (
            [
                (XF, "::1"),
                ("x-forwarded-proto", "HTTPS"),
                ("x-scheme", "ws"),
                ("x-forwarded-host", "A.com"),
                ("x-forwarded-port", "99"),
                ("x-forwarded-path", "/a%20b"),
            ],
            1,
            None,
            {"for": "[::1]", "proto": "https", "host": "a.com", "port": 99, "path": "/a b"},
        ),
        ([(XF, "1"), ("x-scheme", "ws")], 1, None, {"for": "1", "proto": "ws"}),
        ([(XF, "1"), ("x-forwarded-port", "z")], 1, None, {"for": "1"}),
        ([("x-forwarded-proto", "https")], 1, None, None),
        ([(XF, "unknown")], 1, None, {}),
        ([(XF, "unknown"), ("x-scheme", "ws")], 1, None, {"proto": "ws"}),
    ],
)
def test_parse_xforwarded(found, count, real_ip, expected):
    config = SimpleNamespace(
        PROXIES_COUNT=count, REAL_IP_HEADER=real_ip, FORWARDED_FOR_HEADER="X-Forwarded-For"
    )
    assert h.parse_xforwarded(Header(found), config) == expected


def test_parse_xforwarded_with_another_header_and_a_bad_count():
    config = SimpleNamespace(PROXIES_COUNT=1, REAL_IP_HEADER=None, FORWARDED_FOR_HEADER="cf")
    assert h.parse_xforwarded(Header(cf="7"), config) == {"for": "7"}
    config.PROXIES_COUNT = -1
    with pytest.raises(ValueError, match="PROXIES_COUNT"):
        h.parse_xforwarded(Header(cf="7"), config)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("1.2.3.4", "1.2.3.4"),
        ("::1", "[::1]"),
        ("[::1]", "[::1]"),
        ("_X_y", "_X_y"),
        ("ABC", "abc"),
        ("2001:DB8::1", "[2001:db8::1]"),
        ("a:b", "a:b"),
        ("::1%eth0", "::1%eth0"),
        ("Unknown", "unknown"),
        ("", ""),
        (":" * 50, ":" * 50),
    ],
)
def test_fwd_normalize_address(address, expected):
    assert h.fwd_normalize_address(address) == expected


def test_fwd_normalize_address_unknown():
    with pytest.raises(ValueError):
        h.fwd_normalize_address("unknown")


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([("port", " 80 ")], {"port": 80}),
        ([("port", "65535")], {"port": 65535}),
        ([("port", None), ("for", None)], {}),
        ([("proto", ""), ("host", "")], {"proto": "", "host": ""}),
        ([("For", "X"), ("secret", "S")], {"For": "X", "secret": "S"}),
        ([("path", "%ff/é")], {"path": "\ufffd/é"}),
    ]
    # taken by the original: text int() takes, ports that are none, hosts that end early
    + [([("port", port)], {}) for port in ("-1", "+8", "8_0", "٣", "65536", "9" * 5000)]
    + [([("host", host)], {}) for host in ("a/b", "a?b", "a#b", "u@a", "a b", "a\\b", "a\tb")],
)
def test_fwd_normalize(pairs, expected):
    assert h.fwd_normalize(pairs) == expected


# -- Host, Authorization, response head --------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("a.com", ("a.com", None)),
        ("A.com:80", ("a.com", 80)),
        ("[::1]:8", ("[::1]", 8)),
        ("[::1]", ("[::1]", None)),
        ("[ABCD::EF]:1", ("[abcd::ef]", 1)),
        ("1.2.3.4:5", ("1.2.3.4", 5)),
        ("a.com:99999", ("a.com", 99999)),
        ("a:0", ("a", 0)),
        ("[1:2:3:4:5:6:7:8]", ("[1:2:3:4:5:6:7:8]", None)),
        ("a" * 253, ("a" * 253, None)),
    ]
    + [
        (host, (None, None))
        for host in ("::1", "a_b.com", "", "a.com:", "a.com:123456", "[::1", "[x]", " a", "a ")
        + ("a.com\n", "é.com", "a:+1", "a:1_0", "a:80:80", "[::1]x", "[:]", "[::12345]", "[]")
        + ("[1:2:3:4:5:6:7:8:9:a]", "[FE80::1%eth0]", "a" * 254, "a:１", "a/b", "u@a", "[::1]80")
    ],
)
def test_parse_host(host, expected):
    assert h.parse_host(host) == expected


@pytest.mark.parametrize(
    ("header", "prefixes", "expected"),
    [
        ("Basic abc", None, ("Basic", "abc")),
        ("Bearer x", None, ("Bearer", "x")),
        ("Token t", None, ("Token", "t")),
        ("bearer x", None, (None, "bearer x")),
        ("xBearer y", None, ("Bearer", "y")),
        ("Bearer", None, ("Bearer", "")),
        ("  Bearer   q ", None, ("Bearer", "q")),
        ("Token Bearer z", None, ("Bearer", "z")),
        ("Basic x", ("Bearer", "Token"), (None, "Basic x")),
        ("", None, (None, "")),
        (None, None, (None, None)),
        (None, ["Foo"], (None, None)),
        ("Foo x", ["Foo"], ("Foo", "x")),
        ("Foo x", {"Foo"}, ("Foo", "x")),
        ("Bearer x", [], ("Bearer", "x")),
        ("Bearer x", "Basic", ("Bearer", "x")),
    ],
)
def test_parse_credentials(header, prefixes, expected):
    assert h.parse_credentials(header, prefixes) == expected


@pytest.mark.parametrize(
    ("status", "line"),
    [(200, b"HTTP/1.1 200 OK"), (404, b"HTTP/1.1 404 Not Found"), (799, b"HTTP/1.1 799 UNKNOWN")],
)
def test_format_http1_response(status, line):
    head = h.format_http1_response(status, [(b"a", b"b"), (b"c", b"d")])
    assert head == line + b"\r\na: b\r\nc: d\r\n\r\n"


def test_format_http1_response_cannot_be_split():
    head = h.format_http1_response(200, {b"a\r\n": b"b\r\nc: d\0"}.items())
    assert head == b"HTTP/1.1 200 OK\r\na: bc: d\r\n\r\n"
