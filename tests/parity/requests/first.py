from tests.parity.wire import cases

CASES = cases("""
/
/nope
/nope | accept: text/html
/nope | accept: application/json
HEAD /
POST /
""")
