"""Requests of `apps/debug.py`."""

from tests.parity.wire import cases

CASES = cases("""
/crash
/crash?a=1&a=2&b=
/crash | accept: application/json
/chain
/context
/quiet
/loud
/bp/crash
/none
/text
/text-chain
/text-chain?x=1
/html/crash
/html/crash?x=1&y=2 | x-header: <v>
/html/sanic
/html/quiet
/bad-handler
/nope
/nope | accept: application/json
/nope | accept: text/html
/quiet | accept: text/html
/quiet | accept: text/plain
/nope | accept: */*
/nope | accept: image/*
/state
POST /crash
""")
