"""Requests of `apps/unquote.py`."""

from tests.parity.wire import cases

CASES = cases("""
/before/a%20b
/u/a%20b
/u/%C3%A9
/u/%c3%a9
/u/%2F
/u/%zz
/u/%E9
/u/a+b
/u/%25
/u/%2520
/u/s/a%2Db
/u/s/%61
/u/a/%61
/u/a/a%20
/u/e/
/u/e/%20
/u/i/%31
/u/p/a%20b
/u/p/%2e%2e/x
/u/r/a%20b
/u/%20/%21
/v/a%20b.txt
/w/a%20b
""")
