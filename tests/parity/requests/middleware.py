"""Requests of `apps/middleware.py`."""

from tests.parity.wire import cases

CASES = cases(
    """
/
/?stop=r5
/?stop=r0
/?stop=r-1
/?stop=late
/?falsy=r0
/?raise=r5
/?raise=r-1
/?raise=r0 | accept: application/json
/?fail=r0b
/?replace=s-1
/?replace=s0
/?replace=s5
/?raise=s-1
/?raise=s0
/?stop=r0&replace=s5
/?status=201
/?body=changed
/?type=text/css
/?status=204
/?status=304&body=abc
/named
/bp/
/bp
/bp/error
/bp/?stop=r0
/bp/nope
/error
/error?replace=s0
/error?stop=r0
/crash
/crash?replace=s0
/none
/empty
/args/a
/respond
/respond?replace=s0
/nope
/nope?stop=r0
/nope?raise=r0
/nope?fail=r0
/nope?replace=s0
POST /
POST /?stop=r0b
POST /?raise=r0b
/info
/late-add
/late-add
/nope?after=late-add
""".replace("/late-add\n/late-add\n", "/late-add\n/late-add?again\n")
)
