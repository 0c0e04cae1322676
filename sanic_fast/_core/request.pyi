# What hooks put into a request is named by its own class, though that class stands in a higher
# rank: a stub is never imported.
from collections.abc import Callable
from contextvars import ContextVar
from types import GenericAlias, SimpleNamespace
from typing import Any, ClassVar, Generic, overload
from uuid import UUID

from typing_extensions import TypeVar

from sanic_fast._core.response import BaseHTTPResponse, HTTPResponse
from sanic_fast._core.stream import HttpStream
from sanic_fast.compat import Header
from sanic_fast.cookies.request import CookieRequestParameters
from sanic_fast.headers import AcceptList, Options
from sanic_fast.models.http_types import Credentials
from sanic_fast.models.server_types import ConnInfo
from sanic_fast.request.parameters import RequestParameters
from sanic_fast.routing.route import Route

_App = TypeVar("_App", default=Any)
_Ctx = TypeVar("_Ctx", default=SimpleNamespace)
_Response = TypeVar("_Response", bound=BaseHTTPResponse)

class Request(Generic[_App, _Ctx]):
    _current: ClassVar[ContextVar[Request[Any, Any]]]
    _loads: ClassVar[Callable[..., Any]]
    _sf_plain: ClassVar[bool]
    app: _App
    body: bytes
    conn_info: ConnInfo | None
    head: bytes
    headers: Header
    match_info: dict[str, Any]
    method: str
    raw_url: bytes
    responded: bool
    route: Route | None
    stream: HttpStream
    transport: Any
    version: str
    parsed_accept: AcceptList | None
    parsed_args: dict[tuple[bool, bool, str, str], RequestParameters] | None
    parsed_cookies: CookieRequestParameters | None
    parsed_credentials: Credentials | None
    parsed_files: RequestParameters | None
    parsed_form: RequestParameters | None
    parsed_forwarded: Options | None
    parsed_json: Any
    parsed_not_grouped_args: dict[tuple[bool, bool, str, str], list[tuple[str, str]]] | None
    parsed_token: str | None
    _protocol: Any
    _request_middleware_started: bool
    _response_middleware_started: bool
    def __init__(
        self,
        url_bytes: bytes,
        headers: Header,
        version: str,
        method: str,
        transport: Any,
        app: _App,
        head: bytes = b"",
        stream_id: int = 0,
    ) -> None: ...
    @classmethod
    def __class_getitem__(cls, item: Any) -> GenericAlias: ...
    @classmethod
    def get_current(cls) -> Request[Any, Any]: ...
    @classmethod
    def generate_id(cls, *_: Any) -> UUID | str | int: ...
    @staticmethod
    def make_context() -> Any: ...
    @property
    def accept(self) -> AcceptList: ...
    @property
    def args(self) -> RequestParameters: ...
    @property
    def client_ip(self) -> str: ...
    @property
    def content_type(self) -> str: ...
    @property
    def cookies(self) -> CookieRequestParameters: ...
    @property
    def credentials(self) -> Credentials | None: ...
    @property
    def ctx(self) -> _Ctx: ...
    @property
    def endpoint(self) -> str | None: ...
    @property
    def files(self) -> RequestParameters: ...
    @property
    def form(self) -> RequestParameters: ...
    @property
    def forwarded(self) -> Options: ...
    @property
    def head_only(self) -> bool: ...
    @property
    def host(self) -> str: ...
    @property
    def id(self) -> UUID | str | int | None: ...
    @property
    def ip(self) -> str: ...
    @property
    def is_cacheable(self) -> bool: ...
    @property
    def is_idempotent(self) -> bool: ...
    @property
    def is_safe(self) -> bool: ...
    @property
    def json(self) -> Any: ...
    @property
    def name(self) -> str | None: ...
    @property
    def network_paths(self) -> list[Any] | None: ...
    @property
    def path(self) -> str: ...
    @property
    def port(self) -> int: ...
    @property
    def protocol(self) -> Any: ...
    @property
    def query_args(self) -> list[tuple[str, str]]: ...
    @property
    def query_string(self) -> str: ...
    @property
    def raw_headers(self) -> bytes: ...
    @property
    def remote_addr(self) -> str: ...
    @property
    def request_line(self) -> bytes: ...
    @property
    def scheme(self) -> str: ...
    @property
    def scope(self) -> dict[str, Any]: ...
    @property
    def server_name(self) -> str: ...
    @property
    def server_path(self) -> str: ...
    @property
    def server_port(self) -> int: ...
    @property
    def socket(self) -> tuple[str | None, int | None]: ...
    @property
    def stream_id(self) -> int: ...
    @property
    def token(self) -> str | None: ...
    @property
    def uri_template(self) -> str | None: ...
    @property
    def url(self) -> str: ...
    def get_args(
        self,
        keep_blank_values: bool = False,
        strict_parsing: bool = False,
        encoding: str = "utf-8",
        errors: str = "replace",
    ) -> RequestParameters: ...
    def get_cookies(self) -> CookieRequestParameters: ...
    def get_form(self, keep_blank_values: bool = False) -> RequestParameters: ...
    def get_query_args(
        self,
        keep_blank_values: bool = False,
        strict_parsing: bool = False,
        encoding: str = "utf-8",
        errors: str = "replace",
    ) -> list[tuple[str, str]]: ...
    def load_json(self, loads: Callable[[bytes], Any] | None = None) -> Any: ...
    async def receive_body(self) -> None: ...
    def reset_response(self) -> None: ...
    @overload
    async def respond(
        self,
        response: None = None,
        *,
        status: int = 200,
        headers: Header | dict[str, str] | None = None,
        content_type: str | None = None,
    ) -> HTTPResponse: ...
    @overload
    async def respond(
        self,
        response: _Response,
        *,
        status: int = 200,
        headers: Header | dict[str, str] | None = None,
        content_type: str | None = None,
    ) -> _Response: ...
    def url_for(self, view_name: str, **kwargs: Any) -> str: ...

def install_hooks(**callables: Callable[..., Any]) -> None: ...
def set_loads(function: Callable[..., Any]) -> None: ...
