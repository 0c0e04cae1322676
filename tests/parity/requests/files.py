"""Requests of `apps/files.py`."""

from tests.parity.wire import case, cases, request, sequence

WHEN = "Tue, 02 Jan 2024 03:04:05 GMT"
NAMES = (
    "a.txt big.bin page.html data.csv mod.mjs s.wasm x.xml y.yaml UPPER.TXT no-extension "
    "two.tar.gz a;b.txt a&b=c.txt a%26b%3Dc.txt q%3F.txt h%23.txt plus+.txt plus%2B.txt %2b.txt "
    "quote'%22.txt %3Cb%3E.txt back%5Cslash.txt new%0Aline.txt %C3%A9%20folder/%C3%BC.txt "
    "%c3%a9%20folder/%c3%bc.txt with.dot/x percent%2541/x.txt percent%41/x.txt percentA/x.txt "
    "..double trailing.. ... dangling up/index.html absolute sibling/s.txt a%2Etxt %61.txt "
    "sub%2Findex.html sub%2f..%2fa.txt ..%2froot%2fa.txt %2e%2e/root/a.txt .%2e/root/a.txt "
    "..%5croot%5ca.txt %252e%252e/root/a.txt ../root-sibling/s.txt ..;/root/a.txt ....//a.txt "
    "sub/./index.html sub//index.html ./a.txt %2Fa.txt %2F%2Fetc%2Fhostname etc/hostname "
    "/etc/hostname a.txt%20 %C0%AE%C0%AE/a.txt %E9 a.txt/ "
    "sub/deep/home.htm/ ~root %7Eroot a.txt;x a.txt:x"
).split()
RANGES = (
    "bytes=0-", "bytes=0-0", "bytes=-1", "bytes=10-", "bytes=00-01", "bytes=1-0",
    "bytes = 0-1", "bytes=0 - 1", "bytes=0-1;x", "bytes",
    "bytes=0x1-2", "bytes=0-4,", "bytes=,0-4",
)  # fmt: skip
CASES = [
    *[case(f"GET /{name}") for name in NAMES],
    *[case(f"GET /v/{name}") for name in
      ("absolute", "sibling/s.txt", "sibling/", "dangling", "up/", "a.txt/")],
    *cases(f"""
/all/sub
/all/sub/
/all/sub/deep/
/all/sub//deep/
/all//sub/
/all/empty
/all/empty/
/all/empty/?x=1
/all/sub/?x=1
/all/%C3%A9%20folder
/all/up/
/all/sibling/
/all/a.txt | if-modified-since: Mon, 01 Jan 2024 00:00:00 GMT | range: bytes=0-1
/link/a.txt
/link/sub/index.html
/link/up/index.html
/typed/page.html
/typed/a.txt
/texttyped/big.bin
/texttyped/page.html
/plain-view/empty/
/plain-view/empty
/plain-view/empty?x=1
/plain-view/with.dot/
/plain-view/with.dot
/one
/one | range: bytes=2-4
/one | if-modified-since: {WHEN}
/one/
/one/x
/one-stream
/one-typed
/as-dir/a.txt
/as-file
/strict/a.txt
/strict/a.txt/
/p/5/files/a.txt
/p/x/files/a.txt
/str/a.txt
/relative/a.txt
/index-str/
/index-str/sub/
/index-path/
/large-true/a.txt
/large-true/sub/index.html
/own-handler/
/own-handler/sub
/own-handler/sub/
/own-handler/a.txt
/own-handler/nope
/v2/bp/st/a.txt
/v2/bp/st/empty/
/v2/bp/one
PUT /a.txt
DELETE /one
/respond/file/unicode-name
/respond/file/etag
/respond/file/range
/respond/file/range-status
/respond/file/max-age-none
/respond/file/status-404
/respond/file/big
/respond/file/big-range
/respond/file/relative
/respond/file/mime
/respond/file/content-type
/respond/stream/range
/respond/stream/range-chunk
/respond/stream/big
/respond/stream/big?replace=1
/respond/stream/html?cookie=1
/respond/file/big?replace=1
/respond/file/big?cookie=1
/a.txt?cookie=1
/all/sub?replace=1
/nope?cookie=1
/respond/stream/html
/respond/stream/length
/respond/stream/status
/respond/caught/bytes
/respond/caught/int
/respond/caught/none
/respond/caught/as-file
/respond/caught/as-dir
/respond/caught/as-other
/respond/caught/both
/respond/caught/both-index
/respond/caught/name
/respond/caught/uri
/respond/caught/unknown
/respond/range
"""),
    *[case("GET /all/a.txt", f"range: {value}") for value in RANGES],
    case("GET /all/a.txt", "range: bytes=0-1", "range: bytes=3-4"),
    sequence("files one after the other",
             [request("GET", path) for path in ("/a.txt", "/nope", "/one", "/a.txt")]),
    sequence("files at once",
             [request("GET", path) for path in ("/a.txt", "/one", "/nope", "/page.html")],
             pipelined=True),
    case("GET /a.txt", body="a body"),
]  # fmt: skip
