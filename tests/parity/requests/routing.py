"""Requests of `apps/routing.py`."""

from tests.parity.wire import case, cases

UUID = "123e4567-e89b-12d3-a456-426655440000"
CASES = [
    *cases(f"""
/str/a
/str/
/str
/str/a/
/str/a//
/str/a/b
/str/%20
/str/a%20b
/str/a+b
/str/a?b=c
/str/%2F
/strorempty/
/strorempty
/strorempty/a
/int/12
/int/-12
/int/+1
/int/1_0
/int/%201
/int/a
/int/1.0
/int/00012
/int/99999999999999999999999
/float/1
/float/1e5
/float/inf
/float/nan
/float/.5
/float/-1.5
/float/x
/alpha/abC
/alpha/ab1
/alpha/ab-c
/slug/a-b-1
/slug/A-b
/slug/a--b
/slug/a-
/path/a/b/c
/path/
/path
/path/a/
/path//a
/path/%20
/ymd/2021-01-31
/ymd/2021-02-31
/ymd/2021-1-1
/ymd/x
/uuid/{UUID}
/uuid/{UUID.replace("-", "")}
/uuid/{UUID.upper()}
/uuid/1
/ext/a.txt
/ext/a.tar.gz
/ext/a
/ext/.bashrc
/ext/a.
/ext/a.TXT
/even/4
/even/5
/even/x
/plain/x
/images/a.jpg
/images/a.gif
/numbered/12.txt
/numbered/x.txt
/numbered2/12.txt
/numbered2/a.txt
/tar/b.tar.gz
/tar/b.gz
/re/abc
/re/abcd
/re2/abz
/re3/abz
/re3/abx
/re4/a/b
/re4/a1
/re5/12/b
/re5/x/b
/mid/1/2/b
/mid/b
/mixed/12/a/b
/mixed/x/a/b
/mixed2/12/ab
/h%C3%A9llo%20w%C3%B6rld/%C3%A9
/h%c3%a9llo%20w%c3%b6rld/%c3%a9
/percent%20literal
/o/1
/o/1.5
/o/2021-01-01
/o/abc
/o/a-b
/o/a/b
/o/f.txt
/o/lit
/o/A_B
/o/{UUID}
/o/
/b/a/b
/b/a/c
/b/c/b
/b/c/c
/c/a/1/z
/c/a/1/w
/c/a/x/z
/d/1
/d/1/x
/d/a
/e/1/c/d
/e/1/c
/f/1
/f/1a
/f/a
/g/q/r
/g/z
/g/q
/h/x.txt
/h/x.gif
/h/x
/i/12
/i/1
/s/loose
/s/loose/
/s/loose//
//s/loose
/s/loose2
/s/loose2/
/s/strict
/s/strict/
/s/strict2
/s/strict2/
/s/both
/s/both/
/s//end
/s/x/end/
/no-slash
/NO-SLASH
/host | x-a: b
/v1/v
/v0/v
/v2/v
/api/v2.1/v
/beta/v
/anysite/v3/v
/v/v
/m/lit
POST /m/lit
PUT /m/lit
PATCH /m/lit
HEAD /m/lit
OPTIONS /m/lit
POST /m/dyn/q
PUT /m/dyn/q
POST /m/one/1
GET /m/one/x
HEAD /m/head
OPTIONS /m/head
get /m/lit
TRACE /m/lit
BREW /m/lit
/typed/1/2.5/{UUID}
/typed/x/2.5/{UUID}
/day/2024-02-29
/ctx
/ctx/
/
/.
/a/../int/1
/zz/yy/xx
/int/1?x=/int/2
/int/1#frag
"""),
    *[
        case(f"{method} {path}", host=host)
        for method, path, host in (
            ("GET", "/host", "one.example"),
            ("GET", "/host", "ONE.example"),
            ("GET", "/host", "one.example:80"),
            ("GET", "/host", "two.example"),
            ("GET", "/host", "three.example"),
            ("GET", "/host", "three.example:81"),
            ("GET", "/host", "four.example"),
            ("POST", "/host", "one.example"),
            ("GET", "/host3", "q"),
            ("GET", "/host3", "one.example"),
        )
    ],
]
