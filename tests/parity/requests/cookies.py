"""Requests of `apps/cookies.py`."""

from tests.parity.wire import case, cases

HEADERS = (
    "a=1",
    "a=1; a=2; a-b=3; __Host-h=hv; __Secure-s=sv",
    'q="x\\"y\\054"; e=; s=a=b',
    "bad(=1; =v; sp=a b; bare",
    'a="quoted"; b="; c=""; d="',
    "a=1;b=2;  c=3 ;",
    "a=%20%C3%A9",
    "a = b ; c\t=\td",
    "h=raw; __Host-h=prefixed; __Secure-h=secure",
    "",
    ";;;",
    "a=1, b=2",
    "a=\x7f",
    "a=é",
    '$Version=1; a="b"; $Path=/',
    'a="\\303\\251"',
    "a=" + "x" * 3000,
)
NAMES = (
    "plain quoted empty comma none bare full zoned zero text_age negative float samesite badsite "
    "badexpires reserved reserved2 badname noname host host_path host_domain host_insecure secure "
    "secure_insecure both partitioned partitioned_host twice int special"
).split()
CASES = [
    *[case("GET /in", f"cookie: {header}", name=f"in: {header[:60]!r}") for header in HEADERS],
    case("GET /in", "cookie: a=1", "cookie: b=2"),
    *cases("\n".join(f"/out/{name}" for name in NAMES)),
    *cases("\n".join(f"/caught/{name}" for name in NAMES)),
    *cases("""
/in
/delete
/delete-added
/jar
/respond
/out/plain?middleware
/nope?middleware
"""),
]
