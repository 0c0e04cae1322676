"""Requests of `apps/blueprints.py`."""

from tests.parity.wire import case, cases

CASES = [
    *cases("""
/slash/r
/slash/r/
/bare/r
/root
/root/
/empty
/empty/
/empty/abc
/noprefix
/param/1/x
/param/1/2
/param/1/z
/given/r
/api/v3/z/r
/v1/version/r
/v9/version/r
/strict/r
/strict/r/
/strict/s
/strict/s/
/api/v2/g/one/r
/api/v5/g/two/r
/v5/g/two/r
/v1/out/in/x/r
/v2/out/r
/v2/out/in/x/r
/v7/top/gg/x/r
/list/a
/list/b
/1/a
/sg/r
/sg/r/
/sg/s
/sg/s/
/made/m1/r
/made/m2/r
/orig/r
/v2/copied/r
/copied/r
/over/r
/late/one
/late/two
/scope/ok
/scope/forbidden
/scope/notfound
/scope/nope
/scope/late
/scope/late-forbidden
POST /scope/ok
/both/g1
/both/g2/
/both/g1/zero
/both/g2/zero
/both/g1/nope
/zero
/routes
/state
/urls
/copied-url
"""),
    *[case(f"GET /{name}/r", host=host) for name in ("host", "hosts")
      for host in ("a.example", "b.example", "c.example")],
]  # fmt: skip
