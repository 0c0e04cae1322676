"""Forms: urlencoded and multipart bodies, their limits, and malformed input."""

from types import SimpleNamespace
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanic_fast.exceptions import BadRequest, PayloadTooLarge
from sanic_fast.request import File, RequestParameters, form, parse_multipart_form
from sanic_fast.request.form import group_pairs, parse_form, parse_pairs

CD = b"Content-Disposition: form-data; name="
CLOSE = b"--B--\r\n"


def part(headers, content):
    return b"--B\r\n" + headers + b"\r\n\r\n" + content + b"\r\n"


def parse(body, boundary=b"B"):
    fields, files = parse_multipart_form(body, boundary)
    assert type(fields) is type(files) is RequestParameters
    return dict(fields), dict(files)


def refuse(body, boundary=b"B"):
    with pytest.raises(BadRequest) as info:
        parse_multipart_form(body, boundary)
    assert str(info.value) == "Failed when parsing form"
    assert info.value.status_code == 400


# -- multipart: what is well-formed; measured on the original ------------------------------------


@pytest.mark.parametrize(
    ("headers", "content", "fields"),
    [
        (CD + b'"a"', b"1", {"a": ["1"]}),
        (CD + b'"a"', b"", {"a": [""]}),
        (CD + b'"a"', b"line1\r\nline2\r\n", {"a": ["line1\r\nline2\r\n"]}),
        (CD + b'"a"', "é€".encode(), {"a": ["é€"]}),
        (CD + b'"a"', b"\xef\xbb\xbf1", {"a": ["\ufeff1"]}),
        (CD + b'"a"\r\nContent-Type: text/plain; charset=latin-1', b"\xe9", {"a": ["é"]}),
        (CD + b'"a"\r\nContent-Type: text/plain; charset=UTF_8', "é".encode(), {"a": ["é"]}),
        (CD + b'"a"\r\nContent-Type: application/json', b"{}", {"a": ["{}"]}),
        (CD + b'"a%22b"', b"x", {'a"b': ["x"]}),
        (CD + b'"a%0D%0Ab"', b"x", {"a\nb": ["x"]}),
        (b"content-disposition:form-data;name=a", b"x", {"a": ["x"]}),
        (b'Content-Disposition: attachment; name="z"', b"x", {"z": ["x"]}),
        (CD + b'"a"\r\nContent-Transfer-Encoding: base64', b"QUJD", {"a": ["QUJD"]}),
        (CD + b'"a"\r\n: v', b"x", {"a": ["x"]}),
        (CD + b'"a"', b"x--B--", {"a": ["x--B--"]}),
        (CD + b'"a"', b"\r\n--", {"a": ["\r\n--"]}),
        # no name: skipped
        (b"Content-Disposition: form-data", b"x", {}),
        (b'Content-Disposition: form-data; filename="x"', b"x", {}),
        (CD + b'""', b"x", {}),
        (b"X: y", b"x", {}),
    ],
)
def test_text_field(headers, content, fields):
    assert parse(part(headers, content) + CLOSE) == (fields, {})


@pytest.mark.parametrize(
    ("headers", "content", "file"),
    [
        (b'"f"; filename="x.txt"', b"data", File("text/plain", b"data", "x.txt")),
        (b'"f"; filename=""', b"", File("text/plain", b"", "")),
        (
            b'"f"; filename=x\r\nContent-Type: image/png',
            b"\x00\xff\r\n",
            File("image/png", b"\x00\xff\r\n", "x"),
        ),
        (b"\"f\"; filename*=utf-8''%e2%82%ac.txt", b"x", File("text/plain", b"x", "€.txt")),
        (b"\"f\"; filename*=iso-8859-1''%e9", b"x", File("text/plain", b"x", "é")),
        (b"\"f\"; filename*=utf-8'en'%ff", b"x", File("text/plain", b"x", "\ufffd")),
        (b"\"f\"; filename*=''%c3%a9", b"x", File("text/plain", b"x", "é")),
        (b'"f"; filename*=abc', b"x", File("text/plain", b"x", "abc")),
        (b"\"f\"; filename=q; filename*=utf-8''z", b"x", File("text/plain", b"x", "q")),
        (b'"f"; filename="a\xcc\x81"', b"x", File("text/plain", b"x", "\u00e1")),
        (b"\"f\"; filename*=utf-8''a%cc%81", b"x", File("text/plain", b"x", "\u00e1")),
        (b'"f"; filename="x"\r\nContent-Type: TEXT/HTML; charset=x', b"q",
         File("text/html", b"q", "x")),
        (b'"f"; filename="x"\r\nContent-Type: ', b"q", File("", b"q", "x")),
        (b'"f"; filename="../../x\\y"', b"1", File("text/plain", b"1", "../../x\\y")),
    ],
)  # fmt: skip
def test_file(headers, content, file):
    assert parse(part(CD + headers, content) + CLOSE) == ({}, {"f": [file]})


def test_repeated_names_gather_in_order():
    body = b"".join(part(CD + b"a", b"%d" % n) for n in range(3))
    body += part(CD + b"f; filename=1", b"x") + part(CD + b"f; filename=2", b"y") + CLOSE
    fields, files = parse(body)
    assert fields == {"a": ["0", "1", "2"]}
    assert [file.name for file in files["f"]] == ["1", "2"]


@pytest.mark.parametrize(
    "body",
    [
        part(CD + b"a", b"1") + b"--B--",
        part(CD + b"a", b"1") + b"--B--epilogue\r\n--B\r\nignored",
        b"preamble\r\n" + part(CD + b"a", b"1") + CLOSE,
        b"\r\n" + part(CD + b"a", b"1") + CLOSE,
        # RFC 2046 allows blanks after a boundary; the original returned nothing
        b"--B \t \r\n" + CD + b"a\r\n\r\n1\r\n--B-- \r\n",
    ],
)
def test_around_the_parts(body):
    assert parse(body) == ({"a": ["1"]}, {})


@pytest.mark.parametrize("body", [b"--B--", CLOSE, b"--B\r\n\r\n\r\n--B--\r\n", b"x\r\n--B--"])
def test_no_fields(body):
    assert parse(body) == ({}, {})


def test_part_without_content_may_share_its_line_end():
    # RFC 2046 5.1.1: the line end before a boundary belongs to the boundary.
    assert parse(b"--B\r\n" + CD + b"a\r\n\r\n--B--") == ({"a": [""]}, {})


def test_nested_multipart_is_one_value():
    inner = b"--C\r\n\r\nq\r\n--C--"
    body = part(CD + b"a\r\nContent-Type: multipart/mixed; boundary=C", inner) + CLOSE
    assert parse(body) == ({"a": [inner.decode()]}, {})


def test_boundary_of_dashes():
    body = b"----\r\n" + CD + b"a\r\n\r\n1\r\n------\r\n"
    assert parse(body, b"--") == ({"a": ["1"]}, {})


# -- multipart: what is malformed (the original returned an empty form) --------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"garbage",
        b"--B",
        b"--b\r\n" + CD + b"a\r\n\r\n1\r\n--b--",
        part(CD + b"a", b"1"),
        part(CD + b"a", b"1") + b"--B",
        part(CD + b"a", b"1") + b"--B\r\n",
        part(CD + b"a", b"1") + b"--B-\r\n",
        b"preamble" + part(CD + b"a", b"1"),
        b"--B\r\n" + CD + b"a\r\n\r\n1",
        b"--B\r\n" + CD + b"a\r\n1\r\n--B--",
        b"--B\r\n" + CD + b"a",
        b"--B\n" + CD + b"a\n\n1\n--B--\n",
        b"--B\r\n\r\n",
        part(CD + b"a", b"x\r\n--Bx\r\ny") + CLOSE,
        part(CD + b"a", b"x\r\n--B") + CLOSE,
        part(CD + b"a\r\nno colon", b"x") + CLOSE,
        part(CD + b"a\r\n folded: line", b"x").replace(b"folded: ", b"folded ") + CLOSE,
        part(CD + b'"a\xff"', b"x") + CLOSE,
        part(CD + b"a", b"\xff") + CLOSE,
        part(CD + b"a\r\nContent-Type: text/plain; charset=utf-16", b"x") + CLOSE,
        part(CD + b"f; filename*=bogus''x", b"x") + CLOSE,
    ],
)
def test_malformed_body_is_refused(body):
    refuse(body)


@pytest.mark.parametrize(
    "charset", ["bogus", "idna", "punycode", "hex", "zip", "unicode_escape", "undefined", "x" * 999]
)
def test_codec_that_is_no_charset_is_refused_unseen(charset):
    import encodings

    refuse(part(CD + b"a\r\nContent-Type: t; charset=" + charset.encode(), b"1") + CLOSE)
    refuse(part(CD + b"f; filename*=" + charset.encode() + b"''1", b"1") + CLOSE)
    # Names asked for are kept there for ever, unknown ones too.
    assert not {"bogus", "x" * 999} & set(encodings._cache)


@pytest.mark.parametrize("charset", sorted(form._CHARSETS))
def test_every_charset_exists(charset):
    b"".decode(charset)


@pytest.mark.parametrize("boundary", [b"", b"B" * 71])
def test_boundary_that_is_refused(boundary):
    refuse(part(CD + b"a", b"1") + CLOSE, boundary)


def test_longest_boundary():
    boundary = b"B" * 70
    body = part(CD + b"a", b"1") + CLOSE
    assert parse(body.replace(b"--B", b"--" + boundary), boundary) == ({"a": ["1"]}, {})


# -- limits ------------------------------------------------------------------------------------


def test_number_of_parts_is_limited():
    body = part(CD + b"a", b"1") * form.MAX_FORM_PARTS
    assert len(parse(body + CLOSE)[0]["a"]) == form.MAX_FORM_PARTS == 1000
    with pytest.raises(PayloadTooLarge) as info:
        parse(body + part(b"X: no name counts too", b"1") + CLOSE)
    assert info.value.status_code == 413


def test_number_of_urlencoded_fields_is_limited():
    def fields(count):
        return posted("application/x-www-form-urlencoded", b"&".join([b"a=1"] * count))

    assert len(parse_form(fields(1000))[0]["a"]) == 1000
    with pytest.raises(PayloadTooLarge):
        parse_form(fields(1001))


def test_text_is_limited_in_total_and_files_are_not(monkeypatch):
    monkeypatch.setattr(form, "MAX_FORM_TEXT_SIZE", 10)
    assert parse(part(CD + b"a", b"12345") * 2 + CLOSE) == ({"a": ["12345"] * 2}, {})
    with pytest.raises(PayloadTooLarge):
        parse(part(CD + b"a", b"12345") * 2 + part(CD + b"b", b"6") + CLOSE)
    with pytest.raises(PayloadTooLarge):
        parse_form(posted("application/x-www-form-urlencoded", b"a=123456789"))
    assert parse(part(CD + b"f; filename=x", b"1" * 99) + CLOSE)[1]["f"][0].body == b"1" * 99


def test_headers_of_a_part_are_limited():
    def padded(size):
        return part(CD + b"a\r\nX: " + b"x" * size, b"1") + CLOSE

    assert parse(padded(form.MAX_PART_HEADER_SIZE - 60)) == ({"a": ["1"]}, {})
    refuse(padded(form.MAX_PART_HEADER_SIZE))
    refuse(b"--B" + b" " * 9000 + b"\r\n" + CD + b"a\r\n\r\n1\r\n--B--")


@pytest.mark.parametrize(
    "unit", [b"\r\n", b"\r", b"\n--", b"\r\n--", b"\r\n-", b"-", b"\r\n--A", b"\r\r\n\n"]
)
def test_body_full_of_near_boundaries_ends(unit):
    content = unit * 300_000
    file = parse(part(CD + b"f; filename=x", content) + CLOSE)[1]["f"][0]
    assert file.body == content
    refuse(content)


@given(st.binary(max_size=200))
def test_multipart_parser_takes_anything(data):
    for body in (data, b"--B\r\n" + data, part(CD + b"a", data) + CLOSE):
        try:
            parse_multipart_form(body, b"B")
        except BadRequest:
            pass


NAMES = st.text(alphabet="ab é", min_size=1, max_size=5)


@given(st.lists(st.tuples(NAMES, st.text(max_size=20), st.booleans()), max_size=6))
def test_what_was_encoded_is_parsed(values):
    values = [(n, v) for n, v, _ in values if "--B" not in v], values
    body, fields, files = b"", {}, {}
    for name, value, is_file in values[1]:
        if "--B" in value:
            continue
        extra = b'; filename="f"' if is_file else b""
        body += part(CD + f'"{name}"'.encode() + extra, value.encode())
        if is_file:
            files.setdefault(name, []).append(File("text/plain", value.encode(), "f"))
        else:
            fields.setdefault(name, []).append(value)
    assert parse(body + CLOSE) == (fields, files)


# -- by content type ---------------------------------------------------------------------------


def posted(content_type, body):
    return SimpleNamespace(content_type=content_type, body=body)


MULTIPART = part(CD + b"a", b"1") + CLOSE


@pytest.mark.parametrize(
    ("content_type", "body", "fields"),
    [
        ("application/x-www-form-urlencoded", b"a=1&b=&a=%20+2", {"a": ["1", "  2"]}),
        ("Application/X-WWW-Form-Urlencoded; charset=latin-1", b"a=%C3%A9", {"a": ["é"]}),
        ("application/x-www-form-urlencoded", b"a=%ff", {"a": ["\ufffd"]}),
        ("application/x-www-form-urlencoded", b"a=\xff", {}),
        ("application/x-www-form-urlencoded", b"", {}),
        ("multipart/form-data; boundary=B", MULTIPART, {"a": ["1"]}),
        ('multipart/form-data; boundary="B"', MULTIPART, {"a": ["1"]}),
        ("Multipart/Form-Data; Boundary=B", MULTIPART, {"a": ["1"]}),
        ("multipart/form-data; boundary=B", b"", {}),
        ("application/json", b"a=1", {}),
        ("multipart/mixed; boundary=B", MULTIPART, {}),
        ("", MULTIPART, {}),
        ("application/octet-stream", b"a=1", {}),
    ],
)
def test_parse_form(content_type, body, fields):
    parsed, files = parse_form(posted(content_type, body))
    assert type(parsed) is type(files) is RequestParameters
    assert (parsed, files) == (fields, {})


@pytest.mark.parametrize(
    "content_type",
    ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=C"]
    + ["multipart/form-data; boundary=\udcff"],
)
@pytest.mark.parametrize("body", [MULTIPART, b"x"])
def test_multipart_with_a_wrong_boundary_is_refused(content_type, body):
    with pytest.raises(BadRequest, match="Failed when parsing form"):
        parse_form(posted(content_type, body))


def test_blank_values_on_demand():
    request = posted("application/x-www-form-urlencoded", b"a=&b&=&c=1")
    assert parse_form(request)[0] == {"c": ["1"]}
    assert parse_form(request, True)[0] == {"a": [""], "b": [""], "": [""], "c": ["1"]}


# -- pairs -------------------------------------------------------------------------------------


@given(st.text(alphabet="ab=&+%2C3é;"), st.booleans())
def test_parse_pairs_agrees_with_the_standard_library(text, blank):
    assert parse_pairs(text, blank) == parse_qsl(text, keep_blank_values=blank)


@pytest.mark.parametrize("text", ["a", "a=1&", "&", "a=1&&b=2"])
def test_parse_pairs_strictly(text):
    with pytest.raises(ValueError, match="bad query field"):
        parse_pairs(text, strict_parsing=True)
    assert parse_pairs("a=1&b=2", strict_parsing=True) == [("a", "1"), ("b", "2")]


def test_parse_pairs_with_another_encoding():
    assert parse_pairs("a=%E9", encoding="latin-1") == [("a", "é")]
    with pytest.raises(UnicodeDecodeError):
        parse_pairs("a=%E9", errors="strict")


@given(st.lists(st.tuples(st.text(max_size=5), st.text(max_size=5))))
def test_group_pairs_keeps_order(pairs):
    grouped = group_pairs(parse_pairs(urlencode(pairs), keep_blank_values=True))
    expected = {}
    for name, value in pairs:
        expected.setdefault(name, []).append(value)
    assert grouped == expected


# -- the usual headers are read in one go: same result as the long way ----------------------------

PIECES = st.sampled_from(
    [
        b"Content-Disposition: form-data", b"content-disposition:form-data", b"; name=", b'"a"',
        b'"%22"', b'"e\xcc\x81"', b'"\xff"', b"a", b'; filename="x.txt"', b'; filename=""',
        b"; filename*=UTF-8''%e2%82%ac", b"\r\nContent-Type: text/html", b"; charset=latin-1",
        b"\r\nContent-Type:", b"\r\nX-Other: 1", b'"', b";", b" ", b"\r\n", b"\n", b"\r\n\r\n",
    ]
)  # fmt: skip


@given(st.lists(PIECES, max_size=9))
def test_short_way_of_part_headers_gives_what_the_long_way_gives(pieces):
    body = b"".join([*pieces, b"\r\n\r\n"])
    try:
        short = form._usual_part(body, 0)
    except BadRequest:
        with pytest.raises(BadRequest):
            form._part_headers(body, 0)
    else:
        assert short is None or short == form._part_headers(body, 0)


def test_short_way_is_taken_for_what_browsers_send():
    usual = (
        b'Content-Disposition: form-data; name="f"; filename="a.png"\r\nContent-Type: image/png'
        b"\r\n\r\n"
    )
    assert form._usual_part(usual, 0) == (("f", "a.png", "image/png", "utf-8"), len(usual))
