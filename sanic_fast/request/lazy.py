"""What a request parses on demand only, handed to the compiled class as hooks.

The compiled request keeps the results; these functions only compute them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sanic_fast import headers
from sanic_fast.request.form import group_pairs, parse_form, parse_pairs
from sanic_fast.request.parameters import RequestParameters

if TYPE_CHECKING:
    from sanic_fast._types import RequestLike
    from sanic_fast.cookies.request import CookieRequestParameters
    from sanic_fast.models.http_types import Credentials


def parse_args(
    request: RequestLike,
    keep_blank_values: bool = False,
    strict_parsing: bool = False,
    encoding: str = "utf-8",
    errors: str = "replace",
) -> RequestParameters:
    """Query arguments, gathered by name. See `form.parse_pairs` for the options."""
    query = request.query_string
    if not query:
        return RequestParameters()
    return group_pairs(parse_pairs(query, keep_blank_values, strict_parsing, encoding, errors))


def parse_query_args(
    request: RequestLike,
    keep_blank_values: bool = False,
    strict_parsing: bool = False,
    encoding: str = "utf-8",
    errors: str = "replace",
) -> list[tuple[str, str]]:
    """Query arguments as pairs, in order."""
    query = request.query_string
    return parse_pairs(query, keep_blank_values, strict_parsing, encoding, errors)


def parse_cookies(cookie_header: str) -> CookieRequestParameters:
    """Cookies of a Cookie header."""
    from sanic_fast.cookies.request import CookieRequestParameters, parse_cookie

    return CookieRequestParameters(parse_cookie(cookie_header))


def make_credentials(request: RequestLike) -> Credentials | None:
    """Credentials of the Authorization header; None if there are none that make sense."""
    prefix, value = headers.parse_credentials(request.headers.get("authorization"))
    if not value:
        return None
    from sanic_fast.models.http_types import Credentials

    try:
        return Credentials(auth_type=prefix, token=value)
    except ValueError:
        return None


def install() -> None:
    """Give the hooks to the compiled request class."""
    from sanic_fast._core.request import install_hooks

    install_hooks(
        parameters=RequestParameters,
        parse_args=parse_args,
        parse_query_args=parse_query_args,
        parse_form=parse_form,
        parse_cookies=parse_cookies,
        parse_accept=headers.parse_accept,
        parse_credentials=headers.parse_credentials,
        make_credentials=make_credentials,
        parse_forwarded=headers.parse_forwarded,
        parse_xforwarded=headers.parse_xforwarded,
        parse_host=headers.parse_host,
    )
