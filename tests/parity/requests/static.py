"""Requests of `apps/static.py`."""

from tests.parity.wire import case, cases

WHEN = "Tue, 02 Jan 2024 03:04:05 GMT"
RANGES = (
    "bytes=0-4", "bytes=5-", "bytes=-3", "bytes=0-0", "bytes=10-10", "bytes=5-100", "bytes=11-",
    "bytes=4-2", "bytes=-", "bytes=a-b", "bytes=0-1,3-4", "lines=0-1", "bytes=-0", "bytes=20-30",
    "bytes 0-4", "", "bytes=0-10", "bytes=-11", "bytes=-100", "bytes= 0-4",
)  # fmt: skip
FILES = (
    "a.txt b.bin c.js d.css e.html f g.unknownext h.json i.svg j.tar.gz k.png empty.txt "
    "with%20space.txt %C3%A9.txt per%2520cent.txt .hidden big.txt sub/x.txt sub/deep/y.txt"
).split()
CASES = [
    *cases("\n".join(f"/st/{name}" for name in FILES)),
    *cases(f"""
HEAD /st/a.txt
HEAD /range/a.txt
POST /st/a.txt
OPTIONS /st/a.txt
/st
/st/
/st/nope
/st/sub
/st/sub/
/st/../outside/secret.txt
/st/%2e%2e/outside/secret.txt
/st/sub/../a.txt
/st/sub%2Fx.txt
/st//a.txt
/st/a.txt/
/st/./a.txt
/st/link.txt
/st/inner.txt
/st/linked/secret.txt
/st/%00
/st/A.TXT
/st/a.txt?query=1
/st/%zz
/follow/link.txt
/follow/linked/secret.txt
/followdir/link.txt
/followdir/linked/secret.txt
/st/a.txt | if-modified-since: {WHEN}
/st/a.txt | if-modified-since: Tue, 02 Jan 2024 03:04:04 GMT
/st/a.txt | if-modified-since: Wed, 03 Jan 2024 03:04:05 GMT
/st/a.txt | if-modified-since: yesterday
/st/a.txt | if-none-match: *
/st/a.txt | if-unmodified-since: Mon, 01 Jan 2024 00:00:00 GMT
HEAD /st/a.txt | if-modified-since: {WHEN}
/nomod/a.txt
/nomod/a.txt | if-modified-since: {WHEN}
/st/a.txt | range: bytes=0-4
/range/empty.txt
/range/nope | range: bytes=0-1
/range/a.txt | range: bytes=0-4 | if-modified-since: {WHEN}
HEAD /range/a.txt | range: bytes=0-4
/file-range | range: bytes=0-4
/view
/view/
/view/sub
/view/sub/
/view/sub/deep/
/view/sub//deep/
/view/a.txt
/view/nope/
/view/indexed/
/index/
/index/indexed
/index/indexed/
/index/indexed/z.txt
/index/sub/
/both/
/both/indexed/
/both/indexed
/both/sub/
/large/a.txt
/large/big.txt
/large/b.bin
/large/sub/
/typed/a.txt
/typed/b.bin
/file
/file/
/file-strict
/file-strict/
HEAD /file
/gone/
/gone/x
/slash/a.txt
/slash
/handler/
/handler/a.txt
/bp/st/a.txt
/bp/st/nope
/host/a.txt
/urls
/validate/1704164645
/validate/1704164645 | if-modified-since: {WHEN}
/validate/1704164646 | if-modified-since: {WHEN}
/validate/1704164645 | if-modified-since: nonsense
/file/validate | if-modified-since: {WHEN}
/file/no_validate | if-modified-since: {WHEN}
/file/validate | if-modified-since: Mon, 01 Jan 2024 00:00:00 GMT
"""),
    *[case("GET /range/a.txt", f"range: {value}") for value in RANGES],
    *[case(f"GET /file/{name}") for name in
      "plain missing dir name mime status headers max_age no_store no_modified modified str bin "
      "none".split()],
    *[case(f"GET /stream/{name}") for name in "plain missing chunk mime name headers bin".split()],
    case("GET /host/a.txt", host="files.example"),
]  # fmt: skip
