"""What a request parses on demand only, handed to the compiled class as hooks.

The compiled request keeps the results; these functions only compute them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sanic_fast import headers
from sanic_fast.request.form import group_pairs, parse_form, parse_pairs
from sanic_fast.request.parameters import RequestParameters

if TYPE_CHECKING:
    from sanic_fast._core.request import Request
    from sanic_fast._types import RequestLike
    from sanic_fast.cookies.request import CookieRequestParameters
    from sanic_fast.models.http_types import Credentials

DEFAULT_PORTS = {"http": 80, "ws": 80, "https": 443, "wss": 443}


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


# Accept header -> its entries, sorted: a few browsers send nearly all of them. Bounded, as clients
# choose the keys: emptied when full, long values are not kept.
_accepted: dict[str, tuple[headers.MediaType, ...]] = {}
_ACCEPTED_ENTRIES = 256
_ACCEPTED_LENGTH = 512  # characters


def parse_accept(accept: str | None) -> headers.AcceptList:
    """`headers.parse_accept` with a memory; each caller gets a list of its own.

    Raises:
        InvalidHeader: an entry is malformed, or there is none.
    """
    if accept is None:
        return headers.parse_accept(None)
    known = _accepted.get(accept)
    if known is not None:
        return headers.AcceptList(known)
    found = headers.parse_accept(accept)
    if len(accept) <= _ACCEPTED_LENGTH:
        if len(_accepted) >= _ACCEPTED_ENTRIES:
            _accepted.clear()
        _accepted[accept] = tuple(found)
    return found


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


def url_for(
    request: Request[Any, Any], own_name: str | None, view_name: str, kwargs: dict[str, Any]
) -> Any:
    """An external URL of a route, with the scheme and host of a request.

    Args:
        own_name: `config.SERVER_NAME`; where it has a scheme, it is used instead.
        kwargs: the arguments of `Sanic.url_for`.
    """
    if own_name and "//" in own_name:
        return request.app.url_for(view_name, _external=True, **kwargs)
    scheme, host, port = request.scheme, request.server_name, request.server_port
    if DEFAULT_PORTS.get(scheme.lower()) != port:
        host = f"{host}:{port}"
    return request.app.url_for(view_name, _external=True, _scheme=scheme, _server=host, **kwargs)


def install() -> None:
    """Give the hooks to the compiled request class."""
    from sanic_fast._core.request import install_hooks

    install_hooks(
        parameters=RequestParameters,
        parse_args=parse_args,
        parse_query_args=parse_query_args,
        parse_form=parse_form,
        parse_cookies=parse_cookies,
        parse_accept=parse_accept,
        parse_credentials=headers.parse_credentials,
        make_credentials=make_credentials,
        parse_forwarded=headers.parse_forwarded,
        parse_xforwarded=headers.parse_xforwarded,
        parse_host=headers.parse_host,
        url_for=url_for,
    )
