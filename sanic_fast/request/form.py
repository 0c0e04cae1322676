"""Bodies of forms: urlencoded and multipart (RFC 7578, RFC 2046 5.1).

The whole body is in memory, already limited by `REQUEST_MAX_SIZE`. On top of that one request
may bring a limited number of fields and bytes of text, see the constants. Each part is found
with `bytes.find` from where the one before ended, so time is linear in the size of the body.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from sanic_fast.exceptions import BadRequest, PayloadTooLarge
from sanic_fast.headers import parse_content_header
from sanic_fast.log import logger
from sanic_fast.request.parameters import RequestParameters

if TYPE_CHECKING:
    from sanic_fast._types import RequestLike

#: Fields, or parts of a multipart body, in one request; more give 413.
MAX_FORM_PARTS = 1000
#: Bytes of all text fields of one request; more give 413. Files do not count.
MAX_FORM_TEXT_SIZE = 16 * 1024 * 1024
#: Bytes of the headers of one part; more give 400.
MAX_PART_HEADER_SIZE = 8192
#: Length of a boundary (RFC 2046 5.1.1).
MAX_BOUNDARY_SIZE = 70

_FAILURE = "Failed when parsing form"
# The headers of a part as all clients write them, to be read in one go. Only classes of
# characters with different ends: it cannot backtrack.
_usual_headers = re.compile(
    rb'Content-Disposition: form-data; name="([^"\r\n]*)"(?:; filename="([^"\r\n]*)")?'
    rb'(?:\r\nContent-Type: ([^";\r\n]*))?\r\n\r\n',
    re.IGNORECASE,
).match
# Decoders a peer may ask for. Not every codec of Python: some take quadratic time, and each
# unknown name asked for would stay in its cache of codecs for ever.
_CHARSETS = frozenset(
    (
        *("utf-8", "utf8", "utf-8-sig", "us-ascii", "ascii", "latin-1", "latin1"),
        *("utf-16", "utf-16le", "utf-16be", "utf-16-le", "utf-16-be"),
        *("utf-32", "utf-32le", "utf-32be", "utf-32-le", "utf-32-be"),
        *(f"iso-8859-{n}" for n in (*range(1, 12), *range(13, 17))),
        *(f"iso8859-{n}" for n in (*range(1, 12), *range(13, 17))),
        *(f"windows-{n}" for n in range(1250, 1259)),
        *(f"cp{n}" for n in (437, 850, 852, 855, 866, 874, 932, 949, 950, *range(1250, 1259))),
        *("koi8-r", "koi8-u", "macintosh", "mac-roman", "tis-620", "ibm866"),
        *("shift-jis", "sjis", "euc-jp", "iso-2022-jp", "euc-kr", "iso-2022-kr"),
        *("gb2312", "gbk", "gb18030", "big5", "big5-hkscs"),
    )
)


class File(NamedTuple):
    """An uploaded file: its content type, its bytes, and the name the client gave it.

    The name is the client's own choice: never use it as a path.
    """

    type: str
    body: bytes
    name: str


def parse_form(
    request: RequestLike, keep_blank_values: bool = False
) -> tuple[RequestParameters, RequestParameters]:
    """Parse the request's body by its content type.

    Args:
        request: gives `content_type` and `body`.
        keep_blank_values: keep urlencoded fields without a value.

    Returns:
        (text fields, files), both empty for content types other than forms.

    Raises:
        BadRequest: the multipart body is malformed.
        PayloadTooLarge: there are too many fields, or too much text in them.
    """
    content_type, options = parse_content_header(request.content_type)
    if content_type == "application/x-www-form-urlencoded":
        return _parse_urlencoded(request.body, keep_blank_values), RequestParameters()
    if content_type == "multipart/form-data":
        boundary = str(options.get("boundary", "")).encode("utf-8", "surrogateescape")
        if request.body or not boundary:
            return parse_multipart_form(request.body, boundary)
    return RequestParameters(), RequestParameters()


def _parse_urlencoded(body: bytes, keep_blank_values: bool) -> RequestParameters:
    if len(body) > MAX_FORM_TEXT_SIZE or body.count(b"&") >= MAX_FORM_PARTS:
        raise PayloadTooLarge("Form has too many fields")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        logger.debug("Form is not valid UTF-8: taken as empty")
        return RequestParameters()
    return group_pairs(parse_pairs(text, keep_blank_values))


def parse_pairs(
    text: str,
    keep_blank_values: bool = False,
    strict_parsing: bool = False,
    encoding: str = "utf-8",
    errors: str = "replace",
) -> list[tuple[str, str]]:
    """Split `a=1&b=2` into decoded pairs, as `urllib.parse.parse_qsl` does, but faster.

    Args:
        keep_blank_values: keep names without a value.
        strict_parsing: raise for a field without `=`.
        encoding, errors: how percent-encoded bytes become text.

    Raises:
        ValueError: a field has no `=`, and parsing is strict.
    """
    pairs: list[tuple[str, str]] = []
    if not text:
        return pairs
    plain = "%" not in text and "+" not in text
    for field in text.split("&"):
        name, equals, value = field.partition("=")
        if not equals and strict_parsing:
            raise ValueError(f"bad query field: {field!r}")
        if not value and (not keep_blank_values or not field):
            continue
        if not plain:
            if "+" in field:
                name, value = name.replace("+", " "), value.replace("+", " ")
            if "%" in field:
                name, value = unquote(name, encoding, errors), unquote(value, encoding, errors)
        pairs.append((name, value))
    return pairs


def group_pairs(pairs: list[tuple[str, str]]) -> RequestParameters:
    """Gather the values of each name, in order."""
    grouped = RequestParameters()
    for name, value in pairs:
        if name in grouped:
            grouped[name].append(value)
        else:
            grouped[name] = [value]
    return grouped


def parse_multipart_form(
    body: bytes, boundary: bytes
) -> tuple[RequestParameters, RequestParameters]:
    """Parse a `multipart/form-data` body.

    A part with a file name, even an empty one, is a file. Parts without a name are skipped.

    Args:
        body: the whole body.
        boundary: the parameter of that name, without the leading dashes.

    Returns:
        (text fields, files).

    Raises:
        BadRequest: the body does not follow the grammar, or a text cannot be decoded.
        PayloadTooLarge: there are too many parts, or too much text in them.
    """
    fields, files = RequestParameters(), RequestParameters()
    if not 0 < len(boundary) <= MAX_BOUNDARY_SIZE:
        raise BadRequest(_FAILURE)
    delimiter = b"\r\n--" + boundary
    count = text_size = 0
    pos = _first_part(body, delimiter)
    while pos >= 0:
        count += 1
        if count > MAX_FORM_PARTS:
            raise PayloadTooLarge("Form has too many fields")
        part, content_at = _usual_part(body, pos) or _part_headers(body, pos)
        end = body.find(delimiter, content_at - 2)  # the empty line's own CRLF may begin it
        if end < 0:
            raise BadRequest(_FAILURE)
        content = body[content_at : max(end, content_at)]
        if not part.name:
            logger.debug("Form-data field does not have a 'name' parameter")
        elif part.file_name is not None:
            file = File(type=part.content_type, name=part.file_name, body=content)
            files.setdefault(part.name, []).append(file)
        else:
            text_size += len(content)
            if text_size > MAX_FORM_TEXT_SIZE:
                raise PayloadTooLarge("Form has too much text")
            fields.setdefault(part.name, []).append(_decode(content, part.charset))
        pos = _after_delimiter(body, end + len(delimiter))
    return fields, files


class _Part(NamedTuple):
    """What the headers of a part say."""

    name: str
    file_name: str | None
    content_type: str
    charset: str


def _first_part(body: bytes, delimiter: bytes) -> int:
    """Where the first part's headers begin, after an optional preamble; -1 if there is none."""
    if body.startswith(delimiter[2:]):
        return _after_delimiter(body, len(delimiter) - 2)
    start = body.find(delimiter)
    if start < 0:
        raise BadRequest(_FAILURE)
    return _after_delimiter(body, start + len(delimiter))


def _after_delimiter(body: bytes, pos: int) -> int:
    """Where the next part's headers begin; -1 after the closing delimiter."""
    if body.startswith(b"--", pos):
        return -1
    line_end = body.find(b"\r\n", pos, pos + MAX_PART_HEADER_SIZE)
    # Only blanks may follow a boundary (RFC 2046: transport padding).
    if line_end < 0 or body[pos:line_end].strip(b" \t"):
        raise BadRequest(_FAILURE)
    return line_end + 2


def _usual_part(body: bytes, pos: int) -> tuple[_Part, int] | None:
    """What `_part_headers` gives, where the headers are the usual ones; else None."""
    found = _usual_headers(body, pos, pos + MAX_PART_HEADER_SIZE)
    if found is None:
        return None
    name, file_name, content_type = found.groups()
    try:
        part = _Part(
            _quoted(name),
            None if file_name is None else _normalize(_quoted(file_name)),
            "text/plain" if content_type is None else content_type.decode().strip().lower(),
            "utf-8",
        )
    except UnicodeDecodeError:
        raise BadRequest(_FAILURE) from None
    return part, found.end()


def _quoted(value: bytes) -> str:
    text = value.decode()
    return text.replace("%22", '"').replace("%0D%0A", "\n") if "%" in text else text


def _part_headers(body: bytes, pos: int) -> tuple[_Part, int]:
    """Parse the headers of a part; returns them and where its content begins."""
    name, file_name, content_type, charset = "", None, "text/plain", "utf-8"
    if body.startswith(b"\r\n", pos):  # no headers at all
        return _Part(name, file_name, content_type, charset), pos + 2
    end = body.find(b"\r\n\r\n", pos, pos + MAX_PART_HEADER_SIZE)
    if end < 0:
        raise BadRequest(_FAILURE)
    try:
        lines = body[pos:end].decode("utf-8").split("\r\n")
    except UnicodeDecodeError:
        raise BadRequest(_FAILURE) from None
    for line in lines:
        header, colon, value = line.partition(":")
        if not colon:
            raise BadRequest(_FAILURE)
        header = header.strip().lower()
        if header == "content-disposition":
            options = parse_content_header(value)[1]
            name = str(options.get("name", ""))
            file_name = _file_name(options)
        elif header == "content-type":
            content_type, options = parse_content_header(value)
            charset = str(options.get("charset", "utf-8"))
    return _Part(name, file_name, content_type, charset), end + 4


def _file_name(options: dict[str, int | str]) -> str | None:
    """File name of a part; None for a text field. The plain form wins over RFC 2231's."""
    if "filename" in options:
        return _normalize(str(options["filename"]))
    extended = options.get("filename*")
    if not extended:
        return None
    pieces = str(extended).split("'", 2)  # charset'language'text
    if len(pieces) < 3:
        return _normalize(unquote(str(extended)))
    return _normalize(unquote(pieces[2], encoding=_known_charset(pieces[0] or "utf-8")))


def _known_charset(charset: str) -> str:
    if charset.lower().replace("_", "-") not in _CHARSETS:
        raise BadRequest(_FAILURE)
    return charset


def _decode(content: bytes, charset: str) -> str:
    try:
        return content.decode() if charset == "utf-8" else content.decode(_known_charset(charset))
    except (UnicodeDecodeError, LookupError):
        raise BadRequest(_FAILURE) from None


def _normalize(text: str) -> str:
    """NFC form: file systems of some clients keep letters and accents apart."""
    if text.isascii():
        return text
    from unicodedata import normalize  # most forms never need it

    return normalize("NFC", text)
