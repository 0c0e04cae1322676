"""Requests made by hand: every attribute and method, with odd input."""

import asyncio
import copy
import pickle

from sanic import Request, Sanic
from sanic.compat import Header
from sanic.models.http_types import Credentials
from sanic.models.server_types import ConnInfo
from sanic.request import File, RequestParameters

app = Sanic("req")


def R(url=b"/", method="GET", version="1.1", cls=Request, body=b"", **headers):
    r = cls(
        url,
        Header([(k.replace("_", "-"), v) for k, v in headers.items()]),
        version,
        method,
        None,
        app,
    )
    r.body = body
    return r


def H(*pairs, url=b"/", body=b"", method="GET"):
    r = Request(url, Header(pairs), "1.1", method, None, app)
    r.body = body
    return r


R(b"h:443").path
R(b"a").path
R(b"/\xff").path
R(b"/ a").path
R(b"?a=b").path
R(b"?a=b").args
R(b"http://[::1]:8/a").path
R(b"mailto:a").path
R(b"/a:b").path
R(None).path
R(b"/", method="get").method, R(b"/", method="get").is_safe, R(b"/", method="weird").is_idempotent
(
    R(b"/", method="PATCH").is_cacheable,
    R(b"/", method="HEAD").is_cacheable,
    R(b"/", method="DELETE").is_idempotent,
)
R(b"/?a=1&b=2&a=3&c=").args
R(b"/?a=1&b=2&a=3&c=").query_args
R(b"/?a=1&b=2&a=3&c=").get_args(True)
R(b"/?a=1&b=2&a=3&c=").get_args(keep_blank_values=True, strict_parsing=True)
R(b"/?a&b").get_args(strict_parsing=True)
R(b"/?a&b").get_query_args(strict_parsing=True)
R(b"/?a=%ff").get_args(errors="strict")
R(b"/?a=%ff").get_args(errors="ignore")
R(b"/?a=%ff").get_args(encoding="latin-1")
R(b"/?a=%ff").get_args(encoding="nonsense")
R(b"/?a=%ff").get_query_args(errors="strict")
R(b"/?a=1;b=2").args, R(b"/?a+b=c+d").args, R(b"/?a=1&a=2").args["a"]
R(b"/?" + b"&".join(b"a=%d" % i for i in range(2000))).args.getlist("a")[-1]
R(b"/?a=1").args.missing
R(b"/?a=1").args["zz"]
r = R(b"/?a=1")
(
    r.args is r.args,
    r.query_args is r.query_args,
    r.get_args(keep_blank_values=True) is r.get_args(keep_blank_values=True),
)
r.get_args(keep_blank_values=True) is r.args
(
    r.parsed_json,
    r.parsed_cookies,
    r.parsed_form,
    r.parsed_files,
    r.parsed_token,
    r.parsed_accept,
    r.parsed_credentials,
    r.parsed_forwarded,
)
R(body=b'{"a": 1}').json, R(body=b"").json, R(body=b"null").json
R(body=b"{").json
R(body=b" ").json
R(body=b"\xff\xfe").json
R(body='"é"'.encode("utf-16")).json
R(body='"é"'.encode()).json
R(body=b'"\\ud800"').json
R(body=b"[" * 2000 + b"]" * 2000).json
R(body=b"123456789012345678901234567890").json
R(body=b"1.0e5").json, R(body=b"-0").json, R(body=b"-0.0").json
R(body=b"tru").json
R(body=b'{"a": 1}}').json
R(body=b'{"a": 1} x').json
R(body=b"{'a': 1}").json
R(body=b'{"a": NaN}').json
R(body=b"Infinity").json
R(body=b'{"a" : 1, }').json
R(body=b"// c\n1").json
R(body=b"{1: 2}").json
R(body=b'"a\nb"').json
R(body=b'"a\\x"').json
R(body=b"0123").json
R(body=b'{"":1}').json
R(body=b"1").load_json(), R(body=b"1").load_json(lambda b: b), R(body=b"1").load_json(loads=str)
R(body=b"1").load_json(loads=lambda b: 1 / 0)
R(body=b"").load_json(loads=lambda b: 1 / 0)


def counts(b):
    counts.n = getattr(counts, "n", 0) + 1
    return None


r = R(body=b"null")
r._loads
r = R(body=b"5")
r.json, r.parsed_json, setattr(r, "body", b"6"), r.json, r.load_json(), r.json
r = R(body=b"5")
setattr(r, "parsed_json", 9), r.json
[
    (a, R(authorization=a).token, repr(R(authorization=a).credentials))
    for a in (
        "",
        "x",
        "Bearer x",
        "Bearer",
        "Bearer  x ",
        "bearer x",
        "Token t",
        "Token",
        "Basic dTpw",
        "Basic dTpwOnA=",
        "Basic",
        "Basic dTpw x",
        "MyBearer z",
        "Bearer Token x",
        "Token Bearer x",
        "Basic Bearer",
        "Digest u",
        "Basic dTo=",
        "Basic OnA=",
        "Basic Og==",
        " Bearer x",
        "Bearer\tx",
        "Basic dTp\u00e9",
        "Basic w6k6w6k=",
        "Basic 6Tpw",
    )
]
r = R(authorization="Basic dTpw")
(
    r.credentials.username,
    r.credentials.password,
    r.credentials.token,
    r.credentials.auth_type,
    r.credentials is r.credentials,
)
R(authorization="Bearer x").credentials.username
R(authorization="Bearer x").credentials.password
Credentials("Basic", "x")
Credentials("Basic", "x", "u", "p")
Credentials("Basic", "x", "u", "p") == Credentials("Basic", "x", "u", "p")
Credentials("Basic", "x", "u", "p").username
Credentials("Basic", "x").username
H(("authorization", "Bearer a"), ("authorization", "Bearer b")).token
[
    (a, repr(H(("cookie", a)).cookies))
    for a in (
        "a=1",
        "",
        "a",
        "=",
        "a=b=c",
        'a="x y"',
        'a="',
        'a="\\"b\\""',
        'a="\\101"',
        "a=1;a=2",
        "a=1,b=2",
        "__Host-a=1; a=2",
        "a=1; __Secure-a=2; __Host-a=3",
        "A=1; a=2",
        "a=é",
        "é=1",
        "a=%41",
        " a = 1 ",
        "a=1;;b=2;",
        "a\x00=1",
        "a=\x01",
        'a="1"; b="2',
        "a='x'",
        "a=[1]",
        "a/b=1",
        "a@=1",
        'a="a;b"',
        "$a=1",
        "a={}",
        'a=""',
        'a="b"c',
    )
]
c = H(("cookie", "a=1; __Host-b=2; __Secure-c=3; b=4; d-e=5; d_e=6; get=7; items=8")).cookies
c["a"], c["b"], c["c"], c.get("b"), c.getlist("b"), c.b, c.c, c.d_e, c.get, c.__class__.__name__
c["zz"]
"b" in c, "c" in c, "__Host-b" in c, len(c), list(c), list(c.keys()), list(c.values()), dict(c)
c.zz, c.get("zz"), c.get("zz", "d"), c.getlist("zz"), c.getlist("zz", ["d"])
c._private
c.__private
H(("cookie", "a=1"), ("cookie", "a=2; b=3")).cookies
r = H(("cookie", "a=1"))
r.cookies is r.cookies, r.get_cookies() is r.cookies, r.get_cookies()
r.parsed_cookies
H().cookies, H().get_cookies()
type(H().cookies).__name__
[
    (a, repr(list(H(("accept", a)).accept)), str(H(("accept", a)).accept))
    for a in (
        "*/*",
        "",
        "text/html;q=1",
        "a/b;q=0",
        "a/b;q=0.5,c/d",
        "a/b;c=d;q=0.5;e=f",
        "A/B",
        "a/b;Q=0.5",
        " a/b , c/d ",
        "text/*;q=0.3, text/html;q=0.7, text/html;level=1, text/html;level=2;q=0.4, */*;q=0.5",
        "a/b,,c/d",
        "a/b,",
        'a/b;x="y"',
        "a/b;q=1.5",
        "a/b;q=-1",
        "a/b; q = 0.5",
        "*/html",
        "a/b;q=.5",
        "a/b;q=5e-1",
        "a/b;x=y,z/w",
    )
]
R(accept="garbage").accept
R(accept="a/b;q=x").accept
R(accept="/b").accept
R(accept="a/").accept
R(accept="a/b;x").accept
R(accept="a/b/c").accept
R(accept="a/b;=x").accept
R(accept="a/b;").accept
R(accept=";").accept
R(accept=",").accept
H(("accept", "a/b"), ("accept", "c/d")).accept
r = R(accept="a/b;q=0.5, text/*, */*;q=0.1")
r.accept is r.accept
r.parsed_accept
m = r.accept.match("a/b", "text/html", "x/y")
(
    m,
    m.mime,
    repr(m.header),
    bool(m),
    str(m),
    m == "text/html",
    m == "text/*",
    m != "text/html",
    m.match("text/*"),
)
(
    r.accept.match("x/y"),
    r.accept.match("x/y", accept_wildcards=False),
    r.accept.match(),
    r.accept.match("text/*"),
    r.accept.match("*/*"),
)
r.accept.match("x")
r.accept.match("a/b", "x/y", accept_wildcards=False).header
r.accept == [1], isinstance(r.accept, list), r.accept[0], r.accept[-1], len(r.accept), r.accept[:1]
"a/b" in r.accept, "text/plain" in r.accept, "text/*" in r.accept, "*/*" in r.accept
m == m, m == r.accept.match("text/html"), m == "TEXT/HTML", m == 5
m == ""
r.accept.match("x/y", accept_wildcards=False) == ""
hash(m)
(
    R().content_type,
    R(content_type="a/b; c=d").content_type,
    R(content_type="").content_type,
    R(content_type=" A/B").content_type,
)
(
    R().host,
    R(host="H:1").host,
    R(host="H:1").server_name,
    R(host="H:1").server_port,
    R(host="H").server_port,
)
(
    R(host="H:1").url,
    R().url,
    R(host="").url,
    R(host="a_b:5").url,
    R(host="a_b:5").server_port,
    R(host="a_b:5").server_name,
)
(
    R(host="[::1]:80").server_name,
    R(host="[::1]:80").server_port,
    R(host="::1").server_name,
    R(host="h:443").url,
    R(host="h:80").url,
)
R(host="h:").server_port, R(host="h:").server_name, R(host="h:").url
R(host="h:0").server_port, R(host="h:99999").server_port, R(host="h:099").server_port
R().scheme, R(upgrade="websocket").scheme, R(upgrade="WebSocket").scheme
R().forwarded, R().remote_addr, R().client_ip, R().ip, R().port, R().socket
R(forwarded="for=1").forwarded
R(x_forwarded_for="1.1.1.1").forwarded
R().id == R().id, type(R().id).__name__
app.config.REQUEST_ID_HEADER
(
    R(x_request_id="5").id,
    R(x_request_id="abc").id,
    R(x_request_id="123e4567e89b12d3a456426655440000").id,
    R(x_request_id="").id is None,
)
(
    R(x_request_id=" 5").id,
    R(x_request_id="-5").id,
    R(x_request_id="1_0").id,
    R(x_request_id="{123e4567-e89b-12d3-a456-426655440000}").id,
    R(x_request_id="0").id,
    R(x_request_id="+5").id,
    R(x_request_id="5.0").id,
    R(x_request_id="é").id,
    R(x_request_id="١").id,
)
type(R(x_request_id="").id).__name__


class Own(Request):
    n = 0

    @classmethod
    def generate_id(*args):
        Own.n += 1
        return Own.n


R(cls=Own).id, R(cls=Own).id, R(cls=Own, x_request_id="a").id, R(cls=Own).id


class Own2(Request):
    def generate_id(self):
        return self.headers.get("x", 0)


R(cls=Own2).id, R(cls=Own2, x="7").id, R(cls=Own2, x_request_id="a").id
Request.generate_id(1, 2).__class__.__name__


class Ctx(Request):
    @staticmethod
    def make_context():
        return {}


r = R(cls=Ctx)
r.ctx is r.ctx
r.ctx.update(a=1), r.ctx
R().ctx, R().ctx.__class__.__name__
r = R()
r.ctx.a = 5
r.ctx, hasattr(r.ctx, "b")
Request.make_context()
setattr(R(), "match_info", {"a": 1})
setattr(R(), "headers", {})
setattr(R(), "method", "PUT")
setattr(R(), "raw_url", b"/")
setattr(R(), "version", "1.0")
setattr(R(), "stream", None)
setattr(R(), "responded", True)
setattr(R(), "route", None)
setattr(R(), "conn_info", None)
setattr(R(), "head", b"")
setattr(R(), "app", None)
setattr(R(), "transport", None)
setattr(R(), "parsed_args", {})
r = R()
setattr(r, "match_info", {"a": 1}), r.match_info
R().match_info, R().name, R().endpoint, R().uri_template, R().protocol
R().protocol
R().network_paths
R().reset_response()
asyncio.run(R().respond())
asyncio.run(R().receive_body())
R().url_for("x")
repr(R()), repr(R(b"/a?b")), repr(R(cls=Own)), str(R(method="PUT"))
R() == R(), hash(R()) is not None, bool(R())
sorted(n for n in dir(ConnInfo) if not n.startswith("_"))
f = File("t", b"b", "n")
f.type, f.body, f.name, f == ("t", b"b", "n"), f._asdict()
(
    RequestParameters(),
    RequestParameters({"a": []}).getlist("a"),
    RequestParameters({"a": [1]}).get("a"),
    RequestParameters(a=[1, 2]).get("a"),
)
(
    RequestParameters({"a": [1]}) == {"a": [1]},
    RequestParameters({"a": [1]}).copy(),
    copy.copy(RequestParameters({"a": [1]})).get("a"),
)
RequestParameters({"a": [None]}).get("a", 5), RequestParameters({"a": [""]}).get("a", 5)
R(b"/", body=b"a=1&b=2&a=3&c=", content_type="application/x-www-form-urlencoded").form
R(b"/", body=b"a=1&b=2&a=3&c=", content_type="application/x-www-form-urlencoded").get_form(True)
R(b"/", body=b"a=1&b=2&a=3&c=", content_type="application/x-www-form-urlencoded").get_form(
    keep_blank_values=True
)
R(b"/", body=b"a=1", content_type="application/x-www-form-urlencoded").files
(
    R(b"/", body=b"a=1").form,
    R(b"/", body=b"a=1").files,
    type(R().form).__name__,
    type(R().files).__name__,
)
R(b"/", body=b"a=1", content_type="text/x-www-form-urlencoded").form
R(b"/", body=b"a=%zz&b=%C3%A9&c=%E9", content_type="application/x-www-form-urlencoded").form
R(b"/", body=b"a=1;b=2", content_type="application/x-www-form-urlencoded; charset=utf-8").form
r = R(b"/", body=b"a=1", content_type="application/x-www-form-urlencoded")
r.form is r.form, r.get_form() is r.form, r.get_form() is r.get_form()
asyncio.iscoroutinefunction(Request.receive_body), asyncio.iscoroutinefunction(Request.respond)
r = R(host="h", upgrade="websocket")
r.scheme, r.url
pickle.dumps(R())
h = Header([("a-b", "1"), ("A-B", "2"), ("c", "3"), ("from", "x")])
(
    h.a_b,
    h.A_B,
    h.c,
    h.from_,
    h.zz,
    h.get_all("a-b"),
    h.get_all("zz"),
    h["a-b"],
    h.getone("A-b"),
    h.a_b_,
)
h["zz"]
h.__wrapped__
h._private
(
    h.copy().__class__.__name__,
    Header(h) == h,
    repr(h),
    str(h),
    Header({"a": "b"}),
    Header(a="b"),
    Header(),
    Header(None),
)
h.setdefault("c", "9"), h.pop("c"), h.popone("from"), h.popitem(), len(h)
h.add("x", "1"), h.extend({"x": "2"}), h.update({"x": "3"}), h.items(), "X" in h
h.a_b
