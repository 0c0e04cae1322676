"""Cookies."""

from datetime import datetime

from sanic.compat import Header
from sanic.cookies import Cookie, CookieJar
from sanic.cookies.request import CookieRequestParameters, parse_cookie
from sanic.cookies.response import (
    DEFAULT_MAX_AGE,
    LEGAL_CHARS,
    SAMESITE_VALUES,
    UNESCAPED_CHARS,
)

LINE = 'a=1; a=2; a-b=3; __Host-h=hv; bare; q="x\\"y\\054"; e=; bad(=1; =v; s=a=b; sp=a b'
parse_cookie(LINE)
parse_cookie("")
parse_cookie("a")
parse_cookie("=")
parse_cookie("a=b;")
parse_cookie(";a=b")
parse_cookie("a=\"b")
parse_cookie('a="\\x"')
parse_cookie('a="\\400"')
parse_cookie("a = b")
parse_cookie("a\t=b")
parse_cookie("a=b\x01c")
parse_cookie('a="";b=""""')
type(parse_cookie("a=1")).__name__
found = CookieRequestParameters(parse_cookie(LINE))
found["a"]
found.get("a")
found.getlist("a")
found.a_b
found.zz
found.get("h")
found["h"]
"h" in found
"__Host-h" in found
found["zz"]
found.get("zz")
found.get("zz", 5)
found.getlist("zz")
found.getlist("zz", [1])
str(Cookie("a", "b"))
str(Cookie("a", 'b c;d"e\\é\n'))
str(Cookie("a", ""))
str(Cookie("a", None))
str(Cookie("a", 5))
str(Cookie("a", "b", secure=False, samesite=None))
str(Cookie("a", "b", max_age=0))
str(Cookie("a", "b", max_age="5"))
str(Cookie("a", "b", max_age=-1))
str(Cookie("a", "b", max_age=1.5))
str(Cookie("a", "b", max_age=True))
str(Cookie("a", "b", expires=datetime(2024, 1, 2, 3, 4, 5)))
str(Cookie("a", "b", expires=5))
str(Cookie("a", "b", samesite="lax"))
str(Cookie("a", "b", samesite="x"))
str(Cookie("a", "b", domain="d", path="/p", comment="c", httponly=True))
str(Cookie("a", "b", path=None))
str(Cookie("a", "b", path=""))
str(Cookie("path", "b"))
str(Cookie("Secure", "b"))
str(Cookie("a b", "b"))
str(Cookie("", "b"))
str(Cookie(5, "b"))
str(Cookie("a", "b", host_prefix=True))
str(Cookie("a", "b", host_prefix=True, path="/x"))
str(Cookie("a", "b", host_prefix=True, domain="d"))
str(Cookie("a", "b", host_prefix=True, secure=False))
str(Cookie("a", "b", secure_prefix=True))
str(Cookie("a", "b", secure_prefix=True, secure=False))
str(Cookie("a", "b", secure_prefix=True, host_prefix=True))
str(Cookie("a", "b", partitioned=True))
str(Cookie("a", "b", partitioned=True, host_prefix=True))
Cookie("a", "b", host_prefix=True).key
Cookie("a", "b").value
Cookie("a", "b", samesite="strict").samesite
Cookie("a", "b").max_age
Cookie("a", "b").encode("utf-8")
Cookie.make_key("a")
Cookie.make_key("a", host_prefix=True)
Cookie.make_key("a", secure_prefix=True)
Cookie.make_key("a", host_prefix=True, secure_prefix=True)
Cookie.HOST_PREFIX, Cookie.SECURE_PREFIX
cookie = Cookie("a", "b")
cookie.max_age = 5
cookie.httponly = True
cookie.path = "/z"
cookie.domain = "d.e"
cookie.secure = False
cookie.comment = "c"
cookie.samesite = "none"
cookie.partitioned = True
cookie.expires = datetime(2030, 12, 31)
str(cookie)
(cookie.path, cookie.domain, cookie.secure, cookie.max_age, cookie.httponly, cookie.samesite)
setattr(cookie, "max_age", "x")
setattr(cookie, "samesite", "x")
setattr(cookie, "samesite", None)
setattr(cookie, "expires", "x")
setattr(cookie, "unknown", 1)
jar = CookieJar(Header())
type(jar.add_cookie("a", "1")).__name__
jar.add_cookie("a", "2", path="/x").key
jar.add_cookie("b", "3", host_prefix=True).key
len(jar)
jar.has_cookie("a")
jar.has_cookie("a", path="/x")
jar.has_cookie("b")
jar.has_cookie("b", host_prefix=True)
jar.get_cookie("zz")
str(jar.get_cookie("a"))
[str(c) for c in jar.cookies]
jar.delete_cookie("a")
[str(c) for c in jar.cookies]
jar.delete_cookie("b", host_prefix=True)
jar.delete_cookie("c", path="/c", domain="d")
jar.delete_cookie("d", secure_prefix=True)
jar.delete_cookie("e", host_prefix=True, secure=False)
[str(c) for c in jar.cookies]
[(k, str(v)) for k, v in jar.headers.items()]
jar.HEADER_KEY
jar["a"]
DEFAULT_MAX_AGE
"".join(sorted(LEGAL_CHARS))
"".join(sorted(UNESCAPED_CHARS))
SAMESITE_VALUES
