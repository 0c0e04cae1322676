"""Meaning of header values: Accept, Content-Type, Forwarded, Host, Authorization.

Everything here reads bytes a stranger chose. Each parser walks its input once; the regular
expressions are single character classes or of bounded length, so none can backtrack.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from math import isfinite
from typing import TYPE_CHECKING, Any, Union
from urllib.parse import unquote

from sanic_fast.exceptions import InvalidHeader
from sanic_fast.helpers import STATUS_CODES

if TYPE_CHECKING:
    from multidict import MultiDict

    from sanic_fast._types import ConfigLike

HeaderIterable = Iterable[tuple[str, Any]]
HeaderBytesIterable = Iterable[tuple[bytes, bytes]]
Options = dict[str, Union[int, str]]
OptionsIterable = Iterable[tuple[str, str]]

# RFC 9110 5.6.2; each matches a run (perhaps empty) of one character class.
_token_run = re.compile(r"[A-Za-z0-9_!#$%&'*+\-.^`|~]*").match
_space_run = re.compile(r"[ \t\n\r\f\v]*").match
_host_name = re.compile(r"[a-zA-Z0-9.\-]{1,253}").fullmatch
_hex_group = re.compile(r"[0-9A-Fa-f]{0,4}").fullmatch
_NOT_IN_AUTHORITY = frozenset("/?#@\\<>\"' \t\r\n\0")
_MAX_PORT = 65535


class MediaType:
    """A media range of an Accept header, such as `text/html;q=0.8`.

    Attributes:
        type, subtype: the halves of the name; `*` is a wildcard.
        q: preference, 1.0 unless given.
        params: all parameters as text, q included.
        mime: `type/subtype`.
        key: sorts the most wanted first.
    """

    __slots__ = ("type", "subtype", "q", "params", "mime", "key")

    def __init__(self, type_: str, subtype: str, **params: str) -> None:
        self._fill(type_, subtype, params)

    def _fill(self, type_: str, subtype: str, params: dict[str, str]) -> None:
        self.type = type_
        self.subtype = subtype
        self.q = float(params.get("q", "1.0"))
        self.params = params
        self.mime = f"{type_}/{subtype}"
        self.key = (-self.q, -len(params), subtype == "*", type_ == "*")

    def __repr__(self) -> str:
        return self.mime + "".join(f";{k}={v}" for k, v in self.params.items())

    def __eq__(self, other: object) -> bool:
        """Same type and subtype, literally; parameters do not matter.

        Raises:
            ValueError: `other` is a text with parameters.
        """
        if isinstance(other, str):
            if ";" in other:
                raise ValueError("Use match() to compare with parameters")
            return self.mime == other
        if isinstance(other, MediaType):
            return self.type == other.type and self.subtype == other.subtype
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def match(self, mime_with_params: str | MediaType | None) -> MediaType | None:
        """Self if it covers the other one, else None.

        Wildcards count on both sides; every parameter of the other must be the same here.
        """
        other = (
            MediaType._parse(mime_with_params)
            if isinstance(mime_with_params, str)
            else mime_with_params
        )
        if (
            isinstance(other, MediaType)
            and all(self.params.get(k) == v for k, v in other.params.items())
            and (self.subtype == other.subtype or "*" in (self.subtype, other.subtype))
            and (self.type == other.type or "*" in (self.type, other.type))
        ):
            return self
        return None

    @property
    def has_wildcard(self) -> bool:
        """Whether the type or the subtype is `*`."""
        return "*" in (self.subtype, self.type)

    @classmethod
    def _parse(cls, mime_with_params: str) -> MediaType | None:
        """Read one media range; None if there is no slash in it.

        Raises:
            ValueError: it is malformed.
        """
        if "/" not in mime_with_params:
            return None
        mime, *options = mime_with_params.split(";")
        type_, _, subtype = mime.strip().partition("/")
        if not type_ or not subtype:
            raise ValueError(f"Invalid media type: {mime_with_params}")
        params: dict[str, str] = {}
        for option in options:
            key, equals, value = option.partition("=")
            if not equals:
                raise ValueError(f"Invalid media type parameter: {mime_with_params}")
            params[key.strip()] = value.strip()
        _check_quality(params.get("q"))
        # Not through __init__: a parameter may be called "type_" or "self".
        found = cls.__new__(cls)
        found._fill(type_, subtype, params)
        return found


def _check_quality(q: str | None) -> None:
    # float() alone takes underscores, foreign digits and nan, which has no place in an order.
    if q is not None and not (q.isascii() and "_" not in q and isfinite(float(q))):
        raise ValueError(f"Invalid quality value: {q}")


class Matched:
    """Outcome of a match: the MIME type that was asked for and the header entry it met.

    True if there was a match; its text is the MIME type, "" without a match.
    """

    __slots__ = ("mime", "header")

    def __init__(self, mime: str, header: MediaType | None) -> None:
        self.mime = mime
        self.header = header

    def __repr__(self) -> str:
        return f"<{self.mime} matched {self.header}>" if self else "<no match>"

    def __str__(self) -> str:
        return self.mime

    def __bool__(self) -> bool:
        return self.header is not None

    def __eq__(self, other: Any) -> bool:
        try:
            return self._compare(other)[0]
        except TypeError:
            return False

    __hash__ = None  # type: ignore[assignment]

    def _compare(self, other: Any) -> tuple[bool, Matched]:
        if isinstance(other, str):
            parsed = Matched.parse(other)
            if self and self.mime == other:
                return True, parsed
        elif isinstance(other, Matched):
            parsed = other
        else:
            raise TypeError(f"cannot compare with {type(other)}")
        return self.header == parsed.header, parsed

    def match(self, other: str | Matched) -> Matched | None:
        """The other one, parsed, if our header entry covers it; else None."""
        parsed = Matched.parse(other) if isinstance(other, str) else other
        if isinstance(parsed, Matched) and self.header is not None and parsed.header is not None:
            if self.header.match(parsed.header):
                return parsed
        return None

    @classmethod
    def parse(cls, raw: str) -> Matched:
        """A match of `raw` with itself; no match if it is not a MIME type."""
        media_type = MediaType._parse(raw)
        if media_type is None:
            return cls("", None)
        return cls(raw, media_type)


class AcceptList(list):  # type: ignore[type-arg]
    """The entries of an Accept header, most wanted first.

    `"text/html" in accept` compares literally; use `match` to choose what to send.
    """

    def match(self, *mimes: str, accept_wildcards: bool = True) -> Matched:
        """Choose among MIME types that could be sent.

        The highest q wins, then the order of the arguments, then that of the header.

        Args:
            mimes: candidates, the favourite first; wildcards are allowed.
            accept_wildcards: False leaves out entries such as `*/*`.
        """
        best: tuple[float, int, int] | None = None
        found = Matched("", None)
        wanted = [MediaType._parse(mime) for mime in mimes]
        for position, entry in enumerate(self):
            if entry.has_wildcard and not accept_wildcards:
                continue
            for order, mime in enumerate(wanted):
                rank = (-entry.q, order, position)
                if (best is None or rank < best) and entry.match(mime):
                    best, found = rank, Matched(mimes[order], entry)
        return found

    def __str__(self) -> str:
        return ", ".join(map(str, self))


def parse_accept(accept: str | None) -> AcceptList:
    """Parse an Accept header (RFC 9110 12.5.1) into entries sorted by preference.

    None, for a missing header, means that anything goes.

    Raises:
        InvalidHeader: an entry is malformed, or there is none.
    """
    if not accept:
        return AcceptList([MediaType("*", "*")] if accept is None else [])
    try:
        entries = [MediaType._parse(part) for part in accept.split(",")]
        found = [entry for entry in entries if entry is not None]
        if not found:
            raise ValueError("no media type")
    except ValueError:
        raise InvalidHeader(f"Invalid header value in Accept: {accept}") from None
    return AcceptList(sorted(found, key=lambda entry: entry.key))


def parse_content_header(value: str) -> tuple[str, Options]:
    """Parse a value with options, as in Content-Type and Content-Disposition.

        >>> parse_content_header('form-data; name=upload; filename="a%22b.txt"')
        ('form-data', {'name': 'upload', 'filename': 'a"b.txt'})

    Quotes inside values follow browsers (`%22`, and `%0D%0A` for a new line) rather than the
    RFC's backslashes. What is no option is skipped.
    """
    semicolon = value.find(";")
    if semicolon < 0:
        return value.strip().lower(), {}
    options: Options = {}
    main = value[:semicolon].strip().lower()
    while semicolon >= 0:
        start = _space_run(value, semicolon + 1).end()  # type: ignore[union-attr]
        equals = _token_run(value, start).end()  # type: ignore[union-attr]
        following = equals
        if equals > start and value[equals : equals + 1] == "=":
            text, following = _option_value(value, equals + 1)
            if text is not None:
                text = text.replace("%22", '"').replace("%0D%0A", "\n")
                options[value[start:equals].lower()] = text
        semicolon = value.find(";", following)
    return main, options


def _option_value(value: str, start: int) -> tuple[str | None, int]:
    """A token or quoted string at `start` and the place after it; None if there is none."""
    if value[start : start + 1] == '"':
        closing = value.find('"', start + 1)
        if closing < 0:
            return None, start
        return value[start + 1 : closing], closing + 1
    end = _token_run(value, start).end()  # type: ignore[union-attr]
    return (value[start:end], end) if end > start else (None, start)


def parse_forwarded(headers: MultiDict[str], config: ConfigLike) -> Options | None:
    """Parse the `Forwarded` headers (RFC 7239) of a trusted proxy.

    Only the right-most element that contains our secret, as `secret=` or `by=`, is believed.
    The text is read from the right, so that nothing a client puts to the left of it, such as
    an open quote, can hide or change it.

    Returns:
        The element's options, normalised; None if there is no such element.
    """
    secret = config.FORWARDED_SECRET
    lines = headers.getall("forwarded", None) if secret else None
    if not secret or not lines:
        return None
    from hmac import compare_digest  # only needed behind a proxy

    expected = secret.encode("utf-8", "surrogatepass")
    found = False
    options: list[tuple[str, str]] = []
    expected_at = 0
    for key, value, separator, begin, end in _backwards(",".join(lines)[::-1]):
        if begin != expected_at:  # something unreadable lies between: another element
            if found:
                break
            options.clear()
        options.append((key, value))
        if key in ("secret", "by"):
            found |= compare_digest(value.encode("utf-8", "surrogatepass"), expected)
        if separator != ";":
            if found:
                break
            options.clear()
        expected_at = end
    return fwd_normalize(reversed(options)) if found else None


def _backwards(header: str) -> Iterable[tuple[str, str, str, int, int]]:
    """Yield `key=value` pairs of a reversed header.

    Each comes with the separator to its left, and where it begins and ends in the reversed
    text. What does not parse is skipped; no character is looked at more than a few times.
    """
    pos, size = 0, len(header)
    while pos < size:
        begin = pos
        if header[pos] == '"':
            closing = header.find('"', pos + 1)
            value, equals = header[pos + 1 : closing], closing + 1
            pos += 1  # where to go on if this leads nowhere
            if closing < 0:
                continue
        else:
            equals = _token_run(header, pos).end()  # type: ignore[union-attr]
            value = header[pos:equals]
            pos = max(equals, pos + 1)
            if not value:
                continue
        key_start = equals + 1
        if header[equals:key_start] != "=":
            continue
        key_end = _token_run(header, key_start).end()  # type: ignore[union-attr]
        end = _space_run(header, key_end).end()  # type: ignore[union-attr]
        separator = header[end : end + 1]
        if key_end == key_start or separator not in ("", ";", ","):
            continue
        pos = end + 1
        yield header[key_start:key_end][::-1].lower(), value[::-1], separator, begin, pos


def parse_xforwarded(headers: MultiDict[str], config: ConfigLike) -> Options | None:
    """Read the `X-Forwarded-*` headers, as far as the configuration trusts them.

    The address comes from `REAL_IP_HEADER`, or else it is the `PROXIES_COUNT`th from the right
    in `FORWARDED_FOR_HEADER`. Without an address no other header is believed.

    Raises:
        ValueError: `PROXIES_COUNT` is negative.
    """
    address = None
    if config.REAL_IP_HEADER:
        address = headers.get(config.REAL_IP_HEADER)
    count = config.PROXIES_COUNT
    if not address and count:
        if count < 0:
            raise ValueError("PROXIES_COUNT must not be negative")
        lines = headers.getall(config.FORWARDED_FOR_HEADER, ())
        proxies = [stripped for entry in ",".join(lines).split(",") if (stripped := entry.strip())]
        if len(proxies) >= count:
            address = proxies[-count]
    if not address:
        return None
    pairs = [("for", address)]
    for option, header in (
        ("proto", "x-scheme"),
        ("proto", "x-forwarded-proto"),  # overrides the one before
        ("host", "x-forwarded-host"),
        ("port", "x-forwarded-port"),
        ("path", "x-forwarded-path"),
    ):
        value = headers.get(header)
        if value is not None:
            pairs.append((option, value))
    return fwd_normalize(pairs)


def fwd_normalize(fwd: OptionsIterable) -> Options:
    """Bring forwarded options into one form; what makes no sense is left out."""
    result: Options = {}
    for key, value in fwd:
        if value is None:
            continue
        try:
            if key in ("by", "for"):
                result[key] = fwd_normalize_address(value)
            elif key == "host":
                if not _NOT_IN_AUTHORITY.isdisjoint(value):
                    continue  # would move the borders of every URL built from it
                result[key] = value.lower()
            elif key == "proto":
                result[key] = value.lower()
            elif key == "port":
                result[key] = _parse_port(value.strip())
            elif key == "path":
                result[key] = unquote(value)
            else:
                result[key] = value
        except ValueError:
            continue
    return result


def _parse_port(text: str) -> int:
    # int() alone takes signs, underscores and foreign digits.
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= _MAX_PORT):
        raise ValueError(f"Invalid port: {text}")
    return int(text)


def fwd_normalize_address(addr: str) -> str:
    """Bring an address into one form: lower case, IPv6 in brackets, `_hidden` names as they are.

    Raises:
        ValueError: the address is `unknown`.
    """
    if addr == "unknown":
        raise ValueError("unknown address")
    if addr.startswith("_"):
        return addr
    if _is_ipv6(addr):
        addr = f"[{addr}]"
    return addr.lower()


def _is_ipv6(text: str) -> bool:
    if len(text) > 39:  # eight groups of four and seven colons
        return False
    groups = text.split(":")
    return 3 <= len(groups) <= 8 and all(map(_hex_group, groups))


def parse_host(host: str) -> tuple[str | None, int | None]:
    """Split a Host header into lower-case name and port.

    Returns:
        (name, port or None); (None, None) if the header is invalid.
    """
    if host.startswith("["):
        name, bracket, rest = host.partition("]")
        name += bracket
        valid = bool(bracket) and _is_ipv6(name[1:-1])
        colon, port = rest[:1], rest[1:]
    else:
        name, colon, port = host.partition(":")
        valid = _host_name(name) is not None
    if not valid or colon not in ("", ":"):
        return None, None
    if not colon:
        return name.lower(), None
    if not (1 <= len(port) <= 5 and port.isascii() and port.isdigit()):
        return None, None
    return name.lower(), int(port)


def parse_credentials(
    header: str | None, prefixes: list[str] | tuple[str, ...] | set[str] | None = None
) -> tuple[str | None, str | None]:
    """Split an Authorization header into scheme and value.

    Args:
        header: the header's value; None gives (None, None).
        prefixes: schemes to look for, in order; by default Basic, Bearer, Token.

    Returns:
        (scheme, value), or (None, header) if no scheme occurs in it.
    """
    if not prefixes or not isinstance(prefixes, (list, tuple, set)):
        prefixes = ("Basic", "Bearer", "Token")
    if header is not None:
        for prefix in prefixes:
            if prefix in header:
                return prefix, header.partition(prefix)[-1].strip()
    return None, header


def format_http1_response(status: int, headers: HeaderBytesIterable) -> bytes:
    """The head of an HTTP/1.1 response: status line, headers, empty line.

    CR, LF and NUL in names and values are dropped, as they would split the response.
    """
    lines = [b"HTTP/1.1 %d %b\r\n" % (status, STATUS_CODES.get(status, b"UNKNOWN"))]
    lines.extend(
        b"%b: %b\r\n" % (name.translate(None, b"\r\n\0"), value.translate(None, b"\r\n\0"))
        for name, value in headers
    )
    lines.append(b"\r\n")
    return b"".join(lines)
