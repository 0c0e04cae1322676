"""Record the public surface of the original: names, signatures, defaults, constants.

Run it with a Python that has the original installed:

    python scripts/gen_surface.py > tests/parity/surface.json

Only what can be seen from outside is recorded, by importing and inspecting.
"""

from __future__ import annotations

import enum
import inspect
import json
import sys
from importlib import import_module
from types import FunctionType, GenericAlias
from typing import Any

# Module -> names that programs import from it.
NAMES = {
    "": "Sanic Config Blueprint HTTPMethod HTTPResponse Request Websocket DefaultSanic "
    "DefaultRequest BadRequest ExpectationFailed FileNotFound Forbidden HeaderNotFound "
    "InternalServerError InvalidHeader MethodNotAllowed NotFound RangeNotSatisfiable "
    "SanicException ServerError ServiceUnavailable Unauthorized empty file html json raw "
    "redirect text",
    "app": "Sanic Request HTTPResponse Blueprint BlueprintGroup Router SignalRouter Config "
    "ErrorHandler Event Signal Middleware",
    "application.constants": "Mode Server ServerStage",
    "application.ext": "setup_ext",
    "application.logo": "get_logo BASE_LOGO COFFEE_LOGO COLOR_LOGO FULL_COLOR_LOGO "
    "SVG_LOGO_SIMPLE",
    "application.motd": "MOTD MOTDBasic MOTDTTY",
    "application.spinner": "loading Spinner",
    "application.state": "ApplicationState ApplicationServerInfo",
    "asgi": "ASGIApp Lifespan",
    "base.meta": "SanicMeta",
    "base.root": "BaseSanic VALID_NAME",
    "blueprint_group": "BlueprintGroup",
    "blueprints": "Blueprint BlueprintGroup lazy",
    "compat": "Header UpperStrEnum StrEnum StartMethod use_context open_async stat_async "
    "CancelledErrors OS_IS_WINDOWS PYPY_IMPLEMENTATION UVLOOP_INSTALLED PYTHON_314_OR_LATER "
    "use_trio clear_function_annotate ctrlc_workaround_for_windows enable_windows_color_support",
    "config": "Config DEFAULT_CONFIG SANIC_PREFIX DetailedConverter DescriptorMeta "
    "FilterWarningType",
    "constants": "HTTPMethod LocalCertCreator HTTP_METHODS SAFE_HTTP_METHODS "
    "IDEMPOTENT_HTTP_METHODS CACHEABLE_HTTP_METHODS DEFAULT_HTTP_CONTENT_TYPE "
    "DEFAULT_LOCAL_TLS_KEY DEFAULT_LOCAL_TLS_CERT",
    "cookies": "Cookie CookieJar",
    "cookies.request": "parse_cookie CookieRequestParameters",
    "cookies.response": "Cookie CookieJar SameSite SAMESITE_VALUES DEFAULT_MAX_AGE LEGAL_CHARS "
    "UNESCAPED_CHARS",
    "errorpages": "BaseRenderer HTMLRenderer TextRenderer JSONRenderer exception_response "
    "check_error_format guess_mime escape DEFAULT_FORMAT FALLBACK_TEXT FALLBACK_STATUS JSON "
    "MIME_BY_CONFIG CONFIG_BY_MIME RENDERERS_BY_CONTENT_TYPE RESPONSE_MAPPING",
    "exceptions": "SanicException HTTPException NotFound FileNotFound BadRequest InvalidUsage "
    "BadURL HeaderNotFound InvalidHeader MethodNotAllowed MethodNotSupported ServerError "
    "InternalServerError ServiceUnavailable URLBuildError RequestTimeout PayloadTooLarge "
    "URITooLong RangeNotSatisfiable ContentRangeError InvalidRangeType ExpectationFailed "
    "HeaderExpectationFailed Forbidden Unauthorized PyFileError LoadFileException InvalidSignal "
    "WebsocketClosed RequestCancelled ServerKilled",
    "handlers": "ErrorHandler ContentRangeHandler DirectoryHandler",
    "handlers.content_range": "ContentRangeHandler",
    "handlers.directory": "DirectoryHandler",
    "handlers.error": "ErrorHandler",
    "headers": "MediaType Matched AcceptList parse_accept parse_content_header parse_forwarded "
    "parse_xforwarded fwd_normalize fwd_normalize_address parse_host parse_credentials "
    "format_http1_response Options HeaderIterable HeaderBytesIterable OptionsIterable",
    "helpers": "STATUS_CODES Default _default has_message_body is_entity_header "
    "is_hop_by_hop_header import_string is_atty json_dumps",
    "http": "Http Http3 Stage",
    "http.constants": "Stage HTTP",
    "http.stream": "Stream",
    "http.tls": "get_ssl_context process_to_context",
    "http.tls.context": "create_context load_cert_dir CertSimple CertSelector SanicSSLContext "
    "CIPHERS_TLS12 shorthand_to_ctx",
    "log": "logger error_logger access_logger server_logger websockets_logger deprecation Colors "
    "VerbosityFilter LOGGING_CONFIG_DEFAULTS",
    "logging.color": "Colors LEVEL_COLORS",
    "logging.default": "LOGGING_CONFIG_DEFAULTS",
    "logging.deprecation": "deprecation",
    "logging.filter": "VerbosityFilter",
    "logging.formatter": "AutoFormatter DebugFormatter ProdFormatter LegacyFormatter "
    "AutoAccessFormatter DebugAccessFormatter ProdAccessFormatter LegacyAccessFormatter "
    "JSONFormatter JSONAccessFormatter",
    "logging.setup": "setup_logging",
    "middleware": "Middleware MiddlewareLocation",
    "mixins.base": "BaseMixin",
    "mixins.commands": "CommandMixin",
    "mixins.exceptions": "ExceptionMixin",
    "mixins.listeners": "ListenerMixin ListenerEvent",
    "mixins.middleware": "MiddlewareMixin",
    "mixins.routes": "RouteMixin",
    "mixins.signals": "SignalMixin",
    "mixins.startup": "StartupMixin",
    "mixins.static": "StaticMixin StaticHandleMixin",
    "models.asgi": "ASGIScope ASGIMessage ASGISend ASGIReceive MockProtocol MockTransport",
    "models.ctx_types": "REPLContext REPLLocal",
    "models.futures": "FutureRoute FutureListener FutureMiddleware FutureException FutureStatic "
    "FutureSignal FutureCommand FutureRegistry",
    "models.handler_types": "Sanic Request MiddlewareResponse RequestMiddlewareType "
    "ResponseMiddlewareType ErrorMiddlewareType MiddlewareType ListenerType RouteHandler "
    "SignalHandler",
    "models.http_types": "Credentials",
    "models.protocol_types": "HTMLProtocol Range TransportProtocol",
    "models.server_types": "ConnInfo Signal",
    "pages.base": "BasePage",
    "pages.css": "CSS",
    "pages.directory_page": "DirectoryPage FileInfo",
    "pages.error": "ErrorPage",
    "request": "Request RequestParameters File parse_multipart_form",
    "request.form": "File parse_multipart_form",
    "request.parameters": "RequestParameters",
    "request.types": "Request",
    "response": "BaseHTTPResponse HTTPResponse JSONResponse ResponseStream empty json text raw "
    "html validate_file file redirect file_stream json_dumps",
    "response.convenience": "empty json text raw html validate_file file redirect file_stream "
    "guess_content_type",
    "response.types": "BaseHTTPResponse HTTPResponse JSONResponse ResponseStream",
    "router": "Router ROUTER_CACHE_SIZE ALLOWED_LABELS",
    "server": "AsyncioServer ConnInfo HttpProtocol Signal serve try_use_uvloop",
    "server.async_server": "AsyncioServer",
    "server.events": "trigger_events",
    "server.loop": "try_use_uvloop",
    "server.protocols.base_protocol": "SanicProtocol",
    "server.protocols.http_protocol": "HttpProtocol",
    "server.protocols.websocket_protocol": "WebSocketProtocol",
    "server.runners": "serve",
    "server.socket": "bind_socket bind_unix_socket remove_unix_socket configure_socket",
    "server.websockets.connection": "WebSocketConnection",
    "server.websockets.frame": "WebsocketFrameAssembler",
    "server.websockets.impl": "WebsocketImplProtocol",
    "signals": "Event Signal SignalGroup SignalRouter SignalWaiter RESERVED_NAMESPACES "
    "GENERIC_SIGNAL_FORMAT",
    "simple": "create_simple_server",
    "touchup": "TouchUp TouchUpMeta",
    "types": "HashableDict",
    "types.shared_ctx": "SharedContext",
    "utils": "str_to_bool load_module_from_file_location",
    "views": "HTTPMethodView stream",
    "worker.constants": "RestartOrder ProcessState",
    "worker.daemon": "Daemon DaemonError",
    "worker.inspector": "Inspector",
    "worker.loader": "AppLoader CertLoader",
    "worker.manager": "WorkerManager MonitorCycle",
    "worker.multiplexer": "WorkerMultiplexer",
    "worker.process": "Worker WorkerProcess",
    "worker.reloader": "Reloader",
    "worker.restarter": "Restarter",
    "worker.serve": "worker_serve",
    "worker.state": "WorkerState",
}
# Longer texts are content, not interface.
TEXT_LIMIT = 60
PLAIN = (str, int, float, bool, type(None))


def record(package: str) -> dict[str, Any]:
    """Surface of a package: module -> name -> description; missing things are left out.

    A class or function that is public in several modules is described in the first of them.
    """
    found: dict[str, Any] = {}
    seen: dict[int, str] = {}
    for module, names in NAMES.items():
        try:
            imported = import_module(f"{package}.{module}" if module else package)
        except ModuleNotFoundError:
            continue
        here = found[module] = {}
        for name in names.split():
            try:
                value = getattr(imported, name)
            except (AttributeError, ModuleNotFoundError):
                continue
            known = seen.setdefault(id(value), f"{module}.{name}")
            described = is_class(value) or isinstance(value, FunctionType)
            shared = known != f"{module}.{name}" and described
            here[name] = f"same as {known}" if shared else describe(value, package)
    return found


def is_class(value: Any) -> bool:
    """Whether a value is a class. Python 3.10 says so of `list[str]`, too."""
    return isinstance(value, type) and not isinstance(value, GenericAlias)


def describe(value: Any, package: str) -> dict[str, Any]:
    """Kind of a value, and what can be seen of it."""
    if is_class(value) and issubclass(value, enum.Enum):
        return {"kind": "enum", "members": {m.name: plain(m.value, package) for m in value}}
    if is_class(value):
        return {"kind": "class", "members": members(value, package)}
    if inspect.isroutine(value):
        return {"kind": "function", "signature": parameters(value, package)}
    shown = plain(value, package)
    return {"kind": "value"} if shown is None else {"kind": "value", "value": shown}


def plain(value: Any, package: str) -> Any:
    """A constant as it can be compared, or None."""
    if isinstance(value, str) and len(value) > TEXT_LIMIT:
        return None
    if isinstance(value, PLAIN) and not isinstance(value, enum.Enum):
        return value
    if isinstance(value, (tuple, list)) and all(isinstance(item, PLAIN) for item in value):
        return [str(item) for item in value]
    return None


def members(cls: type, package: str) -> dict[str, Any]:
    """Public members of a class that its own package defines."""
    found: dict[str, Any] = {}
    for name in sorted(dir(cls)):
        owner = next((base for base in cls.__mro__ if name in vars(base)), None)
        if owner is None or name.startswith("_") and name != "__init__":
            continue
        if not owner.__module__.startswith(package):
            continue
        value = vars(owner)[name]
        bare = value.__func__ if isinstance(value, (staticmethod, classmethod)) else value
        if not inspect.isroutine(bare) or isinstance(bare, type):
            found[name] = "attribute"
        else:
            found[name] = parameters(bare, package)
    return found


def parameters(function: Any, package: str) -> str:
    """The signature as text, without annotations."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return "unknown"
    bare = [
        p.replace(
            annotation=inspect.Parameter.empty,
            default=p.default if p.default is p.empty else _Shown(default(p.default, package)),
        )
        for p in signature.parameters.values()
    ]
    return str(inspect.Signature(bare))


class _Shown(str):
    """Text whose `repr` is the text itself."""

    __slots__ = ()
    __repr__ = str.__str__


def default(value: Any, package: str) -> str:
    """A default as text without addresses and package names."""
    shown = getattr(value, "__qualname__", None) if callable(value) else None
    if isinstance(value, (set, frozenset)):
        shown = str(sorted(str(item) for item in value))
    return str(shown or repr(value)).replace(f"{package}.", "")


if __name__ == "__main__":
    json.dump(record(sys.argv[1] if len(sys.argv) > 1 else "sanic"), sys.stdout, indent=1)
    print()
