"""Cookies a response sets (RFC 6265, with prefixes and partitions of later drafts)."""

from __future__ import annotations

import re
import string
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, Literal, Union

from sanic_fast.exceptions import ServerError

if TYPE_CHECKING:
    from sanic_fast.compat import Header

SameSite = Union[
    Literal["Strict"],
    Literal["Lax"],
    Literal["None"],
    Literal["strict"],
    Literal["lax"],
    Literal["none"],
]

DEFAULT_MAX_AGE = 0
SAMESITE_VALUES = ("strict", "lax", "none")

LEGAL_CHARS = string.ascii_letters + string.digits + "!#$%&'*+-.^_`|~:"
UNESCAPED_CHARS = LEGAL_CHARS + " ()/<=>?@[]{}"

_is_legal_key = re.compile(f"[{re.escape(LEGAL_CHARS)}]+").fullmatch
_RESERVED = frozenset(
    (
        "path",
        "comment",
        "domain",
        "max-age",
        "expires",
        "samesite",
        "secure",
        "httponly",
        "partitioned",
    )
)
# Control characters and those that end or escape a quoted value, as three octal digits.
_ESCAPES = {code: f"\\{code:03o}" for code in (*range(32), 127, *map(ord, '";\\'))}
# In an attribute nothing can be escaped, so what would end it is dropped.
_NOT_IN_ATTRIBUTE = dict.fromkeys((*range(32), 127, ord(";")))
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)


def _quote(value: str | None) -> str | None:
    """The value as it is if it is a token, else in quotes with escapes."""
    if value is None or _is_legal_key(value):
        return value
    return f'"{value.translate(_ESCAPES)}"'


def _format_date(moment: datetime) -> str:
    """`Tue, 02-Jan-2024 03:04:05 GMT`, whatever the locale; naive times are taken as UTC."""
    if moment.tzinfo is not None:
        moment = moment.astimezone(timezone.utc)
    return (
        f"{_DAYS[moment.weekday()]}, {moment.day:02d}-{_MONTHS[moment.month - 1]}-"
        f"{moment.year:04d} {moment.hour:02d}:{moment.minute:02d}:{moment.second:02d} GMT"
    )


class CookieJar:
    """The cookies in a response's headers, kept there as `Cookie` objects."""

    HEADER_KEY = "Set-Cookie"

    def __init__(self, headers: Header):
        self.headers = headers

    def __len__(self) -> int:
        return len(self.cookies)

    @property
    def cookies(self) -> list[Cookie]:
        """All cookies, in the order they were set."""
        return self.headers.getall(self.HEADER_KEY, [])

    def get_cookie(
        self,
        key: str,
        path: str = "/",
        domain: str | None = None,
        host_prefix: bool = False,
        secure_prefix: bool = False,
    ) -> Cookie | None:
        """The cookie with this name, path and domain, or None."""
        final_key = Cookie.make_key(key, host_prefix, secure_prefix)
        for cookie in self.cookies:
            if self._is_same(cookie, final_key, path, domain):
                return cookie
        return None

    def has_cookie(
        self,
        key: str,
        path: str = "/",
        domain: str | None = None,
        host_prefix: bool = False,
        secure_prefix: bool = False,
    ) -> bool:
        """Whether there is a cookie with this name, path and domain."""
        return self.get_cookie(key, path, domain, host_prefix, secure_prefix) is not None

    def add_cookie(
        self,
        key: str,
        value: str,
        *,
        path: str = "/",
        domain: str | None = None,
        secure: bool = True,
        max_age: int | None = None,
        expires: datetime | None = None,
        httponly: bool = False,
        samesite: SameSite | None = "Lax",
        partitioned: bool = False,
        comment: str | None = None,
        host_prefix: bool = False,
        secure_prefix: bool = False,
    ) -> Cookie:
        """Add a cookie; the arguments and errors are those of `Cookie`.

        A cookie of the same name is not replaced: two `Set-Cookie` headers go out.
        """
        cookie = Cookie(
            key,
            value,
            path=path,
            expires=expires,
            comment=comment,
            domain=domain,
            max_age=max_age,
            secure=secure,
            httponly=httponly,
            samesite=samesite,
            partitioned=partitioned,
            host_prefix=host_prefix,
            secure_prefix=secure_prefix,
        )
        self.headers.add(self.HEADER_KEY, cookie)
        return cookie

    def delete_cookie(
        self,
        key: str,
        *,
        path: str = "/",
        domain: str | None = None,
        secure: bool = True,
        host_prefix: bool = False,
        secure_prefix: bool = False,
    ) -> None:
        """Take the cookie out of this response and tell the client to forget it.

        Flags of a cookie that was set in this response are kept, as some clients insist on
        them; otherwise only `secure` counts.

        Raises:
            ServerError: the prefix does not allow the other arguments.
        """
        if host_prefix and (path != "/" or domain or not secure):
            raise ServerError(
                "Cannot set host_prefix on a cookie without path='/', domain=None, and secure=True"
            )
        if secure_prefix and not secure:
            raise ServerError("Cannot set secure_prefix on a cookie without secure=True")

        final_key = Cookie.make_key(key, host_prefix, secure_prefix)
        found: Cookie | None = None
        for cookie in self.headers.popall(self.HEADER_KEY, []):
            if not self._is_same(cookie, final_key, path, domain):
                self.headers.add(self.HEADER_KEY, cookie)
            elif found is None:
                found = cookie
        deletion = Cookie(
            final_key,
            "",
            path=path,
            domain=domain,
            max_age=DEFAULT_MAX_AGE,
            secure=found.secure if found else secure,
            httponly=found.httponly if found else False,
            samesite=found.samesite if found else None,
        )
        # Not in the constructor, which wants the prefix apart from the key.
        deletion.partitioned = found.partitioned if found else False
        self.headers.add(self.HEADER_KEY, deletion)

    @staticmethod
    def _is_same(cookie: Any, key: str, path: str, domain: str | None) -> bool:
        return (
            isinstance(cookie, Cookie)  # a program may have put plain text into the headers
            and cookie.key == key
            and cookie.path == path
            and cookie.domain == domain
        )


class Cookie:
    """One `Set-Cookie` header; `str()` of it is the header's value.

        >>> str(Cookie("a", "b", max_age=5))
        'a=b; Path=/; Max-Age=5; SameSite=Lax; Secure'

    All arguments but the prefixes are attributes, too.

    Args:
        key: name, without prefix.
        value: text; quoted and escaped where needed.
        path, domain: where the client sends it.
        secure: only over TLS.
        max_age: seconds to live; 0 deletes.
        expires: when it ends; times without zone are taken as UTC.
        httponly: hidden from scripts.
        samesite: strict, lax or none.
        partitioned: kept apart per top-level site; needs `host_prefix`.
        comment: free text.
        host_prefix, secure_prefix: name it `__Host-...` or `__Secure-...`, which makes
            clients check the flags.

    Raises:
        KeyError: the name is reserved or has illegal characters.
        ValueError, TypeError: an attribute has the wrong form.
        ServerError: prefix and flags contradict each other.
    """

    HOST_PREFIX = "__Host-"
    SECURE_PREFIX = "__Secure-"

    __slots__ = (
        "key",
        "value",
        "path",
        "comment",
        "domain",
        "secure",
        "httponly",
        "partitioned",
        "_expires",
        "_max_age",
        "_samesite",
    )

    def __init__(
        self,
        key: str,
        value: str,
        *,
        path: str = "/",
        domain: str | None = None,
        secure: bool = True,
        max_age: int | None = None,
        expires: datetime | None = None,
        httponly: bool = False,
        samesite: SameSite | None = "Lax",
        partitioned: bool = False,
        comment: str | None = None,
        host_prefix: bool = False,
        secure_prefix: bool = False,
    ):
        if key in _RESERVED:
            raise KeyError("Cookie name is a reserved word")
        if not _is_legal_key(key):
            raise KeyError("Cookie key contains illegal characters")
        if host_prefix:
            if not secure:
                raise ServerError("Cannot set host_prefix on a cookie without secure=True")
            if path != "/":
                raise ServerError("Cannot set host_prefix on a cookie unless path='/'")
            if domain:
                raise ServerError("Cannot set host_prefix on a cookie with a defined domain")
        elif secure_prefix and not secure:
            raise ServerError("Cannot set secure_prefix on a cookie without secure=True")
        if partitioned and not host_prefix:
            raise ServerError(
                "Cannot create a partitioned cookie without also setting host_prefix=True"
            )
        self.key = self.make_key(key, host_prefix, secure_prefix)
        self.value = value
        self.path = path
        self.domain = domain
        self.secure = secure
        self.httponly = httponly
        self.partitioned = partitioned
        self.comment = comment
        self._expires: datetime | None = None
        self._max_age: int | None = None
        self._samesite: SameSite | None = None
        if expires is not None:
            self.expires = expires
        if max_age is not None:
            self.max_age = max_age
        if samesite is not None:
            self.samesite = samesite

    def __str__(self) -> str:
        """The value of the `Set-Cookie` header."""
        output = f"{self.key}={_quote(self.value)}"
        if self.path is not None:
            output += f"; Path={str(self.path).translate(_NOT_IN_ATTRIBUTE)}"
        if self.comment is not None:
            output += f"; Comment={str(self.comment).translate(_NOT_IN_ATTRIBUTE)}"
        if self.domain is not None:
            output += f"; Domain={str(self.domain).translate(_NOT_IN_ATTRIBUTE)}"
        if self._max_age is not None:
            output += f"; Max-Age={self._max_age}"
        if self._expires is not None:
            output += f"; expires={_format_date(self._expires)}"
        if self._samesite is not None:
            output += f"; SameSite={self._samesite}"
        if self.secure:
            output += "; Secure"
        if self.httponly:
            output += "; HttpOnly"
        if self.partitioned:
            output += "; Partitioned"
        return output

    @property
    def expires(self) -> datetime | None:
        """When the cookie ends."""
        return self._expires

    @expires.setter
    def expires(self, value: datetime) -> None:
        if not isinstance(value, datetime):
            raise TypeError("Cookie 'expires' property must be a datetime")
        self._expires = value

    @property
    def max_age(self) -> int | None:
        """Seconds to live."""
        return self._max_age

    @max_age.setter
    def max_age(self, value: int) -> None:
        text = str(value)
        if not (text.isascii() and text.isdigit()):
            raise ValueError("Cookie max-age must be an integer")
        self._max_age = value

    @property
    def samesite(self) -> SameSite | None:
        """`Strict`, `Lax` or `None` (as text); None leaves it to the client."""
        return self._samesite

    @samesite.setter
    def samesite(self, value: SameSite) -> None:
        if value.lower() not in SAMESITE_VALUES:
            raise TypeError(
                f"Cookie 'samesite' property must be one of: {','.join(SAMESITE_VALUES)}"
            )
        self._samesite = value.title()  # type: ignore[assignment]

    @classmethod
    def make_key(cls, key: str, host_prefix: bool = False, secure_prefix: bool = False) -> str:
        """The name with its prefix.

        Raises:
            ServerError: both prefixes are asked for.
        """
        if host_prefix and secure_prefix:
            raise ServerError(
                "Both host_prefix and secure_prefix were requested. "
                "A cookie should have only one prefix."
            )
        if host_prefix:
            return cls.HOST_PREFIX + key
        if secure_prefix:
            return cls.SECURE_PREFIX + key
        return key
