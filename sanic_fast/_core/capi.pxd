"""Function pointers into the C parser, ready once `sanic_fast._core.capi` is imported."""

from sanic_fast._core.pyhttp cimport (
    pyhttp_decode_chunked_t,
    pyhttp_parse_headers_t,
    pyhttp_parse_request_t,
    pyhttp_parse_response_t,
)

cdef pyhttp_parse_request_t parse_request
cdef pyhttp_parse_response_t parse_response
cdef pyhttp_parse_headers_t parse_headers
cdef pyhttp_decode_chunked_t decode_chunked
