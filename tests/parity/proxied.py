"""Requests through proxies, for apps of several configurations."""

from tests.parity.wire import case, cases

FORWARDED = (
    "for=1.1.1.1;secret=s3",
    'for="[::2]";proto=https;host=me.tld;path="/app/";secret=s3,for=broken;;secret=b0rked, '
    "for=127.0.0.3;scheme=http;port=1234",
    "for=a;by=s3",
    'secret="s3";for="_x"',
    "for=1;secret=zz",
    "FOR=ABC;SECRET=s3",
    "for=unknown;secret=s3;proto=HTTPS;port=x",
    "secret=s3;for=1.1.1.1, for=2",
    "for=1.1.1.1;host=h.example:99;proto=wss;port=7;secret=s3",
    "garbage,,;;= secret=s3;for=9",
    "for=1;secret=s3;proto=https;path=/a%20b",
    "",
)
CASES = [
    *cases("""
/
/a/b?c=d
/ | x-forwarded-for: 1.1.1.1
/ | x-forwarded-for: 1.1.1.1, 2.2.2.2
/ | x-forwarded-for: 1.1.1.1, 2.2.2.2, 3.3.3.3
/ | x-forwarded-for: 1.1.1.1 | x-forwarded-for: , ,2.2.2.2
/ | x-forwarded-for: ::1, ::2
/ | x-forwarded-for: unknown, 2
/ | x-forwarded-for: _hidden, 2
/ | x-forwarded-proto: https
/ | x-forwarded-for: 1, 2 | x-forwarded-proto: HTTPS | x-scheme: ws
/ | x-forwarded-for: 1, 2 | x-scheme: https
/ | x-forwarded-for: 1, 2 | x-forwarded-host: A.example | x-forwarded-port: 99
/ | x-forwarded-for: 1, 2 | x-forwarded-host: A.example:77 | x-forwarded-proto: https
/ | x-forwarded-for: 1, 2 | x-forwarded-path: /a%20b | x-forwarded-port: abc
/ | x-forwarded-for: 1, 2 | x-forwarded-proto: http | x-forwarded-port: 80
/ | x-real-ip: 9.9.9.9
/ | x-real-ip: 9.9.9.9 | x-forwarded-for: 1, 2, 3
/ | x-real-ip: ::9 | x-forwarded-proto: https | x-forwarded-host: h.example
/ | x-real-ip:
/ | x-real-ip: 9 | upgrade: websocket | x-forwarded-proto: https | connection: keep-alive
"""),
    *[case("GET /x", f"forwarded: {value}", name=f"forwarded {value}") for value in FORWARDED],
    case("GET /", "forwarded: for=1;secret=s3", "forwarded: for=2;secret=s3;proto=https"),
    case("GET /", host="other.example:81"),
    case("GET /", host="other.example:80"),
]
