"""Requests of `apps/forms.py`."""

from tests.parity.wire import case

URLENCODED = "content-type: application/x-www-form-urlencoded"
MULTIPART = "content-type: multipart/form-data; boundary=XX"


def part(*headers: str, body: str = "value") -> str:
    return "\r\n".join(["--XX", *headers, "", body, ""])


def field(name: str, body: str = "value") -> str:
    return part(f'Content-Disposition: form-data; name="{name}"', body=body)


def upload(name: str, filename: str, body: str = "data", *headers: str) -> str:
    first = f'Content-Disposition: form-data; name="{name}"; filename="{filename}"'
    return part(first, *headers, body=body)


def multipart(label: str, *parts: str, end: str = "--XX--\r\n", kind: str = MULTIPART) -> object:
    return case("POST /form", kind, name=f"multipart {label}", body="".join(parts) + end)


CASES = [
    *[
        case("POST /form", URLENCODED, body=body)
        for body in ("a=1&b=2", "a=1&a=2&b=", "a", "a=%C3%A9+x%20y", "a=%zz", "=x", "&&a=1",
                     "a=1;b=2", "%61=%62", "a=b=c", "a=é", "a=" + "x" * 2000)
    ],
    case("POST /form", URLENCODED, name="urlencoded, invalid utf-8", body=b"a=\xff"),
    case("POST /form", URLENCODED, name="urlencoded, percent invalid utf-8", body="a=%ff"),
    case("POST /form", URLENCODED, name="urlencoded, empty"),
    case("POST /form", f"{URLENCODED}; charset=latin-1", body="a=1"),
    case("POST /form", "content-type: Application/X-WWW-Form-Urlencoded", body="a=1"),
    case("POST /form", body="a=1"),
    case("POST /form", "content-type: text/plain", body="a=1"),
    case("POST /json-form", "content-type: application/json", body='{"a": 1}'),
    case("GET /get-form"),
    case("GET /get-form", URLENCODED, body="a=1"),
    multipart("one field", field("a")),
    multipart("several fields", field("a"), field("a", "second"), field("b", "")),
    multipart("a file", upload("f", "x.txt")),
    multipart("a file with a type", upload("f", "x.png", "png", "Content-Type: image/png")),
    multipart("two files", upload("f", "x"), upload("f", "y"), field("a")),
    multipart("an empty file name", upload("f", "")),
    multipart("lines in a value", field("a", "one\r\ntwo\n--X")),
    multipart("a preamble", "preamble\r\n", field("a")),
    multipart("an epilogue", field("a"), end="--XX--\r\nepilogue"),
    multipart("no line end at the end", field("a"), end="--XX--"),
    multipart("foreign text", field("a", "é€")),
    multipart("a foreign name", field("é")),
    multipart("a decomposed file name", upload("f", "e\u0301.txt")),
    multipart("filename*", part(
        "Content-Disposition: form-data; name=\"f\"; filename*=UTF-8''%e2%82%ac.txt")),
    multipart("a charset", part('Content-Disposition: form-data; name="a"',
                                "Content-Type: text/plain; charset=utf-8", body="é")),
    multipart("a name without quotes", part("Content-Disposition: form-data; name=a")),
    multipart("no name", part("Content-Disposition: form-data"), field("a")),
    multipart("escaped quotes", part('Content-Disposition: form-data; name="a%22b"')),
    multipart("names of headers in lower case", part('content-disposition: form-data; name="a"')),
    multipart("a type of a text", part('Content-Disposition: form-data; name="a"',
                                      "Content-Type: application/json", body="{}")),
    multipart("no parts", ""),
    multipart("quoted boundary", field("a"),
              kind='content-type: multipart/form-data; boundary="XX"'),
    multipart("truncated", field("a"), end=""),
    multipart("another boundary", field("a"),
              kind="content-type: multipart/form-data; boundary=YY"),
    multipart("no boundary", field("a"), kind="content-type: multipart/form-data"),
    case("POST /form", MULTIPART, name="multipart empty body"),
    case("POST /form", URLENCODED, name="over the limit", body="a=" + "x" * 200_000),
    case("POST /form", "content-length: 300000", name="announced over the limit"),
]  # fmt: skip
