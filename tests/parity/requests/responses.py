"""Requests of `apps/responses.py`."""

from tests.parity.wire import case, cases

NAMES = """text text_bytes text_int text_type text_headers html html_bytes html_markup html_rich
html_none raw raw_none raw_str raw_type empty empty_200 empty_headers json_dict json_list
json_str json_none json_nan json_inf json_big json_keys json_tuple json_set json_bytes
json_date json_uuid json_decimal json_default json_indent json_sorted json_escape
json_ascii json_dumps json_type json_nested json_append json_extend json_update json_pop
json_pop_list json_pop_default json_set_body json_raw json_body json_append_dict
json_update_list json_pop_str json_pop_missing json_pop_list_default json_raw_after_body
http http_none http_bytes http_encodes http_int http_list http_headers status_204
status_304 status_100 status_199 status_200 status_205 status_299 status_600 status_999
status_text status_none status_426 status_418 status_500 h_override h_split h_split_name
h_nul h_foreign h_int h_none h_empty h_repeat h_te h_close h_server h_spaces redirect
redirect_status redirect_text stream_object stream_headers stream_length""".split()
SHOWN = [name for name in NAMES if name not in ("http_int", "http_list", "json_dumps")]
HEADS = (
    "text json_dict status_204 status_304 h_override stream_object stream_length redirect".split()
)
TARGETS = "plain query foreign slashes split quotes percent empty fragment brackets nul".split()
CASES = [
    *cases("\n".join(f"/made/{name}" for name in NAMES)),
    *cases("\n".join(f"/shown/{name}" for name in SHOWN)),
    *cases("\n".join(f"HEAD /made/{name}" for name in HEADS)),
    *cases("\n".join(f"/redirect/{name}" for name in TARGETS)),
    *cases("""
HEAD /head-length
HEAD /head-text
/mutated
/sync
/callable
/bound
/lambda
/awaitable
/subclass
/processed
/made/text | connection: close
/made/text | connection: Keep-Alive
"""),
    *[
        case(f"GET /made/{name}", *headers, version="1.0")
        for name in ("text", "status_204", "stream_length")
        for headers in ((), ("connection: keep-alive",))
    ],
]
