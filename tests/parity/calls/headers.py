"""Header utilities."""

from sanic.compat import Header
from sanic.config import Config
from sanic.headers import (
    AcceptList,
    Matched,
    MediaType,
    format_http1_response,
    fwd_normalize,
    fwd_normalize_address,
    parse_accept,
    parse_content_header,
    parse_credentials,
    parse_forwarded,
    parse_host,
    parse_xforwarded,
)

parse_content_header("text/html; Charset=UTF-8")
parse_content_header('form-data; name=upload; filename="a%22b.txt"')
parse_content_header('a; b="c;d"; e=f')
parse_content_header("A/B;x=1;x=2")
parse_content_header("foo;bar")
parse_content_header('form-data; name="q\\"q"')
parse_content_header("")
parse_content_header(";")
parse_content_header("text/plain;charset = utf-8")
parse_content_header("a; k = v; l=w")
parse_content_header('a; n="x%0D%0Ay"')
parse_content_header("a;b=;c=d")
parse_content_header('a;b="";c=d')
parse_content_header('a;b="unclosed')
parse_content_header("a;filename*=UTF-8''%e2%82%ac.txt")
parse_content_header("a/b ; c=d")
parse_content_header("Text/HTML")
parse_content_header("a;é=x;b=é")
parse_host("a.com")
parse_host("A.com:80")
parse_host("[::1]:8")
parse_host("[::1]")
parse_host("::1")
parse_host("a_b.com")
parse_host("1.2.3.4:5")
parse_host("")
parse_host("a.com:")
parse_host("a.com:abc")
parse_host("a.com:99999")
parse_host("a.com:123456")
parse_host("-a.com")
parse_host("a b")
parse_host("é.com")
list(parse_accept(None))
list(parse_accept(""))
list(parse_accept("text/html, application/json;q=0.9, text/*;q=0.8, */*;q=0.1"))
list(parse_accept("*/*, text/*, text/plain, text/plain;a=b"))
list(parse_accept("garbage"))
list(parse_accept("foo, text/html"))
list(parse_accept("text/html;q=x"))
list(parse_accept("text/html;q=2"))
list(parse_accept("text/html;q=-1"))
list(parse_accept("text/html;q=0.5;q=0.7"))
list(parse_accept("text/html;level"))
list(parse_accept("/html"))
list(parse_accept("text/"))
list(parse_accept("TEXT/HTML;Q=0.5"))
list(parse_accept(" text/html ,, application/json "))
list(parse_accept("a/b;q=0.5, a/c;q=0.5, a/d;q=0.6"))
str(parse_accept("a/b;q=0.5, a/c"))
[parse_accept("text/html, text/*;q=0.8, */*;q=0.1").match(*m) for m in (("a/b",), ("text/plain",))]
parse_accept("text/html;q=0.5, application/json").match("text/html", "application/json")
parse_accept("text/html").match("application/json")
bool(parse_accept("text/html").match("application/json"))
parse_accept("*/*").match("application/json", "text/html")
parse_accept("*/*").match("a/b", accept_wildcards=False)
parse_accept("text/html;level=1").match("text/html")
parse_accept("text/html;level=1").match("text/html;level=1")
parse_accept("text/html").match("text/*")
str(parse_accept("text/*").match("text/html"))
parse_accept("text/*").match("text/html").header
parse_accept("text/*").match("text/html") == "text/html"
"text/html" in parse_accept("text/*")
"text/*" in parse_accept("text/*")
type(parse_accept("a/b")).__name__
accept = parse_accept("text/html;q=0.5;level=1, a/b")
[(m.type, m.subtype, m.q, m.params, m.mime, m.has_wildcard) for m in accept]
MediaType("text", "html")
MediaType("text", "html", q="0.5", level="1")
MediaType("text", "html", q="0.5").q
MediaType("text", "html").key
MediaType("*", "*").key
MediaType("text", "html") == MediaType("text", "html", q="0.1")
MediaType("text", "html") == "text/html"
MediaType("text", "html") == "text/html;q=1"
MediaType("text", "html") == 5
MediaType("text", "*").match("text/html")
MediaType("text", "html").match("text/*")
MediaType("text", "html").match("text/html;a=b")
MediaType("text", "html", a="b").match("text/html;a=b")
MediaType("text", "html").match("a/b")
MediaType("text", "html").match("a/*")
hash(MediaType("text", "html"))
Matched("text/html", MediaType("text", "*"))
Matched("", None)
bool(Matched("", None))
str(Matched("", None))
Matched.parse("text/html")
Matched("text/html", None).match("text/*")
Matched("text/html", None) == Matched("text/html", None)
AcceptList([MediaType("a", "b")]).match("a/b")
parse_credentials("Bearer x")
parse_credentials("Basic dXNlcjpw")
parse_credentials("x")
parse_credentials(None)
parse_credentials("")
parse_credentials("Bearer")
parse_credentials("My Token y")
parse_credentials("Digest z", ["Digest"])
parse_credentials("bearer x")
fwd_normalize([("for", "A"), ("proto", "HTTPS"), ("port", "x"), ("host", "H"), ("path", "/%20")])
fwd_normalize([("for", "unknown"), ("by", "_x"), ("other", "Y")])
fwd_normalize([("port", "80")])
fwd_normalize_address("::1")
fwd_normalize_address("[::1]")
fwd_normalize_address("1.2.3.4")
fwd_normalize_address("_HIDDEN")
fwd_normalize_address("ABC")
fwd_normalize_address("unknown")
fwd_normalize_address("")


def forwarded(*lines):
    config = Config()
    config.FORWARDED_SECRET = "s3"
    return parse_forwarded(Header([("Forwarded", line) for line in lines]), config)


forwarded()
forwarded("")
forwarded("for=1.1.1.1;secret=s3")
forwarded("for=a;by=s3")
forwarded('secret="s3";for="_x"')
forwarded("for=1;secret=zz")
forwarded("FOR=ABC;SECRET=s3")
forwarded("for=unknown;secret=s3;proto=HTTPS;port=x")
forwarded("secret=s3;for=1.1.1.1, for=2")
forwarded("for=1, for=2;secret=s3, for=3")
forwarded("for=1;secret=s3", "for=2;secret=s3")
forwarded("for=1;secret=s3", "for=2")
forwarded("for=1;secret=S3")
forwarded('for="[::2]";proto=https;host=me.tld;path="/app/";secret=s3,for=broken;;secret=b0rked')
forwarded("secret=s3")
forwarded("for=1;secret=s3;for=2")
forwarded("for = 1; secret = s3")
forwarded("custom=X;secret=s3")
forwarded('for="a\\"b";secret=s3')


def proxied(count, real, *pairs):
    config = Config()
    config.PROXIES_COUNT = count
    config.REAL_IP_HEADER = real
    return parse_xforwarded(Header(pairs), config)


proxied(1, None, ("x-forwarded-for", "1, 2"))
proxied(2, None, ("x-forwarded-for", "1, 2"))
proxied(3, None, ("x-forwarded-for", "1, 2"))
proxied(None, None, ("x-forwarded-for", "1, 2"))
proxied(0, None, ("x-forwarded-for", "1, 2"))
proxied(2, None, ("x-forwarded-for", "1, 2"), ("x-forwarded-for", ", ,3"))
proxied(None, "x-real-ip", ("x-real-ip", "9"))
proxied(1, "x-real-ip", ("x-forwarded-for", "8"))
proxied(1, None, ("x-forwarded-for", "::1"), ("x-forwarded-proto", "HTTPS"), ("x-scheme", "ws"))
proxied(1, None, ("x-forwarded-for", "1"), ("x-scheme", "ws"))
proxied(1, None, ("x-forwarded-for", "1"), ("x-forwarded-host", "A.com"))
proxied(1, None, ("x-forwarded-for", "1"), ("x-forwarded-port", "99"))
proxied(1, None, ("x-forwarded-for", "1"), ("x-forwarded-port", "a"))
proxied(1, None, ("x-forwarded-for", "1"), ("x-forwarded-path", "/a%20b"))
proxied(1, None, ("x-forwarded-proto", "https"))
proxied(1, None, ("x-forwarded-for", "unknown"))
proxied(1, None, ("x-forwarded-for", ""))
format_http1_response(200, [(b"a", b"b")])
format_http1_response(599, [(b"a", b"b"), (b"c", b"d")])
format_http1_response(404, [])
headers = Header([("X-A", "1"), ("x-a", "2"), ("Content-Type", "t")])
headers.x_a
headers.content_type
headers.content_type_
headers.missing
headers.get_all("x-a")
headers.getall("X-A")
headers.get_all("zz")
headers.getone("x-a")
headers.get("x-a")
headers["content-TYPE"]
list(headers.items())
headers.popall("x-a")
len(headers)
headers
type(headers).__mro__[1].__name__
